"""The locks of mamba, which locks a byte of a file beside what it works on. Layer: files.

mamba locks byte 21 of ``FOLDER/FOLDER.lock`` exclusively while it works on a folder, by POSIX
record locks (``fcntl``). Here they are taken by open file description (Linux), which conflict with
those and, unlike them, do not end when another thread closes the file; elsewhere as POSIX locks.
They die with their owner, and work on NFS as far as its server has locks.
"""

import errno
import fcntl
import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import ClassVar, Final, Literal

from xconda_core.cancel import CancelToken
from xconda_core.errors import XcondaError

_BYTE: Final = 21
_OPEN: Final = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
_PAUSE_SECONDS: Final = 0.1
_OFD_SETLK: Final[int | None] = getattr(fcntl, "F_OFD_SETLK", None)
_HELD: Final = (errno.EAGAIN, errno.EACCES)
_FLOCK: Final = "hhqqi4x"


class InUseElsewhere(XcondaError):
    """Another program, such as mamba, works on a folder.

    Attributes:
        folder: Which one.
        pid: Number of the process; 0 where it is not known.
    """

    code: ClassVar[str] = "in-use-elsewhere"

    def __init__(self, folder: Path, pid: int) -> None:
        super().__init__(folder, pid)
        self.folder, self.pid = folder, pid
        self.what = f"{folder} is in use by another program, such as mamba."
        process = f"process {pid}" if pid > 0 else "a process"
        self.why = f"{process} holds its lock {lock_file_of(folder)}."
        self.fix = "wait until it is done, or stop it; nothing was changed."


def lock_file_of(folder: Path) -> Path:
    """Return the file that mamba locks while it works on ``folder``."""
    return folder / f"{folder.name}.lock"


@contextmanager
def byte_locked(
    folder: Path,
    *,
    exclusive: bool,
    cancel: CancelToken,
    wait_seconds: float = 0.0,
    on_wait: Callable[[], None] = lambda: None,
) -> Iterator[bool]:
    """Hold mamba's lock on ``folder``, and give whether it is held.

    It is not where there can be none: the folder cannot be written, or its file system has no
    locks. Whoever needs a lock for good has one of its own.

    Args:
        folder: What the other program works on.
        exclusive: Keep everybody out, not only those who want it exclusively.
        cancel: Looked at while waiting.
        wait_seconds: How long to wait for another program; infinity waits for good.
        on_wait: Called once if there is one to wait for.

    Raises:
        InUseElsewhere: another program holds it for longer.
        Cancelled: somebody asked to stop while it waited.
    """
    descriptor = _acquired(folder, exclusive, cancel, wait_seconds, on_wait)
    if descriptor is None:
        yield False
        return
    try:
        yield True
    finally:
        _release(lock_file_of(folder), descriptor)


def _acquired(
    folder: Path,
    exclusive: bool,
    cancel: CancelToken,
    wait_seconds: float,
    on_wait: Callable[[], None],
) -> int | None:
    deadline = monotonic() + wait_seconds
    told = False
    while True:
        try:
            descriptor = os.open(lock_file_of(folder), _OPEN, 0o666)
        except OSError:
            return None
        outcome, pid = _tried(descriptor, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
        if outcome == "held":
            return descriptor
        os.close(descriptor)
        if outcome == "impossible":
            return None
        if outcome == "busy":
            if monotonic() >= deadline:
                raise InUseElsewhere(folder, pid)
            if not told:
                on_wait()
                told = True
            cancel.wait(_PAUSE_SECONDS)


def _tried(descriptor: int, kind: int) -> tuple[Literal["held", "busy", "gone", "impossible"], int]:
    """Return what came of one try, and who holds the lock if somebody else does."""
    try:
        _lock(descriptor, kind)
    except OSError as error:
        return ("busy", _holder(descriptor)) if error.errno in _HELD else ("impossible", 0)
    # Whoever had it may have removed it meanwhile: that would be a lock on nothing.
    return ("held" if os.fstat(descriptor).st_nlink else "gone"), 0


def _holder(descriptor: int) -> int:
    request = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, _BYTE, 1, 0)
    try:
        return int(struct.unpack(_FLOCK, fcntl.fcntl(descriptor, fcntl.F_GETLK, request))[4])
    except (OSError, struct.error):
        return 0


def _release(path: Path, descriptor: int) -> None:
    # Removed by the last one only: others may share it, and whoever waits would hold nothing.
    with suppress(OSError):
        _lock(descriptor, fcntl.LOCK_EX)
        path.unlink(missing_ok=True)
    os.close(descriptor)


def _lock(descriptor: int, kind: int) -> None:
    """Take the byte without waiting.

    Raises:
        OSError: it is held, or there are no locks.
    """
    if _OFD_SETLK is None:
        fcntl.lockf(descriptor, kind | fcntl.LOCK_NB, 1, _BYTE)
        return
    wanted = fcntl.F_WRLCK if kind == fcntl.LOCK_EX else fcntl.F_RDLCK
    request = struct.pack(_FLOCK, wanted, os.SEEK_SET, _BYTE, 1, 0)
    fcntl.fcntl(descriptor, _OFD_SETLK, request)
