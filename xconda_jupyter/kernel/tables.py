"""Rows as an aligned text table and as a plain HTML table that follows the theme of its page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Sequence, Tuple

_CELL = "text-align:left;padding:0.15em 0.8em 0.15em 0;vertical-align:top;"
_STRONG = "font-weight:bold;"
CODE = (  # where columns are aligned with blanks; some pages set <pre> in another face
    "margin:0.3em 0;line-height:1.4;"
    "font-family:var(--jp-code-font-family,var(--vscode-editor-font-family,monospace));"
    "font-size:var(--jp-code-font-size,0.9em);"
)
"""Style of text that is aligned with blanks."""
_ALARMING = (  # bold too: colour alone tells nothing to those who do not see it
    "font-weight:bold;color:var(--jp-error-color1,var(--vscode-errorForeground,#c62828));"
)


@dataclass(frozen=True)
class Table:
    """Some rows under a heading.

    Attributes:
        caption: One line that says what the rows are.
        columns: Column titles.
        rows: Cells, as many as there are columns.
        marked: Positions of the rows to be seen first: set in bold.
        is_alarming: What is marked is in the theme's red, too.
    """

    caption: str
    columns: Tuple[str, ...]
    rows: Tuple[Tuple[str, ...], ...]
    marked: Tuple[int, ...] = ()
    is_alarming: bool = False

    def text(self) -> str:
        """Return the table for a terminal; of no rows there is the caption alone."""
        if not self.rows:
            return self.caption
        return "\n".join([self.caption, *aligned((self.columns, *self.rows))])

    def html(self) -> str:
        """Return the table for a page: no script and no style sheet."""
        if not self.rows:
            return "<div>{}</div>".format(escape(self.caption))
        head = "".join(
            '<th scope="col" style="{}">{}</th>'.format(_CELL, escape(title))
            for title in self.columns
        )
        strong = _ALARMING if self.is_alarming else _STRONG
        body = "".join(
            "<tr>{}</tr>".format(_html_cells(row, strong if number in self.marked else ""))
            for number, row in enumerate(self.rows)
        )
        return (
            '<table style="border-collapse:collapse;margin:0.3em 0">'
            '<caption style="white-space:nowrap;text-align:left;color:inherit">{}</caption>'
            "<thead><tr>{}</tr></thead><tbody>{}</tbody></table>"
        ).format(escape(self.caption), head, body)


def aligned(rows: Sequence[Sequence[str]]) -> Tuple[str, ...]:
    """Return each row as one line, columns two spaces apart."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return tuple(
        "  ".join(cell.ljust(widths[column]) for column, cell in enumerate(row)).rstrip()
        for row in rows
    )


def size_words(size: object) -> str:
    """Return a number of bytes as people read it, nothing where it is unknown."""
    if not isinstance(size, int):
        return ""
    if size < 1000:
        return "{} B".format(size)
    value = float(size)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.95:
            return "{:.1f} {}".format(value, unit)
    return "{:.1f} TB".format(value / 1000)


def html_words(text: str) -> str:
    """Return a sentence for a page; what stands in backticks there is code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


def count_words(count: int, noun: str) -> str:
    """Return ``1 package``, ``2 packages``."""
    return "{} {}{}".format(count, noun, "" if count == 1 else "s")


def _html_cells(row: Sequence[str], style: str) -> str:
    first = '<th scope="row" style="{}{}">{}</th>'.format(
        _CELL, style or "font-weight:normal;", escape(row[0])
    )
    rest = ('<td style="{}{}">{}</td>'.format(_CELL, style, html_words(cell)) for cell in row[1:])
    return first + "".join(rest)
