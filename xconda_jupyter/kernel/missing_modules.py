"""Modules that were not found, with what brings them: values that show themselves."""

from __future__ import annotations

from html import escape
from typing import Any, Dict, Final, Iterator, List, Mapping, Sequence, Tuple

from xconda_jupyter.kernel.shadowing import Shadow
from xconda_jupyter.kernel.tables import Table, count_words, html_words, size_words

_INSTALL: Final = "%xconda install"
_CREATE: Final = "%xconda create -n NAME python ipykernel"
_OUTSIDE: Final = (
    "This kernel runs in no conda environment; `%xconda switch NAME` runs the notebook in that one."
)


class MissingModules:
    """What is known of modules that Python does not find.

    Attributes:
        modules: Their names.
        packages: The package to install for each that has one; ``command`` installs them all.
        command: One line that does it; empty where there is nothing to install.
        document: All that is known, as ``--json`` carries it.
    """

    def __init__(
        self,
        document: Mapping[str, Any],
        shadows: Sequence[Shadow] = (),
        notes: Sequence[str] = (),
        *,
        has_environment: bool = True,
    ) -> None:
        """Keep it; without an environment to install into, what is offered is a new one."""
        self.document: Dict[str, Any] = {
            **document,
            "shadows": [shadow.to_json() for shadow in shadows],
        }
        self.modules: List[str] = [each["module"] for each in document["modules"]]
        self.packages: List[str] = list(document["packages"])
        self._entries: List[Mapping[str, Any]] = list(document["modules"])
        self._together: Mapping[str, Any] = document.get("together") or {}
        self._shadows = tuple(shadows)
        self._notes = tuple(notes)
        self._install = _INSTALL if has_environment else _CREATE
        if self.packages and not has_environment:
            self._notes += (_OUTSIDE,)

    @property
    def command(self) -> str:
        """One line of ``%xconda`` that installs all of it."""
        return "{} {}".format(self._install, " ".join(self.packages)) if self.packages else ""

    def to_json(self) -> Dict[str, Any]:
        """Return all of it."""
        return self.document

    def __len__(self) -> int:
        return len(self.modules)

    def __bool__(self) -> bool:
        return bool(self.modules or self._shadows)

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return iter(self._entries)

    def __contains__(self, module: object) -> bool:
        return module in self.modules

    def lines(self) -> List[str]:
        """Return what there is to say, a sentence a line."""
        explained = {shadow.module for shadow in self._shadows}
        lines = [shadow.words for shadow in self._shadows]
        for entry in self._entries:
            if entry["module"].partition(".")[0] not in explained:
                lines += _lines_of(entry, self._install)
        return lines

    def __repr__(self) -> str:
        if not self:
            return "\n".join(["Nothing is missing.", *self._notes])
        if len(self._entries) > 1:
            parts = [self._table().text(), *(shadow.words for shadow in self._shadows)]
            parts += [self._closing()] if self.packages else []
        else:
            parts = self.lines()
        return "\n".join([*parts, *self._notes])

    def _repr_html_(self) -> str:
        if not self:
            return "<div>{}</div>".format(escape(" ".join(["Nothing is missing.", *self._notes])))
        if len(self._entries) > 1:
            lines = [shadow.words for shadow in self._shadows]
            lines += [self._closing()] if self.packages else []
            head = self._table().html()
        else:
            lines, head = self.lines(), ""
        divs = "".join("<div>{}</div>".format(html_words(text)) for text in (*lines, *self._notes))
        return '<div role="note" aria-label="missing modules">{}{}</div>'.format(head, divs)

    def bundle(self) -> Dict[str, str]:
        """Return it as Jupyter carries it."""
        return {"text/plain": repr(self), "text/html": self._repr_html_()}

    def _closing(self) -> str:
        outcome = _outcome(self._together, self._install)
        return "`{}` installs all of them{}".format(self.command, outcome)

    def _table(self) -> Table:
        rows = tuple(_row(entry) for entry in self._entries)
        caption = "{} not found".format(count_words(len(rows), "module"))
        return Table(caption, ("Module", "Package", "Version", "Channel", "Because"), rows)


def _row(entry: Mapping[str, Any]) -> Tuple[str, str, str, str, str]:
    if entry.get("installed"):
        here = entry["installed"]
        return (entry["module"], here["name"], here["version"], "", "installed, but not found")
    if not entry["offers"]:
        return (entry["module"], "", "", "", "no package is known to bring it")
    offer = entry["offers"][0]
    because = offer["reason"]
    if offer["check"] == "refused":
        because = "does not fit: {}".format(offer["words"])
    return (entry["module"], offer["package"], offer["version"], offer["channel"], because)


def _lines_of(entry: Mapping[str, Any], install: str) -> List[str]:
    module = entry["module"]
    here = entry.get("installed")
    if here:
        words = "{} {} brings {} and is installed, but Python does not look where it is ({})."
        place = "{}/{}".format(here["place"], here["paths"][0])
        return [words.format(here["name"], here["version"], module, place)]
    if not entry["offers"]:
        words = 'No package is known to bring {0}; `%xconda search "*{1}*"` looks in the channels.'
        return [words.format(module, module.split(".")[0].lower())]
    best, *others = entry["offers"]
    lines = [
        "`{} {}` brings {}{}".format(install, best["package"], module, _outcome(best, install)),
        "({}: {}.)".format(best["package"], best["reason"]),
    ]
    if others:
        names = ", ".join(
            "{}{}".format(each["package"], " (does not fit)" if each["check"] == "refused" else "")
            for each in others
        )
        lines.append("Also: {}.".format(names))
    return lines


def _outcome(offer: Mapping[str, Any], install: str) -> str:
    """Return what a dry solve says of an offer, as the end of a sentence."""
    check = offer.get("check")
    if install == _CREATE:  # nothing was there to try it against
        return "."
    if check == "refused":
        return ", but it does not fit here: {}".format(offer["words"])
    if check != "fits":
        words = str(offer.get("words") or "").rstrip(".")
        return " (not tried: {}).".format(words) if words else "."
    parts = []
    if offer["version"] and " " not in offer["package"]:
        parts.append("{} {} from {}".format(offer["package"], offer["version"], offer["channel"]))
    size = offer["download_bytes"]
    parts.append("{} to download".format(size_words(size)) if size else "nothing to download")
    if offer["changes"] > 1:
        parts.append("{} change".format(count_words(offer["changes"], "package")))
    for names, verb in ((offer["removed"], "removes"), (offer["downgraded"], "downgrades")):
        if names:
            parts.append("{} {}".format(verb, ", ".join(names)))
    return ": {}.".format(", ".join(parts))
