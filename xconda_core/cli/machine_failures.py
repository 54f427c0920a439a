"""Words for failures of the machine, which can happen in any line of any layer. Layer: cli.

Full disks, missing rights, exhausted memory: what lies below says it where it knows what it was
doing; this is for the lines where nobody expected it.
"""

import errno
from collections.abc import Mapping
from typing import ClassVar, Final

from xconda_core.cancel import Cancelled
from xconda_core.errors import XcondaError
from xconda_core.files.failures import failure_of

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


class NoTemporaryFolder(XcondaError):
    """Temporary files cannot be written anywhere."""

    code: ClassVar[str] = "no-temporary-folder"

    def __init__(self, tried: str) -> None:
        super().__init__(tried)
        self.tried = tried
        self.what = "Stopped: no temporary folder can be written to."
        self.why = f"tried: {tried}."
        self.fix = "set TMPDIR to a folder of yours that has room."


def as_known_failure(failure: BaseException, environ: Mapping[str, str]) -> XcondaError | None:
    """Return words for a failure of the machine, None for a mistake of ours."""
    if isinstance(failure, KeyboardInterrupt):
        return Cancelled()
    if isinstance(failure, MemoryError):
        return OutOfMemory()
    if not isinstance(failure, OSError):
        return None
    if "usable temporary directory" in str(failure):
        return NoTemporaryFolder(str(failure).rpartition(" in ")[2] or environ.get("TMPDIR", ""))
    if failure.errno == errno.ENOMEM:
        return OutOfMemory()
    if failure.errno in _OF_THE_MACHINE:
        return failure_of(failure, "carry out the command", "a file")
    return None
