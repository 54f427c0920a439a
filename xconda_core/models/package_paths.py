"""The files of a package, as ``info/paths.json`` and ``conda-meta`` list them. Layer: models.

Source: CEP 34 (``info/paths.json``) and CEP 32 (``paths_data`` in ``conda-meta``). An environment
has a hundred thousand of them, so these two values are written and read by msgspec, which checks
each field by the type it is given here.
"""

from typing import Literal

import msgspec

PathType = Literal["hardlink", "softlink", "directory"]
FileMode = Literal["text", "binary"]


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
