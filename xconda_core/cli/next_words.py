"""What may stand where the cursor is on a command line of xconda. Layer: cli. Pure.

Nothing is asked here: what only an engine, a shell or a folder knows is returned as a ``Wanted``.
"""

import argparse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal

from xconda_core.cli.command_table import COMMANDS, LONGEST_NAME, find_command
from xconda_core.cli.options import GLOBAL_FLAGS
from xconda_core.cli.parser import CommandParser
from xconda_core.environment.start_up_files import SHELLS
from xconda_core.values import Slotted, dataclass

Kind = Literal[
    "words", "environment", "installed", "package", "setting", "file", "folder", "program"
]
COMPLETED: Final = ("bash", "zsh", "fish")
"""The shells that a script of completions is kept for."""
_OF_INSTALLED: Final = frozenset({"remove", "update", "why", "tree", "list"})
_OF_CHANNELS: Final = frozenset(
    {"create", "install", "search", "repoquery depends", "repoquery whoneeds", "repoquery search"}
)
_BY_METAVAR: Final[Mapping[str, Kind]] = {
    "FILE": "file", "PATH": "file", "DIR": "folder", "FOLDER": "folder", "KEY": "setting",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted(Slotted):
    """What the word at the cursor may become.

    Attributes:
        kind: ``words``: one of ``words``; else a name of that kind, which somebody else knows.
        words: Whole words by what each one means.
        start: The beginning that is there already, without an option and its ``=``.
        before: What stands before ``start`` in the same word, such as ``--name=``.
        name: Environment given with ``-n``; empty: none.
        prefix: Environment given with ``-p``; empty: none.
    """

    kind: Kind
    words: Mapping[str, str]
    start: str
    before: str = ""
    name: str = ""
    prefix: str = ""


def next_words(given: Sequence[str], more: Mapping[str, str]) -> Wanted:
    """Return what the last of ``given`` may become.

    Args:
        given: The words after ``xconda``; the last is the one at the cursor, empty where none is.
        more: Further commands, of plugins and other programs, by what each one does.
    """
    *before, start = given or [""]
    command = _command(before)
    if command is None:
        return Wanted("words", _commands(before, more), start)
    name, length = command
    rest = before[length:]
    parser = CommandParser(f"xconda {name}", description="", columns=100)
    entry = find_command(name)
    if entry is None:  # of another program, whose words are not known
        return Wanted("file", {}, start)
    if name == "completion":
        return Wanted("words", {} if before[length:] else dict.fromkeys(COMPLETED, ""), start)
    entry.load().configure(parser)
    options = _options(parser)
    where = _value_of(rest, "-n", "--name"), _value_of(rest, "-p", "--prefix")
    if start.startswith("--") and "=" in start:
        option, _, value = start.partition("=")
        found = options.get(option)
        return Wanted(*_values(found, name), value, f"{option}=", *where)
    waiting = options.get(rest[-1]) if rest else None
    if waiting is not None and waiting.nargs != 0:
        return Wanted(*_values(waiting, name), start, "", *where)
    if start.startswith("-"):
        return Wanted("words", {each: _meaning(a) for each, a in options.items()}, start)
    positional = _positional(parser, _plain(rest, options))
    return Wanted(*_values(positional, name), start, "", *where)


def _command(before: Sequence[str]) -> tuple[str, int] | None:
    """Return the name of the command that is there already, and how many words it ends after."""
    skipped = 0
    while skipped < len(before) and before[skipped].startswith("-"):
        skipped += 1
    words = before[skipped:]
    for length in range(min(len(words), LONGEST_NAME), 0, -1):
        name = " ".join(words[:length])
        if find_command(name) is not None:
            return name, skipped + length
    if words and not any(entry.name.startswith(f"{words[0]} ") for entry in COMMANDS):
        return words[0], skipped + 1
    return None


def _commands(before: Sequence[str], more: Mapping[str, str]) -> dict[str, str]:
    done = [word for word in before if not word.startswith("-")]
    found = dict(_words_after(done))
    if done:
        return found
    return {**found, **more, **{each: "" for each in GLOBAL_FLAGS if each.startswith("--")}}


def _words_after(done: Sequence[str]) -> Iterator[tuple[str, str]]:
    at = len(done)
    for entry in COMMANDS:
        for name in (entry.name, *entry.aliases):
            words = name.split()
            if words[:at] == list(done) and len(words) > at:
                yield words[at], entry.summary if len(words) == at + 1 else ""


def _options(parser: CommandParser) -> dict[str, argparse.Action]:
    return {
        word: action
        for action in parser._actions  # noqa: SLF001
        for word in action.option_strings
        if action.help != argparse.SUPPRESS
    }


def _meaning(action: argparse.Action) -> str:
    return (action.help or "").replace("%%", "%")


def _plain(words: Sequence[str], options: Mapping[str, argparse.Action]) -> int:
    """Return how many of ``words`` are neither options nor their values."""
    count, takes = 0, False
    for word in words:
        if takes:
            takes = False
        elif word.startswith("-"):
            action = options.get(word)
            takes = action is not None and action.nargs != 0
        else:
            count += 1
    return count


def _positional(parser: CommandParser, at: int) -> argparse.Action | None:
    """Return the argument that the word behind ``at`` others is for."""
    for action in parser._actions:  # noqa: SLF001
        if not action.option_strings:
            if at == 0 or action.nargs in ("*", "+", argparse.REMAINDER):
                return action
            at -= 1
    return None


def _values(action: argparse.Action | None, command: str) -> tuple[Kind, Mapping[str, str]]:
    """Return of which kind the values of ``action`` are, and those that it names itself."""
    if action is None:
        return "words", {}
    if action.choices is not None:
        return "words", {str(choice): "" for choice in action.choices}
    metavar = str(action.metavar or "")
    if metavar in _BY_METAVAR:
        return _BY_METAVAR[metavar], {}
    if action.dest == "name" or command in ("activate", "deactivate"):
        return "environment", {}
    if metavar.startswith("PROGRAM"):
        return "program", {}
    if action.dest == "shells":
        return "words", dict.fromkeys(SHELLS, "")
    if not action.option_strings and command in _OF_INSTALLED | _OF_CHANNELS:
        return ("installed" if command in _OF_INSTALLED else "package"), {}
    return "words", {}


def _value_of(words: Sequence[str], *options: str) -> str:
    """Return the last value given to one of ``options``; empty: none."""
    found = ""
    for word, following in zip(words, [*words[1:], ""], strict=False):
        option, is_joined, value = word.partition("=")
        if option in options:
            found = value if is_joined else following
    return found


def beginning_with(wanted: Wanted, words: Iterable[str]) -> list[str]:
    """Return those of ``words`` that begin as ``wanted`` does, in order."""
    return sorted(word for word in set(words) if word.startswith(wanted.start))
