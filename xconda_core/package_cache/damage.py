"""Whether an unpacked package still is what it was: the sizes of its files, or their digests too.

Layer: package_cache. A power cut, or whoever writes through a hard link, can leave a file that is
shorter than it was, in a folder that looks complete. Source: CEP 34, for sizes and digests.
"""

# Thousands of paths as text: a Path object costs more than the system call.
# ruff: noqa: PTH123

import hashlib
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from xconda_core.files.open_folder import opened
from xconda_core.models.package_paths import PackagePath
from xconda_core.models.path_lists import InvalidPaths, read_package_paths
from xconda_core.values import Slotted, dataclass


@dataclass(frozen=True, slots=True)
class Damage(Slotted):
    """A file that is not as its package lists it.

    Attributes:
        path: Relative to the package.
        promised: What ``info/paths.json`` says, with its unit.
        found: What is there.
    """

    path: str
    promised: str
    found: str

    def __str__(self) -> str:
        return f"{self.path} has {self.found}, its package lists {self.promised}"


def first_damage(
    folder: str, paths: Iterable[PackagePath], *, digests: bool = False
) -> Damage | None:
    """Return the first of ``paths`` in ``folder`` that is not as it is listed; None if all are.

    Args:
        folder: The unpacked package.
        paths: What ``info/paths.json`` lists; what it does not say is not looked at.
        digests: Read every file and compare its digest, too.
    """
    try:
        with opened(folder) as place:
            return _first_damage(place, paths, digests=digests)
    except (FileNotFoundError, NotADirectoryError):  # taken away meanwhile
        return Damage("info", "a folder", "nothing")


def _first_damage(place: int, paths: Iterable[PackagePath], *, digests: bool) -> Damage | None:
    stat_of = os.stat
    for listed in paths:
        size = listed.size_in_bytes
        if size is None or listed.path_type != "hardlink":
            continue
        try:
            status = stat_of(listed.path, dir_fd=place, follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):
            return Damage(listed.path, f"{size} bytes", "nothing")
        if status.st_size == size and not digests:
            continue
        if not stat.S_ISREG(status.st_mode):
            continue
        if status.st_size != size:
            return Damage(listed.path, f"{size} bytes", f"{status.st_size} bytes")
        if digests and listed.sha256:
            found = _digest(listed.path, place)
            if found != listed.sha256.lower():
                return Damage(listed.path, f"sha256 {listed.sha256}", f"sha256 {found}")
    return None


def is_sound(folder: Path, *, digests: bool = False) -> bool:
    """Whether all files of the unpacked package ``folder`` are as its own list says."""
    try:
        content = (folder / "info" / "paths.json").read_bytes()
    except FileNotFoundError:
        return True  # older packages do not say how large their files are
    except OSError:
        return False
    try:
        listed = read_package_paths(content)
    except InvalidPaths:
        return False
    return first_damage(str(folder), listed, digests=digests) is None


def _digest(path: str, place: int) -> str:
    with open(os.open(path, os.O_RDONLY | os.O_CLOEXEC, dir_fd=place), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
