"""Compress, and decompress up to a limit. Layer: repodata. Source: RFC 8878 (zstandard).

The library is loaded when it is first used, so that whoever runs a command may load it lean.
"""

from collections.abc import Sequence
from contextlib import suppress
from threading import local
from typing import Final

MAGIC: Final = b"\x28\xb5\x2f\xfd"

# 4 bytes can stand for 128 KiB (RFC 8878, 3.1.1.2), so one byte of input is 32 KiB of output at
# most, and this much is 64 MiB.
_LARGEST_RATIO: Final = 1 << 15
_STEP: Final = 1 << 11
_USUAL_RATIO: Final = 9  # of repodata
_LEVEL: Final = 1  # for what this machine reads again: half the time of the default


class Contexts(local):
    """What compressing and decompressing need, for one owner, in each thread another.

    Making one takes longer than most records of a name do.
    """

    def __init__(self) -> None:
        import zstandard

        self.compressor = zstandard.ZstdCompressor(level=_LEVEL)
        self.decompressor = zstandard.ZstdDecompressor()


def compressed_all(contents: Sequence[bytes]) -> Sequence[bytes]:
    """Return each of ``contents`` compressed, with all processors; other threads run meanwhile."""
    import zstandard

    compressor = zstandard.ZstdCompressor(level=_LEVEL)
    if "multi_compress_to_buffer" not in zstandard.backend_features or not contents:
        return [*map(compressor.compress, contents)]
    frames = compressor.multi_compress_to_buffer([*contents], threads=-1)
    return [frames[at].tobytes() for at in range(len(frames))]


def decompressed(content: bytes, limit: int, contexts: Contexts | None = None) -> bytes | bytearray:
    """Return what all frames of ``content`` hold.

    Args:
        content: One or more frames.
        limit: The most bytes that may come out: a few bytes can claim to be many gigabytes.
        contexts: Those of the caller, if it does this often.

    Raises:
        ValueError: this is not zstandard, it is cut off, or more than ``limit`` comes out.
    """
    import zstandard

    with suppress(zstandard.ZstdError):  # several frames, or damage: the slow way tells which
        if 0 <= zstandard.frame_content_size(content) <= limit:
            decompressor = contexts.decompressor if contexts else zstandard.ZstdDecompressor()
            return decompressor.decompress(content, allow_extra_data=False)
    try:
        return _step_by_step(content, limit)
    except zstandard.ZstdError as error:
        raise ValueError(f"it cannot be decompressed ({error})") from error


def decompressed_length(content: bytes) -> int:
    """Return about how many bytes a document has, which may be compressed."""
    if not content.startswith(MAGIC):
        return len(content)
    import zstandard

    with suppress(zstandard.ZstdError):
        length: int = zstandard.frame_content_size(content)
        if length >= 0:
            return length
    return len(content) * _USUAL_RATIO


def _step_by_step(content: bytes, limit: int) -> bytearray:
    """Decompress so much at a time that not much more than the limit can come out."""
    import zstandard

    out = bytearray()
    frame = None
    start = 0
    while start < len(content):
        step = max(_STEP, (limit - len(out)) // _LARGEST_RATIO)
        rest = content[start : start + step]
        start += step
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
    return out
