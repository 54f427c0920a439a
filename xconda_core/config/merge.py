"""From files, environment and command line to one ``Settings`` value. Layer: config."""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, cast

from xconda_core.config.definition import Definition
from xconda_core.config.environ import home_folder, user_data_folder, user_state_folder
from xconda_core.config.precedence import Configuration, merge
from xconda_core.config.search_path import SYSTEM_FOLDERS, configuration_files
from xconda_core.config.settings import Settings
from xconda_core.models.platform import KNOWN_SUBDIRS
from xconda_core.values import fields

NO_DEFAULTS: Final = "nodefaults"
LOCAL: Final = "local"  # the channels of packages that were built on this machine
_DEFAULT_CHANNELS: Final = ("conda-forge",)
_DEFAULT_THREADS: Final = 5
_WHOLE_LIST: Final = "repodata.json"
_OVERRIDE: Final = "CONDA_OVERRIDE_"
_NOT_PACKAGES: Final = frozenset({"CHANNELS_ENABLED", "VIRTUAL_PACKAGES"})
_FIELDS: Final = frozenset(each.name for each in fields(Settings))


def load_configuration(
    overrides: Mapping[str, object],
    environ: Mapping[str, str],
    *,
    root_prefix: Path,
    target_prefix: Path | None = None,
    files: tuple[Path, ...] | None = None,
    system_folders: tuple[Path, ...] = SYSTEM_FOLDERS,
    more: tuple[Definition, ...] = (),
) -> Configuration:
    """Read everything that is configured and return it by name.

    Args:
        overrides: Setting name to the value that the command line gives; None is not given.
        environ: The process's environment variables.
        root_prefix: Where ``environment.places.find_root`` found the base environment.
        target_prefix: The environment that is meant; its ``.condarc`` counts.
        files: Exactly these files, lowest priority first, instead of the search path.
        system_folders: The administrator's folders of the search path.
        more: Settings that plugins declare.

    Raises:
        InvalidConfiguration: naming every fault with file, line and key.
    """
    if files is None:
        home = home_folder(environ)
        files = configuration_files(environ, home, root_prefix, target_prefix, system_folders)
    given = {name: value for name, value in overrides.items() if value is not None}
    return merge(files, environ, given, more)


def settings_of(
    configuration: Configuration,
    environ: Mapping[str, str],
    home: Path,
    root_prefix: Path,
    native_subdir: str,
) -> Settings:
    """Return ``configuration`` with what depends on the machine worked out; only reads folders."""
    values = configuration.values
    root = _folder(values["root_prefix"], home) or root_prefix
    subdir = str(values["subdir"] or native_subdir)
    threads = values["default_threads"] or _DEFAULT_THREADS
    derived = {
        "root_prefix": root,
        "envs_dirs": _envs_dirs(_texts(values["envs_dirs"]), root, environ, home),
        "pkgs_dirs": _pkgs_dirs(_texts(values["pkgs_dirs"]), root, home),
        "subdir": subdir,
        "subdirs": _texts(values["subdirs"]) or (subdir, "noarch"),
        "channels": _channels(values),
        "local_folders": tuple(_local_folders(values, root, home)),
        "repodata_fns": _repodata_fns(_texts(values["repodata_fns"])),
        "exclude_newer_channels": tuple(_limits_of_channels(values["channel_settings"])),
        "channel_logins": tuple(_logins_of_channels(values["channel_settings"])),
        "override_virtual_packages": _overrides(values["override_virtual_packages"], environ),
        "verbosity": _verbosity(values),
        "always_yes": bool(values["always_yes"]),
        "use_only_tar_bz2": bool(values["use_only_tar_bz2"]),
        "env_prompt": values["env_prompt"] if values["changeps1"] else "",
        "repodata_threads": values["repodata_threads"] or threads,
        "fetch_threads": values["fetch_threads"] or threads,
        # Python takes turns with itself: more of these help where the disk is what is waited for.
        "verify_threads": values["verify_threads"] or values["default_threads"] or 1,
        "execute_threads": values["execute_threads"] or values["default_threads"] or 1,
        "ssl_verify": _trust(values["ssl_verify"], home),
        "client_ssl_cert": _path_text(values["client_ssl_cert"], home),
        "client_ssl_cert_key": _path_text(values["client_ssl_cert_key"], home),
        "plugins": configuration.plugins,
        "state_dir": user_state_folder(environ, home),
        "config_files": tuple(origin for origin, _ in configuration.sources[:-2]),
        "warnings": (*configuration.warnings, *_doubts(subdir, configuration.origins)),
        "origins": configuration.origins,
    }
    plain = {name: value for name, value in values.items() if name in _FIELDS}
    return Settings(**{**plain, **derived})  # type: ignore[arg-type]  # typed by its definition


def _doubts(subdir: str, origins: Mapping[str, str]) -> tuple[str, ...]:
    if subdir in KNOWN_SUBDIRS:
        return ()
    return (f"{origins.get('subdir', 'this machine')}: conda knows no platform {subdir}",)


def is_writable(folder: Path) -> bool:
    """Whether files can be made in ``folder``, or it can be made itself."""
    try:
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
    except PermissionError:  # not even the way there is ours
        return False
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def _envs_dirs(
    configured: Iterable[str], root: Path, environ: Mapping[str, str], home: Path
) -> tuple[Path, ...]:
    """Return the configured folders, then the root's and the user's, writable ones in front.

    Environments that were made in xconda's own home stay visible when a conda appears later.
    """
    shared, own = root / "envs", home / ".conda" / "envs"
    usual = [shared, own] if is_writable(shared) else [own, shared]
    earlier = user_data_folder(environ, home) / "envs"
    if earlier.is_dir():
        usual.append(earlier)
    folders = (_folder(text, home) for text in configured)
    return tuple(dict.fromkeys([*(each for each in folders if each), *usual]))


def _pkgs_dirs(configured: Iterable[str], root: Path, home: Path) -> tuple[Path, ...]:
    """Return the configured caches, or the root's and the user's where none is configured."""
    folders = [each for each in (_folder(text, home) for text in configured) if each]
    return tuple(dict.fromkeys(folders or [root / "pkgs", home / ".conda" / "pkgs"]))


def _channels(values: Mapping[str, object]) -> tuple[str, ...]:
    """Return the channels with ``defaults`` and the other multichannels replaced by theirs.

    ``nodefaults`` among them takes ``defaults`` out.
    """
    named = _texts(values["channels"])
    local = (LOCAL,) if values["use_local"] else ()
    if NO_DEFAULTS in named:
        named = tuple(name for name in named if name not in {NO_DEFAULTS, "defaults"})
    named = (*local, *(named or _DEFAULT_CHANNELS))
    multi = cast("Mapping[str, object]", values["custom_multichannels"])
    groups = {name: _texts(channels) for name, channels in multi.items()}
    groups["defaults"] = _texts(values["default_channels"])  # a reserved name
    expanded = (each for name in named for each in groups.get(name, (name,)))
    return tuple(dict.fromkeys(expanded))


def _local_folders(values: Mapping[str, object], root: Path, home: Path) -> Iterator[Path]:
    """Yield the folders that conda-build puts packages into, each once, those that there are."""
    usual = (str(root / "conda-bld"), "~/conda-bld")
    named = (values["croot"], values["bld_path"], *usual)
    for folder in dict.fromkeys(_folder(text, home) for text in named):
        if folder is not None and folder.is_dir():
            yield folder


def _repodata_fns(named: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names in order up to the whole list, after which there is nothing more to ask."""
    before = named[: named.index(_WHOLE_LIST)] if _WHOLE_LIST in named else named
    return (*dict.fromkeys(before), _WHOLE_LIST)


def _limits_of_channels(items: object) -> Iterator[tuple[str, str]]:
    """Yield a channel and its ``exclude_newer`` for each item of ``channel_settings`` with both."""
    for item in items if isinstance(items, tuple) else ():
        said = dict(item)
        limit = said.get("exclude_newer", said.get("exclude-newer"))
        if said.get("channel") and limit is not None:
            yield str(said["channel"]), str(limit)


def _logins_of_channels(items: object) -> Iterator[tuple[str, str]]:
    """Yield a channel and its ``auth`` for each item of ``channel_settings`` with both."""
    for item in items if isinstance(items, tuple) else ():
        said = dict(item)
        if said.get("channel") and said.get("auth"):
            yield str(said["channel"]), str(said["auth"]).strip().lower()


def _overrides(configured: object, environ: Mapping[str, str]) -> dict[str, str]:
    """Return ``__name`` -> version; ``CONDA_OVERRIDE_NAME`` wins over the setting."""
    named = cast("Mapping[str, str | None]", configured)
    result = {f"__{name.lstrip('_').lower()}": version or "" for name, version in named.items()}
    for variable, version in environ.items():
        name = variable.removeprefix(_OVERRIDE)
        if name != variable and name and name not in _NOT_PACKAGES:
            result[f"__{name.lower()}"] = version.strip()
    return result


def _verbosity(values: Mapping[str, object]) -> int:
    asked = values["verbosity"]
    counted = asked if isinstance(asked, int) else 0
    return max(counted, 4 if values["trace"] else 3 if values["debug"] else 0)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, tuple) else ()


def _folder(value: object, home: Path) -> Path | None:
    text = _path_text(value, home)
    return Path(os.path.abspath(text)) if text else None  # noqa: PTH100 (also takes `..` out)


def _trust(value: object, home: Path) -> bool | str:
    if isinstance(value, bool):
        return value
    return _path_text(value, home) or True


def _path_text(value: object, home: Path) -> str | None:
    """Return a path with a leading ``~`` replaced by ``home``; None for nothing."""
    text = str(value or "")
    if text == "~" or text.startswith(("~/", "~\\")):
        text = str(home) + text[1:]
    return text or None
