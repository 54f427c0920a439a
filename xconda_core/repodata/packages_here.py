"""What the package caches hold, as the package lists of the channels it came from. Layer: repodata.

Offline they stand in for lists that are not here, and for names of which a list that is here cannot
be asked. Source: conda's ``context.offline``, which puts the package cache into its index.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from threading import Lock
from typing import Final

import msgspec

from xconda_core.models.channel import without_credentials
from xconda_core.repodata.channel_index import FolderRecords
from xconda_core.repodata.documents import RepodataDocument, parse_repodata
from xconda_core.repodata.listing import Dropped
from xconda_core.repodata.published import UNREADABLE, Folder
from xconda_core.repodata.relations import Relations
from xconda_core.repodata.rows import Rows

_KEYS: Final = {".conda": "packages.conda", ".tar.bz2": "packages"}


class _Record(msgspec.Struct, gc=False):
    fn: str
    url: str
    subdir: str = ""
    channel: str = ""


_read_record = msgspec.json.Decoder(_Record).decode


class PackagesHere:
    """The packages of some package caches, read when they are first asked for."""

    def __init__(self, records: Callable[[], Iterable[bytes]]) -> None:
        """Keep what reads them.

        Args:
            records: Returns the records of the packages, each a JSON document.
        """
        self._records = records
        self._folders: dict[str, dict[str, bytes]] | None = None
        self._lock = Lock()

    def of(self, folder: Folder, *, only_tar_bz2: bool) -> RepodataDocument | None:
        """Return what is here of ``folder``; None where nothing is here of its channel.

        Args:
            folder: A platform folder of a channel.
            only_tar_bz2: Leave ``.conda`` archives out.
        """
        with self._lock:
            if self._folders is None:
                self._folders = self._read()
        channel = folder.channel_url.rstrip("/") + "/"
        if not any(url.startswith(channel) for url in self._folders):
            return None
        content = _document(self._folders.get(folder.url, {}))
        return parse_repodata(content, folder.url, folder, only_tar_bz2, _unsaid)

    def _read(self) -> dict[str, dict[str, bytes]]:
        """Return the records by file name, by the address of their platform folder."""
        found: defaultdict[str, dict[str, bytes]] = defaultdict(dict)
        for content in self._records():
            try:
                record = _read_record(content)
            except UNREADABLE:
                continue  # of a package that is not whole
            url = without_credentials(record.url).rpartition("/")[0]
            # Archives may lie elsewhere than the list that names them (CEP 15).
            named = f"{record.channel.rstrip('/')}/{record.subdir}"
            for place in {url, named} if "://" in record.channel else {url}:
                found[f"{place}/"].setdefault(record.fn, content)
        return dict(found)


def _document(records: dict[str, bytes]) -> bytes:
    parts: dict[str, dict[str, msgspec.Raw]] = {key: {} for key in _KEYS.values()}
    for fn, content in records.items():
        key = next((key for ending, key in _KEYS.items() if fn.endswith(ending)), None)
        if key is not None:
            parts[key][fn] = msgspec.Raw(content)
    return msgspec.json.encode(parts)


class FolderHere:
    """A platform folder offline: its list, if there is one, and what the package caches hold."""

    def __init__(self, listed: FolderRecords | None, here: RepodataDocument) -> None:
        self.listed, self._here = listed, here
        self.folder: Final[Folder] = here.folder
        first: FolderRecords = here if listed is None else listed
        self.archives_url: Final[str] = first.archives_url
        self.relations: Final[Relations] = first.relations

    def __contains__(self, name: object) -> bool:
        return name in self._here or (self.listed is not None and name in self.listed)

    def __len__(self) -> int:
        return len(list(self.names()))

    def names(self) -> Iterable[str]:
        """Return every package name in it."""
        listed = () if self.listed is None else self.listed.names()
        return dict.fromkeys((*listed, *self._here.names()))

    @property
    def whole_mark(self) -> bytes:
        """That of the list, where the package caches know no other name."""
        if self.listed is None or any(name not in self.listed for name in self._here.names()):
            return b""
        return self.listed.whole_mark

    def mark(self, name: str) -> bytes:
        """Return nothing for what only the package caches know: it is not to be remembered."""
        if self.listed is not None and (name in self.listed or name not in self._here):
            return self.listed.mark(name)
        return b""

    def is_here(self, name: str) -> bool:
        """Whether anything is said of ``name``: all that is can be read at once."""
        return name in self

    def prefetch(self, name: str, arrived: Callable[[Iterable[str]], None]) -> None:
        """Do nothing: what is not here does not come."""

    def rows(self, name: str, dropped: Dropped) -> Rows:
        """Return the good records of ``name``: those of the list, or else those that are here."""
        unsaid: list[tuple[str, str]] = []
        if self.listed is None:
            return self._here.rows(name, dropped)
        rows = self.listed.rows(name, lambda *said: unsaid.append(said))
        if not rows and name in self._here:
            return self._here.rows(name, dropped)
        for fn, why in unsaid:
            dropped(fn, why)
        return rows

    def is_out_of_reach(self, name: str) -> bool:
        """Whether nothing that is here says more of ``name`` than that the list has it."""
        return name not in self._here and bool(self.listed and self.listed.is_out_of_reach(name))

    def others(self, name: str) -> Sequence[str]:
        """Return the archives of ``name`` in formats that xconda cannot install."""
        return () if self.listed is None else self.listed.others(name)

    def keep(self) -> None:
        """Have what was asked of the list at hand."""
        if self.listed is not None:
            self.listed.keep()


def _unsaid(fn: str, why: str) -> None:
    """Say nothing of a record that is none: its package could not be used either."""
