"""Every sentence of the small print names tests that exist."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.surface.small_print import SMALL_PRINT

TESTS = Path(__file__).parents[1]
PRINT = TESTS.parents[1] / "shared" / "surface" / "behaviours.md"


@cache
def written_in(file: str) -> frozenset[str]:
    """Return the names of all tests in that file; none where it is not there."""
    path = TESTS / file
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else ast.Module([], [])
    functions = (
        each for each in tree.body if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))
    )
    return frozenset(each.name for each in functions if each.name.startswith("test_"))


def test_every_test_that_shows_a_sentence_is_there() -> None:
    named = {each for line in SMALL_PRINT for each in line.shown_by}
    gone = [
        each for each in named if each.partition("::")[2] not in written_in(each.split("::")[0])
    ]
    assert sorted(gone) == []


def test_a_sentence_is_shown_or_says_why_it_is_left_out_and_is_said_once() -> None:
    assert [line for line in SMALL_PRINT if bool(line.shown_by) == bool(line.left_out)] == []
    assert max(Counter(line.says for line in SMALL_PRINT).values()) == 1


def lines_of(section: str) -> set[str]:
    """Return the numbers of all lines of a section, as ``section.line``."""
    part = PRINT.read_text(encoding="utf-8").partition(f"\n## {section}. ")[2].partition("\n## ")[0]
    return {f"{section}.{number}" for number in re.findall(r"^(\d+)\. ", part, re.MULTILINE)}


@pytest.mark.shared
@pytest.mark.skipif(not PRINT.is_file(), reason="the shared rows are absent: the small print")
@pytest.mark.parametrize("section", ["1", "2"])
def test_every_line_of_the_small_print_has_its_sentences(section: str) -> None:
    said = {line.number for line in SMALL_PRINT if line.number.startswith(f"{section}.")}
    assert said == lines_of(section)
    assert said
