"""Which of many texts a pattern means is what it says of each."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xconda_core.models.text_pattern import TextPattern

TEXTS = st.lists(st.text("aAb_1", max_size=6))


@pytest.mark.parametrize(
    "pattern", ["a_1", "a*", "*_1", "a*_1", "*", "**", "*b*", "*a*b*", "a*b*1", "^a.*1$"]
)
@given(values=TEXTS)
@example(["a_b_1", "A1B1", "ab"])
def test_those_chosen_are_those_that_match(pattern: str, values: list[str]) -> None:
    wanted = TextPattern.parse(pattern)
    assert wanted.chosen(values) == [at for at, each in enumerate(values) if wanted.matches(each)]
