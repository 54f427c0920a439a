"""What the engine says to a command line, as values that show: tables where there is a document."""

from __future__ import annotations

from html import escape
from typing import Any, Dict, Final, List, Mapping, Optional

from xconda_jupyter.kernel.attempts import Attempts
from xconda_jupyter.kernel.command_line import Command
from xconda_jupyter.kernel.engine_commands import flags_of
from xconda_jupyter.kernel.failures import XcondaFailed, failure
from xconda_jupyter.kernel.results import Records
from xconda_jupyter.kernel.screen import show_value
from xconda_jupyter.kernel.tables import CODE, count_words

_STYLES: Final[Mapping[str, str]] = {
    "heading": "font-weight:bold",
    "good": "color:var(--jp-success-color1,#2e7d32)",
    "warning": "font-weight:bold",
    "danger": "font-weight:bold;color:var(--jp-error-color1,var(--vscode-errorForeground,#c62828))",
    "faint": "opacity:0.7",
}


class Told:
    """What a command said.

    It is true where the command found all as it should be: its exit code is 0.

    Attributes:
        code: The exit code.
        value: What ``--json`` answers, as Python values; None where the command has no such answer.
        text: The answer for people.
    """

    def __init__(self, result: Mapping[str, Any]) -> None:
        self.code = int(result["code"])
        self.value = result["document"]
        self._lines: List[Dict[str, str]] = [*result["lines"], *result["remarks"]]
        self.text = "\n".join(line["text"] for line in result["lines"])

    def to_json(self) -> Any:
        """Return the document; the text where there is none."""
        return self.text if self.value is None else self.value

    def __bool__(self) -> bool:
        return self.code == 0

    def __repr__(self) -> str:
        return "\n".join(line["text"] for line in self._lines)

    def _repr_html_(self) -> str:
        return '<pre style="{}">{}</pre>'.format(CODE, "\n".join(map(_html, self._lines)))


def told_of(command: Command, greeting: Mapping[str, Any], result: Mapping[str, Any]) -> Any:
    """Return the answer to ``command`` as a value; ``greeting`` is what the worker began with.

    Raises:
        XcondaFailed: it failed, or the program that it started did.
    """
    del greeting
    if result["failure"] is not None:
        raise failure(result["failure"])
    told = Told(result)
    if not told and (command.verb == "run" or not flags_of(command.verb)):
        show_value(told)
        raise _program_failed(command, told.code)
    document = result["document"]
    if command.verb == "try":
        return Attempts(document)
    table = _table(command, document)
    return told if table is None or not len(table) else table


def _table(command: Command, document: Any) -> Optional[Records]:
    """Return an answer as a table; None where it is none."""
    given = set(command.words)
    if command.verb == "plugins list":
        words = count_words(len(document), "plugin")
        return Records(words, ("name", "version", "status", "hooks", "why"), document)
    if command.verb == "notices":
        notices = document["notices"]
        words = count_words(len(notices), "notice")
        return Records(words, ("channel", "level", "message"), notices)
    if command.verb == "package" and given & {"-u", "--untracked"}:
        files = [{"file": each} for each in document["untracked"]]
        words = "{} in {} that no package owns".format(
            count_words(len(files), "file"), document["prefix"]
        )
        return Records(words, ("file",), files)
    if command.verb == "package" and given & {"-w", "--which"}:
        files = [{"file": file, "package": owner} for file, owner in document.items()]
        return Records(count_words(len(files), "file"), ("file", "package"), files)
    return None


def _program_failed(command: Command, code: int) -> XcondaFailed:
    return XcondaFailed(
        {
            "code": "program-failed",
            "what": "`xconda {}` ended with exit code {}.".format(command.text, code),
            "why": "the program that it started says so; what it wrote stands above.",
            "fix": "look at what it wrote.",
            "facts": {"exit_code": code},
        }
    )


def _html(line: Mapping[str, str]) -> str:
    style = _STYLES.get(line["style"])
    text = escape(line["text"])
    return '<span style="{}">{}</span>'.format(style, text) if style else text
