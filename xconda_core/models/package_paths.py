"""The files of a package, as ``info/paths.json`` and ``conda-meta`` list them. Layer: models.

Source: CEP 34 (``info/paths.json``) and CEP 32 (``paths_data`` in ``conda-meta``).
"""

from dataclasses import dataclass
from typing import Literal

PathType = Literal["hardlink", "softlink", "directory"]
FileMode = Literal["text", "binary"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagePath:
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
    no_link: bool = False


InstalledPathType = Literal[
    "hardlink", "softlink", "directory", "pyc_file", "unix_python_entry_point",
    "windows_python_entry_point_script", "windows_python_entry_point_exe",
    "linked_package_record", "link_script",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledPath:
    """One file that a package owns in a prefix.

    Attributes:
        path: Path relative to the prefix, ``/`` between its parts.
        path_type: What it is, as conda names it.
        sha256: Digest of the file as shipped.
        sha256_in_prefix: Digest of the file as it stands in the prefix.
        size_in_bytes: Length of the file as shipped.
        prefix_placeholder: The placeholder that was replaced in it.
        file_mode: How it was replaced.
        no_link: The file was copied because its package asked for that.
    """

    path: str
    path_type: str = "hardlink"
    sha256: str | None = None
    sha256_in_prefix: str | None = None
    size_in_bytes: int | None = None
    prefix_placeholder: str | None = None
    file_mode: FileMode | None = None
    no_link: bool = False
