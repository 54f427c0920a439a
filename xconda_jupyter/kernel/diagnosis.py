"""What the doctor found in an environment: a value that also shows itself."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping

from xconda_jupyter.kernel.tables import Table, count_words

_SHOWN = 50


class Diagnosis:
    """What ``doctor`` found: a sequence of findings, shown as a table.

    Attributes:
        is_healthy: Nothing was found that does not work; there may be warnings.
        checks: Names of the checks that were run.
        findings: One mapping per finding: ``check``, ``level``, ``what``, ``package``, ``path``,
            ``fix``, ``fixable``; after a repair what is left, with the ``reason``.
        fixed: What a repair (``--fix``) brought back.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = dict(document)
        self.is_healthy = bool(document["healthy"])
        self.checks: List[str] = list(document["checks"])
        self.fixed: List[Dict[str, Any]] = list(document.get("fixed", ()))
        left = document["left"] if "left" in document else document["findings"]
        self.findings: List[Dict[str, Any]] = list(left)
        shown = self.findings[:_SHOWN]
        rows = tuple(
            (each["check"], each["what"], each.get("reason") or each["fix"]) for each in shown
        )
        marked = tuple(n for n, each in enumerate(shown) if each["level"] == "problem")
        self._table = Table(self._words(), ("Check", "Found", "Try"), rows, marked)

    def _words(self) -> str:
        prefix = self._document["prefix"]
        done = "{} repaired; ".format(count_words(len(self.fixed), "thing")) if self.fixed else ""
        if not self.findings:
            return "{}{} is healthy: {} passed.".format(
                done, prefix, count_words(len(self.checks), "check")
            )
        problems = sum(1 for each in self.findings if each["level"] == "problem")
        words = "{}{} and {} in {}".format(
            done,
            count_words(problems, "problem"),
            count_words(len(self.findings) - problems, "warning"),
            prefix,
        )
        if len(self.findings) > _SHOWN:
            words += "; the first {}:".format(_SHOWN)
        return words

    def to_json(self) -> Dict[str, Any]:
        """Return the diagnosis as ``--json`` carries it."""
        return self._document

    def __len__(self) -> int:
        return len(self.findings)

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Dict[str, Any]]:
        return iter(self.findings)

    def __getitem__(self, position: int) -> Dict[str, Any]:
        return self.findings[position]

    def __repr__(self) -> str:
        return self._table.text() if self.findings else self._table.caption

    def _repr_html_(self) -> str:
        return self._table.html()
