"""Which commands are not for a cell of a notebook, and what to do there. Layer: cli.

Whatever is not named here is a verb of ``%xconda``.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar, Final

from xconda_core.cli.command_table import LONGEST_NAME, find_command
from xconda_core.cli.external_commands import find_external
from xconda_core.errors import XcondaError

_SHELL: Final = "it is about the shell that it is typed in, and a cell has none"
_SWITCH: Final = (
    "`%xconda switch ENV` runs this notebook in another environment, "
    "`%xconda run -n ENV PROGRAM` a program."
)

COMMANDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "activate": (_SHELL, _SWITCH),
        "completion": (_SHELL, "in a cell Tab offers commands, options and names by itself."),
        "init": (
            "it edits the files that your shells start with, and asks about it",
            "a terminal is the place for it: `xconda init`.",
        ),
        "shell": (_SHELL, _SWITCH),
    }
)
"""Commands that cells do not have: why, and what there is in their place."""


class NotInCells(XcondaError):
    """The command is none for a cell of a notebook."""

    code: ClassVar[str] = "not-in-cells"
    exit_code: ClassVar[int] = 2

    def __init__(self, command: str, why: str, fix: str) -> None:
        super().__init__(command, why, fix)
        self.command = command
        self.what = f"xconda {command} is not for a cell of a notebook."
        self.why = f"{why}."
        self.fix = fix


def refuse_in_cell(words: Sequence[str], environ: Mapping[str, str]) -> None:
    """Return if what ``words`` begin with can be done in a cell.

    Raises:
        NotInCells: it cannot, or it is a program of its own.
    """
    for length in range(min(len(words), LONGEST_NAME), 0, -1):
        entry = find_command(" ".join(words[:length]))
        if entry is not None and entry.name in COMMANDS:
            raise NotInCells(" ".join(words[:length]), *COMMANDS[entry.name])
    word = words[0] if words else ""
    if word.startswith("shell."):
        raise NotInCells(word, *COMMANDS["shell"])
    program = find_external(word, environ) if word else None
    if program is not None:
        why = f"{program} is a program of its own, which may ask and redraw its terminal"
        raise NotInCells(word, why, f"run it in a terminal, or as `!{program.name}` in the cell.")
