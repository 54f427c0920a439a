"""The error for requests that exclude each other. Layer: solver."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from xconda_core.errors import Json
from xconda_core.solver.conflict import Claim, ConflictGraph
from xconda_core.solver.drawing import drawing, markdown
from xconda_core.solver.explain import explanation, listed
from xconda_core.solver.facts import SAID_BY_PACKAGES
from xconda_core.solver.propagation import Clause
from xconda_core.solver.refused import Refused
from xconda_core.solver.relaxation import Way
from xconda_core.values import Slotted, dataclass


@dataclass(frozen=True, slots=True)
class Proof(Slotted):
    """How it is known that facts exclude each other.

    Attributes:
        fact_count: How many there are; without any one of them there would be a solution.
        checked_by: Who found so: the search on these facts alone, and pycosat where it is there.
    """

    fact_count: int
    checked_by: tuple[str, ...] = ("xconda",)


class Unsatisfiable(Refused):
    """No set of packages meets everything that is asked.

    Attributes:
        conflict: The smallest set of claims that exclude each other.
        relaxations: Ways to ask that would do, each checked; a way is changes to make together.
        proof: How it is known.
    """

    code: ClassVar[str] = "unsatisfiable"

    def __init__(
        self,
        conflict: ConflictGraph,
        facts: Sequence[Clause],
        sizes: Mapping[int, int],
        relaxations: tuple[Way, ...] = (),
        proof: Proof | None = None,
    ) -> None:
        super().__init__(conflict)
        self.conflict, self.relaxations = conflict, relaxations
        self.proof = proof or Proof(conflict.fact_count)
        self._facts, self._sizes = tuple(facts), sizes
        requests = conflict.requests()
        together = " together" if len(requests) > 1 else ""
        self.what = (
            f"{listed(requests)} cannot be installed{together}."
            if requests
            else "There is no solution, whatever is asked: what must stay excludes itself."
        )
        lines = explanation(conflict)
        self.why = "\n    ".join([_heading(conflict), *lines])
        self.fix = _checked_fix(relaxations) if relaxations else _fix(conflict)

    def names_claiming(self, kind: str = "") -> set[str]:
        """Return the packages about which something is claimed, of one kind or of any."""
        return {claim.name for claim in self.conflict.claims if claim.kind == kind or not kind}

    def with_relaxations(self, ways: tuple[Way, ...]) -> "Unsatisfiable":
        """Return the same refusal with what would do instead."""
        return Unsatisfiable(self.conflict, self._facts, self._sizes, ways, self.proof)

    def with_proof(self, proof: Proof) -> "Unsatisfiable":
        """Return the same refusal, known in another way."""
        return Unsatisfiable(self.conflict, self._facts, self._sizes, self.relaxations, proof)

    def to_json(self) -> dict[str, Json]:
        """Return the document; its facts have the conflict as a picture and as Markdown too."""
        document = super().to_json()
        shown: dict[str, Json] = {
            "drawing": drawing(self.conflict).to_json(),
            "markdown": markdown(self.conflict),
        }
        facts = document["facts"]
        return {**document, "facts": facts | shown if isinstance(facts, dict) else shown}

    @property
    def facts(self) -> tuple[Clause, ...]:
        """The single facts behind the conflict, for whoever wants to prove it again."""
        return self._facts

    @property
    def sizes(self) -> Mapping[int, int]:
        """How many candidates each package in ``facts`` has."""
        return self._sizes


def _heading(conflict: ConflictGraph) -> str:
    asked = [claim for claim in conflict.claims if claim.kind not in SAID_BY_PACKAGES]
    if len(asked) == 1 and any(
        claim.is_in_vain or claim.kind == "unreadable" for claim in conflict.claims
    ):
        return "it needs what cannot be had:"
    return "these exclude each other:"


def _checked_fix(ways: tuple[Way, ...]) -> str:
    then = "; then another conflict shows, so also "
    told = [then.join(change.words for change in way) for way in ways]
    if len(told) == 1:
        return f"{told[0]}."
    return "\n    ".join(["any one of these would do:", *told])


def _fix(conflict: ConflictGraph) -> str:
    """Return what may help, unchecked."""
    ways = [_way(claim) for claim in conflict.claims]
    requests = conflict.requests()
    if len(requests) > 1:
        names = [claim.name for claim in conflict.claims if claim.kind == "request"]
        ways.append(f"ask for other versions of {listed(tuple(dict.fromkeys(names)))}")
    elif not any(ways) and requests:
        ways.append("ask for another version")
    return "; or ".join(dict.fromkeys(way for way in ways if way)) + "."


def _way(claim: Claim) -> str:
    """Return how a claim can be made not to hold; empty where that is not the user's to do."""
    match claim.kind:
        case "installed":
            return f"ask for {claim.name} too, so that it may change"
        case "history":
            return f"ask for {claim.name} too, in the versions that you can do with"
        case "frozen":
            return f"leave --freeze-installed out, so that {claim.name} may change"
        case "excluded":
            return f"allow {claim.specs[0]} in {claim.source}"
        case "pin":
            return f"change the pin {claim.specs[0]}"
    if claim.target.startswith("__") and claim.is_in_vain:
        fact = claim.target.removeprefix("__").upper()
        return f"if it is for another machine, set CONDA_OVERRIDE_{fact} to what that one has"
    if claim.is_in_vain and not claim.existing:
        return f"name a channel that has {claim.target} with -c CHANNEL"
    return ""
