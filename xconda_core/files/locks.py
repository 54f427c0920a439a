"""One process at a time: advisory locks that die with their owner. Layer: files.

A lock is ``flock`` on a file that also says who holds it. The kernel lets go of it when the last
process that inherited it dies, so a crash leaves nothing to clean up by hand; the text is for
people only. The file is removed on release; whoever waited on the removed one opens it anew.
"""

import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import ClassVar, Final

from xconda_core.cancel import CancelToken
from xconda_core.errors import XcondaError
from xconda_core.files.atomic import write_all
from xconda_core.files.removal import remove_folder_if_empty
from xconda_core.values import Slotted, asdict, dataclass

_PAUSE_SECONDS: Final = 0.1
_OPEN_TRIES: Final = 100
_NO_LOCKS: Final = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS)


@dataclass(frozen=True, slots=True)
class LockOwner(Slotted):
    """Who holds a lock.

    Attributes:
        pid: Process number on ``host``; 0 where it is not known.
        host: Name of the machine.
        command: What it is doing.
        since: When it took the lock, ISO 8601, UTC.
    """

    pid: int
    host: str
    command: str
    since: str

    def __str__(self) -> str:
        return f"`{self.command}` (process {self.pid} on {self.host}, since {self.since})"


class Locked(XcondaError):
    """Another process holds the lock on ``target``."""

    code: ClassVar[str] = "locked"

    def __init__(self, target: Path, owner: LockOwner) -> None:
        super().__init__(target, owner)
        self.target, self.owner = target, owner
        self.what = f"{target} is in use by another xconda."
        self.why = f"{owner} is working on it."
        self.fix = "wait until it is done, or stop it; nothing was changed."


class LocksUnsupported(XcondaError):
    """The file system of ``target`` cannot lock files."""

    code: ClassVar[str] = "locks-unsupported"

    def __init__(self, target: Path, system_error: str) -> None:
        super().__init__(target, system_error)
        self.target, self.system_error = target, system_error
        self.what = f"{target} was not touched: its file system cannot lock files."
        self.why = f"without a lock two processes could damage it ({system_error})."
        self.fix = "use another file system, or mount the network file system with locks."


@dataclass(frozen=True, slots=True)
class Lock(Slotted):
    """A lock that is held.

    Attributes:
        path: The lock file.
        descriptor: Its open file; a child process that inherits it keeps the lock alive.
    """

    path: Path
    descriptor: int


@contextmanager
def locked(
    path: Path,
    *,
    target: Path,
    command: str,
    cancel: CancelToken,
    wait_seconds: float = 0.0,
    on_wait: Callable[[LockOwner], None] | None = None,
) -> Iterator[Lock]:
    """Hold the lock ``path``; its folder is made, and removed again if nothing else is in it.

    Args:
        path: The lock file.
        target: What the lock protects, for messages.
        command: What this process does, for the messages of others.
        cancel: Looked at while waiting.
        wait_seconds: How long to wait for another owner; infinity waits for good.
        on_wait: Called once with the owner if there is one to wait for.

    Raises:
        Locked: another process holds it for longer than ``wait_seconds``.
        LocksUnsupported: the file system has no locks.
        Cancelled: somebody asked to stop while it waited.
        OSError: the lock file cannot be made.
    """
    import json

    descriptor = _acquire(path, target, cancel, wait_seconds, on_wait)
    try:
        os.ftruncate(descriptor, 0)
        write_all(descriptor, json.dumps(asdict(_myself(command))).encode())
        yield Lock(path, descriptor)
    finally:
        # While we hold it nobody else may remove it, so the file of this name is ours. Where it
        # cannot be removed (a full disk can do that) it stays, and locks nothing.
        with suppress(OSError):
            path.unlink(missing_ok=True)
        os.close(descriptor)
        with suppress(OSError):
            remove_folder_if_empty(path.parent)


def read_owner(path: Path) -> LockOwner:
    """Return who says to hold the lock file ``path``, with question marks for what is not said."""
    import json

    try:
        said = json.loads(path.read_bytes())
        return LockOwner(int(said["pid"]), str(said["host"]), str(said["command"]), said["since"])
    except (OSError, ValueError, KeyError, TypeError):
        return LockOwner(0, "?", "?", "?")


def _acquire(
    path: Path,
    target: Path,
    cancel: CancelToken,
    wait_seconds: float,
    on_wait: Callable[[LockOwner], None] | None,
) -> int:
    deadline = monotonic() + wait_seconds
    while True:
        descriptor = _try_once(path, target)
        if descriptor is not None:
            return descriptor
        owner = read_owner(path)
        if monotonic() >= deadline:
            raise Locked(target, owner)
        if on_wait:
            on_wait(owner)
            on_wait = None
        cancel.wait(_PAUSE_SECONDS)


def _try_once(path: Path, target: Path) -> int | None:
    while True:
        descriptor = _open(path)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            if error.errno in _NO_LOCKS:
                raise LocksUnsupported(target, str(error.strerror)) from error
            if error.errno in {errno.EWOULDBLOCK, errno.EACCES}:
                return None
            raise
        if _has_name(descriptor):
            return descriptor
        os.close(descriptor)  # its last owner removed it while we waited: a lock on nothing


def _has_name(descriptor: int) -> bool:
    try:
        return os.fstat(descriptor).st_nlink > 0
    except OSError as error:
        if error.errno == errno.ESTALE:  # NFS: another machine removed it
            return False
        raise


def _open(path: Path) -> int:
    for _ in range(_OPEN_TRIES):
        # The lock's last owner may remove the folder between our two steps.
        with suppress(FileNotFoundError, FileExistsError):
            return _made(path)
    return _made(path)


def _made(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)


def _myself(command: str) -> LockOwner:
    import platform  # which looks for a dozen kinds of Python when it is loaded

    now = datetime.now(UTC).isoformat(timespec="seconds")
    return LockOwner(os.getpid(), platform.node(), command, now)
