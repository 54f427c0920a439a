"""Threads that fetch while the work goes on, and that nobody has to wait for. Layer: net.

The standard library's pool makes a process wait at its end for every task it was ever given: for
what was only fetched ahead, and for a server that accepts a request and never answers. These
threads end with their queue, and with the process. A program that goes on and wants none of them
left behind says so with :func:`awaited`.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Thread, local
from typing import TYPE_CHECKING, Final, TypeVar

from xconda_core.cancel import CancelToken

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")

_LOOK_SECONDS = 0.1


class _Here(local):
    """What is so in one thread."""

    started: list[Thread] | None = None


_HERE: Final = _Here()


@contextmanager
def awaited() -> Iterator[None]:
    """Wait at the end for the threads of all ``Workers`` that are made in the block.

    What others make at the same time, in another thread, is theirs.
    """
    started: list[Thread] = []
    before, _HERE.started = _HERE.started, started
    try:
        yield
    finally:
        _HERE.started = before
        for thread in started:  # the last of them may start another: the list grows meanwhile
            thread.join()


class Workers:
    """Up to ``threads`` daemon threads, there while there is something to do."""

    def __init__(self, threads: int) -> None:
        self._threads = max(1, threads)
        self._running = 0
        self._waiting: OrderedDict[object, Callable[[], None]] = OrderedDict()
        self._lock = Lock()
        self._started = _HERE.started

    def submit(self, task: Callable[[], T]) -> "Future[T]":
        """Return the answer of ``task`` to come."""
        from concurrent.futures import Future  # for who has something to fetch

        future: Future[T] = Future()

        def run() -> None:
            try:
                future.set_result(task())
            except BaseException as error:  # whoever asks for the result gets it
                future.set_exception(error)

        with self._lock:
            self._waiting[future] = run
            if self._running < self._threads:
                self._running += 1
                thread = Thread(target=self._work, name="xconda-fetch", daemon=True)
                thread.start()
                if self._started is not None:
                    self._started.append(thread)
        return future

    def hasten(self, future: "Future[T]") -> None:
        """Put the task of ``future`` before all that waits, if it waits itself."""
        with self._lock:
            if future in self._waiting:
                self._waiting.move_to_end(future, last=False)

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._running -= 1
                    return
                _, run = self._waiting.popitem(last=False)
            run()


def result_of(future: "Future[T]", cancel: CancelToken) -> T:
    """Return what ``future`` brings, looking at ``cancel`` while waiting.

    Raises:
        Cancelled: somebody asked to stop before it came.
    """
    while not future.done():
        cancel.check()
        try:
            return future.result(timeout=_LOOK_SECONDS)
        except TimeoutError:
            continue
    return future.result()
