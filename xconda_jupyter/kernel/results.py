"""What a command returns: values to go on with, which also show themselves."""

from __future__ import annotations

import json
from html import escape
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from xconda_jupyter.kernel.changes import Change
from xconda_jupyter.kernel.screen import show
from xconda_jupyter.kernel.tables import Table, aligned, count_words, size_words


class ChangeResult:
    """What ``install``, ``remove``, ``update`` or ``undo`` did.

    Attributes:
        verb: The command.
        prefix: The environment.
        changes: What changed, package by package; with ``is_dry_run`` what would.
        is_dry_run: Nothing was changed, because that was asked for.
        revision: Number of the revision in the environment's history; None where none was made.
        seconds: How long it took.
        restart_for: Packages that this kernel had imported before they changed, with the modules;
            it goes on using the old ones until it is restarted.
        job: Name of the job in the record of jobs.
        document: The plan and the result as JSON.
    """

    def __init__(
        self,
        *,
        verb: str,
        prefix: str,
        job: str,
        table: Table,
        changes: Tuple[Change, ...],
        is_dry_run: bool,
        restart_for: Mapping[str, Tuple[str, ...]],
        document: Mapping[str, Any],
    ) -> None:
        self.verb = verb
        self.prefix = prefix
        self.job = job
        self.changes = changes
        self.is_dry_run = is_dry_run
        self.restart_for = dict(restart_for)
        self.document = dict(document)
        self.seconds = float(document.get("seconds") or 0.0)
        self.revision = _revision(document.get("transaction"))
        self._table = table
        self._is_on_screen = False

    @property
    def words(self) -> str:
        """One line that says what happened."""
        if not self.changes:
            return "Nothing to do: everything is as asked for."
        if self.is_dry_run:
            return "Dry run: nothing was changed."
        done = "Done: {} in {:.1f} s".format(count_words(len(self.changes), "change"), self.seconds)
        if self.verb == "undo" or self.revision is None:
            return done + "."
        return "{}. Revision {}; `%xconda undo` goes back.".format(done, self.revision)

    @property
    def notes(self) -> Tuple[str, ...]:
        """Which imported packages are now older or newer than the files on disk."""
        if self.is_dry_run:
            return ()
        return tuple(
            "{} was imported before it changed: restart the kernel to use it as it is now.".format(
                name if modules == (name,) else "{} ({})".format(name, ", ".join(modules))
            )
            for name, modules in sorted(self.restart_for.items())
        )

    def already_shown(self) -> ChangeResult:
        """Return the result after its cell has shown it: the next automatic display is left out."""
        self._is_on_screen = True
        return self

    def to_json(self) -> Dict[str, Any]:
        """Return the result as ``--json`` carries it."""
        return {
            "success": True,
            "verb": self.verb,
            "prefix": self.prefix,
            "job": self.job,
            "dry_run": self.is_dry_run,
            "revision": self.revision,
            "seconds": self.seconds,
            "restart_for": {name: list(modules) for name, modules in self.restart_for.items()},
            **self.document,
        }

    def __len__(self) -> int:
        return len(self.changes)

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __repr__(self) -> str:
        parts = [self._table.text()] if self.changes else []
        return "\n".join([*parts, *self.notes, self.words])

    def _repr_html_(self) -> str:
        parts = [self._table.html()] if self.changes else []
        return "".join(
            parts + ["<div>{}</div>".format(escape(t)) for t in (*self.notes, self.words)]
        )

    def _ipython_display_(self) -> None:
        if self._is_on_screen:
            self._is_on_screen = False
            return
        show({"text/plain": repr(self), "text/html": self._repr_html_()})


class Packages:
    """Packages that ``list`` or ``search`` found: a sequence of records, shown as a table.

    Attributes:
        records: One mapping per package, with the field names of repodata.
    """

    def __init__(
        self,
        caption: str,
        columns: Sequence[str],
        records: Sequence[Mapping[str, Any]],
        shown: Optional[int] = None,
    ) -> None:
        """Keep the records; the table shows the last ``shown`` of them (all unless given)."""
        self.records: List[Dict[str, Any]] = [dict(record) for record in records]
        seen = self.records if shown is None else self.records[-shown:]
        if len(seen) < len(self.records):
            caption = "{}; the last {} of them:".format(caption, len(seen))
        rows = tuple(tuple(_cell(record, name) for name in columns) for record in seen)
        self._table = Table(caption, tuple(name.replace("_", " ") for name in columns), rows)

    def to_json(self) -> List[Dict[str, Any]]:
        """Return the records."""
        return self.records

    def __len__(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[Dict[str, Any]]:
        return iter(self.records)

    def __getitem__(self, position: int) -> Dict[str, Any]:
        return self.records[position]

    def __contains__(self, name: object) -> bool:
        return any(record.get("name") == name for record in self.records)

    def __repr__(self) -> str:
        return self._table.text()

    def _repr_html_(self) -> str:
        return self._table.html()


class Facts:
    """What ``info`` knows, by name.

    Attributes:
        values: Name to value.
    """

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values: Dict[str, Any] = dict(values)
        rows = ((name.replace("_", " "), _fact(value)) for name, value in self.values.items())
        self._table = Table("xconda", ("What", "Value"), tuple(rows))

    def to_json(self) -> Dict[str, Any]:
        """Return the facts."""
        return self.values

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)

    def __repr__(self) -> str:
        return "\n".join(aligned(self._table.rows))

    def _repr_html_(self) -> str:
        return self._table.html()


class Text:
    """Plain text that shows itself as it is."""

    def __init__(self, text: str) -> None:
        self.text = text

    def to_json(self) -> str:
        """Return the text."""
        return self.text

    def __repr__(self) -> str:
        return self.text


def show_json(document: Any) -> None:
    """Show one JSON document."""
    text = json.dumps(document, indent=2, ensure_ascii=False)
    show({"text/plain": text, "application/json": document})


def _revision(transaction: Any) -> Optional[int]:
    revision = transaction.get("revision") if isinstance(transaction, Mapping) else None
    return revision if isinstance(revision, int) and revision >= 0 else None


def _cell(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    if name == "size":
        return size_words(value)
    return "" if value is None else str(value)


def _fact(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_fact, value)) or "none"
    if isinstance(value, Mapping):
        return ", ".join("{}: {}".format(name, _fact(item)) for name, item in value.items())
    return "" if value is None else str(value)
