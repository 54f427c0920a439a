"""Several ways to ask, solved and compared: what ``%xconda try`` returns."""

from __future__ import annotations

from shlex import quote
from typing import Any, Dict, Final, Iterator, List, Mapping, Sequence, Tuple

from xconda_jupyter.kernel.changes import Change, changes_of_plan
from xconda_jupyter.kernel.failures import XcondaFailed
from xconda_jupyter.kernel.tables import Table, count_words, html_words, size_words

_COLUMNS = ("", "Way", "Comes to", "Changes", "Download", "Try instead")
_MOVES: Final[Mapping[str, str]] = {
    "install": "{} new",
    "upgrade": "{} up",
    "downgrade": "{} down",
    "rebuild": "{} rebuilt",
    "reinstall": "{} again",
    "remove": "{} removed",
}


class Attempt:
    """What one way to ask would come to.

    Attributes:
        specs: What was asked for.
        changes: What would change, package by package; empty where it cannot be had.
        download: Bytes to download.
        failure: Why it cannot be had; None where it can.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.specs: Tuple[str, ...] = tuple(document["specs"])
        plan = document.get("plan") or {}
        self.changes: Tuple[Change, ...] = changes_of_plan(plan) if plan else ()
        self.download = int(plan.get("download_bytes") or 0)
        self.failure = None if plan else XcondaFailed(document)
        self._asked = [
            "{} {}".format(each["name"], each["new"]["version"])
            for each in plan.get("operations", ())
            if each.get("requested_spec") and each.get("new")
        ]

    def __bool__(self) -> bool:
        return self.failure is None

    def row(self, number: int) -> Tuple[str, ...]:
        """Return its line of the comparison."""
        way = (str(number), " ".join(map(quote, self.specs)))
        if self.failure is not None:
            return (*way, "cannot be had", "", "", self.failure.fix)
        comes = ", ".join(self._asked) if self.changes else "what is installed"
        return (*way, comes, self.moves, size_words(self.download) if self.download else "", "")

    @property
    def moves(self) -> str:
        """How many packages change, and how."""
        counts: Dict[str, int] = {}
        for change in self.changes:
            counts[change.movement] = counts.get(change.movement, 0) + 1
        told = [_MOVES.get(kind, "{} " + kind).format(count) for kind, count in counts.items()]
        return ", ".join(told) or "none"


class Attempts:
    """The ways that were tried: a sequence of :class:`Attempt`, shown as a table.

    It is true where one of them can be had.
    """

    def __init__(self, document: Sequence[Mapping[str, Any]]) -> None:
        self._document = [dict(each) for each in document]
        self.attempts: List[Attempt] = [Attempt(each) for each in document]
        rows = tuple(each.row(at) for at, each in enumerate(self.attempts, start=1))
        good = sum(1 for each in self.attempts if each)
        caption = "{} tried, {} can be had; nothing was changed".format(
            count_words(len(rows), "way"), good if good else "none"
        )
        refused = tuple(at for at, each in enumerate(self.attempts) if not each)
        self._table = Table(caption, _COLUMNS, rows, refused, is_alarming=True)

    def to_json(self) -> List[Dict[str, Any]]:
        """Return what ``--json`` answers."""
        return self._document

    def __len__(self) -> int:
        return len(self.attempts)

    def __bool__(self) -> bool:
        return any(self.attempts)

    def __iter__(self) -> Iterator[Attempt]:
        return iter(self.attempts)

    def __getitem__(self, position: int) -> Attempt:
        return self.attempts[position]

    def __repr__(self) -> str:
        return "\n".join([self._table.text(), *self._reasons()])

    def _repr_html_(self) -> str:
        told = (
            '<div style="white-space:pre-wrap">{}</div>'.format(html_words(line))
            for line in self._reasons()
        )
        return self._table.html() + "".join(told)

    def _reasons(self) -> List[str]:
        refused = ((at, e.failure) for at, e in enumerate(self.attempts, start=1))
        return [
            "{}. {}\n{}".format(at, failure.what, failure.why)
            for at, failure in refused
            if failure is not None
        ]
