"""The candidates of one name as bytes, laid out so that reading them is slicing. Layer: repodata.

All of this is in order of preference already. Numbers are as this machine writes them::

    counts and lengths | first positions of the versions | build numbers | sizes | ends of chunks
    | their checksums | where texts begin | kinds | masks | versions | their keys | builds
    | dependencies | constraints | names depended on | unusual file names | records left out
    | chunks

Each run of one version is there once with the position it starts at and the key it is compared by,
each distinct dependency once, in the order of their texts, with one mask of fixed width. Two more
masks are of the candidates that track features, and of those that may need some. Sizes are those
of archives, -1 where they are not said: lists show them. A kind is a byte
that says where a record comes from, how it is written, and what its archive is called. The records
as they were published, of which only the few that are chosen are ever read, follow in compressed
chunks.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import accumulate, repeat
from struct import Struct
from typing import Final
from zlib import crc32

import msgspec

from xconda_core.models.package_record import (
    PackageRecord,
    channel_address,
    name_of_channel,
)
from xconda_core.repodata.candidates import SortedCandidates
from xconda_core.repodata.index import Candidates, Traits
from xconda_core.repodata.masked_texts import MaskedTexts
from xconda_core.repodata.published import JSON, MSGPACK, Encoding, Folder, Origin
from xconda_core.repodata.rows import Rows
from xconda_core.repodata.text_column import TextColumn, joined
from xconda_core.repodata.version_runs import VersionRuns
from xconda_core.repodata.zstd import Contexts, decompressed
from xconda_core.values import NamedTuple

Place = tuple[Folder, str]  # a platform folder, and the address of its archives

LARGEST_CHUNK: Final = 1 << 28  # bytes of some records, decompressed

_HEAD: Final = Struct("=15I")
_RECORDS_IN_CHUNK: Final = 32
_COLUMNS: Final = 5  # texts that are asked for one by one: versions to constraints
_LARGEST_NUMBER: Final = (1 << 63) - 1
_FOLDERS: Final = 8  # the lowest three bits of a kind are the number of the folder
_IS_JSON: Final = 8
_ENDINGS: Final = (".conda", ".tar.bz2")  # of an archive that is called as usual: its number * 16
_UNUSUAL: Final = 32


class LeftOut(NamedTuple):
    """A record that is no candidate.

    Attributes:
        place: Number of the platform folder that it is in; their count if its version is none.
        fn: Its file name.
        why: What is wrong with it.
    """

    place: int
    fn: str
    why: str


class Offer(NamedTuple):
    """What a list shows of a package; each attribute is that of its ``PackageRecord``."""

    name: str
    version: str
    build: str
    channel: str
    subdir: str
    size: int | None

    @property
    def channel_name(self) -> str:
        """What people call its channel."""
        return name_of_channel(self.channel)

    @property
    def dist_name(self) -> str:
        """``name-version-build``."""
        return f"{self.name}-{self.version}-{self.build}"


_write_left_out = msgspec.msgpack.Encoder().encode
_read_left_out = msgspec.msgpack.Decoder(list[LeftOut]).decode
_write_names = msgspec.msgpack.Encoder().encode
_read_names = msgspec.msgpack.Decoder(dict[int, str]).decode


def encoded(
    candidates: SortedCandidates,
    subdirs: Sequence[str],
    left_out: Sequence[LeftOut],
    contexts: Contexts,
) -> bytes | None:
    """Return ``candidates`` as bytes; None where they cannot be kept.

    Args:
        candidates: Those of one name in one channel.
        subdirs: The platform folders that they come from.
        left_out: Records of the name that are not among them.
        contexts: What compresses.
    """
    kinds = _kinds(candidates, subdirs)
    numbers, sizes = candidates.build_numbers, _sizes(candidates.rows)
    if kinds is None or max(*numbers, *sizes) > _LARGEST_NUMBER:
        return None
    runs = candidates.version_runs
    said = (candidates.depends, candidates.constrains)  # in the order of their texts
    texts = [part.texts for part in said]
    needed = sorted(candidates.needed_names)
    parts = [joined(part) for part in (runs.literals, runs.keys, candidates.builds, *texts, needed)]
    columns = [part for part in parts if part is not None]
    if len(columns) < len(parts):
        return None  # one of the texts has a line break in it
    fns, is_unusual = candidates.rows.fns, max(kinds) >= _UNUSUAL
    unusual = {at: fns[at] for at, kind in enumerate(kinds) if is_unusual and kind >= _UNUSUAL}
    contents = [content for content, _ in columns]
    contents += _write_names(unusual), _write_left_out(left_out)
    width = (len(candidates) + 7) // 8
    masks = [
        mask.to_bytes(width, "little")
        for mask in (*_featured(candidates.rows), *(mask for part in said for _, mask in part))
    ]
    chunks = list(_chunks(candidates.rows.published, contexts))
    counts = (len(candidates), len(runs.starts), *map(len, texts), len(chunks), width)
    head = _HEAD.pack(*counts, runs.descend, *map(len, contents))
    arrays = (array("I", runs.starts), array("q", numbers), array("q", sizes))
    of_chunks = (
        array("I", accumulate(map(len, chunks), initial=0)),
        array("I", map(crc32, chunks)),
    )
    begins = [starts for _, starts in columns[:_COLUMNS]]
    return b"".join((head, *arrays, *of_chunks, *begins, kinds, *masks, *contents, *chunks))


def _kinds(candidates: SortedCandidates, subdirs: Sequence[str]) -> bytes | None:
    """Return the kind of each record; None where they do not all come from ``subdirs``."""
    sources = {id(source): source for source in candidates.rows.sources}
    kind_of: dict[int, int] = {}
    for key, source in sources.items():
        if not isinstance(source, Origin) or len(subdirs) > _FOLDERS:
            return None
        is_json = _IS_JSON if source.encoding is JSON else 0
        kind_of[key] = subdirs.index(source.folder.subdir) | is_json
    kinds = bytearray([kind_of[id(source)] for source in candidates.rows.sources])
    name, (ending, older) = candidates.name, _ENDINGS
    builds = [*zip(candidates.versions, candidates.builds, strict=True)]
    usual = [f"{name}-{version}-{build}{ending}" for version, build in builds]
    if candidates.rows.fns != usual:
        for at, fn in enumerate(candidates.rows.fns):
            if fn != usual[at]:
                version, build = builds[at]
                kinds[at] += 16 if fn == f"{name}-{version}-{build}{older}" else _UNUSUAL
    return bytes(kinds)


def _sizes(rows: Rows) -> list[int]:
    """Return the length of each archive in bytes; -1 where it is not said."""
    return [-1 if listing.size is None else int(listing.size) for listing in rows.listings]


def _featured(rows: Rows) -> tuple[int, int]:
    """Return the masks of the candidates that track features, and of those that may need some."""
    tracking = needing = 0
    for at, listing in enumerate(rows.listings):
        if listing.track_features:
            tracking |= 1 << at
        if listing.features:
            needing |= 1 << at
    return tracking, needing


def _chunks(published: Sequence[msgspec.Raw], contexts: Contexts) -> Iterable[bytes]:
    compress = contexts.compressor.compress
    for start in range(0, len(published), _RECORDS_IN_CHUNK):
        records = [*map(bytes, published[start : start + _RECORDS_IN_CHUNK])]
        ends = array("I", accumulate(map(len, records), initial=0))
        yield compress(b"".join((ends, *records)))


class StoredCandidates:
    """Candidates read from bytes when and as far as they are asked for; a ``Candidates``.

    Attributes:
        name: The package name.
        checked: Of how many bytes the checksum must have agreed: of all but the records.
    """

    def __init__(
        self,
        name: str,
        content: memoryview,
        places: Sequence[Place],
        contexts: Contexts,
        anew: Callable[[], Candidates],
    ) -> None:
        """Take bytes that :func:`encoded` made and whose checksum agreed.

        Args:
            name: The package name.
            content: The bytes.
            places: The platform folders that they come from, and where the archives of each are.
            contexts: What decompresses.
            anew: Returns the same candidates made anew, should their records be damaged.
        """
        self._anew = anew
        self.name: Final = name
        self._contexts = contexts
        self._content = content
        self._places = places
        counts: tuple[int, ...] = _HEAD.unpack_from(content)
        self._count, runs, needs, limits, chunks, self._width, self._descend = counts[:7]
        self._starts = _HEAD.size
        self._numbers = self._starts + 4 * runs
        self._sizes = self._numbers + 8 * self._count
        self._ends = self._sizes + 8 * self._count
        self._checksums = self._ends + 4 * (chunks + 1)
        begin = self._checksums + 4 * chunks
        self._begins: list[slice] = []  # of versions, their keys, builds, dependencies, constraints
        for count in (runs, runs, self._count, needs, limits):
            end = begin + 4 * (count + 1)
            self._begins.append(slice(begin, end))
            begin = end
        self._kinds = begin
        self._featured = self._kinds + self._count
        self._masks = self._featured + 2 * self._width
        self._limits = self._masks + self._width * needs
        start = self._limits + self._width * limits
        self._texts: list[slice] = []
        for length in counts[7:]:
            self._texts.append(slice(start, start + length))
            start += length
        self.checked: Final = start
        self._records: dict[int, PackageRecord] = {}
        self._last_chunk: tuple[int, bytes | bytearray] = (-1, b"")

    def __len__(self) -> int:
        return self._count

    @cached_property
    def versions(self) -> Sequence[str]:
        """Version literal of each candidate."""
        versions: list[str] = []
        for _, text, mask in self.version_runs.masks():
            versions += [text] * mask.bit_count()
        return tuple(versions)

    @cached_property
    def version_runs(self) -> VersionRuns:
        """The versions, each with the candidates that have it; in the order of candidates."""
        starts = self._content[self._starts : self._numbers].cast("I")
        columns = starts, self._column(1), self._column(0)
        return VersionRuns(*columns, self._count, descend=bool(self._descend))

    @cached_property
    def builds(self) -> Sequence[str]:
        """Build string of each candidate."""
        return self._column(2)

    @property
    def build_numbers(self) -> Sequence[int]:
        """Build number of each candidate."""
        return self._content[self._numbers : self._sizes].cast("q")

    @property
    def depends(self) -> MaskedTexts:
        """Each distinct dependency once, with the mask of the candidates that carry it."""
        return MaskedTexts(self._column(3), self._content[self._masks : self._limits], self._width)

    @property
    def constrains(self) -> MaskedTexts:
        """Each distinct constraint once, with the mask of its candidates."""
        masks = self._content[self._limits : self._texts[0].start]
        return MaskedTexts(self._column(4), masks, self._width)

    @property
    def needed_names(self) -> Sequence[str]:
        """The package names that dependencies begin with."""
        return str(self._content[self._texts[5]], "utf-8", "surrogatepass").split("\n")

    @property
    def left_out(self) -> Sequence[LeftOut]:
        """The records of the name that are not among the candidates."""
        content = self._content[self._texts[7]]
        return _read_left_out(content) if len(content) > 1 else ()  # nearly always nothing

    def traits(self, position: int) -> Traits:
        """Return what of one candidate counts beside others of its version and build number."""
        tracking, needing = self._masks_of_features
        if (tracking | needing) >> position & 1:  # for certain, not by what it is made of
            return Traits.of(self.record(position))
        folder, _ = self._places[self._content[self._kinds + position] % _FOLDERS]
        return Traits._make((channel_address(folder.channel_url), False, 0))

    @cached_property
    def _masks_of_features(self) -> Sequence[int]:
        middle = self._featured + self._width
        parts = self._content[self._featured : middle], self._content[middle : self._masks]
        return [int.from_bytes(part, "little") for part in parts]

    def offers(self, positions: Iterable[int]) -> list[Offer]:
        """Return what a list shows of some candidates, in this order."""
        positions = [*positions]
        sizes = self._content[self._sizes : self._ends].cast("q")
        kinds = self._content[self._kinds : self._featured]
        versions, builds = self.versions, [*self.builds]
        places = [(channel_address(each.channel_url), each.subdir) for each, _ in self._places]
        here = [places[kinds[at] % _FOLDERS] for at in positions]
        columns = zip(
            repeat(self.name),
            [versions[at] for at in positions],
            [builds[at] for at in positions],
            *zip(*here, strict=True),
            [None if sizes[at] < 0 else sizes[at] for at in positions],
            strict=False,
        )
        return [*map(tuple.__new__, repeat(Offer), columns)]  # thousands, made without a call each

    def record(self, position: int) -> PackageRecord:
        """Return the whole record of one candidate (decoded when asked for)."""
        record = self._records.get(position)
        if record is None:
            record = self._records[position] = self._read(position)
        return record

    def _read(self, position: int) -> PackageRecord:
        kind = self._content[self._kinds + position]
        published = self._published(position)
        if published is None:
            return self._anew().record(position)
        origin = Origin.of(*self._places[kind % _FOLDERS], _encoding(kind))
        return origin.record(published, self._fn(position, kind))

    def _published(self, position: int) -> bytes | None:
        """Return the record of one candidate as it was published; None if it is damaged."""
        number, place = divmod(position, _RECORDS_IN_CHUNK)
        known, found = self._last_chunk
        if known != number:  # who asks for one often asks for its neighbours
            chunk = self._chunk(number)
            if chunk is None:
                return None
            found = decompressed(bytes(chunk), LARGEST_CHUNK, self._contexts)
            self._last_chunk = (number, found)
        records = memoryview(found)
        count = min(_RECORDS_IN_CHUNK, self._count - number * _RECORDS_IN_CHUNK)
        first = 4 * (count + 1)
        ends = records[:first].cast("I")
        return bytes(records[first + ends[place] : first + ends[place + 1]])

    def _chunk(self, number: int) -> memoryview | None:
        """Return the compressed records of one chunk; they are checked no earlier: few are read."""
        ends = self._content[self._ends : self._checksums].cast("I")
        checksums = self._content[self._checksums : self._begins[0].start].cast("I")
        chunk = self._content[self.checked + ends[number] : self.checked + ends[number + 1]]
        return chunk if crc32(chunk) == checksums[number] else None

    def _fn(self, position: int, kind: int) -> str:
        if kind >= _UNUSUAL:
            return _read_names(self._content[self._texts[6]])[position]
        runs = self.version_runs
        stem = f"{self.name}-{runs.literals[runs.at(position)]}-{self.builds[position]}"
        return f"{stem}{_ENDINGS[kind // 16]}"

    def _column(self, part: int) -> TextColumn:
        begins = self._content[self._begins[part]].cast("I")
        return TextColumn(self._content[self._texts[part]], begins)


def _encoding(kind: int) -> Encoding:
    return JSON if kind & _IS_JSON else MSGPACK
