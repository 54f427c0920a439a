"""What a bz2 file holds, and nothing that follows it. Layer: package_cache.

The standard library's reader passes over whatever stands behind the last stream. Several streams,
one after the other, are what parallel compressors write.
"""

import bz2
from typing import IO, Final

from xconda_core.package_cache.tar_reader import BrokenTar

_CHUNK: Final = 1 << 18
_MAGIC: Final = b"BZh"


class Bz2Stream:
    """Decompresses ``packed``, which stays open."""

    __slots__ = ("_decompressor", "_packed", "_pending")

    def __init__(self, packed: IO[bytes]) -> None:
        self._packed = packed
        self._decompressor = bz2.BZ2Decompressor()
        self._pending = b""

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` bytes, none at the end.

        Raises:
            BrokenTar: the file ends in the middle, or goes on after its end.
            OSError: it is damaged.
        """
        content = b""
        while not content:
            if self._decompressor.eof and not self._begin_next():
                return b""
            packed, self._pending = self._pending, b""
            if not packed and self._decompressor.needs_input:
                packed = self._packed.read(_CHUNK)
                if not packed:
                    raise BrokenTar("it ends in the middle")
            content = self._decompressor.decompress(packed, size)
        return content

    def _begin_next(self) -> bool:
        """Return whether another stream follows, and be ready for it."""
        rest = self._decompressor.unused_data
        if len(rest) < len(_MAGIC):
            rest += self._packed.read(_CHUNK)
        if not rest:
            return False
        if not rest.startswith(_MAGIC):
            raise BrokenTar("something follows its end")
        self._decompressor, self._pending = bz2.BZ2Decompressor(), rest
        return True
