"""Texts that candidates carry, each with the mask of those that do. Layer: repodata. Pure.

What a search asks is which texts one candidate carries, of a few candidates among thousands. So
masks stay the bytes that an index keeps, one row of fixed width for each text, until one is asked
for; what one candidate carries is a column of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, overload

Pair = tuple[str, int]

# For each bit what turns a byte into whether it has it: a search in bytes is quicker than a loop.
_HAS_BIT: Final = [bytes([byte >> bit & 1 for byte in range(256)]) for bit in range(8)]


class MaskedTexts(Sequence[Pair]):
    """Pairs of a text and a mask.

    Attributes:
        texts: The texts, each once.
    """

    __slots__ = ("_content", "_width", "texts")

    def __init__(self, texts: Sequence[str], content: bytes | memoryview, width: int) -> None:
        """Take bytes that hold the masks.

        Args:
            texts: Each text once.
            content: The mask of each, the lowest byte first.
            width: Bytes of a mask.
        """
        self.texts: Final = texts
        self._content = content
        self._width = width

    @classmethod
    def of(cls, pairs: Iterable[Pair]) -> "MaskedTexts":
        """Return ``pairs`` in the order of their texts."""
        ordered = sorted(pairs)
        width = max((mask.bit_length() + 7 >> 3 for _, mask in ordered), default=0)
        content = b"".join([mask.to_bytes(width, "little") for _, mask in ordered])
        return cls([text for text, _ in ordered], content, width)

    def __len__(self) -> int:
        return len(self.texts)

    @overload
    def __getitem__(self, index: int) -> Pair: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Pair]: ...

    def __getitem__(self, index: int | slice) -> Pair | Sequence[Pair]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        return self.texts[index], self.mask(range(len(self))[index])

    def __iter__(self) -> Iterator[Pair]:
        return zip(self.texts, map(self.mask, range(len(self))), strict=True)

    def mask(self, index: int) -> int:
        """Return the candidates that carry one text."""
        start = index * self._width
        return int.from_bytes(self._content[start : start + self._width], "little")

    def carried_by(self, position: int) -> list[int]:
        """Return the indexes of the texts that one candidate carries, ascending."""
        byte = position >> 3
        if byte >= self._width:
            return []
        column = bytes(self._content[byte :: self._width]).translate(_HAS_BIT[position & 7])
        found: list[int] = []
        at = column.find(1)
        while at >= 0:
            found.append(at)
            at = column.find(1, at + 1)
        return found
