"""Do two parts of a large piece of work at the same time, in two processes. Layer: files.

Python's threads take turns; making ten thousand links or files does not have to. The child is a
fork, so nothing is started or loaded anew. See docs/decisions/0151-linking-in-two-processes.md.
"""

import os
import pickle
import select
import signal
import sys
from collections.abc import Callable, Iterator
from typing import ClassVar, Final, TypeVar

from xconda_core.cancel import CancelToken
from xconda_core.errors import XcondaError
from xconda_core.files.processors import usable_processors

T = TypeVar("T")

_LOOK_SECONDS: Final = 0.1
_PIECE: Final = 1 << 20
_NUMBER: Final = 4  # bytes


class ForkKilled(XcondaError):
    """A process that did a part of the work was killed; whoever asked for it undoes what it did."""

    code: ClassVar[str] = "fork-killed"

    def __init__(self) -> None:
        super().__init__()
        self.what = "Nothing was changed: a process that did a part of the work was killed."
        self.why = "somebody ended it, or the system did, which it does where memory is short."
        self.fix = "free some memory, then run it again."


def can_fork() -> bool:
    """Whether there is a second processor, on a system where a fork with threads is safe."""
    return sys.platform == "linux" and usable_processors() > 1


class Tasks:
    """Numbers from 0 that this process and a fork of it take, each number once.

    Use as a context manager around the fork. Whoever is done sooner takes more: neither waits for
    the other at the end. They lie in a pipe, of which the kernel lets one process read at a time. A
    fork whose parent is gone finds no more.
    """

    __slots__ = ("_count", "_laid_out", "_maker", "_reading")

    def __init__(self, count: int) -> None:
        """Lay out the numbers below ``count``.

        Raises:
            OSError: there is no room for two more open files.
        """
        self._maker, self._count = os.getpid(), count
        self._reading, writing = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        numbers = b"".join(number.to_bytes(_NUMBER, "big") for number in range(count))
        try:
            # A pipe holds a thousand of them at least; what it does not hold, the maker does.
            self._laid_out = os.write(writing, numbers) // _NUMBER
        finally:
            os.close(writing)

    def __enter__(self) -> "Tasks":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._reading)

    def __iter__(self) -> Iterator[int]:
        """Yield numbers that nobody else has, until there are none."""
        is_maker = os.getpid() == self._maker
        while is_maker or os.getppid() == self._maker:
            number = os.read(self._reading, _NUMBER)
            if not number:
                break
            yield int.from_bytes(number, "big")
        if is_maker:
            yield from range(self._laid_out, self._count)


def both(here: Callable[[], T], there: Callable[[], bytes], cancel: CancelToken) -> tuple[T, bytes]:
    """Do ``here`` in this process and ``there`` in a fork of it, and return both answers.

    Whatever happens, the fork has ended when this returns or raises. It has this process's open
    files, and so its locks on files: should this process be killed, they are held until the fork
    has done its part. ``there`` must neither wait for other threads nor log.

    Args:
        here: Is done by this process, meanwhile.
        there: Is done by the fork.
        cancel: Looked at while the fork is waited for.

    Raises:
        ForkKilled: the fork was killed.
        BaseException: what ``here`` or ``there`` raised.
    """
    reading, writing = os.pipe2(os.O_CLOEXEC)
    child = os.fork()
    if child == 0:
        _answer(there, writing)
    os.close(writing)
    try:
        mine = here()
        return mine, _result(_read(reading, cancel))
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        os.close(reading)
        os.waitpid(child, 0)


def _answer(work: Callable[[], bytes], writing: int) -> None:
    """Do ``work`` and end this process, of which nothing but the answer must be left."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # its parent's to hear, which ends it
        try:
            answer = b"+" + work()
        except BaseException as error:
            answer = b"-" + pickle.dumps(error)
        with open(writing, "wb", closefd=False) as pipe:
            pipe.write(answer)
        os._exit(0)
    finally:
        os._exit(1)


def _read(reading: int, cancel: CancelToken) -> bytes:
    pieces: list[bytes] = []
    waiting = select.poll()  # select() knows no descriptor above 1023
    waiting.register(reading, select.POLLIN)
    while True:
        if not waiting.poll(_LOOK_SECONDS * 1000):
            cancel.check()
            continue
        piece = os.read(reading, _PIECE)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)


def _result(answer: bytes) -> bytes:
    if not answer:
        raise ForkKilled
    if answer[:1] == b"+":
        return answer[1:]
    raise pickle.loads(answer[1:])  # noqa: S301 (our own process's words)
