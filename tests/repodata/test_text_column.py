"""Texts of a column are the texts that were joined, one by one and all together."""

from hypothesis import given
from hypothesis import strategies as st

from xconda_core.repodata.text_column import TextColumn, joined

TEXTS = st.lists(st.text(st.characters(exclude_characters="\n"), max_size=4), max_size=8)


@given(TEXTS)
def test_texts_come_back_one_by_one_and_all_together(texts: list[str]) -> None:
    found = joined(texts)
    assert found is not None

    column = TextColumn(memoryview(found[0]), found[1])

    assert len(column) == len(texts)
    assert [column[at] for at in range(len(texts))] == texts
    assert column[1:] == texts[1:]
    assert [*column] == texts


def test_a_text_with_a_line_break_cannot_be_in_a_column() -> None:
    assert joined(["a", "b\nc"]) is None
