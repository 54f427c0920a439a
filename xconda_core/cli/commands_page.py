"""The page of all commands, ``docs/commands.md``, made from their parsers. Layer: cli.

``python -m xconda_core.cli.commands_page > docs/commands.md`` writes it; a test holds the two
together. Groups of options that several commands have alike stand on the page once.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from xconda_core.cli.command_table import COMMANDS, CommandEntry
from xconda_core.cli.parser import CommandParser, value_word

_Rows: TypeAlias = tuple[tuple[str, str], ...]  # what is written, what it means
_Group: TypeAlias = tuple[str, _Rows]  # title, rows

_SHARED_BY: Final = 3  # commands that make a group of options a common one
_HEAD: Final = """# Commands

<!-- Made by `python -m xconda_core.cli.commands_page` from the parsers in cli/commands -->

Every command with its options and examples, as `xconda COMMAND --help` shows them. Groups of
options that several commands have alike stand [at the end](#common-options), once. What commands
do, and why, is told in [the command line](cli.md).
"""


def page() -> str:
    """Return the page."""
    parsers = {entry.name: _parser(entry) for entry in COMMANDS}
    groups = {name: _groups(parser) for name, parser in parsers.items()}
    count = Counter(group for of_one in groups.values() for group in of_one)
    common = _named([group for group, commands in count.items() if commands >= _SHARED_BY])
    parts = [_HEAD]
    for title in dict.fromkeys(entry.group for entry in COMMANDS):
        parts.append(f"## {title}\n")
        parts += [
            _command(entry, parsers[entry.name], groups[entry.name], common)
            for entry in COMMANDS
            if entry.group == title
        ]
    parts.append("## Common options\n")
    parts += [f"### {name}\n\n{_table(rows)}" for (_, rows), name in common.items()]
    return "\n".join(parts)


def _parser(entry: CommandEntry) -> CommandParser:
    parser = CommandParser(f"xconda {entry.name}", description="", columns=96)
    entry.load().configure(parser)
    return parser


def _groups(parser: CommandParser) -> tuple[_Group, ...]:
    groups = []
    for group in parser._action_groups:  # noqa: SLF001 (argparse tells them by no other way)
        shown = [each for each in group._group_actions if each.help != argparse.SUPPRESS]  # noqa: SLF001
        if shown:
            rows = tuple((_written(each), _meaning(each)) for each in shown)
            groups.append((_title(group.title or ""), rows))
    return tuple(groups)


def _title(title: str) -> str:
    return {"positional arguments": "words", "options": ""}.get(title, title)


def _named(groups: Sequence[_Group]) -> dict[_Group, str]:
    """Return names of the common groups; of several with one title each has a number."""
    titled = sorted((group for group in groups if group[0] not in {"", "words"}), key=_size)
    titles = {title for title, _ in titled}
    plain = Counter(_plain_title(title) for title in titles)
    seen: Counter[str] = Counter()
    names = {}
    for group in titled:
        title = _plain_title(group[0])
        title = title if plain[title] == 1 else _sentence(group[0]).rstrip(".")
        seen[title] += 1
        names[group] = title if seen[title] == 1 else f"{title} ({seen[title]})"
    return names


def _size(group: _Group) -> tuple[str, int]:
    return group[0], -len(group[1])


def _plain_title(title: str) -> str:
    words = re.sub(r"\s*\(.*\)", "", title)
    return words[:1].upper() + words[1:]


def _command(
    entry: CommandEntry, parser: CommandParser, groups: Iterable[_Group], common: dict[_Group, str]
) -> str:
    also = f" Also: {', '.join(f'`{alias}`' for alias in entry.aliases)}." if entry.aliases else ""
    parts = [f"### {entry.name}\n", f"{_sentence(entry.summary)}{also}\n"]
    parts.append(f"```text\n{_usage(parser)}\n```\n")
    shared = []
    for group in groups:
        if group in common:
            shared.append(f"[{common[group]}](#{_anchor(common[group])})")
            continue
        title, rows = group
        parts.append(f"**{_plain_title(title)}**\n\n{_table(rows)}" if title else _table(rows))
    if shared:
        parts.append(f"Common options: {', '.join(shared)}.\n")
    examples = (parser.epilog or "").removeprefix("examples:\n")
    if examples:
        lines = "\n".join(line.removeprefix("  ") for line in examples.splitlines())
        parts.append(f"```sh\n{lines}\n```\n")
    return "\n".join(parts)


def _usage(parser: CommandParser) -> str:
    """Return how it is written; argparse's own words differ from one Python to the next."""
    if parser.usage:
        usage = parser.usage.replace("%(prog)s", parser.prog)
        return re.sub(r"\n +(?=xconda)", "\n", usage)
    return parser.in_short()


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:].rstrip(".") + ("" if words.endswith("?") else ".")


def _anchor(title: str) -> str:
    """Return the anchor that code forges and the site give a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _table(rows: _Rows) -> str:
    lines = (f"| {written} | {meaning} |\n" for written, meaning in rows)
    return "| | |\n|---|---|\n" + "".join(lines)


def _written(action: argparse.Action) -> str:
    takes = "" if action.nargs == 0 else value_word(action)
    if not action.option_strings:
        return f"`{_cell(takes or action.dest)}`"
    return ", ".join(f"`{_cell(f'{option} {takes}'.rstrip())}`" for option in action.option_strings)


def _meaning(action: argparse.Action) -> str:
    """Return the help in Markdown: outside of code spans nothing is a mark."""
    parts = (action.help or "").replace("%%", "%").split("`")
    for at, part in enumerate(parts):
        parts[at] = _cell(part if at % 2 else re.sub(r"([*_<\[\]])", r"\\\1", part))
    return "`".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


if __name__ == "__main__":
    sys.stdout.write(page())
