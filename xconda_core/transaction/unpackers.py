"""Unpack the archives of a plan: in forks of this process where there is much, else in it.

Layer: transaction. See docs/decisions/0194-unpacking-in-processes.md.
"""

import logging
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import Semaphore
from typing import ClassVar, Final

from xconda_core.cancel import CancelToken
from xconda_core.errors import XcondaError
from xconda_core.files.forked import can_fork
from xconda_core.files.forked_workers import ForkedWorkers
from xconda_core.files.processors import usable_processors
from xconda_core.models.package_record import PackageRecord
from xconda_core.package_cache.archive import Extract, StagedPackage, discard_staged, stage_beside
from xconda_core.package_cache.cache import archive_name

_log: Final = logging.getLogger(__name__)
_BYTES_WORTH_FORKS: Final = 2 << 20
_MOST_FORKS: Final = 4  # more only wait for the disk


class UnpackingStopped(XcondaError):
    """The process that unpacked a package ended before it was done, or ran out of memory.

    Attributes:
        package: ``name-version-build``.
    """

    code: ClassVar[str] = "unpacking-stopped"

    def __init__(self, record: PackageRecord, reason: str) -> None:
        super().__init__(record, reason)
        self.package = record.dist_name
        self.what = f"{record.dist_name} was not unpacked."
        self.why = f"{reason}."
        self.fix = "free some memory, then run it again; what was downloaded is kept."


class Unpackers:
    """Whoever unpacks archives that lie in ``folder``, of ``records``, for several threads.

    Use as a context manager, around the threads: forks are made before these begin.
    """

    __slots__ = ("_alone", "_extractors", "_folder", "_forks", "_numbers", "_records", "_stack")

    def __init__(
        self,
        folder: Path,
        records: Sequence[PackageRecord],
        threads: int,
        extractors: Mapping[str, Extract],
    ) -> None:
        """Make forks where they are worth it.

        Args:
            folder: Where the archives lie.
            records: What they are archives of.
            threads: How many packages may be unpacked at once.
            extractors: What unpacks archives of others, by the ends of their names.
        """
        self._extractors = dict(extractors)
        self._folder, self._records = folder, tuple(records)
        self._numbers = {record.dist_name: n for n, record in enumerate(self._records)}
        # Unpacking is Python's work: two at a time in one process only wait for each other.
        self._alone = Semaphore(1)
        self._stack = ExitStack()
        self._forks: ForkedWorkers[StagedPackage] | None = None
        count = min(threads, len(self._records), _MOST_FORKS)
        is_ours = not any(map(self._extractor, self._records))  # theirs may not bear a fork
        if count > 1 and is_ours and can_fork() and _is_much(records):
            count = min(count, usable_processors())
            try:
                self._forks = ForkedWorkers(count, self._stage)
            except OSError as error:
                _log.info("no processes to unpack in, so it is done in this one: %s", error)

    def __enter__(self) -> "Unpackers":
        if self._forks:
            self._stack.enter_context(self._forks)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def stage(
        self, record: PackageRecord, cancel: CancelToken, lock: int | None = None
    ) -> StagedPackage:
        """Unpack the archive of ``record`` beside the place it belongs.

        Args:
            record: One of the records.
            cancel: Looked at meanwhile.
            lock: The open lock of the package: held by whoever unpacks it for as long as that
                takes, should this process be killed.

        Raises:
            ArchiveRefused: it is damaged, hostile, or another package.
            UnpackingStopped: a fork was killed, or there was no memory.
            Cancelled: somebody asked to stop.
            OSError: the disk refused.
        """
        number = self._numbers[record.dist_name]
        if self._forks is None:
            with self._alone:
                return self._stage(number, cancel)
        try:
            return self._forks.do(number, cancel, lock)
        except BaseException as error:
            discard_staged(self._folder / record.dist_name)  # a fork that was killed could not
            if isinstance(error, ChildProcessError):
                raise UnpackingStopped(record, str(error)) from error
            if isinstance(error, MemoryError):
                raise UnpackingStopped(record, "there was not enough memory") from error
            raise

    def _stage(self, number: int, cancel: CancelToken) -> StagedPackage:
        record = self._records[number]
        archive = self._folder / archive_name(record)
        return stage_beside(archive, record, cancel, self._extractor(record))

    def _extractor(self, record: PackageRecord) -> Extract | None:
        name = archive_name(record).lower()
        endings = [ending for ending in self._extractors if name.endswith(ending)]
        return self._extractors[max(endings, key=len)] if endings else None


def _is_much(records: Sequence[PackageRecord]) -> bool:
    return sum(record.size or 0 for record in records) >= _BYTES_WORTH_FORKS
