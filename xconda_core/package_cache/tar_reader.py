"""Members of a tar stream, one pass, nothing trusted. Layer: package_cache.

Source: POSIX.1-2017 pax (ustar header, ``x`` and ``g`` records) and GNU long names (``L``, ``K``),
which is all that conda's packages use. Sparse files and special files have no place in a package.
"""

from collections.abc import Iterator
from typing import Final, Literal
from zlib import adler32

import msgspec

from xconda_core.regex import regex
from xconda_core.values import Protocol

BLOCK: Final = 512
_ZEROS: Final = bytes(BLOCK)
_CHUNK: Final = 1 << 18
_LONGEST_NAME_RECORD: Final = 1 << 20

MemberKind = Literal["file", "folder", "soft link", "hard link"]
_KINDS: Final[dict[bytes, MemberKind]] = {
    b"0": "file",
    b"\0": "file",
    b"7": "file",
    b"1": "hard link",
    b"2": "soft link",
    b"5": "folder",
}
_SPECIAL: Final = {b"3": "a character device", b"4": "a block device", b"6": "a FIFO"}
# The header of a plain file as tar writers of today make it, to be read at a blow: name, mode,
# size, time and checksum, in digits that fill their fields. All others are read field by field.
_PLAIN_FILE: Final = regex(
    rb"""(?sx)
    (?=([^\0]+)) .{100} ([0-7]{7})\0 .{16} ([0-7]{11})\0 ([0-7]{11})\0
    (?: ([0-7]{6})\0\  | ([0-7]{7})\0 ) 0 .{100} ustar (?: \ |\0.{82}\0 )
    """
)
_CHECKSUM: Final = slice(148, 156)


class BrokenTar(ValueError):
    """The stream is not a tar archive that a package may be; the message says why."""


class ByteStream(Protocol):
    """A file being read, such as a decompressor."""

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` bytes, none at the end."""


class Member(msgspec.Struct, frozen=True, gc=False):
    """One entry of the archive.

    Attributes:
        name: As written, not checked.
        kind: What it is.
        mode: Permission bits and the bits above them, as written.
        size: Length of a file's content in bytes, else 0.
        mtime: Seconds since 1970.
        target: Of a link, as written.
    """

    name: str
    kind: MemberKind
    mode: int
    size: int
    mtime: int
    target: str


class TarReader:
    """Reads one stream; use each member's :meth:`content` before the next member."""

    __slots__ = ("_buffer", "_offset", "_padding", "_rest", "_stream")

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._buffer = b""
        self._offset = 0
        self._rest = 0
        self._padding = 0

    def members(self) -> Iterator[Member]:
        """Yield the members in order, and check that the archive ends as it should.

        Raises:
            BrokenTar: a header is damaged, a member is special, or the archive is cut or goes on.
        """
        pax: dict[str, str] = {}
        while True:
            self._skip_content()
            plain = None if pax else self._plain_file()
            if plain is not None:
                yield plain
                continue
            header = self._take(BLOCK)
            if header == _ZEROS:
                break
            kind, size = header[156:157], _checked_size(header)
            if kind in b"LKxg":
                pax |= self._names(kind, size)
                continue
            member = _member(header, kind, size, pax)
            self._rest, self._padding = member.size, -member.size % BLOCK
            pax = {}
            yield member
        self._check_end()

    def _plain_file(self) -> Member | None:
        """Return the next member, taken, if its header is at hand and is such as most are."""
        start = self._offset
        found = _PLAIN_FILE.match(self._buffer, start)
        if found is None or len(self._buffer) < start + BLOCK:
            return None
        name, mode, size, mtime, six, seven = found.groups()
        header = self._buffer[start : start + BLOCK]
        # Of text, the sum of all bytes is less than Adler's modulus: its lower half is that sum.
        total = (adler32(header, 0) & 0xFFFF) - sum(header[_CHECKSUM]) + 8 * 32
        if not header.isascii() or total != int(six or seven, 8) or name.endswith(b"/"):
            return None
        self._offset += BLOCK
        self._rest = int(size, 8)
        self._padding = -self._rest % BLOCK
        path = name[:100].decode("ascii")
        return Member(path, "file", int(mode, 8), self._rest, int(mtime, 8), "")

    def content(self) -> Iterator[memoryview]:
        """Yield the content of the current file in pieces."""
        while self._rest:
            if self._offset == len(self._buffer):
                self._refill()
            piece = memoryview(self._buffer)[self._offset : self._offset + self._rest]
            self._offset += len(piece)
            self._rest -= len(piece)
            yield piece

    def small_content(self) -> bytes | None:
        """Return the whole content of the current file if it is at hand; then it is taken."""
        end = self._offset + self._rest
        if end > len(self._buffer):
            return None
        taken = self._buffer[self._offset : end]
        self._offset, self._rest = end, 0
        return taken

    def _names(self, kind: bytes, size: int) -> dict[str, str]:
        if size > _LONGEST_NAME_RECORD:
            raise BrokenTar(f"a name record of {size} bytes")
        content = self._take(size)
        self._take(-size % BLOCK)
        if kind == b"L":
            return {"path": _text(content.rstrip(b"\0"))}
        if kind == b"K":
            return {"linkpath": _text(content.rstrip(b"\0"))}
        return _pax_records(content) if kind == b"x" else {}

    def _skip_content(self) -> None:
        if self._rest:
            for _ in self.content():
                pass
        end = self._offset + self._padding
        if end <= len(self._buffer):
            self._offset = end
        else:
            self._take(self._padding)
        self._padding = 0

    def _take(self, size: int) -> bytes:
        end = self._offset + size
        if end <= len(self._buffer):
            taken = self._buffer[self._offset : end]
            self._offset = end
            return taken
        parts = []
        while size:
            if self._offset == len(self._buffer):
                self._refill()
            part = self._buffer[self._offset : self._offset + size]
            self._offset += len(part)
            size -= len(part)
            parts.append(part)
        return b"".join(parts)

    def _refill(self) -> None:
        self._buffer, self._offset = self._stream.read(_CHUNK), 0
        if not self._buffer:
            raise BrokenTar("it ends in the middle")

    def _check_end(self) -> None:
        rest = self._buffer[self._offset :]
        while rest:
            if rest.count(0) != len(rest):
                raise BrokenTar("something follows its end")
            rest = self._stream.read(_CHUNK)


def _checked_size(header: bytes) -> int:
    claimed = _number(header[148:156])
    if sum(header) - sum(header[148:156]) + 8 * 32 != claimed:
        raise BrokenTar("a header is damaged (its checksum is wrong)")
    return _number(header[124:136])


def _member(header: bytes, kind: bytes, size: int, pax: dict[str, str]) -> Member:
    name = pax.get("path") or _ustar_name(header)
    what = _KINDS.get(kind)
    if what is None:
        thing = _SPECIAL.get(kind, f"a member of unknown type {kind!r}")
        raise BrokenTar(f"{name!r} is {thing}")
    if pax:
        size = _decimal(pax["size"]) if "size" in pax else size
        if size < 0:
            raise BrokenTar(f"{name!r} is of {size} bytes")
        if any(key.startswith("GNU.sparse") for key in pax):
            raise BrokenTar(f"{name!r} is a sparse file")
    if what == "file" and name.endswith("/"):
        what = "folder"  # tar of before 1988 marks folders so
    return Member(
        name=name,
        kind=what,
        mode=_number(header[100:108]),
        size=size if what == "file" else 0,
        mtime=_decimal(pax["mtime"]) if "mtime" in pax else _number(header[136:148]),
        target=pax.get("linkpath") or _text(header[157:257].partition(b"\0")[0]),
    )


def _ustar_name(header: bytes) -> str:
    name = header[:100].partition(b"\0")[0]
    # GNU's variant ("ustar  ") keeps other things where POSIX has the prefix of a long name.
    if header[257:263] == b"ustar\0" and header[345] != 0:
        name = header[345:500].split(b"\0", 1)[0] + b"/" + name
    return _text(name)


def _number(field: bytes) -> int:
    if field[0] & 0x80:  # GNU's form for numbers that octal digits cannot hold
        return int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
    digits = field.partition(b"\0")[0].strip()
    if not digits:
        return 0
    if not digits.isdigit():
        raise BrokenTar(f"a header is damaged ({field!r} is no number)")
    try:
        return int(digits, 8)
    except ValueError:
        raise BrokenTar(f"a header is damaged ({field!r} is no number)") from None


def _decimal(text: str) -> int:
    whole = text.split(".", 1)[0]
    if not whole.lstrip("-").isdecimal():
        raise BrokenTar(f"a header is damaged ({text!r} is no number)")
    return int(whole)


def _pax_records(content: bytes) -> dict[str, str]:
    records: dict[str, str] = {}
    while content:
        length, _, _ = content.partition(b" ")
        size = int(length) if length.isdigit() else 0
        key, equals, value = content[len(length) + 1 : size - 1].partition(b"=")
        if not equals or size > len(content):
            raise BrokenTar("an extended header is damaged")
        records[_text(key)] = _text(value)
        content = content[size:]
    return records


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")
