"""A conflict for other eyes: as data of a picture, and as Markdown. Layer: solver. Pure."""

from typing import Literal

from xconda_core.errors import Json
from xconda_core.solver.conflict import Claim, ConflictGraph
from xconda_core.solver.explain import asked_words, demand_words, explanation, speaker_words
from xconda_core.solver.facts import SAID_BY_PACKAGES
from xconda_core.values import Slotted, dataclass

NodeKind = Literal["asked", "package", "machine", "missing"]


@dataclass(frozen=True, slots=True)
class Node(Slotted):
    """One thing in the picture.

    Attributes:
        id: What edges name it by.
        kind: ``asked``: what somebody wants; ``package``; ``machine``: a fact of it; ``missing``: a
            package that there is not in any version that would do.
        words: What stands in it.
    """

    id: str
    kind: NodeKind
    words: str


@dataclass(frozen=True, slots=True)
class Edge(Slotted):
    """One arrow: what ``source`` says about ``target``."""

    source: str
    target: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Drawing(Slotted):
    """The picture of a conflict: its claims are arrows between what is asked and packages."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def to_json(self) -> dict[str, Json]:
        """Return the two lists."""
        return {
            "nodes": [{"id": n.id, "kind": n.kind, "words": n.words} for n in self.nodes],
            "edges": [
                {"source": e.source, "target": e.target, "kind": e.kind, "words": e.words}
                for e in self.edges
            ],
        }


def drawing(conflict: ConflictGraph) -> Drawing:
    """Return the picture of ``conflict``; nodes and edges are in the order of its claims."""
    nodes: dict[str, Node] = {}
    edges = []
    for number, claim in enumerate(conflict.claims):
        if claim.kind in SAID_BY_PACKAGES:
            source, words = claim.name, f"{speaker_words(claim)} {demand_words(claim)}"
            nodes.setdefault(source, Node(source, "package", source))
        else:
            source, words = f"{claim.kind} {number}", claim.specs[0] if claim.specs else claim.name
            nodes[source] = Node(source, "asked", asked_words(claim))
        if claim.target not in nodes or claim.is_in_vain:
            nodes[claim.target] = Node(claim.target, _kind_of_target(claim), claim.target)
        edges.append(Edge(source, claim.target, claim.kind, words))
    return Drawing(tuple(nodes.values()), tuple(edges))


def markdown(conflict: ConflictGraph) -> str:
    """Return the explanation of ``conflict`` as a list in Markdown."""
    lines = []
    for line in explanation(conflict):
        words = line.lstrip()
        lines.append(f"{' ' * (len(line) - len(words))}- {_escaped(words)}")
    return "\n".join(lines)


def _kind_of_target(claim: Claim) -> NodeKind:
    if claim.target.startswith("__"):
        return "machine"
    return "missing" if claim.is_in_vain else "package"


def _escaped(text: str) -> str:
    """Return text in which nothing is read as Markdown: specs are full of stars and underscores."""
    return "".join(f"\\{letter}" if letter in r"\`*_[]<>#|" else letter for letter in text)
