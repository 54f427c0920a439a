"""What a cell shows while a job runs: one output that is redrawn, or plain lines in a terminal."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from html import escape
from typing import Any, Dict, Final, Mapping, Optional, Tuple

from xconda_jupyter.kernel.screen import can_redraw, show_redrawable, write_line
from xconda_jupyter.kernel.tables import Table, html_words

CHANGE_TYPE: Final = "application/vnd.xconda.change+json"  # the JupyterLab panel draws it
_SECONDS_BETWEEN_DRAWINGS = 0.1
_ROWS_SHOWN_OPEN = 12
_NOTE: Final = '<div style="white-space:pre-line">{}</div>'


@dataclass(frozen=True)
class Picture:
    """Everything that is shown, as a value.

    Attributes:
        title: Which command and which environment.
        table: The plan, once it is decided.
        fraction: Share of the job that is over, 0 to 1.
        phase: Name of what it is doing.
        words: What is going on, or how it ended.
        notes: Sentences the user should read.
        is_over: The job has ended: no bar any more.
        done: What was changed, as ``ChangeResult.to_panel`` says it; None before the end.
    """

    title: str
    table: Optional[Table] = None
    fraction: float = 0.0
    phase: str = ""
    words: str = "Starting"
    notes: Tuple[str, ...] = ()
    is_over: bool = False
    done: Optional[Mapping[str, Any]] = None

    def text(self) -> str:
        """Return the picture for a terminal or a text file."""
        parts = [self.title]
        if self.table is not None:
            parts.append(self.table.text())
        parts += self.notes
        parts.append(
            self.words if self.is_over else "{:4.0%}  {}".format(self.fraction, self.words)
        )
        return "\n".join(parts)

    def html(self) -> str:
        """Return the picture for a page, light or dark, read aloud or seen."""
        parts = ["<div><strong>{}</strong></div>".format(escape(self.title))]
        if self.table is not None:
            parts.append(self._table_html(self.table))
        parts += [_NOTE.format(html_words(note)) for note in self.notes]
        parts.append(self._status_html())
        return "<div>{}</div>".format("".join(parts))

    def _table_html(self, table: Table) -> str:
        if len(table.rows) <= _ROWS_SHOWN_OPEN or table.marked:
            return table.html()
        summary = "<summary>{}</summary>".format(escape(table.caption))
        return "<details>{}{}</details>".format(summary, replace(table, caption="").html())

    def _status_html(self) -> str:
        words = html_words(self.words)
        if self.is_over:
            return '<div role="status">{}</div>'.format(words)
        percent = round(self.fraction * 100)
        bar = (
            '<progress max="100" value="{0}" aria-label="progress" '
            'style="width:16em;vertical-align:middle">{0}%</progress>'
        ).format(percent)
        return "<div>{} <span>{}</span></div>".format(bar, words)

    def bundle(self) -> Dict[str, Any]:
        """Return the picture as Jupyter carries it; the end of a change for the panel as well."""
        forms: Dict[str, Any] = {"text/plain": self.text(), "text/html": self.html()}
        return {**forms, CHANGE_TYPE: dict(self.done)} if self.done else forms


class CellView:
    """Draws pictures into one output of a notebook cell, at most ten a second."""

    def __init__(self) -> None:
        self._handle: Any = None
        self._drawn_at = 0.0
        self._last: Optional[Picture] = None

    def show(self, picture: Picture) -> None:
        """Draw ``picture`` unless one was drawn just now and this differs in numbers only."""
        is_new = self._last is None or _shape(self._last) != _shape(picture)
        now = time.monotonic()
        if not is_new and now - self._drawn_at < _SECONDS_BETWEEN_DRAWINGS:
            return
        if self._handle is None:
            self._handle = show_redrawable(picture.bundle())
        else:
            self._handle.update(picture.bundle(), raw=True)
        self._last, self._drawn_at = picture, now  # last: drawing can be interrupted


class LineView:
    """Prints what is new: for a terminal, where nothing that was shown can be redrawn."""

    def __init__(self) -> None:
        self._last: Optional[Picture] = None

    def show(self, picture: Picture) -> None:
        """Print the title, the plan, notes, each phase as it begins, and the end."""
        before, self._last = self._last, picture
        if before is None:
            write_line(picture.title)
        if picture.table is not None and (before is None or before.table is None):
            write_line(picture.table.text())
        for note in picture.notes[len(before.notes) if before else 0 :]:
            write_line(note)
        if before is None or (before.phase, before.is_over) != (picture.phase, picture.is_over):
            write_line(picture.words)


class QuietView:
    """Shows nothing."""

    def show(self, picture: Picture) -> None:
        """Take a picture and show nothing."""


def view_for(quiet: bool) -> Any:
    """Return the view that suits where this runs."""
    if quiet:
        return QuietView()
    return CellView() if can_redraw() else LineView()


def _shape(picture: Picture) -> Tuple[object, ...]:
    return (picture.title, picture.table, picture.notes, picture.is_over, picture.phase)
