"""Which environment this kernel runs in, which there are, and what the notebook asks for."""

from __future__ import annotations

import os
import platform
import sys
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

from xconda_jupyter.kernel.running_kernel import is_same_folder
from xconda_jupyter.kernel.tables import Table, count_words, html_words

SESSION = "JPY_SESSION_NAME"
"""Variable in which jupyter_server names the notebook; as it was when the kernel was started."""


def notebook_path() -> str:
    """Return the saved notebook that this kernel was started for, empty where nobody said."""
    named = os.environ.get(SESSION, "")
    return os.path.abspath(named) if named.endswith(".ipynb") and os.path.isfile(named) else ""


class Environments:
    """The environments of the user: a sequence of mappings, shown as a table.

    Attributes:
        current: The one that this kernel runs in; None: it is none that conda knows of.
        requirements: What blocks in the notebook's code ask for: ``kind``, ``text``, ``is_met``,
            ``found``, ``fix``.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = dict(document)
        self._all: List[Dict[str, Any]] = list(document["environments"])
        self.current = self.at(sys.prefix)
        self.requirements: List[Dict[str, Any]] = list(document.get("requirements", ()))
        rows = tuple(_row(each) for each in self._all)
        marked = tuple(n for n, each in enumerate(self._all) if each is self.current)
        self._table = Table(self._words(), ("Environment", "Kernel", "Path"), rows, marked)

    def at(self, prefix: str) -> Optional[Dict[str, Any]]:
        """Return the environment at a path, None where conda knows of none there."""
        return next((each for each in self._all if is_same_folder(each["prefix"], prefix)), None)

    def called(self, word: str) -> Optional[Dict[str, Any]]:
        """Return the environment that ``word``, a name or a path, means."""
        for each in self._all:
            if each["name"] == word:
                return each
        return self.at(os.path.expanduser(word)) if os.sep in word else None

    def names(self) -> List[str]:
        """Return what each is called: its name, or its path where it has none."""
        return [each["name"] or each["prefix"] for each in self._all]

    def _words(self) -> str:
        name = self.current["name"] if self.current else ""
        called = "{} ({})".format(name, sys.prefix) if name else sys.prefix
        version = platform.python_version()
        words = "This kernel runs in {}, Python {}".format(called, version)
        return words + ("." if self.current else ", which is no conda environment.")

    @property
    def _below(self) -> List[str]:
        lines = ["`%xconda switch NAME` runs this notebook in another one."] if self._all else []
        return lines + requirement_lines(self.requirements)

    def to_json(self) -> Dict[str, Any]:
        """Return what is known as ``--json`` carries it."""
        return {**self._document, "running": sys.prefix}

    def __len__(self) -> int:
        return len(self._all)

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Dict[str, Any]]:
        return iter(self._all)

    def __repr__(self) -> str:
        return "\n".join([self._table.text(), *self._below])

    def _repr_html_(self) -> str:
        return self._table.html() + "".join(map(_paragraph, self._below))


def _row(environment: Mapping[str, Any]) -> Tuple[str, str, str]:
    kernels = ", ".join(each["display_name"] for each in environment["kernels"])
    offer = "no kernel yet: `%{}`".format(environment["offer"])
    return (environment["name"] or "-", kernels or offer, environment["prefix"])


class Kernels:
    """The answer of ``kernel list``, ``kernel add`` and ``kernel remove``, as a few lines."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = dict(document)

    def to_json(self) -> Dict[str, Any]:
        """Return the answer as ``--json`` carries it."""
        return self._document

    def __repr__(self) -> str:
        document = self._document
        if "removed" in document:
            lines = ["{} removed".format(each["name"]) for each in document["removed"]]
            return "\n".join(lines) or "nothing to remove"
        if "environments" not in document:
            return "\n".join("{name}: {display_name}".format(**each) for each in document["added"])
        rows = [
            (each["name"] or each["prefix"], _row(each)[1], ", ".join(each["added"]) or "-")
            for each in document["environments"]
        ]
        gone = [each["name"] for each in document["added"] if each["is_gone"]]
        words = "lead nowhere: {} (`%xconda kernel remove --gone`)".format(", ".join(gone))
        titles = ("Environment", "Kernels", "Added to Jupyter as")
        table = Table("Kernels in {}".format(document["folder"]), titles, tuple(rows))
        return "\n".join([table.text(), *([words] if gone else [])])


def requirement_lines(requirements: List[Dict[str, Any]]) -> List[str]:
    """Return whether what the notebook asks for is there, in a few lines; none: it asks nothing."""
    if not requirements:
        return []
    kinds = sorted({"`/// {}`".format(each["kind"]) for each in requirements})
    lacking = [each for each in requirements if each["is_met"] is False]
    met = sum(1 for each in requirements if each["is_met"])
    lines = [
        "This notebook asks for {} ({}): {} met.".format(
            count_words(len(requirements), "requirement"), ", ".join(kinds), met
        )
    ]
    for each in lacking:
        there = "there is {}".format(each["found"]) if each["found"] else "not installed"
        lines.append("  not met: {} ({})".format(each["text"], there))
    unknown = [each["text"] for each in requirements if each["is_met"] is None]
    lines.extend("  not judged: {}".format(text) for text in unknown)
    fixes = " ".join('"{}"'.format(each["fix"]) for each in lacking if each["fix"])
    if fixes:
        lines.append("  `%xconda install {}` would add what is missing.".format(fixes))
    return lines


def _paragraph(line: str) -> str:
    return '<div style="white-space:pre-wrap">{}</div>'.format(html_words(line))
