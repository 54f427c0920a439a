"""Environments made from others or from files, renamed and removed: how the engine is asked."""

from __future__ import annotations

import os
import sys
from typing import Any, Dict, Final, Mapping, Optional, Tuple

from xconda_jupyter.kernel.changes import goes_for_good
from xconda_jupyter.kernel.command_line import Command
from xconda_jupyter.kernel.failures import XcondaFailed
from xconda_jupyter.kernel.running_kernel import is_same_folder

_OWN_OPTIONS: Final = frozenset({"clone", "whole"})
_MAY_REPLACE: Final = frozenset({"create", "env create"})


def engine_words(command: Command) -> Tuple[str, Dict[str, Any]]:
    """Return the verb and the options by which the engine is asked for a change."""
    options = {name: value for name, value in command.options.items() if name not in _OWN_OPTIONS}
    if command.verb in _MAY_REPLACE and command.yes:
        options["may_replace"] = True
    if "clone" in command.options:
        return "clone", {**options, "source": command.options["clone"]}
    if command.verb == "rename":
        return "rename", {**options, "source": command.name or folder(command.prefix)}
    if command.verb == "env remove" or "whole" in command.options:
        return "remove environment", options
    return command.verb, options


def place_of(command: Command) -> Tuple[str, str]:
    """Return name and folder of the environment that is meant; none named: that of this kernel.

    What is made from a file may have its name from there.
    """
    if command.verb == "rename":
        [place] = command.specs
        is_path = "/" in place or os.sep in place
        return ("", folder(place)) if is_path else (place, "")
    if command.name or command.verb == "env create":
        return command.name, folder(command.prefix)
    return "", folder(command.prefix) or sys.prefix


def folder(path: str) -> str:
    """Return a path as the worker understands it, empty where none is given."""
    return os.path.abspath(os.path.expanduser(path)) if path else ""


def refusal(command: Command, plan: Mapping[str, Any]) -> Optional[XcondaFailed]:
    """Return why a plan is not carried out unasked; None where it may be."""
    gone = str(plan.get("removes") or "")
    replaced = str(plan.get("prefix", "")) if plan.get("onto") else ""
    for place in filter(None, (gone, replaced)):
        if is_same_folder(place, sys.prefix):
            return _stands_here(place, "replaced" if place == replaced else "removed or renamed")
    if gone and not command.yes:
        return _needs_yes(command, goes_for_good(plan))
    return None


def _needs_yes(command: Command, lines: Tuple[str, ...]) -> XcondaFailed:
    return XcondaFailed(
        {
            "code": "needs-yes",
            "what": "Nothing was changed: nobody can be asked in a cell.",
            "why": "\n".join(lines),
            "fix": "`%xconda {} --yes` does it.".format(command.text),
            "facts": {"goes": list(lines)},
        }
    )


def _stands_here(prefix: str, what: str) -> XcondaFailed:
    return XcondaFailed(
        {
            "code": "environment-in-use",
            "what": "{} was not {}.".format(prefix, what),
            "why": "this kernel runs in it.",
            "fix": "do it from another kernel or a terminal, or name another environment.",
            "facts": {"prefix": prefix},
        }
    )
