"""Change a configuration file: read, edit, check, and replace it in one step. Layer: config."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.config.condarc import Unreadable, parse
from xconda_core.config.edit import Edit, edited
from xconda_core.config.problem import InvalidConfiguration, Problem
from xconda_core.files.atomic import write_bytes
from xconda_core.files.failures import refusals_named
from xconda_core.files.locks import LocksUnsupported, locked

_TASK: Final = "change the configuration"
_MARK: Final = "\ufeff"
_LONGEST_WAIT: Final = 30.0  # seconds; an edit takes a hundredth of one

Edits = Callable[[Collection[str]], Sequence[Edit]]
"""Given the names that a file has, the edits to make."""


def change_file(path: Path, edits: Edits) -> bool:
    """Make ``edits`` in the file at ``path``, all or none; return whether its text changed.

    The file and its folder are made if they are not there; a link stays a link, and its file's
    permissions stay what they are. What cannot be read is not overwritten. Of two that change it at
    the same time the second waits, and changes what the first has written.

    Raises:
        InvalidConfiguration: the file is not configuration.
        NotInFile, NotEditable: an edit cannot be made.
        FileOperationFailed: it cannot be read or written.
        Locked: somebody else has been changing it for too long.
    """
    with refusals_named(_TASK, path):
        target = path.resolve()
        if _change(path, target, edits) is None:
            return False
        with _alone(target):
            change = _change(path, target, edits)
            if change is not None:
                _write(target, change)
            return change is not None


def _change(path: Path, target: Path, edits: Edits) -> bytes | None:
    """Return what ``target`` is to hold; None where it holds that already."""
    before = target.read_bytes() if target.exists() else b""
    try:
        text = before.decode("utf-8")
        after = _edited(text, str(path), edits)
    except UnicodeDecodeError as error:
        problem = Problem(str(path), 0, "", f"it is not UTF-8 text ({error.reason})")
        raise InvalidConfiguration((problem,)) from error
    except Unreadable as error:
        raise InvalidConfiguration((error.problem,)) from error
    return None if after == text else after.encode()


def _write(target: Path, content: bytes) -> None:
    mode = target.stat().st_mode & 0o777 if target.exists() else None
    write_bytes(target, content, 0o666 if mode is None else mode)
    if mode is not None:
        target.chmod(mode)  # the umask had a say in the new file


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Hold the right to change ``target``, where its file system can lock files; make its folder.

    The lock is a file beside it, for the file itself is replaced.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    path, token = target.with_name(f".{target.name}.lock"), CancelToken()
    with ExitStack() as stack:
        with suppress(LocksUnsupported):
            lock = locked(
                path, target=target, command=_TASK, cancel=token, wait_seconds=_LONGEST_WAIT
            )
            stack.enter_context(lock)
        yield


def _edited(text: str, origin: str, edits: Edits) -> str:
    mark = _MARK if text.startswith(_MARK) else ""
    text = text.removeprefix(mark)
    for edit in edits(parse(text, origin).nodes):
        text = edited(text, origin, edit)
    return mark + text
