"""A folder of packages becomes a channel. Layer: engine.

``DIR/SUBDIR/*.conda`` and ``*.tar.bz2`` are read once each: what they say is kept beside them, and
read again only when size or modification time changed. An archive that cannot be offered is left
out and named, the others are listed, each with the time when it first was (CEP 47). Nothing but
package lists is written.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import ClassVar, Final

from xconda_core.cancel import CancelToken
from xconda_core.errors import Json, XcondaError
from xconda_core.events import Noticed, OwnerAwaited, Reporter
from xconda_core.files.atomic import write_json
from xconda_core.files.locks import LockOwner, locked
from xconda_core.models.archive_name import ENDINGS
from xconda_core.models.package_record import InvalidRecord, PackageRecord
from xconda_core.models.platform import KNOWN_SUBDIRS
from xconda_core.models.run_exports import InvalidRunExports, RunExports
from xconda_core.package_cache.archive import ArchiveRefused, archived_files, parsed_index
from xconda_core.package_cache.tar_reader import BrokenTar
from xconda_core.repodata.current_list import current_packages
from xconda_core.repodata.first_indexed import first_indexed
from xconda_core.repodata.index_patches import FILE as PATCHES
from xconda_core.repodata.index_patches import read_patches
from xconda_core.repodata.index_writer import INDEXED, FolderContent, Record, write_folder
from xconda_core.values import Slotted, dataclass, replace

_KEPT: Final = Path(".cache", "xconda-index.json")
_LOCK: Final = Path(".cache", "xconda-index.lock")
_KEPT_VERSION: Final = 2
_INDEX: Final = "info/index.json"
_RUN_EXPORTS: Final = "info/run_exports.json"
_WAIT: Final = 900.0  # seconds for another that indexes the same channel
_CHUNK: Final = 1 << 20


class NotAChannelFolder(XcondaError):
    """A folder cannot be made a channel as it is; nothing was written."""

    code: ClassVar[str] = "not-a-channel-folder"
    exit_code: ClassVar[int] = 2

    def __init__(self, folder: Path, why: str, fix: str) -> None:
        super().__init__(folder, why, fix)
        self.folder = folder
        self.what = f"{folder} was not indexed."
        self.why, self.fix = why, fix


@dataclass(frozen=True, slots=True)
class LeftOut(Slotted):
    """An archive that is not offered, and why, in words."""

    fn: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedFolder(Slotted):
    """One platform folder.

    Attributes:
        subdir: Its platform.
        packages: How many archives it offers.
        read: How many were read, since they are new or changed.
        left_out: Archives that are there and not offered.
        removed: Archives that its corrections take out.
        written: Lists that changed.
    """

    subdir: str
    packages: int
    read: int
    left_out: tuple[LeftOut, ...]
    removed: tuple[str, ...]
    written: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Archive(Slotted):
    """What is kept of one archive; ``size`` and ``mtime_ns`` tell whether it still holds."""

    size: int
    mtime_ns: int
    record: Record
    run_exports: Json

    def to_json(self) -> dict[str, Json]:
        return {
            "size": self.size,
            "mtime_ns": self.mtime_ns,
            "record": dict(self.record),
            "run_exports": self.run_exports,
        }


def index_channel(
    channel: Path, *, threads: int, cancel: CancelToken, report: Reporter
) -> tuple[IndexedFolder, ...]:
    """Write the package lists of ``channel``, and return what each platform folder has.

    ``noarch`` is always among them. Where a folder has a ``patch_instructions.json``, its
    corrections are applied to all lists; to run exports where its version is 2 (CEP 21).

    Args:
        channel: A folder with platform folders in it.
        threads: How many archives are read at a time.
        cancel: Looked at between archives.
        report: Told of each archive that is left out.

    Raises:
        NotAChannelFolder: it is none, or archives lie where none belong.
        PatchesNotUnderstood: a file of corrections cannot be followed.
        Locked: another process has been indexing it for long.
        Cancelled: somebody asked to stop; folders that are done stay done.
        OSError: the disk refused.
    """
    subdirs = _subdirs(channel)

    def say_whom(owner: LockOwner) -> None:
        report(OwnerAwaited(owner.pid, owner.host, owner.command, owner.since))

    with locked(
        channel / _LOCK,
        target=channel,
        command=f"xconda channel index {channel}",
        cancel=cancel,
        wait_seconds=_WAIT,
        on_wait=say_whom,
    ):
        return tuple(_index(channel / subdir, threads, cancel, report) for subdir in subdirs)


def _subdirs(channel: Path) -> Sequence[str]:
    """Return the platforms of ``channel``, ``noarch`` among them.

    Raises:
        NotAChannelFolder: it is none.
    """
    if not channel.is_dir():
        why = "it is a file." if channel.exists() else "there is no such folder."
        raise NotAChannelFolder(channel, why, "name a folder with packages in linux-64, noarch ...")
    stray = next((path.name for path in sorted(channel.iterdir()) if _is_archive(path)), None)
    if stray is not None and channel.name in KNOWN_SUBDIRS:
        fix = f"`xconda channel index {channel.parent}`."
        raise NotAChannelFolder(channel, "it is a platform folder of a channel.", fix)
    if stray is not None:
        fix = f"move it to the folder of its platform, for example {channel / 'noarch'}."
        raise NotAChannelFolder(channel, f"{stray} lies in no platform folder.", fix)
    found = (path.name for path in channel.iterdir() if path.is_dir())
    return sorted({"noarch", *(name for name in found if name in KNOWN_SUBDIRS)})


def _is_archive(path: Path) -> bool:
    return path.name.endswith(ENDINGS) and not path.name.startswith(".") and path.is_file()


def _index(folder: Path, threads: int, cancel: CancelToken, report: Reporter) -> IndexedFolder:
    subdir = folder.name
    paths = sorted(path for path in folder.glob("*") if _is_archive(path))
    kept = _read_kept(folder / _KEPT)
    archives: dict[str, _Archive] = {}
    left_out: list[LeftOut] = []
    published = cache(partial(first_indexed, folder))
    found = _read_all(paths, kept, published, threads, cancel)
    for path, archive in zip(paths, found, strict=True):
        if isinstance(archive, LeftOut):
            left_out.append(archive)
            report(Noticed("warning", f"{subdir}/{archive.fn} is left out: {archive.why}"))
        else:
            archives[path.name] = archive
            if archive is not kept.get(path.name):
                _warn_of_future(archive, f"{subdir}/{path.name}", report)
    packages: Mapping[str, Record] = {fn: each.record for fn, each in archives.items()}
    exports = {fn: each.run_exports for fn, each in archives.items()}
    removed: tuple[str, ...] = ()
    instructions = folder / PATCHES
    if instructions.is_file():
        patches = read_patches(instructions.read_bytes(), str(instructions))
        packages, removed = patches.applied(packages)
        exports = {fn: patches.exported(fn, said) for fn, said in exports.items()}
    content = FolderContent(
        subdir=subdir,
        packages=packages,
        removed=removed,
        current=current_packages(packages),
        run_exports=exports,
    )
    written = write_folder(folder, content)
    read = [fn for fn, each in archives.items() if each is not kept.get(fn)]
    if read or kept.keys() - archives.keys():
        _write_kept(folder / _KEPT, archives)
    return IndexedFolder(
        subdir=subdir,
        packages=len(packages),
        read=len(read),
        left_out=tuple(left_out),
        removed=removed,
        written=written,
    )


def _read_all(
    paths: Iterable[Path],
    kept: Mapping[str, _Archive],
    published: Callable[[], Mapping[str, int]],
    threads: int,
    cancel: CancelToken,
) -> Iterator[_Archive | LeftOut]:
    """Yield what each archive says, in their order."""

    def read(path: Path) -> _Archive | LeftOut:
        cancel.check()
        known, status = kept.get(path.name), path.stat()
        if known and (known.size, known.mtime_ns) == (status.st_size, status.st_mtime_ns):
            return known
        try:
            archive = _read(path)
        except (ArchiveRefused, InvalidRecord, InvalidRunExports, BrokenTar) as error:
            reason = error.reason if isinstance(error, ArchiveRefused) else str(error)
            return LeftOut(path.name, reason)
        first = published().get(str(archive.record["sha256"]), time.time_ns() // 1_000_000)
        return replace(archive, record={**archive.record, INDEXED: first})

    with ThreadPoolExecutor(max_workers=max(1, threads)) as pool:
        try:
            yield from pool.map(read, paths)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _read(path: Path) -> _Archive:
    """Read one archive.

    Raises:
        ArchiveRefused: it is damaged, or no package.
        BrokenTar: its ``info/index.json`` is none, or it is not what its name and folder say.
        InvalidRecord: a field of that file is not what it must be.
        InvalidRunExports: its run exports are none.
    """
    before = path.stat()
    files = archived_files(path, (_INDEX, _RUN_EXPORTS))
    index = parsed_index(files.get(_INDEX))
    digests = _digests(path)
    if (path.stat().st_size, path.stat().st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise BrokenTar("it changed while it was read")
    subdir = path.parent.name
    record: dict[str, Json] = {"depends": [], "subdir": subdir, **index, **digests}
    record["size"] = before.st_size
    if record["subdir"] != subdir:
        raise BrokenTar(f"it is for {record['subdir']}, so it belongs in {record['subdir']}/")
    parsed = PackageRecord.from_json(record, fn=path.name)
    if not path.name.startswith(f"{index.get('name')}-{parsed.version}-{parsed.build}."):
        raise BrokenTar(f"it is {parsed.dist_name}, which its name does not say")
    return _Archive(before.st_size, before.st_mtime_ns, record, _run_exports(files))


def _warn_of_future(archive: _Archive, name: str, report: Reporter) -> None:
    """Say that an archive claims to be built later than it was first listed."""
    built, first = archive.record.get("timestamp"), archive.record[INDEXED]
    if isinstance(built, int) and isinstance(first, int) and built > first:
        say = "says that it was built later than now: its `timestamp` is not to be relied on"
        report(Noticed("warning", f"{name} {say}."))


def _run_exports(files: Mapping[str, bytes]) -> Json:
    content = files.get(_RUN_EXPORTS)
    if content is None:
        return {}
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise BrokenTar(f"its {_RUN_EXPORTS} is not JSON") from None
    return RunExports.from_json(document).to_json()


def _digests(path: Path) -> dict[str, Json]:
    md5, sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            md5.update(chunk)
            sha256.update(chunk)
    return {"md5": md5.hexdigest(), "sha256": sha256.hexdigest()}


def _read_kept(path: Path) -> dict[str, _Archive]:
    """Return what an earlier run kept; nothing of it where it cannot be read."""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        document = json.loads(path.read_bytes())
        if document["version"] == _KEPT_VERSION:
            return {fn: _Archive(**each) for fn, each in document["archives"].items()}
    return {}


def _write_kept(path: Path, archives: Mapping[str, _Archive]) -> None:
    path.parent.mkdir(exist_ok=True)
    listed: dict[str, Json] = {fn: each.to_json() for fn, each in archives.items()}
    write_json(path, {"version": _KEPT_VERSION, "archives": listed}, durable=False)
