"""Read and change where an ELF file looks for its shared libraries. Layer: testing.

Source: System V ABI (gABI) chapters 4 and 5. Only 64-bit little-endian files: every Linux that
conda has a name for and that runs today's CPython, but for s390x.
"""

import struct
from collections.abc import Iterator
from typing import Final

from xconda_core.values import Slotted, dataclass

MAGIC: Final = b"\x7fELF"

_CLASS_64, _LITTLE_ENDIAN = 2, 1
_PT_LOAD, _PT_DYNAMIC = 1, 2
_DT_NULL, _DT_NEEDED, _DT_STRTAB, _DT_STRSZ = 0, 1, 5, 10
_DT_SONAME, _DT_RPATH, _DT_RUNPATH = 14, 15, 29
_HEADER: Final = struct.Struct("<16sHHIQQQIHHHHHH")
_SEGMENT: Final = struct.Struct("<IIQQQQQQ")
_ENTRY: Final = struct.Struct("<qQ")


class NotElf(ValueError):
    """The bytes are not an ELF file of the kind this module reads; the message says why."""


class NoRoom(ValueError):
    """The file has no slack for another search path; the message says what it lacks."""


@dataclass(frozen=True, slots=True)
class Dynamic(Slotted):
    """What the dynamic loader reads from one file.

    Attributes:
        needed: Names of the libraries that must be there.
        soname: The name that others know it by, None where it has none.
        rpath: Search path for it and all that it loads (DT_RPATH), None without one.
        runpath: Search path for its own libraries (DT_RUNPATH); switches every ``rpath`` off.
    """

    needed: tuple[str, ...] = ()
    soname: str | None = None
    rpath: str | None = None
    runpath: str | None = None


@dataclass(frozen=True, slots=True)
class _Segment(Slotted):
    """One program header; ``at`` is where in the file the header itself stands."""

    at: int
    type: int
    flags: int
    offset: int
    address: int
    file_size: int
    memory_size: int


def is_elf(content: bytes) -> bool:
    """Whether ``content`` starts as an ELF file of the kind that this module reads."""
    return content[:6] == MAGIC + bytes((_CLASS_64, _LITTLE_ENDIAN))


def read_dynamic(content: bytes) -> Dynamic:
    """Return what the dynamic loader would read; empty for a static program.

    Raises:
        NotElf: it is no ELF file, or of another kind.
    """
    entries = list(_entries(content))
    if not entries:
        return Dynamic()
    strings = _strings_offset(content)

    def texts(tag: int) -> tuple[str, ...]:
        return tuple(
            _string_at(content, strings + value) for _, found, value in entries if found == tag
        )

    def text(tag: int) -> str | None:
        return next(iter(texts(tag)), None)

    return Dynamic(texts(_DT_NEEDED), text(_DT_SONAME), text(_DT_RPATH), text(_DT_RUNPATH))


def with_rpath(content: bytes, rpath: str) -> bytes:
    """Return the file with ``rpath`` as its one search path, of the inherited kind (DT_RPATH).

    The inherited kind is what conda's Python has: libraries that come without a search path of
    their own, and whatever they load, are then looked for there too, before the system's. An old
    entry is written over where the new text fits; otherwise the text goes into the unused end of
    a segment and a spare entry of the dynamic section points at it, so nothing moves.

    Raises:
        NotElf: it is no ELF file with a dynamic section.
        NoRoom: no spare entry, or no slack in any segment.
    """
    changed = bytearray(content)
    strings = _strings_offset(content)
    text = rpath.encode() + b"\0"
    old = [(at, value) for at, tag, value in _entries(content) if tag in {_DT_RPATH, _DT_RUNPATH}]
    for _, value in old:
        room = len(_string_at(content, strings + value)) + 1
        if len(text) <= room:
            changed[strings + value : strings + value + room] = text.ljust(room, b"\0")
            break
    else:
        value = _written_into_slack(changed, text)
    for at in [at for at, _ in old] or [_spare_entry(content)]:
        _ENTRY.pack_into(changed, at, _DT_RPATH, value)
    return bytes(changed)


def with_inherited_paths(content: bytes) -> bytes:
    """Return the file with a DT_RUNPATH turned into a DT_RPATH of the same text.

    A DT_RUNPATH switches off the search path that the running program hands down, so a library
    of the environment would be passed over for one of the system.
    """
    changed = bytearray(content)
    for at, tag, value in _entries(content):
        if tag == _DT_RUNPATH:
            _ENTRY.pack_into(changed, at, _DT_RPATH, value)
    return bytes(changed)


def _segments(content: bytes) -> Iterator[_Segment]:
    if not is_elf(content) or len(content) < _HEADER.size:
        raise NotElf("it is not a 64-bit little-endian ELF file")
    header = _HEADER.unpack_from(content)
    start, size, count = header[5], header[9], header[10]
    if size != _SEGMENT.size or start + size * count > len(content):
        raise NotElf("its program headers are not where it says")
    for at in range(start, start + size * count, size):
        kind, flags, offset, address, _, file_size, memory_size, _ = _SEGMENT.unpack_from(
            content, at
        )
        if offset + file_size > len(content):
            raise NotElf("it is cut short")
        yield _Segment(at, kind, flags, offset, address, file_size, memory_size)


def _entries(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield (offset in the file, tag, value) of each dynamic entry before the first DT_NULL."""
    for segment in _segments(content):
        if segment.type == _PT_DYNAMIC:
            whole = segment.file_size // _ENTRY.size * _ENTRY.size
            for at in range(segment.offset, segment.offset + whole, _ENTRY.size):
                tag, value = _ENTRY.unpack_from(content, at)
                if tag == _DT_NULL:
                    return
                yield at, tag, value


def _value_of(content: bytes, wanted: int) -> tuple[int, int]:
    """Return (offset in the file, value) of the entry tagged ``wanted``."""
    for at, tag, value in _entries(content):
        if tag == wanted:
            return at, value
    raise NotElf("it has no dynamic section, or one without strings")


def _strings_offset(content: bytes) -> int:
    address = _value_of(content, _DT_STRTAB)[1]
    for segment in _segments(content):
        if segment.type == _PT_LOAD and 0 <= address - segment.address < segment.file_size:
            return segment.offset + address - segment.address
    raise NotElf("its string table lies in no segment")


def _string_at(content: bytes, offset: int) -> str:
    end = content.find(b"\0", offset)
    if end < 0:
        raise NotElf("one of its strings has no end")
    return content[offset:end].decode(errors="surrogateescape")


def _spare_entry(content: bytes) -> int:
    """Return where the first of at least two DT_NULL entries stands; the list needs its end."""
    for segment in _segments(content):
        if segment.type == _PT_DYNAMIC:
            used = sum(1 for _ in _entries(content))
            if (used + 2) * _ENTRY.size <= segment.file_size:
                return segment.offset + used * _ENTRY.size
    raise NoRoom("its dynamic section has no spare entry")


def _written_into_slack(changed: bytearray, text: bytes) -> int:
    """Put ``text`` behind the segment of the strings and return its offset from their start.

    Linkers start each segment on a page of its own; the bytes up to there are in the file, zero,
    and are mapped anyway. The segment and the string table are made to end after the text.
    """
    content = bytes(changed)
    size_at, _ = _value_of(content, _DT_STRSZ)
    strings_address = _value_of(content, _DT_STRTAB)[1]
    loads = [segment for segment in _segments(content) if segment.type == _PT_LOAD]
    for segment in loads:
        end = segment.offset + segment.file_size
        later = [other.offset for other in loads if other.offset >= end]
        slack = content[end : min(later, default=end)]
        in_memory = [other.address for other in loads if other.address > segment.address]
        address = segment.address + segment.file_size
        fits = len(text) < len(slack) and address + len(text) < min(in_memory, default=0)
        same = segment.file_size == segment.memory_size and address > strings_address
        if fits and same and not any(slack[: len(text) + 1]):
            changed[end : end + len(text)] = text
            grown = segment.file_size + len(text)
            struct.pack_into("<QQ", changed, segment.at + 32, grown, grown)
            value = address - strings_address
            _ENTRY.pack_into(changed, size_at, _DT_STRSZ, value + len(text))
            return value
    raise NoRoom("no segment has unused bytes behind it")
