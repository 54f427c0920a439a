"""Lists of files, read and written as JSON. Layer: models. Source: CEP 34, CEP 32.

Apart from the files themselves: a plan that finds no package in a prefix reads none.
"""

from operator import attrgetter
from typing import Final

import msgspec

from xconda_core.errors import Json
from xconda_core.models.package_paths import InstalledPath, PackagePath


class InvalidPaths(ValueError):
    """A document is not a list of files; the message names the place in it and what is wrong."""


class _Shipped(msgspec.Struct):
    """``info/paths.json``."""

    paths: list[PackagePath]
    paths_version: int = 1


class _Installed(msgspec.Struct):
    """``paths_data`` of a ``conda-meta`` document."""

    paths: tuple[InstalledPath, ...] = ()
    paths_version: int = 1


_read_shipped: Final = msgspec.json.Decoder(_Shipped).decode
_read_installed: Final = msgspec.json.Decoder(_Installed).decode


def read_package_paths(content: bytes) -> tuple[PackagePath, ...]:
    """Return the files that an ``info/paths.json`` lists; nothing is said of where they lead.

    Raises:
        InvalidPaths: it is not such a list.
    """
    try:
        listed = _read_shipped(content).paths
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidPaths(str(error)) from error
    return tuple(map(_as_meant, listed))


def read_installed_paths(content: bytes | msgspec.Raw) -> tuple[InstalledPath, ...]:
    """Return the files that ``paths_data`` lists, given as JSON.

    Raises:
        InvalidPaths: it is not such a list.
    """
    try:
        return _read_installed(content).paths
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidPaths(str(error)) from error


def installed_paths_to_json(paths: tuple[InstalledPath, ...]) -> dict[str, Json]:
    """Return ``paths_data`` as conda writes it."""
    written: list[dict[str, Json]] = msgspec.to_builtins(list(paths))
    for path in written:
        if path.get("no_link", True) is None:  # some old conda wrote it so
            del path["no_link"]
    return {"paths_version": 1, "paths": [*written]}


def installed_paths_in_json(paths: tuple[InstalledPath, ...]) -> msgspec.Raw:
    """Return ``paths_data`` as conda writes it, as JSON."""
    if None in map(attrgetter("no_link"), paths):
        return msgspec.Raw(msgspec.json.encode(installed_paths_to_json(paths)))
    return msgspec.Raw(msgspec.json.encode({"paths_version": 1, "paths": paths}))


def _as_meant(path: PackagePath) -> PackagePath:
    """Return ``path`` with a mode if it has a placeholder, and only then."""
    placeholder = path.prefix_placeholder or None
    mode = (path.file_mode or "text") if placeholder else None
    if (placeholder, mode) == (path.prefix_placeholder, path.file_mode):
        return path
    return msgspec.structs.replace(path, prefix_placeholder=placeholder, file_mode=mode)
