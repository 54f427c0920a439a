"""Why a clause holds: what the user said, what a package says, what the machine has.

Layer: solver (values only).
"""

from typing import Final, Literal

from xconda_core.values import NamedTuple

FactKind = Literal[
    "request",
    "newer",
    "history",
    "installed",
    "frozen",
    "pin",
    "excluded",
    "remove",
    "depends",
    "constrains",
    "unreadable",
    "virtual",
]

SAID_BY_PACKAGES: Final = ("depends", "constrains", "unreadable")


class Fact(NamedTuple):
    """One thing that is so, whatever the search does.

    Attributes:
        kind: ``request``: the user asks for ``spec`` now; ``newer``: it is asked whether ``name``
            could be newer; ``history``: the user asked for it earlier; ``installed``: ``spec``
            follows from what is installed; ``frozen``: ``spec`` is installed and must stay;
            ``pin``: ``spec`` holds if the package is there; ``excluded``: ``spec`` may not be
            installed; ``remove``: ``name`` must go; ``depends``, ``constrains``: the
            ``candidates`` of package ``name`` say ``spec``; ``unreadable``: they depend on
            something that cannot be understood or met here; ``virtual``: the machine has ``name``.
        name: The package that it is about; for ``depends`` and its like, the one that says so.
        spec: MatchSpec text, as its author wrote it.
        candidates: Mask of the candidates of ``name`` that say so.
        source: Where a pin or an exclusion is written.
    """

    kind: FactKind
    name: str
    spec: str = ""
    candidates: int = 0
    source: str = ""
