"""Texts one after the other in bytes, each read when it is asked for. Layer: repodata. Pure.

An index has thousands of dependencies, versions and builds of one name, and a search asks for a few
of them: where each begins is kept beside them, so that nothing has to be taken apart.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Final, overload

_BETWEEN: Final = "\n"


class TextColumn(Sequence[str]):
    """A sequence of texts."""

    __slots__ = ("_content", "_starts", "_whole")

    def __init__(self, content: memoryview, starts: Sequence[int]) -> None:
        """Take texts with a line break between them.

        Args:
            content: The texts, UTF-8.
            starts: Where each begins in ``content``, and last where another one would.
        """
        self._content = content
        self._starts = starts
        self._whole: list[str] | None = None

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...

    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if self._whole is not None or isinstance(index, slice) or index < 0:
            return self.whole()[index]
        start, end = self._starts[index], self._starts[index + 1] - 1
        return str(self._content[start:end], "utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        return iter(self.whole())

    def whole(self) -> Sequence[str]:
        """Return all texts: who asks for many of them."""
        if self._whole is None:
            text = str(self._content, "utf-8", "surrogatepass")
            self._whole = text.split(_BETWEEN) if len(self) else []
        return self._whole


def joined(texts: Sequence[str]) -> "tuple[bytes, array[int]] | None":
    """Return the texts as :class:`TextColumn` takes them; None where one has a line break."""
    text = _BETWEEN.join(texts)
    if text.count(_BETWEEN) != max(0, len(texts) - 1):
        return None
    content = text.encode("utf-8", "surrogatepass")
    lengths: Iterable[int] = map(len, texts)
    if len(content) > len(text):
        lengths = [len(each.encode("utf-8", "surrogatepass")) for each in texts]
    return content, array("I", accumulate([length + 1 for length in lengths], initial=0))
