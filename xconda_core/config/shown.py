"""Settings as people and programs are shown them: effective values, sources, descriptions.

Layer: config. Pure. Credentials are hidden. The documents have the keys of ``conda config --json``.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from xconda_core.config.definition import Definition
from xconda_core.config.definitions import BY_NAME, DEFINITIONS, PLUGINS
from xconda_core.config.interpret import Given
from xconda_core.config.precedence import Configuration
from xconda_core.config.redaction import HIDDEN, redacted
from xconda_core.config.settings import Settings
from xconda_core.config.yaml_text import scalar_text
from xconda_core.errors import Json
from xconda_core.models.channel import Channel, InvalidChannel
from xconda_core.models.channel_url import split_url

_OF_MACHINE: Final = (
    "envs_dirs", "pkgs_dirs", "root_prefix", "subdir", "subdirs", "verbosity",
)  # fmt: skip
_OF_CHANNELS: Final = (
    "channel_alias", "custom_channels", "default_channels", "custom_multichannels",
)  # fmt: skip
_OUR_CHOICE: Final = ("default_threads", "fetch_threads", "repodata_threads")
_PARAMETER: Final = {"one": "primitive", "list": "sequence", "list of maps": "sequence"}
_PLACES: Final = {"environment": "envvars", "command line": "cmd_line"}


def effective(configuration: Configuration, settings: Settings) -> dict[str, Json]:
    """Return every setting's name, in alphabetical order, and the value that counts."""
    values: dict[str, object] = dict(configuration.values)
    values = {name: value for name, value in values.items() if name in BY_NAME}
    values |= {name: getattr(settings, name) for name in _OF_MACHINE}
    values[PLUGINS] = dict(sorted(configuration.plugins.items()))
    values["channels"] = values["channels"] or settings.channels
    values |= {name: values[name] or None for name in _OUR_CHOICE}  # as conda says it
    return {name: _value(name, values[name]) for name in sorted(values)}


def sources(configuration: Configuration) -> dict[str, Json]:
    """Return file, ``envvars`` and ``cmd_line``, lowest priority first, and what each says."""
    return {
        _PLACES.get(origin, origin): _said(given)
        for origin, given in configuration.sources
        if given
    }


def _said(given: Mapping[str, Given]) -> dict[str, Json]:
    said = {name: _value(name, each.value) for name, each in given.items() if name in BY_NAME}
    start = f"{PLUGINS}."
    below = ((name, each.value) for name, each in given.items() if name.startswith(start))
    of_plugins = {name.removeprefix(start): _json(value) for name, value in below}
    return {**said, PLUGINS: of_plugins} if of_plugins else said


def as_channels(values: Mapping[str, Json], default_channels: Json) -> dict[str, Json]:
    """Return ``values`` with the settings about channels in the form of conda's documents.

    ``default_channels`` are addresses; conda shows each among the custom channels, by its name.
    """
    shown = dict(values)
    alias, custom, default, multi = (values.get(name) for name in _OF_CHANNELS)
    defaults = _channels(default_channels)
    if isinstance(alias, str):
        shown["channel_alias"] = _channel(alias, "")
    if isinstance(custom, Mapping):
        named = {str(each["name"]): each for each in defaults if isinstance(each, Mapping)}
        given = {name: _channel(str(url), name) for name, url in custom.items()}
        shown["custom_channels"] = {**named, **given}
    if isinstance(multi, Mapping):
        several = {name: _channels(urls) for name, urls in multi.items()}
        shown["custom_multichannels"] = {**several, "defaults": defaults, "local": []}
    if default:
        shown["default_channels"] = defaults
    return shown


def lines(name: str, value: Json) -> list[str]:
    """Return a setting as lines of YAML, in conda's words for true, false and nothing."""
    if isinstance(value, Mapping) and value:
        inner = (line for key, item in value.items() for line in lines(key, item))
        return [f"{name}:", *(f"  {line}" for line in inner)]
    if isinstance(value, list) and value:
        return [f"{name}:", *(f"  {line}" for item in value for line in _item_lines(item))]
    return [f"{name}: {_word(value)}"]


def description(definition: Definition) -> dict[str, Json]:
    """Return what ``--describe`` says of a setting, as a document."""
    document: dict[str, Json] = {
        "name": definition.name,
        "aliases": list(definition.aliases),
        "parameter_type": _PARAMETER.get(definition.shape, "map"),
        "element_types": list(definition.type.kinds),
        "default_value": _json(definition.default),
        "description": definition.description,
        "standing": definition.standing,
    }
    if definition.shape == "list":
        document["string_delimiter"] = definition.separator
    return document


def described(definitions: Iterable[Definition]) -> list[str]:
    """Return what ``--describe`` says of settings, as text."""
    text: list[str] = []
    for each in definitions:
        kind = {"one": "value", "anything": "map"}.get(each.shape, each.shape)
        remark = {"used": "", "never": "No meaning here: "}[each.standing]
        text += [
            f"# {each.name} ({kind}: {each.type.wants})",
            f"#   {remark}{each.description}",
            *([f"#   variable: {each.variables[0]}"] if each.fits_a_variable else ()),
            *([f"#   other names: {', '.join(each.aliases)}"] if each.aliases else []),
            *(f"# {line}" for line in _default_lines(each)),
            "",
        ]
    return text


def _default_lines(definition: Definition) -> list[str]:
    if definition.default is None:
        return [f"{definition.name}:"]
    return lines(definition.name, _json(definition.default))


def commands(name: str, value: Json) -> list[str]:
    """Return the options of ``config`` that make a file say ``value``, as ``--get`` prints them."""
    if isinstance(value, Mapping):
        return [line for key, item in value.items() for line in commands(f"{name}.{key}", item)]
    if not isinstance(value, list):
        return [f"--set {name} {_word(value)}"]
    found = [f"--add {name} {item!r}" for item in reversed(value)]
    if name == "channels" and found:
        found[0] += "   # lowest priority"
        found[-1] += ("   # highest priority") if len(found) > 1 else ""
    return found


def without_effect(given: Iterable[Mapping[str, Given]]) -> list[str]:
    """Return a sentence for each setting that somebody gives and that changes nothing here."""
    names = {name for each in given for name in each}
    return [
        f"{each.name} has no effect: {each.description}"
        for each in DEFINITIONS
        if each.name in names and each.standing != "used"
    ]


def _channels(urls: Json) -> list[Json]:
    return [_channel(str(url)) for url in urls] if isinstance(urls, list) else []


def _channel(url: str, name: str | None = None) -> Json:
    """Return an address as conda's documents have channels, credentials hidden."""
    split = split_url(url)
    location = split.location
    if name is None:
        name = ""
        with suppress(InvalidChannel):  # what is wrong with it is said when it is used
            channel = Channel.parse(url)
            location, name = channel.location, channel.name
    return {
        "scheme": split.scheme or "https",
        "auth": HIDDEN if split.auth else None,
        "location": location,
        "token": HIDDEN if split.token else None,
        "name": name,
        "platform": None,
        "package_filename": None,
    }


def _value(name: str, value: object) -> Json:
    if BY_NAME[name].shape == "list of maps" and isinstance(value, tuple):
        value = [dict(item) for item in value]
    return _json(value)


def _json(value: object) -> Json:
    if isinstance(value, Mapping):
        return {str(key): _json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json(item) for item in value]
    if isinstance(value, str | Path):
        return redacted(str(value))
    return value if isinstance(value, bool | int | float) else None


def _item_lines(value: Json) -> list[str]:
    if not isinstance(value, Mapping) or not value:
        return [f"- {_word(value)}"]
    first, *others = (line for key, item in value.items() for line in lines(key, item))
    return [f"- {first}", *(f"  {line}" for line in others)]


def _word(value: Json) -> str:
    if value is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, list | Mapping):
        return "[]" if isinstance(value, list) else "{}"
    return scalar_text(value)
