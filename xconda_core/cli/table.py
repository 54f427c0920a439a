"""Rows of words under each other. Layer: cli. Pure."""

from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Final

_BETWEEN: Final = "  "
_INDENT: Final = "    "  # of the further lines of a row that is wider than the screen


def aligned(
    rows: Sequence[Sequence[str]], *, last_right: bool = False, screen: int | None = None
) -> list[str]:
    """Return one text per row, its columns under those of the others.

    Args:
        rows: As many cells each.
        last_right: The last column is set flush right, as sizes want it.
        screen: Columns of the terminal; None: lines may be of any length. A row that is wider goes
            on in the next line of its text, between two cells and at the same cell in all rows.
    """
    columns = [*zip(*rows, strict=True)]
    widths = [max(map(len, column)) for column in columns]
    flush = [str.ljust] * len(widths)
    if last_right:
        flush[-1] = str.rjust
    cells = [map(*each) for each in zip(flush, columns, map(repeat, widths), strict=True)]
    groups = [range(len(widths))] if screen is None else _groups(widths, screen)
    texts, *more = [_joined([cells[at] for at in group]) for group in groups]
    for lines in more:
        texts = [
            f"{text}\n{_INDENT}{line}" if line else text
            for text, line in zip(texts, lines, strict=True)
        ]
    return texts


def _joined(columns: Iterable[Iterable[str]]) -> list[str]:
    return [*map(str.rstrip, map(_BETWEEN.join, zip(*columns, strict=True)))]


def headed(titles: Sequence[str]) -> tuple[str, ...]:
    """Return ``titles`` as a comment, as in conda's tables: `grep -v '^#'` leaves the rows."""
    return (f"# {titles[0]}", *titles[1:])


def _groups(widths: Sequence[int], screen: int) -> list[range]:
    """Return the columns that stand in one line, so that each line fits the screen if it can."""
    groups: list[range] = []
    start, used = 0, -len(_BETWEEN)
    for column, width in enumerate(widths):
        grown = used + len(_BETWEEN) + width
        if grown > screen and column > start:
            groups.append(range(start, column))
            start, grown = column, len(_INDENT) + width
        used = grown
    return [*groups, range(start, len(widths))]
