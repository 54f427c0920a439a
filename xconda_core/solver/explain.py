"""Put a conflict into a few lines that somebody can act on. Layer: solver. Pure.

A tree: what the user asked at the roots, in the user's words; under it what those packages say,
then what the packages say that they need. Nothing is said twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from xconda_core.solver.conflict import ANY, Claim, ConflictGraph
from xconda_core.solver.facts import SAID_BY_PACKAGES, FactKind

MAX_LINES: Final = 24
MAX_DEPTH: Final = 8
MAX_BUILDS: Final = 2
MAX_SPECS: Final = 3
_ASKED: Final[Mapping[FactKind, str]] = {
    "request": "you ask for {spec}",
    "newer": "a newer {name} would be {versions}",
    "history": "you asked for {spec} earlier",
    "installed": "{spec} is installed, and stays unless you name {name}",
    "frozen": "{spec} is installed, and nothing that is installed may change",
    "pin": "{spec} is pinned{place}",
    "excluded": "{spec} may not be installed, says {source}",
    "remove": "you ask for {name} to go",
    "virtual": "this machine has {name} {versions}",
}
MAX_JOINED: Final = 60  # characters of a line that another claim may still join


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
        self._narrowed = {
            claim.target
            for claims in self._said.values()
            for claim in claims
            if claim.allowed not in ("", ANY)
        }

    def lines(self) -> Iterator[str]:
        for root in self._roots:
            yield asked_words(root)
            yield from self._below(root.target)
        for name in list(self._said):
            yield from self._below(name)

    def _below(self, name: str) -> Iterator[str]:
        waiting = [(1, claim) for claim in reversed(self._claims_of(name))]
        while waiting:
            depth, claim = waiting.pop()
            line = _said(claim)
            further = self._only_further(claim)
            while further is not None and len(line) < MAX_JOINED:
                line += f", which {demand_words(further)}"
                self._said.pop(further.name)
                claim = further
                further = self._only_further(claim)
            yield "  " * min(depth, MAX_DEPTH) + line
            waiting += [(depth + 1, each) for each in reversed(self._claims_of(claim.target))]

    def _claims_of(self, name: str) -> list[Claim]:
        """Return what a package says, once; nothing that somebody else says more exactly."""
        return [claim for claim in self._said.pop(name, []) if not self._is_told_better(claim)]

    def _is_told_better(self, claim: Claim) -> bool:
        return claim.allowed == ANY and not claim.allowed_builds and claim.target in self._narrowed

    def _only_further(self, claim: Claim) -> Claim | None:
        """Return the one thing that the target says where it is just what this claim allows."""
        said = self._said.get(claim.target, [])
        if len(said) != 1 or claim.kind != "depends":
            return None
        (further,) = said
        if further.fitting or further.builds or self._is_told_better(further):
            return None
        same = claim.allowed == (further.versions or ANY)
        return further if same and not claim.allowed_builds else None


def asked_words(claim: Claim) -> str:
    """Return who wants what, as a sentence."""
    return _ASKED[claim.kind].format(
        spec=claim.specs[0] if claim.specs else claim.name,
        name=claim.name,
        versions=claim.versions,
        place=f" in {claim.source}" if claim.source else "",
        source=claim.source,
    )


def _said(claim: Claim) -> str:
    return f"{speaker_words(claim)} {demand_words(claim)}"


def demand_words(claim: Claim) -> str:
    """Return what is asked of the target, as the end of a sentence."""
    if claim.kind == "unreadable":
        return f"needs '{claim.specs[0]}', which xconda cannot honour"
    verb = "needs" if claim.kind == "depends" else "allows only"
    if len(claim.specs) == 1 or not claim.allowed:
        what = listed(claim.specs[:MAX_SPECS], "or")
    else:
        what = claim.target if claim.allowed == ANY else f"{claim.target} {claim.allowed}"
        what += _of_builds(claim.allowed_builds)
    return f"{verb} {what}{_lack(claim)}"


def speaker_words(claim: Claim) -> str:
    """Return which versions and builds of a package say so."""
    who = f"{claim.name} {claim.versions}" if claim.versions else f"every {claim.name}"
    if claim.fitting:
        who += f" that fits {listed(claim.fitting)}"
    return who + _of_builds(claim.builds)


def _of_builds(builds: Sequence[str]) -> str:
    """Return builds in brackets, the first few of them."""
    if not builds:
        return ""
    more = len(builds) - MAX_BUILDS
    told = ", ".join(builds[:MAX_BUILDS]) + (f" and {more} more" if more > 0 else "")
    return f" (build {told})"


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
    beside = f"; {claim.hidden}" if claim.hidden else ""
    if claim.existing:
        return f", but there is only {claim.existing}{beside}"
    return beside or ", which no channel has"
