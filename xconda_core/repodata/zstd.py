"""Decompress zstandard, whole and up to a limit. Layer: repodata. Source: RFC 8878."""

from contextlib import suppress
from typing import Final

import zstandard

MAGIC: Final = b"\x28\xb5\x2f\xfd"

# 4 bytes can stand for 128 KiB (RFC 8878, 3.1.1.2), so this much input is 64 MiB of output at most.
_STEP: Final = 1 << 11


def decompressed(content: bytes, limit: int) -> bytes:
    """Return what all frames of ``content`` hold.

    Args:
        content: One or more frames.
        limit: The most bytes that may come out: a few bytes can claim to be many gigabytes.

    Raises:
        ValueError: this is not zstandard, it is cut off, or more than ``limit`` comes out.
    """
    with suppress(zstandard.ZstdError):  # several frames, or damage: the slow way tells which
        if 0 <= zstandard.frame_content_size(content) <= limit:
            return zstandard.ZstdDecompressor().decompress(content, allow_extra_data=False)
    try:
        return _step_by_step(content, limit)
    except zstandard.ZstdError as error:
        raise ValueError(f"it cannot be decompressed ({error})") from error


def _step_by_step(content: bytes, limit: int) -> bytes:
    out = bytearray()
    frame = None
    for start in range(0, len(content), _STEP):
        rest = content[start : start + _STEP]
        while rest:
            frame = frame or zstandard.ZstdDecompressor().decompressobj()
            out += frame.decompress(rest)
            rest = frame.unused_data
            if frame.eof:
                frame = None
            if len(out) > limit:
                raise ValueError(f"it decompresses to more than {limit} bytes")
    if frame is not None:
        raise ValueError("it is cut off")
    return bytes(out)
