"""Which configuration files count, lowest priority first. Layer: config.

Source: conda's documentation of its search path.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Final

SYSTEM_FOLDERS: Final = (
    (Path("C:/ProgramData/conda"),)
    if os.name == "nt"
    else (Path("/etc/conda"), Path("/var/lib/conda"))
)
INSTEAD: Final = "XCONDA_SEARCH_PATH"
_NAMES: Final = (".condarc", "condarc")
_SUFFIXES: Final = (".yml", ".yaml")


def configuration_files(
    environ: Mapping[str, str],
    home: Path,
    root_prefix: Path,
    target_prefix: Path | None,
    system_folders: tuple[Path, ...] = SYSTEM_FOLDERS,
) -> tuple[Path, ...]:
    """Return the configuration files that exist, lowest priority first, none twice.

    Args:
        environ: Environment variables; ``XDG_CONFIG_HOME`` and ``CONDARC`` are looked at, and
            ``XCONDA_SEARCH_PATH``: files and folders that stand in for all other places.
        home: The user's home folder.
        root_prefix: Prefix of the base environment.
        target_prefix: The environment that is meant, whose own file counts; not the active one.
        system_folders: The administrator's folders.
    """
    found: dict[Path, None] = {}
    instead = environ.get(INSTEAD)
    if instead is None:
        places = _candidates(environ, home, root_prefix, target_prefix, system_folders)
        files = (path for each in places for path in _expanded(each))
    else:
        named_there = (Path(text) for text in instead.split(os.pathsep) if text)
        files = (path for each in named_there for path in _named(each))
    for path in files:
        found.pop(path, None)  # the higher place counts
        found[path] = None
    named = environ.get("CONDARC", "")
    if named:
        path = Path(os.path.expanduser(named))  # noqa: PTH111 (Path.expanduser raises on ~nobody)
        for each in _named(path):
            found.pop(each, None)
            found[each] = None
    return tuple(found)


def _candidates(
    environ: Mapping[str, str],
    home: Path,
    root_prefix: Path,
    target_prefix: Path | None,
    system_folders: tuple[Path, ...],
) -> Iterator[Path]:
    xdg = environ.get("XDG_CONFIG_HOME", "")
    folders = [*system_folders, root_prefix]
    if Path(xdg).is_absolute():
        folders.append(Path(xdg) / "conda")
    folders += [home / ".config" / "conda", home / ".conda"]
    for folder in folders:
        yield from _places_in(folder)
    yield home / ".condarc"
    if target_prefix:
        yield from _places_in(target_prefix)


def has_own_configuration(prefix: Path) -> bool:
    """Whether the environment at ``prefix`` has a configuration file of its own."""
    return any(_expanded(place) for place in _places_in(prefix))


def _places_in(folder: Path) -> tuple[Path, ...]:
    return (folder / ".condarc", folder / "condarc", folder / "condarc.d")


def _named(path: Path) -> tuple[Path, ...]:
    """Return a file whatever its name, since somebody named it, or the YAML files of a folder."""
    return (path,) if path.is_file() else _expanded(path)


def _expanded(path: Path) -> tuple[Path, ...]:
    """Return the file itself, or the YAML files of a folder in name order."""
    try:
        mode = path.stat().st_mode
        if S_ISDIR(mode):
            return tuple(sorted(item for item in path.iterdir() if item.suffix in _SUFFIXES))
        return (path,) if path.name in _NAMES and S_ISREG(mode) else ()
    except (OSError, ValueError):  # it is not there, or a folder that we may not look into
        return ()
