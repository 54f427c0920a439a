"""What a cell shows when xconda could not do what it was asked: three sentences, no traceback."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping


class XcondaFailed(Exception):
    """A command failed; the environment is as it was. It ends the cell, as any error does.

    Attributes:
        code: Stable name of the kind of failure.
        what: What did not happen.
        why: The cause.
        fix: What to do next.
        facts: What is known about it.
        hints: What plugins have to say about it.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.code = str(document.get("code", "error"))
        self.what = str(document.get("what", "xconda failed."))
        self.why = str(document.get("why", ""))
        self.fix = str(document.get("fix", ""))
        facts = document.get("facts")
        self.facts: Dict[str, Any] = dict(facts) if isinstance(facts, Mapping) else {}
        self.hints = tuple(str(each.get("text", "")) for each in document.get("hints") or ())
        super().__init__(str(self))

    def __str__(self) -> str:
        lines = [self.what]
        if self.why:
            lines.append("  why: {}".format(_indented(self.why)))
        if self.fix:
            lines.append("  try: {}".format(_indented(_for_a_cell(self.fix))))
        lines.extend("  hint: {}".format(hint) for hint in self.hints)
        return "\n".join(lines)

    def to_json(self) -> Dict[str, Any]:
        """Return ``{code, what, why, fix, facts}``, as every surface of xconda carries it.

        ``hints`` are there where there are any.
        """
        hints = {"hints": list(self.hints)} if self.hints else {}
        return {
            "code": self.code,
            "what": self.what,
            "why": self.why,
            "fix": self.fix,
            "facts": self.facts,
            **hints,
        }

    def _render_traceback_(self) -> List[str]:
        """Give IPython the lines to show in place of a traceback."""
        first, *rest = str(self).splitlines()
        return ["xconda: {}".format(first), *rest]


class XcondaCancelled(XcondaFailed):
    """The command was stopped before it changed anything for good."""


def failure(document: Mapping[str, Any]) -> XcondaFailed:
    """Return the exception for an error document of the engine."""
    kind = XcondaCancelled if document.get("code") in {"cancelled", "declined"} else XcondaFailed
    return kind(document)


def _for_a_cell(fix: str) -> str:
    """Return advice of the engine's with its commands as a cell takes them."""
    return re.sub(r"`xconda (?!init\b|activate\b)", "`%xconda ", fix)


def _indented(text: str) -> str:
    """Set the lines after the first below it; what is indented already stays as it is."""
    first, *rest = text.splitlines() or [""]
    blanks = " " * 7
    return "\n".join([first, *(line if line[:1] == " " else blanks + line for line in rest)])
