"""What is known on this machine of the package list of one platform folder. Layer: repodata.

Source: RFC 9111 (freshness). A warm run finds all of it here, and loads nothing that brings a list.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.digests import sha256
from xconda_core.events import IndexAdvanced, Reporter
from xconda_core.models.channel import without_credentials
from xconda_core.net.fetcher import Fetcher, path_of
from xconda_core.repodata.cache import CacheState, DocumentCache
from xconda_core.repodata.channel_index import FolderRecords
from xconda_core.repodata.forms import SHARDS, WHOLE, ListForms, ListRules
from xconda_core.repodata.list_in_place import list_in_place
from xconda_core.repodata.listing import records_left_out
from xconda_core.repodata.published import Folder
from xconda_core.repodata.room import Room
from xconda_core.repodata.shard_list import ShardList, kept_digests, read_shard_list
from xconda_core.repodata.shards import ShardedFolder, ShardStore
from xconda_core.repodata.store_file import StoreFile
from xconda_core.values import Slotted, dataclass, field

READ_AT_A_TIME: Final = 1 << 29  # bytes of documents; reading takes half as much memory again

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms(Slotted):
    """How package lists are to be got.

    Attributes:
        fetcher: Opens URLs.
        cache: Keeps documents between runs.
        store: Where shards come from.
        place: The folder that everything is in that was put in order.
        ttl: ``local_repodata_ttl``: 1: obey Cache-Control; 0: always ask; else seconds.
        offline: Do not use the network.
        rules: What else was asked for.
        only_tar_bz2: Leave ``.conda`` archives out.
        report: Told of progress; several threads may call it at a time.
        cancel: Looked at between chunks.
        clock: The time, in seconds since 1970.
    """

    fetcher: Fetcher
    cache: DocumentCache
    store: ShardStore
    place: Path
    ttl: int
    offline: bool
    rules: ListRules
    only_tar_bz2: bool
    report: Reporter
    cancel: CancelToken
    clock: Callable[[], float]
    reading: Room = field(default_factory=lambda: Room(READ_AT_A_TIME))


class KeptList:
    """The package list of one platform folder, as far as it is kept.

    Attributes:
        folder: Which folder it is.
        address: Its address, with credentials where it needs them and a slash at its end.
        terms: How to get what is not here.
        forms: Which list, in which forms.
        key: The name under which the list is known.
    """

    def __init__(self, folder: Folder, address: str, terms: Terms, forms: ListForms) -> None:
        """Keep the values.

        Args:
            folder: Which folder it is.
            address: Its address, with credentials where it needs them.
            terms: How to get what is not here.
            forms: Which list, in which forms.
        """
        self.folder, self.terms, self.forms = folder, terms, forms
        self.address = address.rstrip("/") + "/"
        self.key = _key(folder, forms, terms.cache)

    def at_hand(self, read_anew: Callable[[], bytes]) -> FolderRecords | None:
        """Return what the folder offers, where neither a server nor a list has to be read for it.

        That is: the list of shards is fresh, or lies unchanged in a folder of this machine, and
        what runs before asked of it is kept.

        Args:
            read_anew: Reads the list of shards from where it came, if it is gone when a name is
                looked for that no run asked for.
        """
        is_near = self.address.startswith("file:")
        return self._in_place(read_anew) if is_near else self._fresh(read_anew)

    def _in_place(self, read_anew: Callable[[], bytes]) -> FolderRecords | None:
        try:
            found = list_in_place(path_of(self.address), self.forms)
        except OSError:
            return None  # who brings it will say what is wrong
        kept = kept_digests(self._digests, found.name) if found and found.form == SHARDS else None
        if found is None or kept is None:
            return None
        records = self._sharded(found.name, kept, found.path.read_bytes, read_anew)
        _log.info("%s: %d names in %s, %s", self.folder, len(records), found.form, "in place")
        return records

    def _fresh(self, read_anew: Callable[[], bytes]) -> FolderRecords | None:
        terms, state = self.terms, self.state()
        if state is None or state.file != SHARDS or terms.offline or terms.rules.as_kept:
            return None
        now = terms.clock()
        if not state.is_fresh(terms.ttl, now):
            return None
        kept = kept_digests(self._digests, state.document)
        if kept is None:
            return None
        records = self._sharded(state.document, kept, lambda: self.content(state), read_anew)
        how = f"from the cache, of {ago(now - state.fetched_at)}"
        _log.info("%s: %d names in %s, %s", self.folder, len(records), state.file, how)
        self.advance(state.size, state.size)
        return records

    def state(self) -> CacheState | None:
        """Return what is known of the list, if it is in a form that is asked for."""
        state = self.terms.cache.state(self.key)
        return state if state and state.file in self.forms.files else None

    def content(self, state: CacheState) -> bytes:
        """Return the document that ``state`` is of.

        Raises:
            FileNotFoundError: it is no longer here.
        """
        content = self.terms.cache.content(state)
        if content is None:
            raise FileNotFoundError(state.document)
        return content

    def sharded(
        self, name: str, content: Callable[[], bytes], read_anew: Callable[[], bytes]
    ) -> ShardedFolder:
        """Return the records in a list of shards, which is read when it has to be.

        Args:
            name: What no other list of this folder is called; empty: nothing is certain.
            content: Reads it.
            read_anew: Reads it from where it came.

        Raises:
            NotRepodata: it is none.
        """
        kept = kept_digests(self._digests, name)
        return self._sharded(name, kept, content, read_anew)

    def advance(self, done: int, total: int) -> None:
        """Report how many bytes of the list are here, and how many there will be (0: unknown)."""
        self.terms.report(IndexAdvanced(self.folder.channel, self.folder.subdir, done, total))

    def _sharded(
        self,
        name: str,
        kept: StoreFile | None,
        content: Callable[[], bytes],
        read_anew: Callable[[], bytes],
    ) -> ShardedFolder:
        url = self.address + SHARDS
        shown = without_credentials(url)
        listed = ShardList(
            self._digests,
            name,
            kept,
            lambda: read_shard_list(content(), shown),
            lambda: read_shard_list(read_anew(), shown),
        )
        with records_left_out(self.terms.report, str(self.folder)) as dropped:
            for revision, why in listed.head.left_out:
                dropped(revision, why)
        return ShardedFolder(self.folder, url, listed, self.terms.store, self.terms.only_tar_bz2)

    @property
    def _digests(self) -> Path:
        """Where it is kept what runs asked of the list of shards."""
        key = sha256(self.folder.url.encode()).hexdigest()[:16]
        return self.terms.place / f"{key}.digests"


def _key(folder: Folder, forms: ListForms, cache: DocumentCache) -> str:
    """Return the name under which the list is known.

    What is known of one that is not the usual one goes by a name of its own; so does a whole list
    beside a list of shards, or a query that reads everything and a solve would take it in turn from
    each other.
    """
    if forms.name == WHOLE:
        usual = None if forms.shards else cache.state(folder.url)
        if usual is None or usual.file != SHARDS:
            return folder.url
    return folder.url + forms.name


def ago(seconds: float) -> str:
    """Return in words how long ago something was."""
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        number = int(seconds // length)
        if number:
            return f"{number} {unit}{'s' if number > 1 else ''} ago"
    return "less than a minute ago"
