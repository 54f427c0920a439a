"""The page ``docs/compatibility.md``, made from the scenarios and conda's own list of its options.

``python -m tests.surface.page ../shared/surface/cli.json > docs/compatibility.md`` writes it; a
test holds the two together.
"""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from tests.surface.not_ours import OPTIONS, OTHERS, Absent
from tests.surface.option_row import Row
from tests.surface.rows import ROWS

State = Literal["has its effect", "has nothing to do", "is not here", "has no scenario yet"]
STATES: Final[tuple[State, ...]] = (
    "has its effect", "has nothing to do", "is not here", "has no scenario yet",
)  # fmt: skip
_HEAD: Final = """# What conda's command line has, and xconda's

<!-- Made by `python -m tests.surface.page CLI.json` from the scenarios in tests/surface -->

`alias conda=xconda` is meant to work. This page goes through every command and every option of
{about}. It is not made from what xconda's parser knows, but from scenarios
that are run: each is one command line with the option, in every spelling, and the same line without
it. What the right column says is true of the first run and is not true of the second.

"""
_PLACES: Final = {"{server}/": "https://example.org/", "{server}": "https://example.org",
                  "{home}": "~"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One option or positional argument of conda, and what there is for it here."""

    spellings: tuple[str, ...]
    rows: tuple[Row, ...]
    absent: Absent | None
    choices: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """What may be said of it."""
        if self.absent is not None:
            return "is not here"
        shown = {spelling for row in self.rows for spelling in row.spellings}
        if not shown.issuperset(self.spellings):
            return "has no scenario yet"
        idle = all(row.idle for row in self.rows)
        return "has nothing to do" if idle else "has its effect"


def entries(surface: Mapping[str, Any], rows: Sequence[Row] = ROWS) -> dict[str, tuple[Entry, ...]]:
    """Return every command of ``surface`` with its options."""
    names = {
        name: command
        for command, facts in surface.items()
        for name in (command, *(f"conda {alias}" for alias in facts["aliases"]))
    }
    by_command: dict[str, list[Row]] = {}
    for row in rows:
        by_command.setdefault(names[row.command(names)], []).append(row)
    return {
        command: tuple(_entry(command, option, by_command) for option in facts["args"])
        for command, facts in surface.items()
    }


def _entry(command: str, option: Mapping[str, Any], by_command: Mapping[str, list[Row]]) -> Entry:
    spellings = tuple(option["flags"]) or (f"<{option['dest']}>",)
    rows = [row for row in by_command.get(command, ()) if {*row.spellings} & {*spellings}]
    listed = (OPTIONS.get(f"{command} {spelling}") for spelling in spellings)
    absent = next((each for each in listed if each is not None), None)
    return Entry(spellings, tuple(rows), absent, tuple(option.get("choices", ())))


def counts(found: Mapping[str, Sequence[Entry]]) -> dict[State, int]:
    """Return how many options there are in each state."""
    states = [entry.state for each in found.values() for entry in each]
    return {state: states.count(state) for state in STATES}


def page(document: Mapping[str, Any]) -> str:
    """Return the page for what ``cli.json`` says."""
    found = entries(document["commands"])
    about = document["about"].partition(":")[0]
    parts = [_HEAD.format(about=about), _summary(found), _absent(found)]
    parts += [_command(command, each) for command, each in found.items()]
    return "".join(parts)


def _summary(found: Mapping[str, Sequence[Entry]]) -> str:
    told = counts(found)
    total = sum(told.values())
    rows = "".join(f"| {state} | {told[state]} | {told[state] / total:.1%} |\n" for state in STATES)
    return (
        f"| of {total} options and arguments | | |\n|---|---|---|\n{rows}\n"
        "An option *has nothing to do* where the command does nothing that it could steer: it is "
        "taken, the answer is the same, and the right column says why.\n\n"
    )


def _absent(found: Mapping[str, Sequence[Entry]]) -> str:
    listed = [
        (f"`{command} {', '.join(entry.spellings)}`", entry.absent)
        for command, each in found.items()
        for entry in each
        if entry.absent is not None
    ]
    rows = [(what, each.reason, each.instead) for what, each in listed]
    rows += [(each.what, each.reason, each.instead) for each in OTHERS]
    return "## What is not here\n\n" + _table(("in conda", "why not", "instead"), rows)


def _command(command: str, each: Sequence[Entry]) -> str:
    shown = [entry for entry in each if entry.state in STATES[:2]]
    rows = [
        (
            _spelled(entry.spellings),
            _typed(row),
            row.idle or (row.effect.words if row.effect else ""),
        )
        for entry in shown
        for row in entry.rows
    ]
    parts = [f"## {command}\n\n"]
    if rows:
        parts.append(_table(("option", "for example", "with it, and not without it"), rows))
    open_ones = [_spelled(entry.spellings) for entry in each if entry.state == STATES[3]]
    if open_ones:
        parts.append(f"No scenario yet: {'; '.join(open_ones)}.\n\n")
    return "".join(parts)


def _spelled(spellings: Iterable[str]) -> str:
    return ", ".join(f"`{each}`" for each in spellings)


def _typed(row: Row) -> str:
    line = f"xconda {next(row.typed())}"
    for place, text in _PLACES.items():
        line = line.replace(place, text)
    return f"`{line}`"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    sys.stdout.write(page(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
