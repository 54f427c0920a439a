"""The page that ``xconda --help`` shows. Layer: cli. Pure."""

from collections.abc import Iterable, Iterator, Sequence
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


def overview(
    entries: Sequence[CommandEntry] = COMMANDS, columns: int | None = None, below: str = ""
) -> str:
    """Return every command under its heading, each with an example where ``columns`` has room.

    Args:
        entries: The commands.
        columns: Width of the screen; None: as wide as it gets.
        below: The words that all of them begin with.
    """
    width = max(len(entry.name) for entry in entries)
    summaries = max(len(entry.summary) for entry in entries)
    examples = max(len(entry.example) for entry in entries)
    has_room = columns is None or 2 + width + 3 + summaries + 3 + examples <= columns
    usage, *introduction = _INTRODUCTION
    lines = [usage.replace(" COMMAND", f" {below} COMMAND" if below else " COMMAND"), *introduction]
    for group in dict.fromkeys(entry.group for entry in entries):
        lines += ["", group]
        lines += [
            f"  {entry.name:<{width}}   {entry.summary:<{summaries}}   "
            f"{entry.example if has_room else ''}".rstrip()
            for entry in entries
            if entry.group == group
        ]
    lines += ["", *_CLOSING]
    return "".join(f"{line}\n" for line in _broken(lines, columns))


def _broken(lines: Iterable[str], columns: int | None) -> Iterator[str]:
    """Yield ``lines``, each that is too long as several; what follows stands below its last part.

    A line has two parts where three blanks part them.
    """
    for line in lines:
        if columns is None or len(line) <= columns:
            yield line
            continue
        from textwrap import wrap  # few screens are that narrow

        below = " " * (len(line) - len(line.rpartition("   ")[2]))
        yield from wrap(line, max(columns, 40), subsequent_indent=below, break_on_hyphens=False)
