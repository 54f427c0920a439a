"""Rows under each other, on screens of any width."""

from hypothesis import given
from hypothesis import strategies as st

from xconda_core.cli.table import aligned

ROWS = [("Package", "Version", "Channel", "Size"), ("numpy", "1.26.4", "conda-forge", "7 MB")]


def test_columns_stand_under_each_other() -> None:
    assert aligned(ROWS, last_right=True) == [
        "Package  Version  Channel      Size",
        "numpy    1.26.4   conda-forge  7 MB",
    ]


def test_a_row_that_is_too_wide_goes_on_between_two_cells() -> None:
    assert aligned(ROWS, screen=30) == [
        "Package  Version  Channel\n    Size",
        "numpy    1.26.4   conda-forge\n    7 MB",
    ]


def test_a_line_without_cells_is_left_out() -> None:
    assert aligned([("a" * 20, "b"), ("c", "")], screen=20)[1] == "c"


words = st.text("abc", max_size=12)


@given(rows=st.lists(st.tuples(words, words, words), min_size=1), screen=st.integers(1, 60))
def test_no_cell_is_cut_and_no_line_is_wider_than_the_screen_if_a_cell_is_not(
    rows: list[tuple[str, str, str]], screen: int
) -> None:
    for row, text in zip(rows, aligned(rows, screen=screen), strict=True):
        assert text.split() == [cell for cell in row if cell]
        widest = max(len(cell) for each in rows for cell in each)
        assert all(len(line) <= max(screen, widest + 4) for line in text.splitlines())
