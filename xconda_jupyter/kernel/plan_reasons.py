"""Why a plan has each of its packages: asked for, needed by which, or no longer needed."""

from __future__ import annotations

import json
import os
import re
from typing import Any, Dict, Iterator, List, Mapping, Set, Tuple

_MOST_NEEDERS = 2


def reasons_of_plan(plan: Mapping[str, Any]) -> Dict[str, str]:
    """Return, for the name of each operation of a plan document, why it is there."""
    steps = list(plan.get("operations", ()))
    wanted = {name_of(text) for text in plan.get("update_specs", ())}
    unwanted = {name_of(text) for text in plan.get("remove_specs", ())}
    needers = _needers(str(plan.get("prefix", "")), steps)
    return {str(step["name"]): _reason(step, wanted, unwanted, needers) for step in steps}


def name_of(spec: str) -> str:
    """Return the package name that a MatchSpec (CEP 29) begins with, its channel aside."""
    bare = re.sub(r"^[^\s\[]*::", "", spec.strip())
    found = re.match(r"[^\s=<>!~\[@;]+", bare)
    return found.group().lower() if found else ""


def _reason(
    step: Mapping[str, Any],
    wanted: Set[str],
    unwanted: Set[str],
    needers: Mapping[str, List[str]],
) -> str:
    name, spec = str(step["name"]), str(step.get("requested_spec") or "")
    if not step.get("new"):
        return "asked to go" if name in unwanted else "not needed, or in the way"
    if name in wanted:
        return "asked for" if spec in {"", name} else "asked for: {}".format(spec)
    names = needers.get(name, [])
    if names:
        more = len(names) - _MOST_NEEDERS
        shown = ", ".join(names[:_MOST_NEEDERS])
        return "needed by {}{}".format(shown, " and {} more".format(more) if more > 0 else "")
    return "asked for earlier" if spec else "goes with what was asked for"


def _needers(prefix: str, steps: List[Mapping[str, Any]]) -> Dict[str, List[str]]:
    """Return name to the names that will need it: what the plan brings first, then what stays."""
    found: Dict[str, List[str]] = {str(step["name"]): [] for step in steps if step.get("new")}
    for step in steps:
        depends = (step.get("new") or {}).get("depends") or ()
        for name in {name_of(text) for text in depends} & found.keys():
            found[name].append(str(step["name"]))
    lonely = {name for name, names in found.items() if not names}
    moved = {str(step["name"]) for step in steps}
    for needer, names in _staying(prefix, lonely) if lonely else ():
        if needer not in moved:
            for name in names:
                found[name].append(needer)
    return {name: sorted(names) for name, names in found.items()}


def _staying(prefix: str, wanted: Set[str]) -> Iterator[Tuple[str, Set[str]]]:
    """Yield what is installed and needs one of ``wanted``; few records are read for that."""
    folder = os.path.join(prefix, "conda-meta")
    marks = [json.dumps(name)[:-1].encode() for name in wanted]
    try:
        files = [name for name in sorted(os.listdir(folder)) if name.endswith(".json")]
    except OSError:
        return
    for file in files:
        try:
            with open(os.path.join(folder, file), "rb") as record:
                content = record.read()
            if any(mark in content for mark in marks):
                document = json.loads(content)
                names = {name_of(text) for text in document.get("depends", ())} & wanted
                if names:
                    yield str(document.get("name", "")), names
        except (OSError, ValueError):
            continue
