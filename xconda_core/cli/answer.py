"""Wait for one line of input without ever hanging where nobody is there. Layer: cli."""

import os
from typing import Final, TextIO

from xconda_core.cancel import CancelToken

_LOOK_SECONDS: Final = 0.1
_PIPE_SECONDS: Final = 1.0


def read_answer(stream: TextIO, cancel: CancelToken, *, patient: bool) -> str | None:
    """Return the next line of ``stream`` without its end, or None where there is none.

    Args:
        stream: Standard input; its file descriptor is read, byte by byte, so that the next
            question finds the rest.
        cancel: Looked at while waiting.
        patient: Wait for a person; otherwise a line counts only if it comes within a second,
            because a pipe that nobody writes into and nobody closes would hold us for ever.

    Raises:
        Cancelled: while waiting.
    """
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError):
        return None
    line = bytearray()
    left = None if patient else _PIPE_SECONDS
    while True:
        cancel.check()
        if not _is_ready(descriptor):
            left = None if left is None else left - _LOOK_SECONDS
            if left is not None and left <= 0:
                return None
            continue
        byte = os.read(descriptor, 1)
        if byte == b"":
            cancel.check()
            return line.decode(errors="replace") if line else None
        if byte == b"\n":
            return line.decode(errors="replace").rstrip("\r")
        line += byte


def _is_ready(descriptor: int) -> bool:
    if os.name == "nt":  # select works on sockets only there; the read itself waits
        return True
    import select

    readable, _, _ = select.select([descriptor], [], [], _LOOK_SECONDS)
    return bool(readable)
