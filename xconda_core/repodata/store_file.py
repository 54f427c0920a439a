"""One file of named payloads, mapped into memory and believed only where its checksums agree.

Layer: repodata. The file is written once and then replaced as a whole, so that processes may share
it without a lock: a reader keeps the one that it opened. What it looks like, numbers as this
machine writes them::

    header | payloads | slots of a hash table | entries | names | a few bytes about it all

A file of another layout, another machine, another identity, or one that is cut off or damaged, is
as if it were not there: whoever needs it makes it again.
"""

import mmap
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from struct import Struct
from threading import get_ident
from typing import Final
from zlib import crc32

from xconda_core.digests import sha256
from xconda_core.values import NamedTuple

ABSENT: Final = bytes(32)  # the mark of what is not there

_MAGIC: Final = 0x32_58_44_49_43_58  # "XCIDX2"; on a machine of other byte order it is another
_HEADER: Final = Struct("=QQQIIII32sI")
_HEADER_CHECKED: Final = _HEADER.size - 4
_ENTRY: Final = Struct("=QIIIII32s")
_SLOT_BYTES: Final = 4


class _Entry(NamedTuple):
    offset: int
    length: int
    checked: int
    checksum: int
    name: int
    name_length: int
    mark: bytes


class Payload(NamedTuple):
    """What is stored under a name.

    Attributes:
        name: The name.
        mark: 32 bytes that say what the content was made from; compared, never interpreted.
        content: The bytes.
        checked: How many of them, from the first on, are checked whenever they are read; for the
            rest whoever reads it has checksums. None: all.
    """

    name: str
    mark: bytes
    content: bytes | memoryview
    checked: int | None = None


class StoreFile:
    """The payloads of one file.

    Attributes:
        identity: Digest of what it was made from and how: 32 bytes.
        about: What its writer added for whoever opens it.
    """

    def __init__(
        self, content: memoryview, header: tuple[int, int, int, int], identity: bytes
    ) -> None:
        """Take a verified file; see :meth:`open`."""
        start, count, slots, names = header
        self._content = content
        self._count = count
        self._last_slot = slots - 1
        self._entries = start + slots * _SLOT_BYTES
        self._names = self._entries + count * _ENTRY.size
        self._slots = content[start : self._entries].cast("I")
        self.identity: Final = identity
        self._found: dict[str, _Entry | None] = {}
        self.about: Final = bytes(content[self._names + names :])

    @classmethod
    def open(cls, path: Path, identity: str) -> "StoreFile | None":
        """Return the file at ``path`` if it is whole and of that identity, else None."""
        try:
            with path.open("rb") as file:
                content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except (OSError, ValueError):  # an empty file cannot be mapped
            return None
        head = content[: _HEADER.size]
        if len(head) < _HEADER.size:
            return None
        magic, size, start, count, slots, names, checksum, known, own = _HEADER.unpack(head)
        is_ours = magic == _MAGIC and crc32(head[:_HEADER_CHECKED]) == own
        if not is_ours or known != _digest(identity) or size != len(content):
            return None
        if crc32(content[start:]) != checksum:
            return None
        return cls(content, (start, count, slots, names), known)

    def __len__(self) -> int:
        return self._count

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._find(name) is not None

    def names(self) -> Iterator[str]:
        """Return every name, in the order in which they were written."""
        names = self._content[self._names :]
        entries = self._content[self._entries : self._names]
        for _, _, _, _, start, length, _ in _ENTRY.iter_unpack(entries):
            yield str(names[start : start + length], "utf-8", "surrogatepass")

    def mark(self, name: str) -> bytes:
        """Return the mark of ``name``; nothing where it is not there."""
        entry = self._find(name)
        return entry.mark if entry else b""

    def get(self, name: str, mark: bytes | None = None) -> memoryview | None:
        """Return what is stored under ``name``.

        Args:
            name: The name.
            mark: The mark it must have; None: any.

        Returns None where there is nothing, where it has another mark, or is damaged.
        """
        entry = self._find(name)
        if entry is None or (mark is not None and entry.mark != mark):
            return None
        content = self._content[entry.offset : entry.offset + entry.length]
        return content if crc32(content[: entry.checked]) == entry.checksum else None

    def payloads(self) -> Iterator[Payload]:
        """Return everything in it that is not damaged."""
        for name in self.names():
            content = self.get(name)
            if content is not None:
                entry = self._find(name)
                assert entry is not None
                yield Payload(name, entry.mark, content, entry.checked)

    def _find(self, name: str) -> _Entry | None:
        """Return the entry of ``name``; it is asked for several times on the way to one answer."""
        if name not in self._found:
            self._found[name] = self._look_up(name)
        return self._found[name]

    def _look_up(self, name: str) -> _Entry | None:
        wanted = name.encode("utf-8", "surrogatepass")
        slot = crc32(wanted) & self._last_slot
        while number := self._slots[slot]:
            entry = self._entry(number - 1)
            if self._name(entry) == wanted:
                return entry
            slot = slot + 1 & self._last_slot
        return None

    def _entry(self, number: int) -> _Entry:
        at = self._entries + number * _ENTRY.size
        return _Entry._make(_ENTRY.unpack_from(self._content, at))

    def _name(self, entry: _Entry) -> memoryview:
        start = self._names + entry.name
        return self._content[start : start + entry.name_length]


def write_store(path: Path, identity: str, payloads: Iterable[Payload], about: bytes = b"") -> None:
    """Make the file at ``path``; readers meet the old one or the new one.

    It is not waited for the disk: a file that a power cut spoils is found to be damaged.

    Args:
        path: The file; its folder is made if it is not there.
        identity: What it is made from and how.
        payloads: What it holds, each name once. Taken one by one.
        about: More bytes for whoever opens it.

    Raises:
        OSError: the file system refused; ``path`` is then as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{get_ident()}.new")
    try:
        with temporary.open("wb") as file:
            file.write(bytes(_HEADER.size))
            start, names, entries = _HEADER.size, bytearray(), []
            slots_of: list[int] = []
            for name, mark, content, some in payloads:
                encoded = name.encode("utf-8", "surrogatepass")
                checked = len(content) if some is None else some
                bounds = (start, len(content), checked, crc32(content[:checked]))
                entry = _Entry(*bounds, len(names), len(encoded), mark)
                entries.append(_ENTRY.pack(*entry))
                slots_of.append(crc32(encoded))
                names += encoded
                file.write(content)
                start += len(content)
            slots = _slots(slots_of)
            index = b"".join((slots, *entries, names, about))
            file.write(index)
            numbers = (start, len(entries), len(slots) // _SLOT_BYTES, len(names))
            file.seek(0)
            file.write(_header(identity, numbers, index))
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def _header(identity: str, numbers: tuple[int, int, int, int], index: bytes) -> bytes:
    start = numbers[0]
    values = (_MAGIC, start + len(index), *numbers, crc32(index), _digest(identity))
    head = _HEADER.pack(*values, 0)[:_HEADER_CHECKED]
    return _HEADER.pack(*values, crc32(head))


def _slots(hashes: list[int]) -> bytes:
    """Return a table, at most half full, of numbers of entries, counted from 1."""
    size = 2
    while size < 2 * len(hashes):
        size *= 2
    table = memoryview(bytearray(size * _SLOT_BYTES)).cast("I")
    for number, value in enumerate(hashes, 1):
        slot = value & (size - 1)
        while table[slot]:
            slot = slot + 1 & (size - 1)
        table[slot] = number
    return table.tobytes()


def _digest(identity: str) -> bytes:
    return sha256(identity.encode("utf-8", "surrogatepass")).digest()
