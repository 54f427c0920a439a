"""A temporary folder for one piece of work, or in words why there is none. Layer: files."""

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar, Final

from xconda_core.errors import XcondaError
from xconda_core.files.failures import failure_of

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
_NONE_USABLE: Final = "usable temporary directory"  # Python's words, after trying every place


class NoTemporaryFolder(XcondaError):
    """Temporary files cannot be written.

    Attributes:
        task: What was being done, as the end of "could not ...".
        tried: The folders that did not take a file.
        system_error: Why they did not.
    """

    code: ClassVar[str] = "no-temporary-folder"

    def __init__(self, task: str, tried: tuple[str, ...], system_error: str) -> None:
        super().__init__(task, tried, system_error)
        self.task, self.tried, self.system_error = task, tried, system_error
        self.what = f"Could not {task}: temporary files cannot be written."
        self.why = f"{', '.join(tried) or 'no folder'}: {system_error}."
        self.fix = "set TMPDIR to a folder of yours that has room; `xconda info` shows it."


@contextmanager
def temporary_folder(task: str, name: str) -> Iterator[Path]:
    """Give a new folder that is gone after the block; TMPDIR, TEMP and TMP say where.

    Args:
        task: What it is for, as the end of "could not ...".
        name: What the folder's name begins with.

    Raises:
        NoTemporaryFolder: it cannot be made, or what the block writes to it does not fit.
        FileOperationFailed: the block met an ``OSError`` that is about something else.
    """
    try:
        made = TemporaryDirectory(prefix=name)
    except OSError as error:
        place = Path(str(error.filename or "")).parent
        raise (
            none_usable(error, task) or NoTemporaryFolder(task, (str(place),), _words(error))
        ) from error
    try:
        with made as folder:
            yield Path(folder)
    except OSError as error:
        if _is_about(error, made.name):
            tried = (str(Path(made.name).parent),)
            raise NoTemporaryFolder(task, tried, _words(error)) from error
        raise failure_of(error, task, made.name) from error


def check_room(folder: Path, size: int = 1 << 16) -> None:
    """Return if ``size`` bytes more can be written to ``folder``.

    For programs that write there and do not say why they failed.

    Raises:
        OSError: they cannot.
    """
    probe = folder / ".room"
    try:
        probe.write_bytes(bytes(size))
    finally:
        probe.unlink(missing_ok=True)


def none_usable(error: OSError, task: str) -> NoTemporaryFolder | None:
    """Return words for ``error`` if it is Python's, that no place takes temporary files, else None.

    Args:
        error: What happened.
        task: What was being done, as the end of "could not ...".
    """
    words = _words(error)
    if _NONE_USABLE not in words:
        return None
    tried = tuple(re.findall(r"'([^']+)'", words))
    return NoTemporaryFolder(task, tried, "full, read-only, missing, or somebody else's")


def _is_about(error: OSError, folder: str) -> bool:
    """Whether ``error`` says that ``folder`` does not take (more) files."""
    if error.errno in _NO_ROOM:
        return True
    named = error.filename
    is_inside = isinstance(named, str) and Path(named).is_relative_to(folder)
    return is_inside and error.errno in {errno.EACCES, errno.EIO}


def _words(error: OSError) -> str:
    return error.strerror or str(error)
