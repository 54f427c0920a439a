"""One place that settings come from, read but not yet interpreted. Layer: config. Pure.

A file, the environment and the command line all become a ``Source``: names with untyped nodes.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from xconda_core.values import Slotted, dataclass, field

Mark = Literal["", "final", "top", "bottom"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node(Slotted):
    """A value as it was written.

    Attributes:
        content: Text, items, or a map; None where nothing was written.
        origin: Path of the file, name of the variable, or ``command line``.
        line: Line in the file, from 1; 0 where there are no lines.
        mark: The comment ``#!final``, ``#!top`` or ``#!bottom`` behind it.
    """

    content: "str | tuple[Node, ...] | Mapping[str, Node] | None"
    origin: str
    line: int = 0
    mark: Mark = ""


@dataclass(frozen=True, slots=True)
class Source(Slotted):
    """Everything that one place says.

    Attributes:
        origin: Path of the file, ``environment`` or ``command line``.
        nodes: Setting name as written there to what is written.
    """

    origin: str
    nodes: Mapping[str, Node] = field(default_factory=dict)


def node_of(value: object, origin: str) -> Node:
    """Return a plain Python value as a node: lists and maps keep their shape, the rest is text."""
    if value is None:
        return Node(content=None, origin=origin)
    if isinstance(value, Mapping):
        items = {str(key): node_of(item, origin) for key, item in value.items()}
        return Node(content=items, origin=origin)
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return Node(content=tuple(node_of(item, origin) for item in value), origin=origin)
    return Node(content=str(value), origin=origin)
