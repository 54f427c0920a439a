"""YAML and JSON of strangers into a tree of plain nodes that know their lines. Layer: environment.

The text is composed, not constructed: nothing in a file can make an object, and aliases that
multiply, or refer to themselves, are refused. Source: YAML 1.2, with the merge key of 1.1.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, Literal, cast

from xconda_core.environment.formats.problem import InvalidEnvironmentFile
from xconda_core.errors import Json
from xconda_core.values import Slotted, dataclass

if TYPE_CHECKING:
    from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

    YamlNode = ScalarNode | SequenceNode | MappingNode

Kind = Literal["text", "number", "boolean", "nothing", "list", "map"]

_STANDARD: Final = "tag:yaml.org,2002:"
_KINDS: Final[dict[str, Kind]] = {
    "str": "text", "timestamp": "text", "merge": "text", "value": "text", "int": "number",
    "float": "number", "bool": "boolean", "null": "nothing", "seq": "list", "map": "map",
}  # fmt: skip
_DEPTH: Final = 40
_SPARE_NODES: Final = 10_000  # what aliases may add to a short file


@dataclass(frozen=True, slots=True)
class Node(Slotted):
    """One value of a document.

    Attributes:
        kind: What it is.
        content: Text as written (of numbers and booleans too), items, or entries.
        line: Where it begins, from 1; 0 where that is not known (JSON).
        path: Dotted path that leads to it.
    """

    kind: Kind
    content: "str | tuple[Node, ...] | dict[str, Node]"
    line: int
    path: str

    @property
    def items(self) -> "tuple[Node, ...]":
        """The items of a list."""
        return cast("tuple[Node, ...]", self.content)

    @property
    def entries(self) -> "dict[str, Node]":
        """The entries of a map."""
        return cast("dict[str, Node]", self.content)

    @property
    def text(self) -> str:
        """The text of a scalar."""
        return cast("str", self.content)


def read_yaml(text: str, origin: str) -> tuple[Node, ...]:
    """Return the documents of a YAML text; empty ones are left out.

    Raises:
        InvalidEnvironmentFile: it is not YAML, or means more than a document should.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        roots = list(YAML(typ="safe", pure=True).compose_all(text))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        problem = f"it is not YAML: {error.problem or error.context}"
        raise InvalidEnvironmentFile(origin, problem, line=line) from error
    except (YAMLError, RecursionError, ValueError) as error:
        summary = str(error).splitlines()[0] if str(error) else "it is nested too deeply"
        raise InvalidEnvironmentFile(origin, f"it is not YAML: {summary}") from error
    convert = _Converter(origin, most=len(text) + _SPARE_NODES)
    nodes = [convert.node(root, "", 0) for root in roots if root is not None]
    return tuple(node for node in nodes if node.kind != "nothing")


def read_json(text: str, origin: str) -> tuple[Node, ...]:
    """Return the one document of a JSON text.

    Raises:
        InvalidEnvironmentFile: it is not JSON.
    """
    try:
        document = json.loads(text, object_pairs_hook=_unique(origin))
    except json.JSONDecodeError as error:
        problem = f"it is not JSON: {error.msg}"
        raise InvalidEnvironmentFile(origin, problem, line=error.lineno) from error
    except (RecursionError, ValueError) as error:
        raise InvalidEnvironmentFile(origin, "it is not JSON: it is nested too deeply") from error
    return (_json_node(document, ""),)


def map_of(node: Node, origin: str, what: str) -> dict[str, Node]:
    """Return the entries of ``node``.

    Raises:
        InvalidEnvironmentFile: it is no map; ``what`` says what it should be.
    """
    return _of_kind(node, origin, "map", what).entries


def list_of(node: Node, origin: str, what: str) -> tuple[Node, ...]:
    """Return the items of ``node``.

    Raises:
        InvalidEnvironmentFile: it is no list; ``what`` says what it should be.
    """
    return _of_kind(node, origin, "list", what).items


def text_of(node: Node, origin: str) -> str:
    """Return the text of ``node``.

    Raises:
        InvalidEnvironmentFile: it is something else; a number would need quotes.
    """
    return _of_kind(node, origin, "text", "it must be text").text


def scalar_of(node: Node, origin: str) -> str:
    """Return the text of ``node``, be it a number or a boolean.

    Raises:
        InvalidEnvironmentFile: it is a list, a map or nothing.
    """
    if node.kind in {"list", "map", "nothing"}:
        raise wrong(node, origin, "it must be text")
    return node.text


def required_text(fields: Mapping[str, Node], key: str, item: Node, origin: str) -> str:
    """Return the text of ``key`` among the ``fields`` of ``item``.

    Raises:
        InvalidEnvironmentFile: it is missing, or no text.
    """
    if key not in fields:
        raise wrong(item, origin, f"it has no `{key}`")
    return scalar_of(fields[key], origin)


def wrong(node: Node, origin: str, problem: str) -> InvalidEnvironmentFile:
    """Return the error that says what is wrong with ``node``."""
    return InvalidEnvironmentFile(origin, problem, line=node.line, key=node.path)


def _of_kind(node: Node, origin: str, kind: Kind, what: str) -> Node:
    if node.kind != kind:
        found = {"list": "a list", "map": "a map", "text": "text", "nothing": "empty"}
        raise wrong(node, origin, f"{what}, and is {found.get(node.kind, f'a {node.kind}')}")
    return node


class _Converter:
    """Turns composed YAML nodes into ours, and counts them."""

    def __init__(self, origin: str, most: int) -> None:
        # Without aliases a text has fewer nodes than characters.
        self._origin, self._left = origin, most

    def node(self, value: "YamlNode", path: str, depth: int) -> Node:
        line = value.start_mark.line + 1
        self._left -= 1
        if depth > _DEPTH or self._left < 0:
            problem = "it is nested too deeply, or its aliases multiply"
            raise InvalidEnvironmentFile(self._origin, problem, line=line)
        tag = str(value.tag)
        kind = _KINDS.get(tag.removeprefix(_STANDARD)) if tag.startswith(_STANDARD) else None
        if kind is None:
            problem = f"it has the tag {tag.removeprefix(_STANDARD)}, which is not read"
            raise InvalidEnvironmentFile(self._origin, problem, line=line, key=path)
        if value.id == "sequence":
            items = (
                self.node(item, _below(path, str(number)), depth + 1)
                for number, item in enumerate(value.value)
            )
            return Node("list", tuple(items), line, path)
        if value.id == "mapping":
            return Node("map", self._map(cast("MappingNode", value), path, depth), line, path)
        return Node(kind, str(value.value), line, path)

    def _map(self, value: "MappingNode", path: str, depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        merged: dict[str, Node] = {}
        for key, item in value.value:
            line = key.start_mark.line + 1
            if key.id != "scalar":
                problem = "a key must be plain text"
                raise InvalidEnvironmentFile(self._origin, problem, line=line, key=path)
            name = str(key.value)
            if key.tag == f"{_STANDARD}merge" or name == "<<":
                for each in self._merged(item, path, depth):
                    merged = {**each, **merged}
                continue
            if name in entries:
                problem = f"`{name}` is given twice"
                raise InvalidEnvironmentFile(self._origin, problem, line=line, key=path)
            entries[name] = self.node(item, _below(path, name), depth + 1)
        return {**merged, **entries}

    def _merged(self, item: "YamlNode", path: str, depth: int) -> Iterator[dict[str, Node]]:
        node = self.node(item, path, depth + 1)
        for each in node.items if node.kind == "list" else (node,):
            yield map_of(each, self._origin, "`<<` takes maps")


def _unique(origin: str) -> Callable[[list[tuple[str, Json]]], dict[str, Json]]:
    def pairs(found: list[tuple[str, Json]]) -> dict[str, Json]:
        document = dict(found)
        if len(document) < len(found):
            names = [name for name, _ in found]
            twice = next(name for name in names if names.count(name) > 1)
            raise InvalidEnvironmentFile(origin, f"`{twice}` is given twice")
        return document

    return pairs


def _json_node(value: Json, path: str) -> Node:
    match value:
        case dict():
            entries = {key: _json_node(item, _below(path, key)) for key, item in value.items()}
            return Node("map", entries, 0, path)
        case list():
            items = (_json_node(item, _below(path, str(n))) for n, item in enumerate(value))
            return Node("list", tuple(items), 0, path)
        case str():
            return Node("text", value, 0, path)
        case None:
            return Node("nothing", "", 0, path)
        case bool():
            return Node("boolean", str(value).lower(), 0, path)
    return Node("number", json.dumps(value), 0, path)


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
