"""Standard output is for the answer alone: what else is written there goes to standard error.

Layer: cli. What a plugin prints in Python is led away where it is called. Its C library, or a
process that it starts, writes to descriptor 1 and asks nobody; so that number means standard error
while a command runs, and the answer goes through a copy that only the console knows.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO

_STDOUT: Final = 1
_STDERR: Final = 2


class OwnStdout:
    """The way out of this process for answers.

    Attributes:
        stream: Where they are written.
    """

    def __init__(self, stream: TextIO) -> None:
        """Make one of ``stream``: a copy of standard output, or what stands in its place."""
        self.stream = stream
        self._is_copy = stream is not sys.stdout

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Let descriptor 1 be standard output while a program runs that speaks for itself."""
        if not self._is_copy:
            yield
            return
        self.stream.flush()
        _point(self.stream.fileno())
        try:
            yield
        finally:
            _point(_STDERR)


@contextmanager
def own_stdout() -> Iterator[OwnStdout]:
    """Keep standard output for answers while the block runs.

    Where somebody has put another stream in its place, that stream is used as it is.
    """
    if not _is_that_of_process(sys.stdout):
        yield OwnStdout(sys.stdout)
        return
    stream = _copy_of(sys.stdout)
    _point(_STDERR)
    try:
        yield OwnStdout(stream)
    finally:
        _point(stream.fileno())
        stream.close()


def _is_that_of_process(stream: TextIO) -> bool:
    try:
        return stream.fileno() == _STDOUT
    except (OSError, ValueError):
        return False


def _copy_of(stream: TextIO) -> TextIO:
    """Return a stream like ``stream`` to the same place, whose descriptor no child inherits."""
    return os.fdopen(
        os.dup(stream.fileno()),
        "w",
        buffering=1 if stream.isatty() else -1,
        encoding=stream.encoding,
        errors=stream.errors,
    )


def _point(descriptor: int) -> None:
    """Let descriptor 1, and the processes to come, write where ``descriptor`` does."""
    sys.stdout.flush()
    os.dup2(descriptor, _STDOUT)
