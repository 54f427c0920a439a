"""Package caches in conda's layout, shared with conda. Layer: package_cache.

One folder of a cache holds archives, beside each the folder ``name-version-build`` it was unpacked
to, whose ``info/repodata_record.json`` says which archive that was, and ``urls.txt``, by which
conda knows a folder as a cache. xconda writes that record before the folder gets its name, conda
after it has unpacked: either way a folder with the record is complete.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Final

from msgspec.json import decode

from xconda_core.errors import XcondaError
from xconda_core.models.package_record import InvalidRecord, PackageRecord, completed
from xconda_core.values import Slotted, dataclass

_MAGIC: Final = "urls.txt"
_RECORD: Final = "info/repodata_record.json"
_UNREADABLE: Final = (OSError, ValueError, TypeError, AttributeError, InvalidRecord, RecursionError)


class NoWritableCache(XcondaError):
    """None of the configured package caches can take a new package."""

    code: ClassVar[str] = "no-writable-package-cache"

    def __init__(self, pkgs_dirs: Sequence[Path]) -> None:
        super().__init__(pkgs_dirs)
        self.pkgs_dirs = tuple(pkgs_dirs)
        self.what = "Nothing was downloaded: there is no package cache to write to."
        places = ", ".join(map(str, pkgs_dirs)) or "none is configured"
        self.why = f"`pkgs_dirs` has no folder that you can write to ({places})."
        self.fix = "add a folder of yours: `pkgs_dirs` in ~/.condarc, or CONDA_PKGS_DIRS."


class BadArchiveName(XcondaError):
    """A channel gives a package a name that is no file name."""

    code: ClassVar[str] = "bad-archive-name"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name
        self.what = "Nothing was downloaded: a channel offers a package that cannot be stored."
        self.why = f"{name!r} is no name for a file."
        self.fix = "leave that channel out, or tell its owners."


class PackageDamaged(XcondaError):
    """A package in the cache does not say what it is."""

    code: ClassVar[str] = "package-damaged"

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(folder, reason)
        self.folder = folder
        self.what = f"{folder.name} cannot be used."
        self.why = f"{folder} is damaged: {reason}."
        self.fix = f"delete {folder} and run it again."


@dataclass(frozen=True, slots=True)
class PackageCache(Slotted):
    """The package caches of one user.

    Attributes:
        pkgs_dirs: Folders, the first one that can be written to takes new packages.
        separate_formats: What was unpacked from a ``.tar.bz2`` does not serve for the ``.conda``
            that a channel says to have the same contents.
        by_sha256: What was unpacked serves only if its archive had the sha256 that is asked for;
            what an earlier list said of it in other ways does not count.
        uses_locks: Processes that write take turns.
    """

    pkgs_dirs: tuple[Path, ...]
    separate_formats: bool = False
    by_sha256: bool = False
    uses_locks: bool = True

    def find(self, record: PackageRecord) -> Path | None:
        """Return the folder that ``record``'s archive was unpacked to, if that is complete."""
        for folder in self.pkgs_dirs:
            # A plan asks this of each package, most of which are not here: without making paths.
            if os.access(f"{folder}/{record.dist_name}/{_RECORD}", os.F_OK):
                unpacked = folder / record.dist_name
                if self.holds(unpacked, record):
                    return unpacked
        return None

    def holds(self, unpacked: Path, record: PackageRecord) -> bool:
        """Whether the folder ``unpacked`` is complete and serves for ``record``."""
        return is_unpacked_from(
            unpacked, record, separate_formats=self.separate_formats, by_sha256=self.by_sha256
        )

    def find_archive(self, record: PackageRecord) -> Path | None:
        """Return an archive of ``record``'s name and size; its digest is not looked at."""
        for folder in self.pkgs_dirs:
            name = archive_name(record)
            try:
                size = os.stat(f"{folder}/{name}").st_size  # noqa: PTH116
            except OSError:
                continue
            if record.size in {None, size}:
                return folder / name
        return None

    def writable_dir(self) -> Path:
        """Return the folder for new packages, made if needed.

        Raises:
            NoWritableCache: there is none.
        """
        for folder in self.pkgs_dirs:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                with (folder / _MAGIC).open("ab"):
                    return folder
            except OSError:
                continue
        raise NoWritableCache(self.pkgs_dirs)


def unpacked_record(folder: Path, record: PackageRecord) -> PackageRecord:
    """Return ``record`` with what it leaves open as the package unpacked at ``folder`` knows it.

    Raises:
        PackageDamaged: the package does not say what it is.
    """
    if record.is_complete:
        return record
    try:
        document = decode((folder / _RECORD).read_bytes())
        return completed(record, document)
    except _UNREADABLE as error:
        raise PackageDamaged(folder, str(error)) from error


def note_url(folder: Path, record: PackageRecord) -> None:
    """Append where an archive came from to ``urls.txt``, as conda does."""
    line = f"{record.url}\n".encode()
    descriptor = os.open(folder / _MAGIC, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    try:
        os.write(descriptor, line)
    finally:
        os.close(descriptor)


def archive_name(record: PackageRecord) -> str:
    """Return the file name of ``record``'s archive.

    Raises:
        BadArchiveName: it, or the folder name, would lead out of the cache.
    """
    name = record.fn or record.url.rpartition("/")[2] or f"{record.dist_name}.tar.bz2"
    for part in (name, record.dist_name):
        if "/" in part or "\0" in part or part.startswith("."):
            raise BadArchiveName(part)
    return name


def is_unpacked_from(
    folder: Path, record: PackageRecord, *, separate_formats: bool = False, by_sha256: bool = False
) -> bool:
    """Whether ``folder`` is complete and came from the very archive that ``record`` describes.

    Or, unless ``separate_formats``, from its other format: a ``.conda`` names the ``.tar.bz2`` that
    it was made of by ``legacy_bz2_md5``. With ``by_sha256`` nothing but an equal sha256 counts,
    where ``record`` has one.
    """
    try:
        document = decode((folder / _RECORD).read_bytes())
        found = PackageRecord.from_json(document)
    except _UNREADABLE:
        return False
    if found.dist_name != record.dist_name:
        return False
    if by_sha256 and record.sha256:
        return record.sha256.lower() == (found.sha256 or "").lower()
    if not separate_formats and _is_other_format(found, record):
        return True
    for mine, theirs in ((record.sha256, found.sha256), (record.md5, found.md5)):
        if mine and theirs:
            return mine.lower() == theirs.lower()
    # Without a digest on either side only the place of origin can tell.
    return found.url == record.url and record.size in {None, found.size}


def _is_other_format(one: PackageRecord, other: PackageRecord) -> bool:
    return any(
        isinstance(old := new.extra.get("legacy_bz2_md5"), str) and old and old == bz2.md5
        for new, bz2 in ((one, other), (other, one))
    )
