"""A pattern is compiled when it is first used, and is like any other from then on."""

import re

import pytest

from xconda_core.regex import regex


def test_a_pattern_does_what_that_of_re_does() -> None:
    late, at_once = regex(r"(\d+)(x)?", re.IGNORECASE), re.compile(r"(\d+)(x)?", re.IGNORECASE)
    text = "12X 3"
    for _ in range(2):  # compiled, and compiled already
        assert late.findall(text) == at_once.findall(text)
        assert [found.span() for found in late.finditer(text)] == [(0, 3), (4, 5)]
        assert late.sub("-", text) == "- -"
        assert late.split("a1b") == at_once.split("a1b")
        assert late.fullmatch(text) is None
        assert late.pattern == at_once.pattern


def test_a_mistake_shows_at_the_first_use() -> None:
    wrong = regex("(")
    with pytest.raises(re.error):
        wrong.match("")
