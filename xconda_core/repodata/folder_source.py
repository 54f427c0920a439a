"""Bring the package list of one platform folder here, in the best form it is served in.

Layer: repodata. Sources: RFC 9110 and 9111 (validators, freshness).
"""

import logging
from collections.abc import Callable
from typing import ClassVar, Final

from msgspec.structs import replace

from xconda_core.errors import XcondaError
from xconda_core.events import Noticed
from xconda_core.files.failures import refusals_named
from xconda_core.models.channel import without_credentials
from xconda_core.net.failures import HttpRefused, NetworkFailed
from xconda_core.net.fetcher import path_of
from xconda_core.repodata.asking import Answer, Asking
from xconda_core.repodata.cache import CacheState, document_name
from xconda_core.repodata.channel_index import FolderRecords
from xconda_core.repodata.documents import RepodataDocument, parse_repodata
from xconda_core.repodata.forms import SHARDS
from xconda_core.repodata.kept_list import KeptList, ago
from xconda_core.repodata.list_in_place import list_in_place
from xconda_core.repodata.listing import Dropped, records_left_out
from xconda_core.repodata.not_repodata import NotRepodata
from xconda_core.repodata.published import Folder
from xconda_core.repodata.store_shelf import LeftOut, Shelves
from xconda_core.repodata.turns import turn
from xconda_core.repodata.zstd import MAGIC, decompressed, decompressed_length

LARGEST_DOCUMENT: Final = 1 << 32  # bytes after decompression; conda-forge's is 0.4 GB
ASK_AGAIN_SECONDS: Final = 86_400  # how long a form that a server does not have is not asked for

_log: Final = logging.getLogger(__name__)


class RepodataNotCached(XcondaError):
    """The network may not be used, and the cache has nothing of a channel.

    Attributes:
        channel: Name of the channel.
        subdir: The platform.
        url: Address of the folder, without credentials.
    """

    code: ClassVar[str] = "repodata-not-cached"

    def __init__(self, folder: Folder, *, offline: bool = True) -> None:
        super().__init__(folder)
        self.channel, self.subdir, self.url = folder.channel, folder.subdir, folder.url
        self.what = f"What {folder} offers is not known."
        why = "xconda is offline" if offline else "only the cache is to be used"
        self.why = f"{why}, and the package list of {folder.url} is not in the cache."
        option = "--offline" if offline else "--use-index-cache"
        self.fix = f"run it once without `{option}`, or leave this channel out."


class FolderSource:
    """One platform folder, and where its package list may come from."""

    def __init__(self, kept: KeptList) -> None:
        """Take what is known of its list here: which one it is, and how to get it."""
        self._kept = kept
        self._folder, self._terms, self._forms = kept.folder, kept.terms, kept.forms
        self._address, self._key = kept.address, kept.key
        self._shelves = Shelves(kept.terms.place)
        terms = kept.terms
        self._asking = Asking(terms.fetcher, terms.cancel, terms.clock, kept.advance)

    def records(self) -> FolderRecords | None:
        """Return what the folder offers, or None where the channel has no such folder.

        A server that cannot be reached is a failure even where an older list is kept, as in conda
        26: what is chosen must not depend on a network that fails for a moment. The failure says
        that ``--offline`` uses what is kept; a list that is still fresh needs no server.

        Raises:
            RepodataNotCached: we are offline and have never seen it.
            NotRepodata: what is there is something else.
            NetworkFailed, HttpRefused: it did not arrive.
            Cancelled: somebody asked to stop.
        """
        if self._address.startswith("file:"):
            return self._in_place()
        terms, state, now = self._terms, self._kept.state(), self._terms.clock()
        as_kept = terms.offline or terms.rules.as_kept
        if state and (as_kept or state.is_fresh(terms.ttl, now)):
            records = self._from_cache(state, f"from the cache, of {ago(now - state.fetched_at)}")
            if records is not None:
                return records
            state = None
        if as_kept:
            raise RepodataNotCached(self._folder, offline=terms.offline)
        with turn(terms.cache.folder, self._key, terms.report, terms.cancel) as waited:
            if waited:
                state = self._kept.state()
                records = self._brought(state, now)
                if records is not None:
                    return records
            return self._asked(state)

    def _brought(self, state: CacheState | None, since: float) -> FolderRecords | None:
        """Return what another process brought while this one waited for it."""
        if state is None or state.fetched_at < since:
            return None
        return self._from_cache(state, "brought by another process")

    def _asked(self, state: CacheState | None) -> FolderRecords | None:
        try:
            return self._from_server(state)
        except NetworkFailed as error:
            if state is None:
                raise
            raise NetworkFailed(
                error.url, error.cause, f"{error.fix} Until then `--offline` uses what is cached."
            ) from error

    def _in_place(self) -> FolderRecords | None:
        """Read a channel on this machine."""
        folder = path_of(self._address)
        with refusals_named(f"read the package list of {self._folder}", folder):
            found = list_in_place(folder, self._forms)
            if found is None:
                return None
            return self._read(found.form, found.name, found.path.read_bytes, "in place")

    def _from_cache(self, state: CacheState, how: str) -> FolderRecords | None:
        """Return what the cache holds, or None where it cannot be used."""
        try:
            records = self._read(state.file, state.document, lambda: self._kept.content(state), how)
        except FileNotFoundError:
            _log.warning("%s: its package list is no longer in the cache", self._folder)
            return None
        except NotRepodata as error:
            _log.warning("%s: what is in the cache is no package list: %s", self._folder, error.why)
            return None
        if self._terms.offline or self._terms.rules.as_kept:
            self._say_as_kept(state)
        self._kept.advance(state.size, state.size)
        return records

    def _say_as_kept(self, state: CacheState) -> None:
        now, folder = self._terms.clock(), self._folder
        age = ago(now - state.fetched_at)
        why = "offline" if self._terms.offline else "not asked"
        self._terms.report(
            Noticed("info", f"{folder}: {why}, so this is its package list of {age}.")
        )
        if not state.is_fresh(self._terms.ttl, now):
            _log.warning("%s: %s, its package list is stale: of %s", folder, why, age)

    def _from_server(self, state: CacheState | None) -> FolderRecords | None:
        """Ask for each form, best first; ``state`` is what we have of it already."""
        now = self._terms.clock()
        missing = dict(state.missing) if state else {}
        patchable = state if self._terms.rules.patcher else None
        for file in self._forms.files:
            if now - missing.get(file, 0) < ASK_AGAIN_SECONDS:
                continue
            if patchable and file != SHARDS:
                records, patchable = self._patched(patchable, missing), None
                if records is not None:
                    return records
            known = state if state and state.file == file else None
            answer = self._asking.ask(self._address + file, self._headers(file, known))
            if known and answer.status == 304:
                current = replace(known, missing=missing, **answer.said())
                records = self._confirmed(current)
                return records if records is not None else self._from_server(None)
            records = self._accepted(file, answer)
            if records is not None:
                fresh = CacheState(url=self._key, file=file, missing=missing)
                self._keep(answer.content, replace(fresh, **answer.said()))
                return records
            missing[file] = now
        return None

    def _patched(self, state: CacheState, missing: dict[str, float]) -> FolderRecords | None:
        """Return what we have, brought up to date by patches; None where that cannot be."""
        now, file, patcher = self._terms.clock(), self._forms.patches, self._terms.rules.patcher
        is_missing = now - missing.get(file, 0) < ASK_AGAIN_SECONDS
        if patcher is None or is_missing or state.file == SHARDS:
            return None
        try:
            document = bytes(_plain(self._kept.content(state)))
            place = (state.patches_offset, state.patches_checksum)
            newest = patcher(self._asking, self._address + file, document, *place)
        except (OSError, ValueError) as error:  # BrokenPatches among them
            _log.info("%s: not patched: %s", self._folder, error)
            return None
        if newest is None:
            missing[file] = now
            return None
        if newest.document == document:
            return self._confirmed(replace(state, missing=missing, **newest.said))
        plain = CacheState(url=self._key, file=self._forms.name, missing=missing)
        name = document_name(newest.document, self._key, plain.file)
        records = self._read(plain.file, name, lambda: newest.document, "patched")
        self._keep(newest.document, replace(plain, **newest.said))
        return records

    def _headers(self, file: str, known: CacheState | None) -> dict[str, str]:
        headers = known.validators() if known else {}
        if file != self._forms.name:
            headers["Accept-Encoding"] = "identity"  # it is compressed already
        return headers

    def _accepted(self, file: str, answer: Answer) -> FolderRecords | None:
        """Return what came, or None if the server does not have it in this form."""
        is_last = file == self._forms.name
        if answer.status != 200:
            if is_last and answer.status not in {404, 410}:
                raise HttpRefused(f"{self._folder.url}{file}", answer.status)
            return None
        try:
            name = document_name(answer.content, self._key, file)
            return self._read(file, name, lambda: answer.content, "fetched")
        except NotRepodata:
            if is_last:
                raise
            return None  # some servers answer something to every question

    def _confirmed(self, state: CacheState) -> FolderRecords | None:
        """Use what we have, which the server says is still right."""
        records = self._from_cache(state, "from the cache, which the server says is right")
        if records is not None:
            self._remember(lambda: self._terms.cache.write(state))
        return records

    def _keep(self, content: bytes, state: CacheState) -> None:
        self._remember(lambda: self._terms.cache.keep(content, state))

    def _remember(self, write: Callable[[], object]) -> None:
        try:
            write()
        except OSError as error:  # it only costs time, the next time
            text = f"{self._folder}: its package list could not be kept ({error.strerror})."
            self._terms.report(Noticed("warning", text))

    def _read(self, file: str, name: str, content: Callable[[], bytes], how: str) -> FolderRecords:
        """Return the records in a document, whole or as far as it was kept in order.

        Args:
            file: What it is called there: its form.
            name: What no other document of this folder is called; empty: nothing is certain.
            content: Reads it.
            how: How it came here, for the log.
        """
        if file == SHARDS:
            records: FolderRecords = self._kept.sharded(name, content, self.anew)
        else:
            shelved = self._shelved(file, name, content)
            records = self._shelve(file, name, content) if shelved is None else shelved
        _log.info("%s: %d names in %s, %s", self._folder, len(records), file, how)
        return records

    def anew(self) -> bytes:
        """Return the list of shards as it is now, from its server or its folder.

        It is asked for where the cache lost what it had, or what is in the folder has changed.

        Raises:
            FileOperationFailed: it is no longer in its folder.
            RepodataNotCached: no server may be asked.
            NetworkFailed, HttpRefused: it did not arrive.
            Cancelled: somebody asked to stop.
        """
        if self._address.startswith("file:"):
            path = path_of(self._address) / SHARDS
            with refusals_named(f"read the package list of {self._folder}", path):
                return path.read_bytes()
        if self._terms.offline or self._terms.rules.as_kept:
            raise RepodataNotCached(self._folder, offline=self._terms.offline)
        answer = self._asking.ask(self._address + SHARDS, self._headers(SHARDS, None))
        if answer.status != 200:
            raise HttpRefused(f"{self._folder.url}{SHARDS}", answer.status)
        return answer.content

    def _shelved(self, file: str, name: str, content: Callable[[], bytes]) -> FolderRecords | None:
        """Return the records in a document as far as they were kept in order."""
        if not name:
            return None

        def reread() -> RepodataDocument:
            _log.warning("%s: what was kept in order is damaged", self._folder)
            return self._parsed(file, content(), _unsaid)

        records = self._shelves.open(self._folder, self._document(name), reread)
        if records is not None:
            self._say_left_out(records.left_out)
        return records

    def _shelve(self, file: str, name: str, content: Callable[[], bytes]) -> FolderRecords:
        """Read a document whole, and keep it in order for the next time."""
        left_out: LeftOut = []
        document = content()
        with self._terms.reading.taken(decompressed_length(document)):
            records = self._parsed(file, document, lambda fn, why: left_out.append((fn, why)))
            if name:
                try:
                    self._shelves.put(self._document(name), records, left_out)
                    if (shelved := self._shelved(file, name, content)) is not None:
                        return shelved
                except OSError as error:  # it only costs time, the next time
                    _log.warning("%s: not kept in order: %s", self._folder, error)
        self._say_left_out(left_out)
        return records

    def _say_left_out(self, left_out: LeftOut) -> None:
        with records_left_out(self._terms.report, str(self._folder)) as dropped:
            for fn, why in left_out:
                dropped(fn, why)

    def _document(self, name: str) -> str:
        return f"{name} {self._folder.url} {self._terms.only_tar_bz2}"

    def _parsed(self, file: str, content: bytes, dropped: Dropped) -> RepodataDocument:
        shown = without_credentials(self._address + file)
        try:
            document = _plain(content)
        except ValueError as error:
            raise NotRepodata(shown, str(error)) from error
        if file == self._forms.name and not content:
            document = b"{}"  # CEP 36: an empty file is an empty document
            text = f"{self._folder}: the package list is empty (0 bytes): nothing comes from there."
            self._terms.report(Noticed("warning", text))
        return parse_repodata(document, shown, self._folder, self._terms.only_tar_bz2, dropped)


def _plain(content: bytes) -> bytes | bytearray:
    """Return a document as it is not compressed; whatever its name, some servers decompress it.

    Raises:
        ValueError: it is damaged, or too large.
    """
    return decompressed(content, LARGEST_DOCUMENT) if content.startswith(MAGIC) else content


def _unsaid(fn: str, why: str) -> None:
    """Say nothing of a record left out: it was said when the document was read first."""
