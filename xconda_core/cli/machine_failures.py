"""Words for failures of the machine, which can happen in any line of any layer. Layer: cli.

Full disks, missing rights, exhausted memory: nobody down there can say more than the system does.
"""

import errno
from collections.abc import Mapping
from typing import ClassVar

from xconda_core.cancel import Cancelled
from xconda_core.errors import XcondaError


class OutOfSpace(XcondaError):
    """A disk or a quota is full."""

    code: ClassVar[str] = "out-of-space"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.what = "Stopped: there is no room left on the disk."
        self.why = f"{reason}{f': {path}' if path else ''}."
        self.fix = (
            "make room, or set CONDA_PKGS_DIRS, CONDA_ENVS_DIRS or TMPDIR to a larger disk; "
            "a half-made change is undone by the next command."
        )


class OutOfMemory(XcondaError):
    """The system gave no more memory."""

    code: ClassVar[str] = "out-of-memory"

    def __init__(self) -> None:
        super().__init__()
        self.what = "Stopped: there is not enough memory."
        self.why = "the system refused to give this program more."
        self.fix = "close other programs, or raise the limit (ulimit -v, the container's memory)."


class NotPermitted(XcondaError):
    """The system refused a file operation."""

    code: ClassVar[str] = "not-permitted"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.what = f"Stopped: {path or 'a file'} may not be changed or read."
        self.why = f"the system says: {reason}."
        self.fix = "choose a place of your own with -p, or ask whoever owns this one."


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
    path, reason = str(failure.filename or ""), failure.strerror or str(failure)
    if "usable temporary directory" in str(failure):
        return NoTemporaryFolder(str(failure).rpartition("in ")[2] or environ.get("TMPDIR", ""))
    if failure.errno in {errno.ENOSPC, errno.EDQUOT}:
        return OutOfSpace(path, reason)
    if failure.errno == errno.ENOMEM:
        return OutOfMemory()
    if failure.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return NotPermitted(path, reason)
    return None
