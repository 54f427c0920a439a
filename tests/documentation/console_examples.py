"""What a page of docs/ has a reader type into a shell, and the files it has them write.

A block ``console`` holds commands behind ``$ ``, and below each what it says: the words of every
line there stand in a line of the output, in that order, others between them. A command that is to
fail ends in ``# exit code N``. Any other block whose first line is a comment with a file's name,
``# environment.yml``, is a file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes:
        text: What is typed.
        code: What it must exit with.
        says: Words of lines of its output, in order.
        line: Where it stands in the page.
    """

    text: str
    code: int
    says: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that the page shows, with its name."""

    name: str
    text: str


Step: TypeAlias = Command | NamedFile

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"# ([\w.-]+\.(?:yml|yaml|txt|toml|py))\n")


def steps(page: Path) -> list[Step]:
    """Return what a reader of ``page`` does, in order."""
    text = page.read_text(encoding="utf-8")
    found: list[Step] = []
    for block in _FENCE.finditer(text):
        language, content = block.groups()
        named = _NAME.match(content)
        if language == "console":
            found += _commands(content, text.count("\n", 0, block.start(2)) + 1)
        elif named:
            found.append(NamedFile(named[1], content))
    return found


def _commands(content: str, first_line: int) -> Iterator[Command]:
    lines = content.splitlines()
    starts = [at for at, line in enumerate(lines) if line.startswith("$ ")]
    assert starts[:1] == [0], f"line {first_line}: a block begins with a command"
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        text, _, code = lines[start][2:].partition("# exit code ")
        says = tuple(line for line in lines[start + 1 : end] if line)
        yield Command(text.strip(), int(code or 0), says, first_line + start)


def missing(says: tuple[str, ...], output: str) -> str:
    """Return the first of ``says`` that ``output`` does not have in its place; empty: none."""
    lines = iter([line.split() for line in output.splitlines()])
    for wanted in says:
        if not any(_has(line, wanted.split()) for line in lines):
            return wanted
    return ""


def _has(line: list[str], words: list[str]) -> bool:
    rest = iter(line)
    return all(word in rest for word in words)
