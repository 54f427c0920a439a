"""Which part of a command each of its file operations belongs to."""

from collections.abc import Sequence
from typing import Final

from tests.faults.operations import Operation
from xconda_core.transaction.unsettled import TRANSACTION

PHASES: Final = ("before", "fetch", "journal", "unlink and link", "commit", "clean-up", "after")
NAMES: Final = {
    "before": "before the first write to cache or environment",
    "fetch": "downloading and unpacking",
    "journal": "lock and journal",
    "unlink and link": "files leave and come",
    "commit": "history, revision, commit",
    "clean-up": "clean-up after the commit",
    "after": "record of the job",
}


def phases(operations: Sequence[Operation]) -> list[str]:
    """The phase of each, in their order."""
    found = []
    phase = "before"
    for operation in operations:
        phase = _next(phase, operation)
        found.append(phase)
    return found


def _next(phase: str, operation: Operation) -> str:
    path, name = operation.path, operation.name
    in_transaction = TRANSACTION in path
    if phase == "before" and path.startswith("pkgs/") and not path.startswith("pkgs/cache"):
        return "fetch"
    if phase in {"before", "fetch"} and path.startswith("envs/"):
        return "journal"
    if phase == "journal" and path.startswith("envs/") and _is_change(operation):
        return "unlink and link"
    if phase == "unlink and link" and in_transaction and "/written-" in path:
        return "commit"
    if phase == "commit" and operation.other.endswith("/committed"):
        return "commit"
    if phase == "commit" and path.startswith("envs/") and name in {"unlink", "rmdir"}:
        return "clean-up"
    return "after" if phase == "clean-up" and operation.other.endswith("/result.json") else phase


def _is_change(operation: Operation) -> bool:
    makes = operation.name in {"rename", "link", "symlink", "open", "mkdir"}
    return makes and operation.path.count("/") > 1 and "conda-meta" not in operation.path
