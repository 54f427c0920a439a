"""Why a plan has each of its packages: asked for, needed by which, or no longer needed."""

from __future__ import annotations

import re
from typing import Any, Dict, Mapping, Set

_MOST_NEEDERS = 2


def reasons_of_plan(plan: Mapping[str, Any]) -> Dict[str, str]:
    """Return, for the name of each operation of a plan document, why it is there."""
    steps = plan.get("operations", ())
    wanted = {name_of(text) for text in plan.get("update_specs", ())}
    unwanted = {name_of(text) for text in plan.get("remove_specs", ())}
    is_whole = plan.get("removes") is not None and plan["removes"] == plan.get("prefix")
    gone = "goes with the environment" if is_whole else "not needed, or in the way"
    return {str(step["name"]): _reason(step, wanted, unwanted, gone) for step in steps}


def name_of(spec: str) -> str:
    """Return the package name that a MatchSpec (CEP 29) begins with, its channel aside."""
    bare = re.sub(r"^[^\s\[]*::", "", spec.strip())
    found = re.match(r"[^\s=<>!~\[@;]+", bare)
    return found.group().lower() if found else ""


def _reason(step: Mapping[str, Any], wanted: Set[str], unwanted: Set[str], gone: str) -> str:
    name, spec = str(step["name"]), str(step.get("requested_spec") or "")
    if not step.get("new"):
        return "asked to go" if name in unwanted else gone
    if name in wanted:
        return "asked for" if spec in {"", name} else "asked for: {}".format(spec)
    names = [str(each) for each in step.get("needed_by") or ()]
    if names:
        more = len(names) - _MOST_NEEDERS
        shown = ", ".join(names[:_MOST_NEEDERS])
        return "needed by {}{}".format(shown, " and {} more".format(more) if more > 0 else "")
    return "asked for earlier" if spec else "goes with what was asked for"
