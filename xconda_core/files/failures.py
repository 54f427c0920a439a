"""What the operating system refused, in words a person can act on. Layer: files."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar, Final

from xconda_core.errors import XcondaError


class FileOperationFailed(XcondaError):
    """The operating system refused an operation on a file.

    Attributes:
        task: What was being done, as the end of "could not ...".
        path: The file or folder it was done to.
        system_error: The operating system's own words.
    """

    code: ClassVar[str] = "file-operation-failed"
    _fix: ClassVar[str] = "look at the file and its disk; then run the command again."

    def __init__(self, task: str, path: str, system_error: str) -> None:
        super().__init__(task, path, system_error)
        self.task, self.path, self.system_error = task, path, system_error
        self.what = f"Could not {task}."
        self.why = f"{path}: {system_error}."
        self.fix = self._fix


class DiskFull(FileOperationFailed):
    """No space, or no quota, is left on the file system of ``path``."""

    code: ClassVar[str] = "disk-full"
    _fix: ClassVar[str] = "free some space there (`df -h` shows the disk), then run it again."


class NotWritable(FileOperationFailed):
    """This user may not write there, or the file system is read-only."""

    code: ClassVar[str] = "not-writable"
    _fix: ClassVar[str] = "choose a folder that you may write to, or ask its owner."


class TooManyOpenFiles(FileOperationFailed):
    """The process or the machine has no file descriptors left."""

    code: ClassVar[str] = "too-many-open-files"
    _fix: ClassVar[str] = "raise the limit with `ulimit -n 4096`, then run it again."


class NameTooLong(FileOperationFailed):
    """The file system takes no name, or no path, of that length."""

    code: ClassVar[str] = "name-too-long"
    _fix: ClassVar[str] = "choose a shorter name, or a folder with a shorter path."


_KINDS: Final[dict[int, type[FileOperationFailed]]] = {
    errno.ENOSPC: DiskFull,
    errno.EDQUOT: DiskFull,
    errno.EACCES: NotWritable,
    errno.EPERM: NotWritable,
    errno.EROFS: NotWritable,
    errno.EMFILE: TooManyOpenFiles,
    errno.ENFILE: TooManyOpenFiles,
    errno.ENAMETOOLONG: NameTooLong,
}


def failure_of(error: OSError, task: str, path: str) -> FileOperationFailed:
    """Return the error to raise for ``error``, naming its own file where it has one."""
    kind = _KINDS.get(error.errno or 0, FileOperationFailed)
    named = error.filename2 or error.filename or path
    words = error.strerror or str(error)
    return kind(task, os.fsdecode(named) if isinstance(named, str | bytes) else path, words)


@contextmanager
def refusals_named(task: str, path: str | os.PathLike[str]) -> Iterator[None]:
    """Turn an ``OSError`` of the block into a :class:`FileOperationFailed` that says ``task``."""
    try:
        yield
    except OSError as error:
        raise failure_of(error, task, os.fspath(path)) from error
