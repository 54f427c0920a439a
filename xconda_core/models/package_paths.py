"""The files of a package, as ``info/paths.json`` and ``conda-meta`` list them. Layer: models.

Source: CEP 34 (``info/paths.json``) and CEP 32 (``paths_data`` in ``conda-meta``). An environment
has a hundred thousand of them, so these two values are written and read by msgspec, which checks
each field by the type it is given here.
"""

from operator import attrgetter
from typing import Final, Literal

import msgspec

from xconda_core.errors import Json

PathType = Literal["hardlink", "softlink", "directory"]
FileMode = Literal["text", "binary"]


class InvalidPaths(ValueError):
    """A document is not a list of files; the message names the place in it and what is wrong."""


class PackagePath(msgspec.Struct, frozen=True, kw_only=True, gc=False, rename={"path": "_path"}):
    """One file that a package ships.

    Attributes:
        path: Path inside the package, ``/`` between its parts.
        path_type: How it is to be placed.
        sha256: Hexadecimal digest of the file as shipped; None for links and folders.
        size_in_bytes: Length of the file as shipped.
        prefix_placeholder: Text in the file that stands for the prefix, None where there is none.
        file_mode: How the placeholder is replaced; None without a placeholder.
        no_link: The file must be copied even where links are possible.
    """

    path: str
    path_type: PathType = "hardlink"
    sha256: str | None = None
    size_in_bytes: int | None = None
    prefix_placeholder: str | None = None
    file_mode: FileMode | None = None
    no_link: bool | None = False


class InstalledPath(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    gc=False,
    omit_defaults=True,
    rename={"path": "_path"},
):
    """One file that a package owns in a prefix.

    Attributes:
        path: Path relative to the prefix, ``/`` between its parts.
        path_type: What it is, as conda names it; besides the kinds of a ``PackagePath``
            ``pyc_file``, ``unix_python_entry_point``, ``linked_package_record`` and others.
        sha256: Digest of the file as shipped.
        sha256_in_prefix: Digest of the file as it stands in the prefix.
        size_in_bytes: Length of the file as shipped.
        prefix_placeholder: The placeholder that was replaced in it.
        file_mode: How it was replaced.
        no_link: The file was copied because its package asked for that.
    """

    path: str
    # The one default that is written: conda reads no path without its kind.
    path_type: str = msgspec.field(default_factory=lambda: "hardlink")
    sha256: str | None = None
    sha256_in_prefix: str | None = None
    size_in_bytes: int | None = None
    prefix_placeholder: str | None = None
    file_mode: FileMode | None = None
    no_link: bool | None = False


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
