"""Wait until a whole file system is on disk: one call for thousands of files. Layer: files."""

import ctypes
import os
from pathlib import Path
from threading import Condition


def sync_filesystem(folder: Path) -> None:
    """Return when everything written so far to ``folder``'s file system is on disk.

    Linux's ``syncfs``; elsewhere, ``sync`` of all file systems.

    Raises:
        OSError: something written earlier could not be stored.
    """
    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        os.sync()
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        if syncfs(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(descriptor)


class SharedSync:
    """Threads that wait for the same file system share its answers, as databases commit groups.

    A sync that has begun knows nothing of what is written later, so whoever comes while one is
    under way waits for the next, together with all others who came.
    """

    __slots__ = ("_begun", "_condition", "_done", "_failure", "_folder", "_runs")

    def __init__(self, folder: Path) -> None:
        """``folder`` is any folder of the file system."""
        self._folder = folder
        self._condition = Condition()
        self._begun = self._done = 0
        self._runs = False
        self._failure: OSError | None = None

    def wait(self) -> None:
        """Return when everything that was written before this call is on disk.

        Raises:
            OSError: something could not be stored; everybody who waits later hears of it too.
        """
        with self._condition:
            mine = self._begun + 1
            while self._done < mine and self._failure is None:
                if self._runs:
                    self._condition.wait()
                else:
                    self._lead()
            if self._failure is not None:
                raise self._failure

    def _lead(self) -> None:
        self._runs = True
        self._begun += 1
        self._condition.release()
        failure = None
        try:
            sync_filesystem(self._folder)
        except OSError as error:
            failure = error
        finally:
            self._condition.acquire()
            self._runs = False
            self._failure = failure
            self._done = self._begun
            self._condition.notify_all()
