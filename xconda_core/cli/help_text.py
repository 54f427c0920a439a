"""The page that ``xconda --help`` shows. Layer: cli. Pure."""

from collections.abc import Sequence
from typing import Final

from xconda_core.cli.command_table import COMMANDS, CommandEntry

_INTRODUCTION: Final = (
    "usage: xconda COMMAND [words and options]",
    "",
    "Make, change and undo conda environments, here and from the cells of a notebook.",
)
_CLOSING: Final = (
    "Everywhere",
    "  -n NAME, -p PATH       which environment; the active one unless told otherwise",
    "  --dry-run              show what would happen, change nothing",
    "  --json                 one JSON document as the answer",
    "  -v, -vv, -vvv, -vvvv   say more and more; -q says less",
    "  --version              which xconda this is",
    "",
    "`xconda COMMAND --help` shows a command's options, with examples.",
)


def overview(entries: Sequence[CommandEntry] = COMMANDS, columns: int | None = None) -> str:
    """Return every command under its heading, each with an example where ``columns`` has room."""
    width = max(len(entry.name) for entry in entries)
    summaries = max(len(entry.summary) for entry in entries)
    examples = max(len(entry.example) for entry in entries)
    has_room = columns is None or 2 + width + 3 + summaries + 3 + examples <= columns
    lines = list(_INTRODUCTION)
    for group in dict.fromkeys(entry.group for entry in entries):
        lines += ["", group]
        lines += [
            f"  {entry.name:<{width}}   {entry.summary:<{summaries}}   "
            f"{entry.example if has_room else ''}".rstrip()
            for entry in entries
            if entry.group == group
        ]
    return "\n".join([*lines, "", *_CLOSING]) + "\n"
