"""Rows of words under each other. Layer: cli. Pure."""

from collections.abc import Sequence


def aligned(rows: Sequence[Sequence[str]], *, last_right: bool = False) -> list[str]:
    """Return one line per row, its columns under those of the others.

    ``last_right`` sets the last column flush right, as sizes want it.
    """
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        if last_right:
            cells[-1] = row[-1].rjust(widths[-1])
        lines.append("  ".join(cells).rstrip())
    return lines
