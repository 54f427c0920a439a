"""Unpack ``.conda`` and ``.tar.bz2`` archives, which may be hostile. Layer: package_cache.

Source: CEP 35: formats 1 (``.tar.bz2``) and 2 (``.conda``, a zip of zstandard tars).
Nothing is written outside the destination, which appears whole or not at all: what was unpacked is
staged beside it, and published by a rename, before which the caller may have it put on disk.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, ClassVar, Final

import zstandard

from xconda_core.cancel import CancelToken
from xconda_core.errors import Json, XcondaError
from xconda_core.files.json_text import json_text
from xconda_core.files.removal import remove_tree
from xconda_core.models.package_record import PackageRecord, completed
from xconda_core.package_cache.bz2_stream import Bz2Stream
from xconda_core.package_cache.extracted import check_extracted
from xconda_core.package_cache.tar_reader import BrokenTar, ByteStream, TarReader
from xconda_core.package_cache.unpack import Unpacker
from xconda_core.values import Slotted, dataclass, replace

_FORMAT: Final = 2
_INDEX: Final = "info/index.json"
_LONGEST_METADATA: Final = 1 << 20
_ZIP_END: Final = b"PK\x05\x06"
_ZIP_END_SIZE: Final = 22

Extract = Callable[[Path, Path], None]
"""Unpacks an archive into an empty folder."""


class ArchiveRefused(XcondaError):
    """An archive is damaged, hostile, or not the package it should be. Nothing of it was kept."""

    code: ClassVar[str] = "archive-refused"

    def __init__(self, archive: Path, reason: str) -> None:
        super().__init__(archive, reason)
        self.archive, self.reason = archive, reason
        self.what = f"{archive.name} was not unpacked."
        self.why = f"it is not a sound conda package: {reason}."
        self.fix = f"delete {archive} and run it again; if it repeats, tell the channel's owners."


@dataclass(frozen=True, slots=True)
class StagedPackage(Slotted):
    """An unpacked package that does not have its name yet.

    Attributes:
        folder: Where it is, in a folder of its own beside ``destination``: to conda every folder of
            the cache that has an ``info/index.json`` is a package.
        destination: Where it belongs.
    """

    folder: Path
    destination: Path

    def publish(self) -> Path:
        """Give the folder its name, in the place of an earlier one, and return that."""
        box = self.folder.parent
        if os.path.lexists(self.destination):  # folders do not replace each other
            self.destination.rename(box / "old")
        self.folder.rename(self.destination)
        remove_tree(box)
        return self.destination

    def discard(self) -> None:
        """Remove it if it was not published."""
        remove_tree(self.folder.parent)


def stage_archive(
    archive: Path,
    destination: Path,
    *,
    record: PackageRecord | None,
    cancel: CancelToken,
    also: Callable[[Path], Mapping[str, Json]] | None = None,
    extract: Extract | None = None,
) -> StagedPackage:
    """Unpack ``archive`` beside ``destination``, where only its publishing brings it.

    Args:
        archive: A file named ``*.conda`` or ``*.tar.bz2``.
        destination: What the folder will be called.
        record: What the archive must contain; None checks only that it is some package.
        cancel: Looked at between members.
        also: Is given the unpacked package, and returns paths in it to JSON documents to put
            there, for example ``info/repodata_record.json``.
        extract: Unpacks it, where that is not for xconda to do; what it leaves is looked at.

    Raises:
        ArchiveRefused: it is damaged or hostile, or another package than ``record``.
        Cancelled: somebody asked to stop.
        OSError: the disk refused.
    """
    box = _staging_place(destination)
    partial = box / "package"
    remove_tree(box)
    try:
        with _refused(archive):
            if extract is None:
                _unpack_into(archive, partial, cancel)
            else:
                partial.mkdir(parents=True)
                extract(archive, partial)
                check_extracted(partial, archive.stat().st_size, cancel)
            check_identity(read_index(partial), record)
            documents = also(partial) if also else {}
        for name, document in documents.items():
            path = partial / name
            path.unlink(missing_ok=True)
            path.write_bytes(json_text(document))
    except BaseException:
        remove_tree(box)
        raise
    return StagedPackage(partial, destination)


def discard_staged(destination: Path) -> None:
    """Remove what a process that was killed left of unpacking for ``destination``."""
    remove_tree(_staging_place(destination))


def _staging_place(destination: Path) -> Path:
    return destination.with_name(f".{destination.name}.partial")


def stage_beside(
    archive: Path, record: PackageRecord, cancel: CancelToken, extract: Extract | None = None
) -> StagedPackage:
    """Unpack a verified ``archive`` of a package cache for the folder of its name beside it.

    Raises:
        ArchiveRefused: it is damaged, hostile, or another package.
        Cancelled: somebody asked to stop.
        OSError: the disk refused.
    """

    def described(package: Path) -> Mapping[str, Json]:
        known = record
        if not record.is_complete:
            known = completed(_measured(record, archive), read_index(package))
        return {"info/repodata_record.json": known.to_json() | {"fn": archive.name}}

    folder = archive.with_name(record.dist_name)
    return stage_archive(
        archive, folder, record=record, cancel=cancel, also=described, extract=extract
    )


def _measured(record: PackageRecord, archive: Path) -> PackageRecord:
    """Return ``record`` with the size and the digest that nobody told."""
    sha256 = record.sha256
    if sha256 is None:
        with archive.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return replace(record, size=record.size or archive.stat().st_size, sha256=sha256)


def read_index(package: Path) -> Mapping[str, Json]:
    """Return ``info/index.json`` of an unpacked package.

    Raises:
        BrokenTar: there is none, or it is not a JSON object.
    """
    try:
        content = (package / "info" / "index.json").read_bytes()
    except FileNotFoundError:
        content = None
    return parsed_index(content)


def _index(content: bytes) -> Mapping[str, Json]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise BrokenTar("its info/index.json is not JSON") from None
    if not isinstance(document, dict):
        raise BrokenTar("its info/index.json is not a JSON object")
    return document


def archived_index(archive: Path) -> Mapping[str, Json]:
    """Return ``info/index.json`` of a package that is not unpacked; nothing is written.

    Raises:
        ArchiveRefused: it is damaged, or no package.
        OSError: it cannot be read.
    """
    with _refused(archive):
        return parsed_index(archived_files(archive, {_INDEX}).get(_INDEX))


def parsed_index(content: bytes | None) -> Mapping[str, Json]:
    """Return what an ``info/index.json`` says; None where the package has none.

    Raises:
        BrokenTar: there is none, or it is not a JSON object.
    """
    if content is None:
        raise BrokenTar("it has no info/index.json")
    return _index(content)


def archived_files(archive: Path, names: Collection[str]) -> dict[str, bytes]:
    """Return those files of ``info/`` that are there, by name; nothing is written.

    Reading ends with the last one that was asked for.

    Args:
        archive: A package that is not unpacked.
        names: Paths in the package, all below ``info/`` and short.

    Raises:
        ArchiveRefused: it is damaged, or no package.
        OSError: it cannot be read.
    """
    with _refused(archive):
        if archive.name.endswith(".tar.bz2"):
            with archive.open("rb") as file:
                return _files_in(TarReader(Bz2Stream(file)), names)
        with zipfile.ZipFile(archive) as box:
            _check_ends(archive, box)
            information, _ = _components(box)
            with box.open(information) as packed, _zstd(packed) as stream:
                return _files_in(TarReader(stream), names)


def _files_in(tar: TarReader, names: Collection[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for member in tar.members():
        name = member.name.removeprefix("./")
        if name in names:
            if member.size > _LONGEST_METADATA:
                raise BrokenTar(f"its {name} is too long")
            found[name] = b"".join(tar.content())
            if len(found) == len(names):
                break
    return found


def check_identity(index: Mapping[str, Json], record: PackageRecord | None) -> None:
    """Return if ``info/index.json`` says what ``record`` says.

    Raises:
        BrokenTar: name, version or build differ, or are missing.
    """
    for key in ("name", "version", "build"):
        said = index.get(key)
        if not isinstance(said, str):
            raise BrokenTar(f"its info/index.json says no {key}")
        promised = said if record is None else getattr(record, key)
        if said != promised:
            raise BrokenTar(f"it says {key} {said!r}, its channel says {promised!r}")


def _unpack_into(archive: Path, folder: Path, cancel: CancelToken) -> None:
    unpacker = Unpacker(folder, packed_size=archive.stat().st_size)
    if archive.name.endswith(".tar.bz2"):
        with archive.open("rb") as file:
            unpacker.unpack(TarReader(Bz2Stream(file)), cancel)
        return
    if not archive.name.endswith(".conda"):
        raise BrokenTar("its name ends neither in .conda nor in .tar.bz2")
    with zipfile.ZipFile(archive) as box:
        _check_ends(archive, box)
        for name in _components(box):
            with box.open(name) as packed, _zstd(packed) as stream:
                unpacker.unpack(TarReader(stream), cancel)
                _drain(packed)


def _check_ends(archive: Path, box: zipfile.ZipFile) -> None:
    """Return if the zip is all there is in ``archive``: readers differ about what stands around."""
    with archive.open("rb") as file:
        file.seek(-_ZIP_END_SIZE, os.SEEK_END)
        ends_with_zip = file.read(len(_ZIP_END)) == _ZIP_END
    if not ends_with_zip or min((item.header_offset for item in box.infolist()), default=0):
        raise BrokenTar("something stands before its beginning or follows its end")


def _components(box: zipfile.ZipFile) -> list[str]:
    names = [item.filename for item in box.infolist()]
    if "metadata.json" not in names:
        raise BrokenTar("it has no metadata.json")
    if box.getinfo("metadata.json").file_size > _LONGEST_METADATA:
        raise BrokenTar("its metadata.json is too long")
    metadata = json.loads(box.read("metadata.json"))
    said = metadata.get("conda_pkg_format_version") if isinstance(metadata, dict) else None
    if said != _FORMAT:
        raise BrokenTar(f"it is of format {said!r}; this xconda knows format {_FORMAT}")
    parts = []
    for start in ("info-", "pkg-"):
        found = [n for n in names if n.startswith(start) and n.endswith(".tar.zst")]
        if len(found) != 1:
            raise BrokenTar(f"it has {len(found)} {start}*.tar.zst, not one")
        parts += found
    return parts


def _zstd(packed: IO[bytes]) -> zstandard.ZstdDecompressionReader:
    return zstandard.ZstdDecompressor().stream_reader(
        packed, read_size=1 << 18, read_across_frames=True, closefd=False
    )


def _drain(packed: ByteStream) -> None:
    # The zip's checksum is compared when its last byte has been read.
    while packed.read(1 << 16):
        pass


@contextmanager
def _refused(archive: Path) -> Iterator[None]:
    try:
        yield
    except BrokenTar as error:
        raise ArchiveRefused(archive, str(error)) from error
    except (EOFError, ValueError, zipfile.BadZipFile, zstandard.ZstdError) as error:
        raise ArchiveRefused(archive, f"it is damaged ({error})") from error
    except (NotImplementedError, RuntimeError) as error:  # zipfile: encryption, odd methods
        raise ArchiveRefused(archive, f"it cannot be read ({error})") from error
    except OSError as error:
        if error.errno is None:  # the decompressor of bz2 says "Invalid data stream" so
            raise ArchiveRefused(archive, f"it is damaged ({error})") from error
        raise
