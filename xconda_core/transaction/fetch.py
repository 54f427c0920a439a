"""Bring the packages of a plan into the package cache, verified. Layer: transaction."""

import hashlib
import logging
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, wait
from functools import partial
from pathlib import Path
from threading import Lock
from typing import ClassVar, Final

from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.errors import XcondaError
from xconda_core.events import (
    DownloadAdvanced,
    Event,
    Noticed,
    PackageExtracted,
    PhaseStarted,
    Reporter,
)
from xconda_core.files.durable import SharedSync
from xconda_core.files.failures import refusals_named
from xconda_core.files.space import refuse_too_little
from xconda_core.models.package_record import PackageRecord
from xconda_core.net.download import download
from xconda_core.net.fetcher import Fetcher
from xconda_core.net.workers import Workers
from xconda_core.package_cache.archive import Extract, StagedPackage
from xconda_core.package_cache.cache import (
    PackageCache,
    archive_name,
    note_url,
)
from xconda_core.package_cache.damage import is_sound
from xconda_core.package_cache.turns import filled, turn_of
from xconda_core.transaction.unpackers import Unpackers
from xconda_core.values import Slotted, dataclass, field

_log: Final = logging.getLogger(__name__)
_CHUNK: Final = 1 << 20
_LOOK_SECONDS: Final = 0.1  # how often the user's wish to stop is looked at
_LAST_WORDS_SECONDS: Final = 0.5  # how long threads that were told to stop may take to tidy up


class PackageNotFetched(XcondaError):
    """One package could not be brought into the cache.

    Attributes:
        package: ``name-version-build``.
        url: Address of its archive, without credentials.
        cause_code: ``code`` of what went wrong.
    """

    code: ClassVar[str] = "package-not-fetched"

    def __init__(self, record: PackageRecord, cause: XcondaError) -> None:
        super().__init__(record, cause)
        self.package, self.url, self.cause_code = record.dist_name, record.url, cause.code
        self.what = f"{record.dist_name} was not fetched from {record.url}."
        self.why = cause.why
        self.fix = cause.fix


def fetch_packages(
    records: Sequence[PackageRecord],
    cache: PackageCache,
    fetcher: Fetcher,
    *,
    threads: int,
    report: Reporter,
    cancel: CancelToken,
    repair: bool = False,
    extractors: Mapping[str, Extract] | None = None,
) -> Mapping[str, Path]:
    """Return where each package is unpacked, by its name, after bringing those that are missing.

    Args:
        records: What is needed.
        cache: Where to look and where new packages go.
        fetcher: Opens URLs.
        threads: How many packages are downloaded and unpacked at once.
        report: Told of bytes and of packages done, by one thread at a time.
        cancel: Looked at between chunks and between files.
        repair: What is in the cache is said to be damaged: believe only what all sizes fit.
        extractors: What unpacks archives of others, by the ends of their names.

    Raises:
        PackageNotFetched: names the package and its URL; what else arrived is kept.
        NoWritableCache: a package is missing and no cache takes it.
        Cancelled: somebody asked to stop.
    """
    found = {record.name: None if repair else cache.find(record) for record in records}
    missing = [record for record in records if found[record.name] is None]
    present = {name: folder for name, folder in found.items() if folder is not None}
    _log.info("%d packages are in the cache, %d are to be brought", len(present), len(missing))
    for name, unpacked in present.items():
        _log.debug("%s is in the cache: %s", name, unpacked)
    if not missing:
        return present
    for record in missing:
        archive_name(record)  # refuses a name that leads out of the cache before anything is done
    folder = cache.writable_dir()
    _refuse_no_room(folder, missing)

    def wait() -> None:
        report(Noticed("info", f"waiting for another program that fills {folder}, such as mamba"))

    unpacking = Unpackers(folder, missing, threads, extractors or {})
    with filled(cache, folder, cancel, wait), unpacking as unpackers:
        turns, sync, total = _InTurn(report), SharedSync(folder), len(missing)
        work = _Fetching(cache, folder, fetcher, unpackers, sync, turns, cancel, total, repair)
        return present | work.run(missing, threads)


def _refuse_no_room(folder: Path, missing: Sequence[PackageRecord]) -> None:
    """Return if the archives fit that are not there yet; what they unpack to, no channel says."""
    coming = [rec for rec in missing if not (folder / archive_name(rec)).exists()]
    task = f"fetch {len(coming)} packages"
    refuse_too_little(folder, (record.size or 0 for record in coming), task)


@dataclass(slots=True)
class _Fetching(Slotted):
    """The packages that are missing, on their way."""

    cache: PackageCache
    folder: Path
    fetcher: Fetcher
    unpackers: Unpackers
    sync: SharedSync
    report: "_InTurn"
    cancel: CancelToken
    total: int
    repair: bool
    downloading: int = 0
    done: int = 0
    _count_lock: Lock = field(default_factory=Lock)

    def run(self, missing: Sequence[PackageRecord], threads: int) -> dict[str, Path]:
        """Bring all, the largest first so that it does not come alone at the end."""
        self.downloading = len(missing)
        self.report(PhaseStarted("download"))
        order = sorted(missing, key=lambda record: (-(record.size or 0), record.name))
        stop, workers = CancelToken(), Workers(threads)
        jobs = {rec.name: workers.submit(partial(self._bring, rec, stop)) for rec in order}
        try:
            self._wait(jobs.values())
        finally:
            # One failure ends the rest: nobody installs a part of a plan. A thread that waits for
            # a server's answer hears of it only then, and is not waited for.
            stop.cancel()
            wait(jobs.values(), timeout=_LAST_WORDS_SECONDS)
            self.report.close()
        self.cancel.check()
        _raise_first(jobs.values())
        return {name: job.result() for name, job in jobs.items()}

    def _wait(self, jobs: Collection[Future[Path]]) -> None:
        """Return when all jobs are done or one has failed; raise when the user asks to stop."""
        waiting = set(jobs)
        while waiting:
            self.cancel.check()
            done, waiting = wait(waiting, _LOOK_SECONDS, FIRST_EXCEPTION)
            if any(job.exception() for job in done):
                return

    def _bring(self, record: PackageRecord, stop: CancelToken) -> Path:
        cancel = _Either(self.cancel, stop)
        cancel.check()
        try:
            with refusals_named(f"store {record.dist_name}", self.folder):
                folder = self._bring_locked(record, cancel)
        except Cancelled:
            raise
        except XcondaError as error:
            raise PackageNotFetched(record, error) from error
        with self._count_lock:
            self.done += 1
            done = self.done
        self.report(PackageExtracted(record.name, done, self.total))
        return folder

    def _bring_locked(self, record: PackageRecord, cancel: CancelToken) -> Path:
        with turn_of(self.cache, self.folder, record, cancel) as lock:
            unpacked = self.folder / record.dist_name
            if self.cache.holds(unpacked, record) and self._is_whole(unpacked):
                _log.debug("%s was brought by another process", record.dist_name)
                self._downloaded()
                return unpacked
            staged = self._staged(record, cancel, lock)
            try:
                # A folder that has its name counts as complete, also after a power cut.
                self.sync.wait()
                return staged.publish()
            finally:
                staged.discard()

    def _staged(
        self, record: PackageRecord, cancel: CancelToken, lock: int | None
    ) -> StagedPackage:
        """Bring and unpack; once more where somebody took the archive away in between.

        conda, which knows no lock of ours, moves an archive aside to download it anew.
        """
        archive = self.folder / archive_name(record)
        for is_first, is_last in ((True, False), (False, False), (False, True)):
            self._bring_archive(record, cancel)
            if is_first:
                self._downloaded()
            try:
                return self.unpackers.stage(record, cancel, lock)
            except FileNotFoundError:
                if is_last or archive.exists():
                    raise
                _log.info("%s: its archive was taken away, bringing it anew", record.dist_name)
        raise AssertionError("the last try returns or raises")

    def _is_whole(self, unpacked: Path) -> bool:
        return not self.repair or is_sound(unpacked, digests=True)

    def _bring_archive(self, record: PackageRecord, cancel: CancelToken) -> None:
        archive = self.folder / archive_name(record)
        if _is_archive_of(archive, record):
            _log.info("%s: its archive is in the cache: %s", record.dist_name, archive)
            return

        def advanced(done: int, total: int) -> None:
            self.report(DownloadAdvanced(record.name, done, total))

        download(
            self.fetcher,
            record.url,
            archive,
            size=record.size,
            sha256=record.sha256,
            md5=record.md5,
            report=advanced,
            cancel=cancel,
            durable=False,
        )
        note_url(self.folder, record)
        _log.info("%s came from %s", record.dist_name, record.url)

    def _downloaded(self) -> None:
        with self._count_lock:
            self.downloading -= 1
            last = self.downloading == 0
        if last:
            self.report(PhaseStarted("extract"))


class _Either(CancelToken):
    """Cancelled when either of two tokens is: the user's, or that of a failure elsewhere."""

    __slots__ = ("_tokens",)

    def __init__(self, *tokens: CancelToken) -> None:
        super().__init__()
        self._tokens = tokens

    @property
    def is_cancelled(self) -> bool:
        """Whether one of them is."""
        return any(token.is_cancelled for token in self._tokens)

    def check(self) -> None:
        """Raise if one of them is cancelled."""
        for token in self._tokens:
            token.check()

    def wait(self, seconds: float) -> None:
        """Sleep unless the first one, the user's, is cancelled meanwhile."""
        self.check()
        self._tokens[0].wait(seconds)


def _is_archive_of(archive: Path, record: PackageRecord) -> bool:
    """Whether a file that lies in the cache is the one the channel describes."""
    promised = record.sha256 or record.md5
    if not promised:
        return False
    digest = hashlib.sha256() if record.sha256 else hashlib.md5(usedforsecurity=False)
    try:
        if record.size is not None and archive.stat().st_size != record.size:
            return False
        with archive.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except FileNotFoundError:  # taken away meanwhile
        return False
    return digest.hexdigest() == promised.lower()


def _raise_first(jobs: Collection[Future[Path]]) -> None:
    failures = [error for job in jobs if job.done() and (error := job.exception())]
    for error in failures:
        if not isinstance(error, Cancelled):
            raise error
    for error in failures:
        raise error


class _InTurn:
    """A reporter for several threads before one that is for one, until it is closed."""

    __slots__ = ("_is_open", "_report", "_turn")

    def __init__(self, report: Reporter) -> None:
        self._report, self._turn, self._is_open = report, Lock(), True

    def __call__(self, event: Event) -> None:
        with self._turn:
            if self._is_open:
                self._report(event)

    def close(self) -> None:
        """Hand nothing on any more: whoever listened has heard the end."""
        with self._turn:
            self._is_open = False
