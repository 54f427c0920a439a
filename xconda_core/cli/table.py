"""Rows of words under each other. Layer: cli. Pure."""

from collections.abc import Sequence
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
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    groups = [range(len(widths))] if screen is None else _groups(widths, screen)
    texts = []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        if last_right:
            cells[-1] = row[-1].rjust(widths[-1])
        lines = [_BETWEEN.join(cells[at] for at in group).rstrip() for group in groups]
        first, *more = lines
        texts.append("\n".join([first, *(_INDENT + line for line in more if line.strip())]))
    return texts


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
