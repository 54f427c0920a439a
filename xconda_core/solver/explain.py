"""Put a conflict into a few lines that somebody can act on. Layer: solver. Pure.

A tree: what the user asked at the roots, in the user's words; under it what those packages say,
then what the packages say that they need. Nothing is said twice.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from xconda_core.solver.conflict import ANY, Claim, ConflictGraph
from xconda_core.solver.facts import SAID_BY_PACKAGES

MAX_LINES: Final = 24
MAX_DEPTH: Final = 8
MAX_BUILDS: Final = 2
MAX_SPECS: Final = 3


def explanation(conflict: ConflictGraph) -> list[str]:
    """Return the lines of the explanation, indented by two blanks a level."""
    lines = list(_Telling(conflict).lines())
    if len(lines) > MAX_LINES:
        hidden = len(lines) - MAX_LINES + 1
        lines = [*lines[: MAX_LINES - 1], f"and {hidden} more lines; --json has all of it"]
    return lines


def listed(words: Sequence[str], joint: str = "and") -> str:
    """Return ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"


class _Telling:
    def __init__(self, conflict: ConflictGraph) -> None:
        self._roots = [claim for claim in conflict.claims if claim.kind not in SAID_BY_PACKAGES]
        self._said: dict[str, list[Claim]] = {}
        for claim in conflict.claims:
            if claim.kind in SAID_BY_PACKAGES:
                self._said.setdefault(claim.name, []).append(claim)

    def lines(self) -> Iterator[str]:
        for root in self._roots:
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


def _asked(claim: Claim) -> str:
    spec = claim.specs[0] if claim.specs else claim.name
    match claim.kind:
        case "request":
            return f"you ask for {spec}"
        case "newer":
            return f"a newer {claim.name} would be {claim.versions}"
        case "history":
            return f"you asked for {spec} earlier"
        case "installed":
            return f"{spec} is installed, and stays unless you name {claim.name}"
        case "frozen":
            return f"{spec} is installed, and nothing that is installed may change"
        case "pin":
            return f"{spec} is pinned"
        case "remove":
            return f"you ask for {claim.name} to go"
        case _:
            return f"this machine has {claim.name} {claim.versions}"


def _said(claim: Claim) -> str:
    who = _speaker(claim)
    if claim.kind == "unreadable":
        return f"{who} needs '{claim.specs[0]}', which xconda cannot honour"
    verb = "needs" if claim.kind == "depends" else "allows only"
    if len(claim.specs) == 1 or not claim.allowed:
        what = listed(claim.specs[:MAX_SPECS], "or")
    else:
        what = claim.target if claim.allowed == ANY else f"{claim.target} {claim.allowed}"
    return f"{who} {verb} {what}{_lack(claim)}"


def _speaker(claim: Claim) -> str:
    who = f"{claim.name} {claim.versions}" if claim.versions else f"every {claim.name}"
    if claim.fitting:
        who += f" that fits {listed(claim.fitting)}"
    if claim.builds:
        more = len(claim.builds) - MAX_BUILDS
        builds = ", ".join(claim.builds[:MAX_BUILDS]) + (f" and {more} more" if more > 0 else "")
        who += f" (build {builds})"
    return who


def _lack(claim: Claim) -> str:
    """Return what follows where no version of the target would do."""
    if claim.allowed or claim.kind == "constrains":
        return ""
    if claim.target.startswith("__"):
        return (
            f", but this machine has {claim.existing}"
            if claim.existing
            else (", which this machine lacks")
        )
    return f", but there is only {claim.existing}" if claim.existing else ", which no channel has"
