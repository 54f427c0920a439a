"""From what is written to typed values, each checked by its definition. Layer: config. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from xconda_core.config.definition import Definition
from xconda_core.config.definitions import BY_NAME, DEFINITIONS, PLUGINS
from xconda_core.config.problem import Problem
from xconda_core.config.redaction import redacted
from xconda_core.config.source import Mark, Node, Source
from xconda_core.config.value_types import Value
from xconda_core.models.nearest import nearest_words
from xconda_core.regex import regex
from xconda_core.values import Slotted, dataclass, field

_VARIABLE: Final = regex(r"\$(\w+)|\$\{(\w+)\}")

Pairs = tuple[tuple[str, Value], ...]  # a map that is an item of a list: lists have each item once


@dataclass(frozen=True, slots=True, kw_only=True)
class Given(Slotted):
    """What one source gives for one setting, typed.

    Attributes:
        value: One value, a tuple of values or of the pairs of maps, or a map.
        mark: ``final``: nothing of higher priority counts.
        marks: For a list, the mark of each item; for a map, of each key.
        origin: Where it was written, with the line if there is one.
        lists: In a map of lists, the list of each key as one that is given by itself.
    """

    value: "Value | tuple[Value | Pairs, ...] | Mapping[str, object]"
    mark: Mark
    marks: "tuple[Mark, ...] | Mapping[str, Mark]" = ()
    origin: str
    lists: "Mapping[str, Given]" = field(default_factory=dict)

    @property
    def items(self) -> "tuple[Value | Pairs, ...]":
        """The items of a list; none of what is no list."""
        return self.value if isinstance(self.value, tuple) else ()


@dataclass(slots=True)
class Interpreter(Slotted):
    """Interprets sources one after the other, and gathers what is wrong with them.

    Attributes:
        environ: Variables for ``$NAME`` in values that expand them.
        more: Settings that plugins declare.
        problems: Faults found so far.
        warnings: Sentences about what was ignored.
    """

    environ: Mapping[str, str]
    more: tuple[Definition, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def given(self, source: Source) -> dict[str, Given]:
        """Return setting name -> what ``source`` gives for it; faults go to ``problems``."""
        result: dict[str, Given] = {}
        known = BY_NAME | {name: each for each in self.more for name in each.names}
        for written, node in self._flat(source.nodes):
            definition = known.get(written)
            if definition is None:
                self._ignore(written, node)
            elif definition.shape == "anything":
                continue  # another program's: it reads its own
            elif definition.name in result:
                message = f"it is given twice: {definition.name} is the same setting"
                self._complain(node, written, message)
            elif node.content is not None:
                interpreted = self._one(definition, written, node)
                if interpreted is not None:
                    result[definition.name] = interpreted
        return result

    def _flat(self, nodes: Mapping[str, Node]) -> Iterator[tuple[str, Node]]:
        """Yield every setting as it is written, those below ``plugins`` as ``plugins.NAME``.

        What stands there and no plugin here has declared is another tool's, as a file may be.
        """
        known = {name for each in self.more for name in each.names}
        for written, node in nodes.items():
            if written != PLUGINS or node.content is None:
                yield written, node
            elif isinstance(node.content, Mapping):
                below = ((f"{PLUGINS}.{name}", item) for name, item in node.content.items())
                yield from ((name, item) for name, item in below if name in known)
            else:
                self._complain(node, written, f"it must be a map of `name: value`{_but(node)}")

    def _one(self, definition: Definition, written: str, node: Node) -> Given | None:
        origin = f"{node.origin}, line {node.line}" if node.line else node.origin
        before = len(self.problems)
        marks: tuple[Mark, ...] | Mapping[str, Mark] = ()
        lists: Mapping[str, Given] = {}
        value: Value | tuple[Value | Pairs, ...] | Mapping[str, object]
        if definition.shape == "one":
            value = self._scalar(definition, written, node)
        elif definition.shape == "list":
            value, marks = self._list(definition, written, node)
        elif definition.shape == "list of maps":
            value, marks = self._list_of_maps(definition, written, node)
        elif definition.shape == "map of lists":
            lists = self._lists(definition, written, node, origin)
            value = {key: each.items for key, each in lists.items()}
        else:
            value, marks = self._map(definition, written, node)
        if len(self.problems) > before:
            self._forgive(definition, before)
            return None
        return Given(value=value, mark=node.mark, marks=marks, origin=origin, lists=lists)

    def _list_of_maps(
        self, definition: Definition, written: str, node: Node
    ) -> tuple[tuple[Pairs, ...], tuple[Mark, ...]]:
        if not isinstance(node.content, tuple):
            self._complain(node, written, f"it must be a list of maps{_but(node)}")
            return (), ()
        values = tuple(self._pairs(definition, written, item) for item in node.content)
        return values, tuple(item.mark for item in node.content)

    def _pairs(self, definition: Definition, written: str, node: Node) -> Pairs:
        if not isinstance(node.content, Mapping):
            self._complain(node, written, f"each item must be a map{_but(node)}")
            return ()
        return tuple(
            (key, self._scalar(definition._replace(type=definition.fields[key]), key, item))
            for key, item in node.content.items()
            if key in definition.fields and item.content is not None
        )

    def _scalar(self, definition: Definition, written: str, node: Node) -> Value:
        if not isinstance(node.content, str):
            self._complain(node, written, f"it must be {definition.type.wants}{_but(node)}")
            return None
        text = expanded(node.content, self.environ) if definition.expands else node.content
        try:
            return definition.type.parse(text)
        except (ValueError, OverflowError):
            message = f"it must be {definition.type.wants}, not `{redacted(text)}`"
            self._complain(node, written, message)
            return None

    def _list(
        self, definition: Definition, written: str, node: Node
    ) -> tuple[tuple[Value, ...], tuple[Mark, ...]]:
        if not isinstance(node.content, tuple):
            self._complain(node, written, f"it must be a list{_but(node)}")
            return (), ()
        values = tuple(self._scalar(definition, written, item) for item in node.content)
        return values, tuple(item.mark for item in node.content)

    def _map(
        self, definition: Definition, written: str, node: Node
    ) -> tuple[Mapping[str, Value], Mapping[str, Mark]]:
        items = self._entries(written, node)
        values = {
            key: None
            if item.content is None
            else self._scalar(definition, f"{written}.{key}", item)
            for key, item in items.items()
        }
        return values, {key: item.mark for key, item in items.items()}

    def _lists(
        self, definition: Definition, written: str, node: Node, origin: str
    ) -> Mapping[str, Given]:
        lists = {}
        for key, item in self._entries(written, node).items():
            values: tuple[Value, ...] = ()
            marks: tuple[Mark, ...] = ()
            if item.content is not None:
                values, marks = self._list(definition, f"{written}.{key}", item)
            lists[key] = Given(value=values, mark=item.mark, marks=marks, origin=origin)
        return lists

    def _entries(self, written: str, node: Node) -> Mapping[str, Node]:
        if isinstance(node.content, Mapping):
            return node.content
        self._complain(node, written, f"it must be a map of `name: value`{_but(node)}")
        return {}

    def _complain(self, node: Node, key: str, message: str) -> None:
        self.problems.append(Problem(node.origin, node.line, key, message))

    def _forgive(self, definition: Definition, before: int) -> None:
        """Make the problems since ``before`` warnings where nothing depends on the setting."""
        if definition.standing != "used":
            faults = self.problems[before:]
            del self.problems[before:]
            self.warnings += [f"{fault}; it has no effect here" for fault in faults]

    def _ignore(self, written: str, node: Node) -> None:
        near = nearest(written, BY_NAME)
        hint = f"; did you mean {near}?" if near else ""
        place = f"{node.origin}, line {node.line}" if node.line else node.origin
        self.warnings.append(f"{place}: no setting is called {written}{hint}")


def environment_source(environ: Mapping[str, str], more: tuple[Definition, ...] = ()) -> Source:
    """Return what the ``CONDA_*`` variables say; an empty one says nothing.

    ``more`` are settings that plugins declare.
    """
    nodes: dict[str, Node] = {}
    for definition in (*DEFINITIONS, *more):
        if definition.shape in {"anything", "list of maps"}:
            continue
        variable = next((name for name in definition.variables if environ.get(name)), None)
        if variable is None:
            continue
        text = environ[variable]
        content: str | tuple[Node, ...] = text
        if definition.shape == "list":
            parts = (part.strip() for part in text.split(definition.separator))
            content = tuple(Node(content=part, origin=variable) for part in parts if part)
        nodes[definition.name] = Node(content=content, origin=variable)
    return Source("environment", nodes)


def expanded(text: str, environ: Mapping[str, str]) -> str:
    """Replace ``$NAME`` and ``${NAME}`` in ``text``; what is not set stays as it is written."""
    if "$" not in text:
        return text
    return _VARIABLE.sub(lambda m: environ.get(m[1] or m[2], m[0]), text)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that looks most like ``name``, or an empty text."""
    return next(iter(nearest_words(name, known, count=1, cutoff=0.75)), "")


def _but(node: Node) -> str:
    """Say what was found instead, in a few words."""
    if isinstance(node.content, str):
        return f", not the text `{redacted(node.content)}`"
    return ", not a list" if isinstance(node.content, tuple) else ", not a map"
