"""Translate the ``history_env`` rows about ``conda-meta/history`` to our history values."""

from collections.abc import Iterable
from typing import Any

from xconda_core.environment import history
from xconda_core.models.match_spec import MatchSpec

KINDS = {
    "update": "update_specs",
    "install": "update_specs",
    "create": "update_specs",
    "remove": "remove_specs",
    "uninstall": "remove_specs",
    "neutered": "neutered_specs",
}


def parse_history(text: str) -> dict[str, Any]:
    revisions = history.parse_history(text)
    return {
        "revisions": [
            {"date": r.date, "dists": sorted(r.lines), "comments": list(r.comments)}
            for r in revisions
        ],
        "requests": [_request(r) for r in revisions if r.command],
    }


def _request(revision: history.Revision) -> dict[str, Any]:
    command = revision.command.split()
    if command[0].endswith("conda"):
        command[0] = "conda"
    request: dict[str, Any] = {
        "date": revision.date,
        "cmd": command,
        "unlink_dists": sorted(f"-{dist}" for dist in revision.removed),
        "link_dists": sorted(f"+{dist}" for dist in revision.added),
    }
    if revision.conda_version:
        request["conda_version"] = revision.conda_version
    for key in ("remove_specs", "update_specs", "neutered_specs"):
        specs = getattr(revision, key)
        if specs:
            request[key] = request["specs"] = list(specs)
    for comment in revision.comments:
        if asked := history.specs_comment(comment):
            request["action"] = asked[0]
    return request


def history_comment(line: str) -> dict[str, Any]:
    asked = history.specs_comment(line)
    if asked is None:
        return {}
    action, specs = asked
    kind = KINDS.get(action)
    if not specs or kind is None:
        return {"action": action}
    return {"action": action, "specs": list(specs), kind: list(specs)}


def history_states(text: str) -> list[list[Any]]:
    revisions = history.parse_history(text)
    states = history.history_states(revisions)
    return [
        [revision.date, sorted(state)] for revision, state in zip(revisions, states, strict=True)
    ]


def requested_specs(text: str, names: Iterable[str]) -> dict[str, str]:
    requested = history.requested_specs(history.parse_history(text), names)
    return {name: str(MatchSpec.parse(spec)) for name, spec in requested.items()}
