"""Files, settings and caches: answers that are documents, as values that show."""

from __future__ import annotations

import os
from html import escape
from typing import Any, Dict, Final, Mapping, Tuple

from xconda_jupyter.kernel.command_line import Command
from xconda_jupyter.kernel.failures import XcondaFailed
from xconda_jupyter.kernel.results import Records
from xconda_jupyter.kernel.tables import CODE, count_words, html_words, size_words

DOCUMENT_VERBS = frozenset({"export", "lock", "clean", "config"})
_OWN_OPTIONS = frozenset({"write_to", "explicit", "show_all"})
_KINDS: Final[Mapping[str, str]] = {
    "tarballs": "archives",
    "index_cache": "package lists of channels",
    "packages": "unpacked packages that no environment uses",
    "logfiles": "logs",
}


def question_words(command: Command) -> Tuple[str, Dict[str, Any]]:
    """Return the verb and the options by which the engine is asked what ``command`` asks."""
    given = command.options.items()
    options = {name: value for name, value in given if name not in _OWN_OPTIONS}
    if command.verb == "list" and command.options.get("explicit"):
        return "export", {**options, "format": "explicit"}
    return command.verb, options


def document_of(command: Command, result: Mapping[str, Any]) -> Any:
    """Return the answer to ``command`` as a value.

    Raises:
        XcondaFailed: it was to be written into a file, and could not.
    """
    if command.verb == "clean":
        return _leftovers(result)
    if command.verb == "config":
        return _settings(result, command)
    text = FileText(result)
    if command.options.get("write_to"):
        text.save(str(command.options["write_to"]))
    return text


class FileText:
    """What ``export``, ``lock`` or ``list --explicit`` wrote down.

    Attributes:
        text: The contents of the file.
        format: Its format.
        path: Where it was saved; empty: nowhere.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = dict(document)
        self.text = str(document["text"])
        self.format = str(document["format"])
        self.path = ""

    def save(self, path: str) -> None:
        """Write the text into a file, replacing what it is.

        Raises:
            XcondaFailed: it cannot be written; what was there may be gone.
        """
        path = os.path.expanduser(path)
        try:
            with open(path, "w", encoding="utf-8") as file:
                file.write(self.text)
        except OSError as error:
            raise _not_written(path, error) from None
        self.path = path

    def to_json(self) -> Dict[str, Any]:
        """Return the document."""
        return {**self._document, "path": self.path}

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        if self.path:
            return "{} {}".format(self._words(), "is written to {}.".format(self.path))
        if "packages" in self._document:
            closing = "`%xconda lock -o conda-lock.yml` writes it down; `.text` is its contents."
            return "{}\n{}".format(self._words(), closing)
        return self.text.rstrip("\n")

    def _words(self) -> str:
        counts = self._document.get("packages")
        if counts is None:
            return "{} ({})".format(self.format, count_words(self.text.count("\n"), "line"))
        parts = [
            "{} for {}".format(count_words(count, "package"), platform)
            for platform, count in counts.items()
        ]
        return "{}: {}".format(self.format, ", ".join(parts))

    def _repr_html_(self) -> str:
        head = html_words(repr(self) if self.path else self._words())
        is_short = not self.path and "packages" not in self._document
        return '<details{}><summary>{}</summary><pre style="{}">{}</pre></details>'.format(
            " open" if is_short else "", head, CODE, escape(self.text)
        )


def _leftovers(result: Mapping[str, Any]) -> Records:
    records = [
        {"what": _KINDS.get(each["kind"], each["kind"]), "count": each["count"], **_size(each)}
        for each in result["kinds"]
    ]
    if "removed" in result:
        caption = "{} removed, {} are free".format(
            count_words(result["removed"], "item"), size_words(result["freed"])
        )
        caption = " · ".join([caption, *result["warnings"]])
    else:
        words = "{} can go; `%xconda clean --yes` takes them away"
        caption = words.format(size_words(result["bytes"]))
    return Records(" · ".join([caption, *result["remarks"]]), ("what", "count", "size"), records)


def _size(kind: Mapping[str, Any]) -> Dict[str, Any]:
    return {"size": kind["bytes"], "kind": kind["kind"]}


def _settings(result: Mapping[str, Any], command: Command) -> Records:
    """Return the settings that are named, or those somebody set; all of them with ``--all``."""
    known = {each["name"]: each for each in result["settings"]}
    strange = [name for name in command.specs if name not in known]
    if strange:
        raise _unknown(strange[0])
    if command.specs:
        shown = [known[name] for name in command.specs]
    elif command.options.get("show_all"):
        shown = list(known.values())
    else:
        shown = [each for each in known.values() if each["origin"] != "default"]
    records = [{**each, "value": _plain(each["value"])} for each in shown]
    caption = " · ".join([count_words(len(records), "setting"), *result["warnings"]])
    return Records(caption, ("name", "value", "origin"), records)


def _plain(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join("{}: {}".format(*item) for item in value.items())
    return "" if value is None else str(value)


def _unknown(name: str) -> XcondaFailed:
    return XcondaFailed(
        {
            "code": "setting-unknown",
            "what": "There is no setting {!r}.".format(name),
            "why": "it is none of those that `%xconda config --all` lists.",
            "fix": "check its spelling.",
            "facts": {"name": name},
        }
    )


def _not_written(path: str, error: OSError) -> XcondaFailed:
    return XcondaFailed(
        {
            "code": "file-not-written",
            "what": "{} was not written.".format(path),
            "why": "{}.".format(str(error.strerror or error).lower()),
            "fix": "name another file, or let this user write there.",
            "facts": {"path": path},
        }
    )
