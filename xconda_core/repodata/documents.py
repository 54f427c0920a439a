"""One ``repodata.json``, decoded no further than it is asked.

Layer: repodata. Sources: CEP 36; CEP 15 (``repodata_version``), CEP 48 (``v3``). Reading one finds
where each record begins and ends and its name; the rest of a record is decoded when its name is
asked for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import attrgetter
from typing import Any, Final

import msgspec

from xconda_core.digests import sha256
from xconda_core.repodata.listing import Dropped
from xconda_core.repodata.not_repodata import NotRepodata, RepodataTooNew, unread_revisions
from xconda_core.repodata.published import (
    JSON,
    UNREADABLE,
    Folder,
    published,
    rows_of,
)
from xconda_core.repodata.relations import Relations
from xconda_core.repodata.rows import Rows
from xconda_core.repodata.store_file import ABSENT
from xconda_core.repodata.zstd import compressed_all

_Records = dict[str, msgspec.Raw]  # file name to record as it was published
_NAMES_AT_A_TIME: Final = 512
_NONE: Final[_Records] = {}


class RepodataDocument:
    """The records of one platform folder, by name."""

    def __init__(
        self,
        folder: Folder,
        archives_url: str,
        packages: Mapping[str, _Records],
        others: Mapping[str, _Records],
        relations: Relations,
    ) -> None:
        """Keep the values.

        Args:
            folder: The platform folder.
            archives_url: Where the archives are, with a slash at its end.
            packages: Name to its records.
            others: The same for archives in formats that xconda cannot install.
            relations: Which channels it wants beside it.
        """
        self.folder, self.relations = folder, relations
        self.archives_url = archives_url
        self._packages, self._others = packages, others

    def __contains__(self, name: object) -> bool:
        return name in self._packages or name in self._others

    def __len__(self) -> int:
        return len(self._packages.keys() | self._others.keys())

    def names(self) -> Iterable[str]:
        """Return every package name in it."""
        return dict.fromkeys((*self._packages, *self._others))

    def blocks(self) -> Iterator[tuple[str, bytes, bytes]]:
        """Return each name, its mark, and a compressed :class:`Block` of its records."""
        names = iter(self.names())
        while some := [*islice(names, _NAMES_AT_A_TIME)]:
            for name, block in zip(some, compressed_all([*map(self._block, some)]), strict=True):
                yield name, _mark(block), block

    def mark(self, name: str) -> bytes:
        """Return what changes when the records of ``name`` do."""
        return _mark(compressed_all([self._block(name)])[0]) if name in self else ABSENT

    @property
    def whole_mark(self) -> bytes:
        """Nothing: it would take as long as reading the document."""
        return b""

    def is_here(self, name: str) -> bool:
        """Whether anything is said of ``name``: all that is can be read at once."""
        return name in self

    def prefetch(self, name: str, arrived: object) -> None:
        """Do nothing: everything is here."""

    def rows(self, name: str, dropped: Dropped) -> Rows:
        """Return the good records of ``name``."""
        archives = self._packages.get(name, _NONE).items()
        return rows_of(name, archives, JSON, self.folder, self.archives_url, dropped)

    def is_out_of_reach(self, name: str) -> bool:
        """Return false: a whole document says all there is."""
        del name
        return False

    def others(self, name: str) -> Sequence[str]:
        """Return the archives of ``name`` in formats that xconda cannot install."""
        return [*self._others.get(name, _NONE)]

    def keep(self) -> None:
        """Do nothing: whoever reads the document keeps it."""

    def _block(self, name: str) -> bytes:
        packages, others = self._packages.get(name, _NONE), self._others.get(name, _NONE)
        return msgspec.json.encode(Block(packages, others))


class Block(msgspec.Struct, gc=False):
    """The records of one name as they were published.

    Attributes:
        packages: File name to record.
        others: The same for archives in formats that xconda cannot install.
    """

    packages: _Records
    others: _Records


def _mark(block: bytes) -> bytes:
    return sha256(block).digest()  # of what is compressed, for that is ten times shorter


_EMPTY: Final = msgspec.Raw(b"{}")


class _Information(msgspec.Struct, gc=False):
    base_url: Any = None
    repodata_version: Any = None
    channel_relations: Any = None
    repodata_revisions: Any = None


class _Document(msgspec.Struct, gc=False):
    info: msgspec.Raw = _EMPTY
    packages: dict[str, msgspec.Raw] | None = None
    conda: dict[str, msgspec.Raw] | None = msgspec.field(default=None, name="packages.conda")
    removed: msgspec.Raw = _EMPTY
    v3: msgspec.Raw = _EMPTY
    repodata_version: Any = None


_NEWEST_VERSION: Final = 2  # of the document; CEP 48 adds to it without a new number
_read_document = msgspec.json.Decoder(_Document).decode
_read_information = msgspec.json.Decoder(_Information).decode


def parse_repodata(
    content: bytes | bytearray, url: str, folder: Folder, only_tar_bz2: bool, dropped: Dropped
) -> RepodataDocument:
    """Return the records in ``content``.

    Args:
        content: The JSON document.
        url: Where it came from, for errors.
        folder: The platform folder it describes.
        only_tar_bz2: Leave ``.conda`` archives out.
        dropped: Told of each record that has no name, and of each revision that is not known.

    Raises:
        NotRepodata: it is none.
        RepodataTooNew: it is of a version that is not known.
    """
    try:
        document = _read_document(content)
    except UNREADABLE as error:
        raise NotRepodata(url, _reason(content, error)) from error
    info = _information(document.info)
    for version in (document.repodata_version, info.repodata_version):
        if isinstance(version, int) and version > _NEWEST_VERSION:
            raise RepodataTooNew(url, version, _NEWEST_VERSION)
    try:
        archives_url = folder.archives_url(info.base_url)
    except ValueError as error:
        raise NotRepodata(url, str(error)) from error
    for revision, why in unread_revisions(info.repodata_revisions):
        dropped(revision, why)
    parts = published(
        document.packages,
        document.conda,
        document.v3,
        document.removed,
        JSON,
        only_tar_bz2,
        dropped,
    )
    packages, others = _by_name(parts.packages, dropped), _by_name(parts.others, dropped)
    relations = Relations.read(info.channel_relations)
    return RepodataDocument(folder, archives_url, packages, others, relations)


def _by_name(archives: _Records, dropped: Dropped) -> dict[str, _Records]:
    names = map(attrgetter("name"), map(JSON.named, archives.values()))
    records = iter(archives.items())
    by_name: dict[str, _Records] = {}
    try:
        for name, run in groupby(names):  # most records of a name follow each other
            by_name.setdefault(name, {}).update(islice(records, len([*run])))
    except UNREADABLE:
        return _by_name(_named(archives, dropped), dropped)
    return by_name


def _named(archives: _Records, dropped: Dropped) -> _Records:
    """Return the records that have a name."""
    named = {}
    for fn, raw in archives.items():
        try:
            JSON.named(raw)
        except UNREADABLE as error:
            dropped(fn, str(error))
        else:
            named[fn] = raw
    return named


def _information(raw: msgspec.Raw) -> _Information:
    """Read ``info``; one that is none says nothing."""
    try:
        return _read_information(raw)
    except UNREADABLE:
        return _Information()


def _reason(content: bytes | bytearray, error: Exception) -> str:
    if content.lstrip()[:1] == b"<":
        return "it is a web page"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return f"{error}" if content else "it is empty"
