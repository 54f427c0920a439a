"""Threads that fetch while the work goes on, and that nobody has to wait for. Layer: repodata.

The standard library's pool makes a process wait at its end for every task it was ever given; what
is fetched ahead must not. These threads end with their queue, and with the process.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import TypeVar

from xconda_core.cancel import CancelToken

T = TypeVar("T")

_LOOK_SECONDS = 0.1


class Workers:
    """Up to ``threads`` daemon threads, there while there is something to do."""

    def __init__(self, threads: int) -> None:
        self._threads = max(1, threads)
        self._running = 0
        self._tasks: deque[Callable[[], None]] = deque()
        self._lock = Lock()

    def submit(self, task: Callable[[], T], *, first: bool = False) -> Future[T]:
        """Return the answer of ``task`` to come; ``first`` puts it before all that waits."""
        future: Future[T] = Future()

        def run() -> None:
            try:
                future.set_result(task())
            except BaseException as error:  # whoever asks for the result gets it
                future.set_exception(error)

        with self._lock:
            (self._tasks.appendleft if first else self._tasks.append)(run)
            if self._running < self._threads:
                self._running += 1
                Thread(target=self._work, name="xconda-repodata", daemon=True).start()
        return future

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._tasks:
                    self._running -= 1
                    return
                run = self._tasks.popleft()
            run()


def result_of(future: Future[T], cancel: CancelToken) -> T:
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
