"""Put a conflict into a few lines that somebody can act on. Layer: solver. Pure.

A tree: what the user asked at the roots, in the user's words; under it what those packages say,
then what the packages say that they need. Nothing is said twice.
"""

from collections.abc import Iterator
from typing import Final

from xconda_core.solver.conflict import Claim, ConflictGraph

MAX_LINES: Final = 24
MAX_DEPTH: Final = 8


def explanation(conflict: ConflictGraph) -> list[str]:
    """Return the lines of the explanation, indented by two blanks a level."""
    lines = list(_Telling(conflict).lines())
    if len(lines) > MAX_LINES:
        hidden = len(lines) - MAX_LINES + 1
        lines = [*lines[: MAX_LINES - 1], f"and {hidden} more lines; --json has all of it"]
    return lines


class _Telling:
    def __init__(self, conflict: ConflictGraph) -> None:
        self._roots = [claim for claim in conflict.claims if claim.kind not in _SAID]
        self._said: dict[str, list[Claim]] = {}
        for claim in conflict.claims:
            if claim.kind in _SAID:
                self._said.setdefault(claim.name, []).append(claim)

    def lines(self) -> Iterator[str]:
        for root in self._roots:
            if root.kind == "virtual" and self._said:
                continue  # said where somebody needs it
            yield _asked(root)
            yield from self._below(root.target)
        for name in list(self._said):
            yield from self._below(name)

    def _below(self, name: str) -> Iterator[str]:
        waiting = [(1, claim) for claim in reversed(self._said.pop(name, []))]
        while waiting:
            depth, claim = waiting.pop()
            yield "  " * min(depth, MAX_DEPTH) + _said(claim)
            deeper = self._said.pop(claim.target, [])
            waiting += [(depth + 1, each) for each in reversed(deeper)]


_SAID: Final = ("depends", "constrains", "unreadable")


def _asked(claim: Claim) -> str:
    spec = claim.specs[0] if claim.specs else claim.name
    match claim.kind:
        case "request":
            return f"you ask for {spec}"
        case "history":
            return f"you asked for {spec} earlier"
        case "installed":
            return f"{spec} is installed, and stays unless you name {claim.name}"
        case "pin":
            return f"{spec} is pinned"
        case "remove":
            return f"you ask for {claim.name} to go"
        case _:
            return f"this machine has {claim.name} {claim.versions}"


def _said(claim: Claim) -> str:
    who = f"{claim.name} {claim.versions}".rstrip()
    if claim.builds:
        who += f" (build {', '.join(claim.builds)})"
    if claim.kind == "unreadable":
        return f"{who} needs '{claim.specs[0]}', which xconda cannot honour"
    verb = "needs" if claim.kind == "depends" else "allows only"
    if len(claim.specs) == 1:
        what = claim.specs[0]
    else:
        what = f"{claim.target} {claim.allowed}".rstrip() if claim.allowed else claim.specs[0]
    if claim.allowed or claim.kind == "constrains":
        return f"{who} {verb} {what}"
    if claim.target.startswith("__"):
        has = f"this machine has {claim.existing}" if claim.existing else "this machine lacks"
        return (
            f"{who} {verb} {what}, which {has}"
            if not claim.existing
            else (f"{who} {verb} {what}, and {has}")
        )
    if claim.existing:
        return f"{who} {verb} {what}, but there is only {claim.existing}"
    return f"{who} {verb} {what}, which no channel has"
