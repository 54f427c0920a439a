"""A few forks of this process that do tasks for its threads, one task each at a time. Layer: files.

Python's threads take turns; unpacking thousands of files does not have to. The forks are made
before the threads they serve, so no lock of such a thread is ever copied in a held state. See
docs/decisions/0194-unpacking-in-processes.md.
"""

import os
import pickle
import select
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Final, Generic, NoReturn, TypeVar

from xconda_core.cancel import Cancelled, CancelToken

T = TypeVar("T")

_LOOK_SECONDS: Final = 0.1
_LONGEST_ANSWER: Final = 1 << 16
_DESCRIPTORS: Final = 1


class WithParent(CancelToken):
    """In a fork: cancelled when the process that made it is gone."""

    __slots__ = ("_parent",)

    def __init__(self, parent: int) -> None:
        super().__init__()
        self._parent = parent

    @property
    def is_cancelled(self) -> bool:
        """Whether nobody waits for the answer any more."""
        return os.getppid() != self._parent

    def check(self) -> None:
        """Raise if nobody waits."""
        if self.is_cancelled:
            raise Cancelled


class ForkedWorkers(Generic[T]):
    """Forks that answer tasks, which are numbers: what they mean, the forks know from before.

    Use as a context manager; when it is left, no fork is there any more.
    """

    def __init__(self, count: int, work: Callable[[int, CancelToken], T]) -> None:
        """Make ``count`` forks; ``work`` must neither wait for other threads nor log.

        Raises:
            OSError: the system makes no more processes; there is none then.
        """
        self._idle: SimpleQueue[_Fork] = SimpleQueue()
        self._forks: list[_Fork] = []
        self._closed = False
        try:
            for _ in range(count):
                fork = _Fork(work, tuple(self._forks))
                self._forks.append(fork)
                self._idle.put(fork)
        except OSError:
            self.__exit__()
            raise

    def __enter__(self) -> "ForkedWorkers[T]":
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        for fork in self._forks:
            fork.end()

    def do(self, task: int, cancel: CancelToken, keep: int | None = None) -> T:
        """Return the answer of a fork to ``task``, or raise what it raised.

        Whatever else this raises, the fork that had the task has ended by then.

        Args:
            task: Its number.
            cancel: Looked at while a fork is waited for.
            keep: An open file that the fork keeps open as long as it works, for example a lock.

        Raises:
            ChildProcessError: the fork was killed.
            Cancelled: somebody asked to stop.
        """
        fork = self._free_fork(cancel)
        try:
            fork.ask(task, keep)
            answer: tuple[T | None, BaseException | None] = pickle.loads(fork.answer(cancel))  # noqa: S301 (our own process's words)
        except BaseException:
            fork.end()
            raise
        finally:
            self._idle.put(fork)  # one that has ended says so to whoever asks it next
        value, error = answer
        if error is not None:
            raise error
        return value  # type: ignore[return-value]  # no error, so there is a value

    def _free_fork(self, cancel: CancelToken) -> "_Fork":
        while True:
            cancel.check()
            if self._closed:
                raise Cancelled
            try:
                return self._idle.get(timeout=_LOOK_SECONDS)
            except Empty:
                continue


class _Fork:
    """One fork, seen from the process that made it."""

    __slots__ = ("_pid", "line")

    line: socket.socket

    def __init__(self, work: Callable[[int, CancelToken], object], older: tuple["_Fork", ...]):
        parent, lines = os.getpid(), [fork.line for fork in older]
        self.line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._pid = os.fork()
        except OSError:
            self.line.close()
            theirs.close()
            raise
        if self._pid == 0:
            self.line.close()
            for line in lines:  # an open end here would hide from others that their parent is gone
                line.close()
            _serve(theirs, work, WithParent(parent))
        theirs.close()

    def ask(self, task: int, keep: int | None) -> None:
        """Hand over a task."""
        message = [task.to_bytes(4, "big")]
        try:
            socket.send_fds(self.line, message, [] if keep is None else [keep])
        except OSError as error:
            raise ChildProcessError("a process that did a part of the work is gone") from error

    def answer(self, cancel: CancelToken) -> bytes:
        """Wait for what it says."""
        waiting = select.poll()  # select() knows no descriptor above 1023
        waiting.register(self.line, select.POLLIN)
        while not waiting.poll(_LOOK_SECONDS * 1000):
            cancel.check()
        try:
            said = self.line.recv(_LONGEST_ANSWER)
        except ConnectionError:
            said = b""
        if not said:
            raise ChildProcessError("a process that did a part of the work was killed")
        return said

    def end(self) -> None:
        """Kill it, if it is still there, and wait until it is gone."""
        self.line.close()
        if self._pid:
            pid, self._pid = self._pid, 0
            with suppress(ProcessLookupError, ChildProcessError):  # another thread was quicker
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def _serve(
    line: socket.socket, work: Callable[[int, CancelToken], object], cancel: CancelToken
) -> NoReturn:
    """Answer tasks until nobody asks, and end this process, of which nothing else must be left."""
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            signal.signal(number, signal.SIG_IGN)  # its parent's to hear, which ends it
        while True:
            message, kept, _, _ = socket.recv_fds(line, 4, _DESCRIPTORS)
            if not message:
                os._exit(0)
            line.send(_answered(lambda: work(int.from_bytes(message, "big"), cancel)))  # noqa: B023 (called at once)
            for descriptor in kept:
                os.close(descriptor)
    finally:
        os._exit(1)


def _answered(work: Callable[[], object]) -> bytes:
    try:
        return pickle.dumps((work(), None))
    except BaseException as error:
        return pickle.dumps((None, error))
