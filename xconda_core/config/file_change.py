"""Change a configuration file: read, edit, check, and replace it in one step. Layer: config."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Final

from xconda_core.config.condarc import Unreadable, parse
from xconda_core.config.edit import Edit, edited
from xconda_core.config.problem import InvalidConfiguration, Problem
from xconda_core.files.atomic import write_bytes
from xconda_core.files.failures import refusals_named

_TASK: Final = "change the configuration"
_MARK: Final = "\ufeff"

Edits = Callable[[Collection[str]], Sequence[Edit]]
"""Given the names that a file has, the edits to make."""


def change_file(path: Path, edits: Edits) -> bool:
    """Make ``edits`` in the file at ``path``, all or none; return whether its text changed.

    The file and its folder are made if they are not there; a link stays a link, and its file's
    permissions stay what they are. What cannot be read is not overwritten.

    Raises:
        InvalidConfiguration: the file is not configuration.
        NotInFile, NotEditable: an edit cannot be made.
        FileOperationFailed: it cannot be read or written.
    """
    with refusals_named(_TASK, path):
        target = path.resolve()
        mode = target.stat().st_mode & 0o777 if target.exists() else None
        before = b"" if mode is None else target.read_bytes()
        try:
            text = before.decode("utf-8")
            after = _edited(text, str(path), edits)
        except UnicodeDecodeError as error:
            problem = Problem(str(path), 0, "", f"it is not UTF-8 text ({error.reason})")
            raise InvalidConfiguration((problem,)) from error
        except Unreadable as error:
            raise InvalidConfiguration((error.problem,)) from error
        if after == text:
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(target, after.encode(), 0o666 if mode is None else mode)
        if mode is not None:
            target.chmod(mode)  # the umask had a say in the new file
    return True


def _edited(text: str, origin: str, edits: Edits) -> str:
    mark = _MARK if text.startswith(_MARK) else ""
    text = text.removeprefix(mark)
    for edit in edits(parse(text, origin).nodes):
        text = edited(text, origin, edit)
    return mark + text
