"""What this kernel's Python stands on, and whether a plan pulls that floor from under us."""

from __future__ import annotations

import os
import sys
from shlex import quote
from typing import Dict, Final, Mapping, Sequence, Tuple

from xconda_jupyter.kernel.changes import Change
from xconda_jupyter.kernel.failures import XcondaFailed

_KERNEL_PACKAGES: Final[Mapping[str, str]] = {
    "python": "the Python that this kernel runs",
    "ipykernel": "the kernel itself",
}


def is_same_folder(first: str, second: str) -> bool:
    """Whether two paths mean one folder, links followed."""
    return os.path.realpath(first) == os.path.realpath(second)


def why_no_environment() -> str:
    """Return why conda does not know this kernel's Python as an environment; empty: it does."""
    if os.path.isfile(os.path.join(sys.prefix, "conda-meta", "history")):
        return ""
    if not os.path.isdir(sys.prefix):
        return "{} is not there any more: it was removed or renamed.".format(sys.prefix)
    if sys.prefix != sys.base_prefix:
        return "{} is a virtual environment of Python's own; pip installs there.".format(sys.prefix)
    return "{} was not made by conda: it has no conda-meta/history.".format(sys.prefix)


def notes_on_place() -> Tuple[str, ...]:
    """Return what hinders whoever wants to install into this kernel's environment."""
    records = os.path.join(sys.prefix, "conda-meta")
    if why_no_environment() or os.access(records, os.W_OK | os.X_OK):
        return ()
    words = (
        "You may not write to this environment: `%xconda create -n NAME --clone {}` makes a copy."
    )
    return (words.format(quote(sys.prefix)),)


def about_this_kernel(failed: XcondaFailed) -> XcondaFailed:
    """Return what to say where an environment is wanted and this kernel's Python is in none."""
    why = why_no_environment()
    prefix = str(failed.facts.get("prefix", ""))
    if failed.code != "not-an-environment" or not (why and is_same_folder(prefix, sys.prefix)):
        return failed
    return XcondaFailed(
        {
            **failed.to_json(),
            "what": "Nothing was done: this kernel runs in no conda environment.",
            "why": why,
            "fix": "`%xconda create -n NAME python ipykernel` makes one, `%xconda switch NAME` "
            "runs this notebook in it; -n NAME means one that is there: `%xconda env`.",
        }
    )


def touched_foundations(changes: Sequence[Change], prefix: str, home: str) -> Tuple[str, ...]:
    """Return one line for each change that pulls the floor from under this kernel or xconda.

    Args:
        changes: What would change.
        prefix: The environment that would change.
        home: Prefix of the Python that xconda's engine runs in.
    """
    foundations: Dict[str, str] = {}
    if is_same_folder(prefix, home):
        foundations.update(xconda="xconda itself", python="the Python that xconda runs in")
    if is_same_folder(prefix, sys.prefix):
        foundations.update(_KERNEL_PACKAGES)
    return tuple(
        "{}: {} ({})".format(change.name, _from_to(change), foundations[change.name])
        for change in changes
        if change.name in foundations
    )


def afterwards(changes: Sequence[Change]) -> str:
    """Return the rest of the advice to let such changes be: what is to be done after them."""
    gone = [each.name for each in changes if each.name in _KERNEL_PACKAGES and not each.new]
    if not gone:
        return ", then restart the kernel"
    return "; the kernel cannot be started again without {}".format(" and ".join(gone))


def _from_to(change: Change) -> str:
    if not change.new:
        return "{} would be removed".format(change.old)
    if not change.old:
        return "{} would be installed".format(change.new)
    return "{} -> {}".format(change.old, change.new)
