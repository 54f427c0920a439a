"""The error for requests that exclude each other. Layer: solver."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from xconda_core.errors import XcondaError
from xconda_core.solver.conflict import ConflictGraph
from xconda_core.solver.explain import explanation
from xconda_core.solver.propagation import Clause


class Unsatisfiable(XcondaError):
    """No set of packages meets everything that is asked.

    Attributes:
        conflict: The smallest set of claims that exclude each other.
    """

    code: ClassVar[str] = "unsatisfiable"

    def __init__(
        self, conflict: ConflictGraph, facts: Sequence[Clause], sizes: Mapping[int, int]
    ) -> None:
        super().__init__(conflict)
        self.conflict = conflict
        self._facts, self._sizes = tuple(facts), sizes
        requests = conflict.requests()
        asked = _listed(requests) or "what is asked"
        together = " together" if len(requests) > 1 else ""
        self.what = f"{asked} cannot be installed{together}."
        lines = explanation(conflict)
        self.why = "\n    ".join(["", *lines]) if len(lines) > 1 else lines[0]
        self.fix = _fix(conflict)

    @property
    def facts(self) -> tuple[Clause, ...]:
        """The single facts behind the conflict, for whoever wants to prove it again."""
        return self._facts

    @property
    def sizes(self) -> Mapping[int, int]:
        """How many candidates each package in ``facts`` has."""
        return self._sizes


def _listed(words: tuple[str, ...]) -> str:
    if len(words) < 3:
        return " and ".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _fix(conflict: ConflictGraph) -> str:
    ways = []
    for claim in conflict.claims:
        if claim.kind == "installed":
            ways.append(f"name {claim.name} too, so that it may change")
        elif claim.kind == "pin":
            ways.append(f"change the pin {claim.specs[0]}")
        elif claim.kind == "history":
            ways.append(f"name {claim.name} too, with the versions that you can do with")
    requests = conflict.requests()
    if len(requests) > 1:
        ways.append(f"ask for other versions of {_listed(tuple(_names(conflict)))}")
    elif not ways:
        ways.append("ask for another version, or add a channel that has what is missing")
    return "; or ".join(dict.fromkeys(ways)) + "."


def _names(conflict: ConflictGraph) -> list[str]:
    return [claim.name for claim in conflict.claims if claim.kind == "request"]
