"""What the worker found, as the values that a notebook has for it."""

from __future__ import annotations

from typing import Any, Mapping, Tuple

from xconda_jupyter.kernel.command_line import Command
from xconda_jupyter.kernel.diagnosis import Diagnosis
from xconda_jupyter.kernel.documents import DOCUMENT_VERBS, document_of
from xconda_jupyter.kernel.environments import Environments, Kernels
from xconda_jupyter.kernel.reasons import Reason, Reasons, Tree
from xconda_jupyter.kernel.results import Facts, Records
from xconda_jupyter.kernel.revisions import Difference, Revisions
from xconda_jupyter.kernel.tables import count_words

_RESULTS_SHOWN = 30


def found_of(command: Command, greeting: Mapping[str, Any], result: Any) -> Any:
    """Return the answer to ``command`` as a value; ``greeting`` is what the worker began with.

    Raises:
        XcondaFailed: it was to be written into a file, and could not.
    """
    if command.verb in DOCUMENT_VERBS or "explicit" in command.options:
        return document_of(command, result)
    if command.verb == "info":
        return Facts(result)
    if command.verb == "doctor":
        return Diagnosis(result)
    if command.verb == "history":
        return Revisions(str(greeting["prefix"]), result["revisions"])
    if command.verb == "diff":
        return Difference(result)
    if command.verb == "env":
        return Environments(result)
    if command.verb.startswith("kernel "):
        return Kernels(result)
    return _answer_of(command, greeting, result)


def _answer_of(command: Command, greeting: Mapping[str, Any], result: Any) -> Any:
    if command.verb == "tree" or result.get("tree"):
        return Tree(result)
    records = result["packages"]
    if command.verb == "why":
        reasons = [Reason(record) for record in records]
        return reasons[0] if len(reasons) == 1 else Reasons(reasons)
    caption = count_words(len(records), "package")
    if command.verb == "list":
        caption = "{} in {}".format(caption, greeting["prefix"])
    shown = _RESULTS_SHOWN if command.verb.endswith("search") else None
    return Records(caption, _columns(command), records, shown=shown)


def _columns(command: Command) -> Tuple[str, ...]:
    if command.verb == "list":
        return ("name", "version", "build", "channel")
    if command.verb in {"repoquery depends", "repoquery whoneeds"}:
        return ("name", "version", "build", "wants")
    if "file" in command.options or "module" in command.options:
        return ("name", "version", "paths", "place")
    if "envs" in command.options:
        return ("name", "version", "build", "channel", "environment")
    if "outdated" in command.options:
        return ("name", "installed", "version", "channel")
    return ("name", "version", "build", "channel", "subdir", "size")
