"""Words for failures of the machine, which can happen in any line of any layer. Layer: cli.

Full disks, missing rights, exhausted memory: what lies below says it where it knows what it was
doing; this is for the lines where nobody expected it.
"""

import errno
from typing import ClassVar, Final

from xconda_core.cancel import Cancelled
from xconda_core.errors import XcondaError
from xconda_core.files.failures import failure_of
from xconda_core.files.temporary import none_usable

_TASK: Final = "carry out the command"
_OF_THE_MACHINE: Final = frozenset(
    {
        errno.EACCES,
        errno.EDQUOT,
        errno.EIO,
        errno.ELOOP,
        errno.EMFILE,
        errno.ENAMETOOLONG,
        errno.ENFILE,
        errno.ENOSPC,
        errno.ENOTDIR,
        errno.EPERM,
        errno.EROFS,
    }
)


class OutOfMemory(XcondaError):
    """The system gave no more memory."""

    code: ClassVar[str] = "out-of-memory"

    def __init__(self) -> None:
        super().__init__()
        self.what = "Stopped: there is not enough memory."
        self.why = "the system refused to give this program more."
        self.fix = "close other programs, or raise the limit (ulimit -v, the container's memory)."


def as_known_failure(failure: BaseException) -> XcondaError | None:
    """Return words for a failure of the machine, None for a mistake of ours."""
    if isinstance(failure, KeyboardInterrupt):
        return Cancelled()
    if isinstance(failure, MemoryError):
        return OutOfMemory()
    if not isinstance(failure, OSError):
        return None
    if failure.errno == errno.ENOMEM:
        return OutOfMemory()
    if failure.errno in _OF_THE_MACHINE:
        return failure_of(failure, _TASK, "a file")
    return none_usable(failure, _TASK)
