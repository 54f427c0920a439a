"""The candidates of one channel, put in order once and kept for the runs that follow.

Layer: repodata. A name is kept when a run has asked for it, and found again as long as what it was
made from has the same mark: so the first run after a change puts only in order what changed and
is asked for, and no run waits for a whole channel.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from xconda_core import __version__
from xconda_core.digests import sha256
from xconda_core.repodata.candidates import SortedCandidates
from xconda_core.repodata.index import Candidates
from xconda_core.repodata.store_candidates import LeftOut, Place, StoredCandidates, encoded
from xconda_core.repodata.store_file import Payload, StoreFile, write_store
from xconda_core.repodata.zstd import Contexts

_log: Final = logging.getLogger(__name__)
_LAYOUT: Final = "index 7"  # grows with every change to what ``store_candidates`` writes


class IndexStore:
    """What is kept of one channel for some platforms."""

    def __init__(self, place: Path, channel_url: str, subdirs: Sequence[str], terms: str) -> None:
        """Open what is there.

        Args:
            place: The folder of this machine that it is in.
            channel_url: Address of the channel.
            subdirs: The platform folders whose candidates are put in one order.
            terms: What else decides which candidates there are.
        """
        self._subdirs = tuple(subdirs)
        self._identity = " ".join((_LAYOUT, __version__, channel_url, *subdirs, terms))
        key = sha256(self._identity.encode()).hexdigest()[:16]
        self._path = place / f"{key}.index"
        self._file = StoreFile.open(self._path, self._identity)
        self._fresh: dict[str, Payload] = {}
        self._contexts = Contexts()

    def has(self, name: str, mark: bytes) -> bool:
        """Whether candidates of ``name`` made from what has this mark are kept."""
        return bool(mark) and self._file is not None and self._file.mark(name) == mark

    def get(
        self, name: str, mark: bytes, places: Sequence[Place], anew: Callable[[], Candidates]
    ) -> StoredCandidates | None:
        """Return the candidates of ``name`` made from what has this mark, if they are kept.

        Args:
            name: The package name.
            mark: What changes when what the channel says of it does.
            places: Its platform folders, in the order of ``subdirs``.
            anew: Returns the same candidates made anew; asked if their records are damaged.
        """
        content = self._file.get(name, mark) if self._file else None
        if content is None:
            return None
        return StoredCandidates(name, content, places, self._contexts, anew)

    def add(
        self,
        name: str,
        mark: bytes,
        candidates: SortedCandidates,
        left_out: Sequence[LeftOut],
        places: Sequence[Place],
    ) -> StoredCandidates | None:
        """Return the same candidates in a tenth of the memory, kept from the next :meth:`keep` on.

        None where they cannot be kept.

        Args:
            name: The package name.
            mark: What changes when what the channel says of it does.
            candidates: Those of the channel's platform folders.
            left_out: The records that are not among them.
            places: The platform folders, in the order of ``subdirs``.
        """
        content = encoded(candidates, self._subdirs, left_out, self._contexts)
        if content is None:
            return None
        found = StoredCandidates(name, memoryview(content), places, self._contexts, _never)
        self._fresh[name] = Payload(name, mark, content, found.checked)
        return found

    def keep(self, mark_of: Callable[[str], bytes]) -> None:
        """Write what was added, and what was kept before and is still right.

        It only saves time, so a cache that cannot be written is no failure.

        Args:
            mark_of: Returns the mark that what is said of a name has now.
        """
        if not self._fresh:
            return
        fresh, self._fresh = self._fresh, {}
        before = StoreFile.open(self._path, self._identity)  # other processes add to it too
        payloads = [*fresh.values()]
        if before is not None:
            payloads += (
                payload
                for payload in before.payloads()
                if payload.name not in fresh and payload.mark == mark_of(payload.name)
            )
        with suppress(OSError):
            write_store(self._path, self._identity, payloads)
            _log.info("%s: %d names added, %d kept", self._path.name, len(fresh), len(payloads))


def _never() -> Candidates:
    raise AssertionError("what was made by this process is whole")
