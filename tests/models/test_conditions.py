"""Conditions joined by words and parentheses: read into groups, and asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.models.conditions import MAX_DEPTH, Group, InvalidCondition, holds, read_condition

words = st.sampled_from(["yes", "no"])
conditions = st.recursive(
    words,
    lambda inner: st.one_of(
        st.builds("({}) and ({})".format, inner, inner),
        st.builds("({}) or ({})".format, inner, inner),
        st.builds("{} or {} and {}".format, words, words, words),
    ),
    max_leaves=8,
)


def read(text: str) -> str | Group[str]:
    return read_condition(text, lambda leaf, _position: leaf)


@given(conditions)
def test_a_condition_holds_as_its_words_say(text: str) -> None:
    python = text.replace("yes", "True").replace("no", "False")
    assert holds(read(text), lambda leaf: leaf == "yes") is eval(python)


def test_and_binds_closer_than_or() -> None:
    assert read("a or b and c") == Group("any", ("a", Group("all", ("b", "c"))))


def test_words_inside_quotes_and_brackets_join_nothing() -> None:
    text = "a[license='x or y', build=(b and c)]"
    assert read(text) == text


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0), ("a and", 5), ("or a", 0), ("(a", 2), ("a) b", 1), ("(a) b", 4), ("()", 1),
        ("(" * (MAX_DEPTH + 1) + "a", MAX_DEPTH),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_place(text: str, position: int) -> None:
    with pytest.raises(InvalidCondition) as refusal:
        read(text)
    assert refusal.value.position == position
