"""The revisions of an environment, and what lies between two: values that also show themselves."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping, Sequence, Tuple

from xconda_jupyter.kernel.tables import Table, count_words


class Revisions:
    """What ``history`` found: a sequence of revisions, shown as a table.

    Attributes:
        records: One mapping per revision: ``rev``, ``date``, ``command``, ``install``, ``remove``,
            ``upgrade``, ``downgrade``, ``update_specs``, ``remove_specs``, ``reverts_to``.
    """

    def __init__(self, prefix: str, records: Sequence[Mapping[str, Any]]) -> None:
        self.records: List[Dict[str, Any]] = [dict(record) for record in records]
        caption = "{} of {}".format(count_words(len(self.records), "revision"), prefix)
        rows = tuple(_row(record) for record in self.records)
        self._table = Table(caption, ("Revision", "Date", "Command", "Changes"), rows)

    def to_json(self) -> List[Dict[str, Any]]:
        """Return the revisions."""
        return self.records

    def __len__(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[Dict[str, Any]]:
        return iter(self.records)

    def __getitem__(self, number: int) -> Dict[str, Any]:
        return self.records[number]

    def __repr__(self) -> str:
        return self._table.text()

    def _repr_html_(self) -> str:
        return self._table.html()


class Difference:
    """What ``diff`` found between two states of an environment.

    Attributes:
        old: Number of the revision that is compared.
        new: Number of the one it is compared with; None: what is there now.
        packages: One mapping per package: ``name``, ``movement``, ``old``, ``new``.
        requests: One mapping per request that differs: ``name``, ``old``, ``new``.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = dict(document)
        self.old: int = document["old"]
        self.new = document["new"]
        self.packages: List[Dict[str, Any]] = list(document["packages"])
        self.requests: List[Dict[str, Any]] = list(document["requests"])
        there = "now" if self.new is None else "revision {}".format(self.new)
        caption = "From revision {} to {} in {}".format(self.old, there, document["prefix"])
        caption += "" if self else ": no difference."
        self._table = Table(caption, ("Package", "Before", "After"), tuple(self._rows()))

    def _rows(self) -> Iterator[Tuple[str, str, str]]:
        for each in self.packages:
            is_rebuild = each["movement"] == "rebuild"
            old, new = (_version(each[side], is_rebuild) for side in ("old", "new"))
            yield each["name"], old, new
        for each in self.requests:
            yield "asked for " + each["name"], each["old"] or "", each["new"] or ""

    def to_json(self) -> Dict[str, Any]:
        """Return the difference as ``--json`` carries it."""
        return self._document

    def __len__(self) -> int:
        return len(self.packages) + len(self.requests)

    def __bool__(self) -> bool:
        return len(self) > 0

    def __iter__(self) -> Iterator[Dict[str, Any]]:
        return iter(self.packages)

    def __repr__(self) -> str:
        return self._table.text()

    def _repr_html_(self) -> str:
        return self._table.html()


def _row(record: Mapping[str, Any]) -> Tuple[str, str, str, str]:
    counts = (
        ("+", len(record["install"])),
        ("−", len(record["remove"])),
        ("↑", len(record["upgrade"])),
        ("↓", len(record["downgrade"])),
    )
    changes = " ".join("{}{}".format(mark, count) for mark, count in counts if count)
    if record["reverts_to"] is not None:
        changes = "{} (as at revision {})".format(changes, record["reverts_to"]).strip()
    command = record["command"] or "(another tool, or by hand)"
    return str(record["rev"]), record["date"], command, changes


def _version(side: Any, with_build: bool) -> str:
    if side is None:
        return ""
    return "{} {}".format(side["version"], side["build"]) if with_build else str(side["version"])
