"""Why a package is there, and what needs what: values that show themselves."""

from __future__ import annotations

from html import escape
from typing import Any, Dict, Iterator, List, Mapping, Sequence, Set

_INDENT = "padding-left:{}em;line-height:1.35"


class Reason:
    """Why a package is installed, and why in this version.

    Attributes:
        name: Package name.
        version: The installed one.
        is_needed: Whether anything that was asked for needs it, or it was asked for.
        chains: The shortest ways to it: each a list of ``{name, version, wants}``.
        document: All that is known, as ``--json`` carries it.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = {key: value for key, value in document.items() if key != "words"}
        self.name = str(document["name"])
        self.version = str(document["version"])
        self.is_needed = bool(document["is_needed"])
        self.chains: List[List[Dict[str, str]]] = list(document["chains"])
        self._words: List[str] = list(document["words"])

    @property
    def holders(self) -> List[Dict[str, str]]:
        """What keeps the package from the newest version, each ``{kind, name, version, wants}``."""
        limit = self.document.get("version_limit") or {}
        return list(limit.get("holders", ()))

    def to_json(self) -> Dict[str, Any]:
        """Return the document."""
        return self.document

    def __repr__(self) -> str:
        return "\n".join(self._words)

    def _repr_html_(self) -> str:
        first, *rest = self._words
        return "<div><b>{}</b>{}</div>".format(escape(first), "".join(map(_line, rest)))


class Reasons:
    """The reasons for several packages."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        self._reasons = list(reasons)

    def to_json(self) -> List[Dict[str, Any]]:
        """Return the documents."""
        return [reason.to_json() for reason in self._reasons]

    def __len__(self) -> int:
        return len(self._reasons)

    def __iter__(self) -> Iterator[Reason]:
        return iter(self._reasons)

    def __getitem__(self, position: int) -> Reason:
        return self._reasons[position]

    def __repr__(self) -> str:
        return "\n\n".join(map(repr, self._reasons))

    def _repr_html_(self) -> str:
        return "".join(reason._repr_html_() for reason in self._reasons)


class Tree:
    """What needs what: a sequence of lines, shown as a tree.

    Attributes:
        lines: ``{depth, name, version, wants, repeated, cut, missing, requested}``, as they are
            read.
        document: The same, nested.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.lines: List[Dict[str, Any]] = list(document["lines"])
        self.document = {key: value for key, value in document.items() if key != "lines"}

    def to_json(self) -> Dict[str, Any]:
        """Return the document."""
        return self.document

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[Dict[str, Any]]:
        return iter(self.lines)

    def __contains__(self, name: object) -> bool:
        return any(line["name"] == name for line in self.lines)

    def __repr__(self) -> str:
        return "\n".join(_drawn(self.lines)) or "no packages"

    def _repr_html_(self) -> str:
        """Return nested lists, those of packages with others below them to be folded."""
        parts: List[str] = []
        open_at: List[int] = []
        depths = [line["depth"] for line in self.lines] + [0]
        for number, line in enumerate(self.lines):
            while open_at and open_at[-1] >= line["depth"]:
                open_at.pop()
                parts.append("</div></details>")
            if depths[number + 1] > line["depth"]:
                open_at.append(line["depth"])
                parts.append("<details open><summary>{}</summary>".format(_words(line, escape)))
                parts.append('<div style="{}">'.format(_INDENT.format(1.2)))
            else:
                parts.append("<div>{}</div>".format(_words(line, escape)))
        parts.extend("</div></details>" for _ in open_at)
        return "".join(parts) or "<div>no packages</div>"


def _line(text: str) -> str:
    blanks = len(text) - len(text.lstrip())
    return '<div style="{}">{}</div>'.format(_INDENT.format(blanks / 2), escape(text.strip()))


def _drawn(lines: Sequence[Mapping[str, Any]]) -> List[str]:
    """Return the lines with branches before them."""
    pillars: List[str] = []
    drawn = []
    lasts = _lasts(lines)
    for number, line in enumerate(lines):
        depth, is_last = line["depth"], lasts[number]
        del pillars[max(depth - 1, 0) :]
        guide = "".join(pillars)
        if depth:
            guide += "└─ " if is_last else "├─ "
            pillars.append("   " if is_last else "│  ")
        drawn.append(guide + _words(line, str))
    return drawn


def _lasts(lines: Sequence[Mapping[str, Any]]) -> List[bool]:
    """Tell of each line whether no other follows that hangs on the same package."""
    lasts = []
    later: Set[int] = set()
    for line in reversed(lines):
        depth = line["depth"]
        lasts.append(depth not in later)
        later = {each for each in later if each < depth} | {depth}
    return lasts[::-1]


def _words(line: Mapping[str, Any], clean: Any) -> str:
    if line["missing"]:
        return str(clean("{} (missing)".format(line["wants"])))
    words = "{} {}".format(line["name"], line["version"] or "").strip()
    if line["depth"]:
        words += " [{}]".format(line["wants"])
    elif line["requested"]:
        words += " (asked for: {})".format(line["wants"])
    more = " (*)" if line["repeated"] else " …" if line["cut"] else ""
    return str(clean(words + more))
