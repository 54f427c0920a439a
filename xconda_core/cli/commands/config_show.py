"""The looking half of ``xconda config``. Layer: cli."""

from collections.abc import Mapping

from xconda_core.cli.commands.config_place import meant_environment, meant_file
from xconda_core.cli.console import Text
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.options import overrides
from xconda_core.config.change import find
from xconda_core.config.definition import Definition
from xconda_core.config.definitions import BY_NAME, DEFINITIONS, PLUGINS
from xconda_core.config.precedence import Configuration, merge
from xconda_core.config.settings import Settings
from xconda_core.config.shown import (
    as_channels,
    commands,
    described,
    description,
    effective,
    lines,
    sources,
    without_effect,
)
from xconda_core.engine.configured import configuration
from xconda_core.errors import Json


def show(invocation: Invocation) -> None:
    """Show the values that count, or what each source says, or both."""
    arguments, console = invocation.arguments, invocation.console
    configuration, settings = _configuration(invocation)
    if arguments.show is None:
        said = sources(configuration)
        for place, given in said.items():
            values = given if isinstance(given, Mapping) else {}
            inner = [line for name, value in values.items() for line in lines(name, value)]
            console.say(Text(f"==> {place} <==", "heading"), *inner, "")
        console.document(said)
        return
    values = effective(configuration, settings)
    more = invocation.plugins.definitions
    names = [_shown_name(find(name, more)) for name in arguments.show] or [
        name for name in values if BY_NAME[name].standing == "used" or name in configuration.origins
    ]
    for name in names:
        first, *rest = lines(name, values[name])
        remark = _remark(name, configuration.origins if arguments.show_sources else None)
        console.say(first + remark, *rest)
    if console.manners.json:
        asked = {name: values[name] for name in (names if arguments.show else values)}
        console.document(as_channels(asked, values["default_channels"]))


def describe(invocation: Invocation) -> None:
    """Say what settings mean, and which of conda's have no effect and why."""
    more = invocation.plugins.definitions
    named: list[Definition] = []
    for name in invocation.arguments.describe:
        named += [find(name, more), *(more if name == PLUGINS else ())]
    asked = named or [*DEFINITIONS, *more]
    invocation.console.say(*described(asked))
    invocation.console.document([description(each) for each in asked])


def validate(invocation: Invocation) -> None:
    """Return if all of the configuration can be read, and say what of it changes nothing.

    Raises:
        InvalidConfiguration: naming every fault with file, line and key.
    """
    console = invocation.console
    configuration, settings = _configuration(invocation)
    unused = without_effect(given for _, given in configuration.sources)
    warnings = [*settings.warnings, *unused]
    console.warn(*(Text(f"warning: {text}", "warning") for text in settings.warnings))
    console.remark(*(Text(f"note: {text}", "faint") for text in unused))
    console.remark(Text("The configuration can be read.", "good"))
    document: dict[str, Json] = {"success": True, "warnings": list(warnings)}
    console.document(document)


def get(invocation: Invocation) -> None:
    """Say what the one file holds, as the options that would make it so.

    Raises:
        InvalidConfiguration: the file cannot be read.
    """
    console, path = invocation.console, meant_file(invocation)
    more = invocation.plugins.definitions
    configuration = merge([path] if path.exists() else [], {}, more=more)
    said = sources(configuration).get(str(path), {})
    values = dict(said) if isinstance(said, Mapping) else {}
    wanted = dict(_entry(key, values, more) for key in invocation.arguments.get or values)
    found: dict[str, Json] = {key: value for key, value in wanted.items() if value is not None}
    for name, value in found.items():
        console.say(*commands(name, value))
    console.document({"success": True, "rc_path": str(path), "warnings": [], "get": found})


def _configuration(invocation: Invocation) -> tuple[Configuration, Settings]:
    """Return what is configured for the environment that is meant.

    Where one file is named: what would be configured if it were the only one.
    """
    arguments, environ = invocation.arguments, invocation.environ
    given, more = overrides(arguments), invocation.plugins.definitions
    if arguments.file is not None or arguments.system or arguments.env:
        path = meant_file(invocation)
        return configuration(overrides=given, environ=environ, files=(path,), definitions=more)
    prefix = meant_environment(invocation)
    return configuration(prefix=prefix, overrides=given, environ=environ, definitions=more)


def _entry(key: str, values: Mapping[str, Json], more: tuple[Definition, ...]) -> tuple[str, Json]:
    """Return what ``key`` is shown under, and its value in the file, None where it has none.

    Settings of plugins stand together; a dotted key is a name in a map.
    """
    if key.startswith(f"{PLUGINS}."):
        return _shown_name(find(key, more)), values.get(PLUGINS)
    written, _, below = key.partition(".")
    name = find(written, more).name
    value = values.get(name)
    if not below:
        return name, value
    return f"{name}.{below}", value.get(below) if isinstance(value, Mapping) else None


def _shown_name(definition: Definition) -> str:
    """Return what a setting is shown under: those of plugins stand together."""
    return PLUGINS if definition.name.startswith(f"{PLUGINS}.") else definition.name


def _remark(name: str, origins: Mapping[str, str] | None) -> str:
    definition = BY_NAME[name]
    if definition.standing != "used":
        return f"  # no effect: {definition.description}"
    return "" if origins is None else f"  # {origins.get(name, 'default')}"
