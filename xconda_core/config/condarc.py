"""Read one configuration file into a source: names, values, lines and marks. Layer: config.

The file is composed, not constructed: nodes keep their line, scalars keep their text, nothing in
a file can make an object, and an alias (``*name``) that would grow without end is refused. The
YAML library is imported when the first file is read: most machines have none.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from xconda_core.config.problem import Problem
from xconda_core.config.source import Mark, Node, Source
from xconda_core.regex import regex

if TYPE_CHECKING:
    from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

    YamlNode = ScalarNode | SequenceNode | MappingNode

_MARK: Final = regex(r"[\s:,]*#!(final|top|bottom)\b")
_NULL: Final = "tag:yaml.org,2002:null"
_DEPTH: Final = 8  # the deepest setting conda has is a map of lists
_NODES: Final = 10_000  # aliases of aliases can multiply: a real file has a few dozen


class Unreadable(Exception):
    """The file is not configuration at all; holds the problem to report."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def read(path: Path) -> Source:
    """Return what the file at ``path`` says.

    Raises:
        Unreadable: it is not YAML, not a map, or not text.
        OSError: it cannot be opened.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        problem = Problem(str(path), 0, "", f"it is not UTF-8 text ({error.reason})")
        raise Unreadable(problem) from error
    return parse(text, str(path))


def parse(text: str, origin: str) -> Source:
    """Return what ``text`` says; ``origin`` names it in errors.

    Raises:
        Unreadable: it is not YAML, or not a map of setting names.
    """
    root = composed(text, origin)
    if root is None or root.tag == _NULL:
        return Source(origin)
    if root.id != "mapping":
        message = "it must be lines of `setting: value`"
        raise Unreadable(Problem(origin, root.start_mark.line + 1, "", message))
    top = _Reader(origin, text.splitlines()).node(root, root, 0)
    return Source(origin, cast("dict[str, Node]", top.content))


def composed(text: str, origin: str) -> "YamlNode | None":
    """Return the nodes of ``text`` with their places in it; None where it says nothing.

    Raises:
        Unreadable: it is not YAML.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        root: YamlNode | None = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        message = f"it is not YAML: {error.problem or error.context}"
        raise Unreadable(Problem(origin, line, "", message)) from error
    except (YAMLError, RecursionError, ValueError) as error:
        summary = str(error).splitlines()[0] if str(error) else "it is nested too deeply"
        raise Unreadable(Problem(origin, 0, "", f"it is not YAML: {summary}")) from error
    return root


class _Reader:
    """Turns composed YAML nodes into ours, with the marks in their comments."""

    def __init__(self, origin: str, lines: list[str]) -> None:
        self._origin = origin
        self._lines = lines
        self._nodes = 0

    def node(self, value: "YamlNode", marked: "YamlNode", depth: int) -> Node:
        """Return ``value``, with the mark that stands behind ``marked`` or behind it."""
        line = value.start_mark.line + 1
        self._nodes += 1
        if depth > _DEPTH or self._nodes > _NODES:
            message = "it is nested too deeply, too long, or refers to itself"
            raise Unreadable(Problem(self._origin, line, "", message))
        return Node(
            content=self._content(value, depth),
            origin=self._origin,
            line=line,
            mark=self._mark(marked) or self._mark(value),
        )

    def _content(
        self, value: "YamlNode", depth: int
    ) -> "str | tuple[Node, ...] | dict[str, Node] | None":
        if value.id == "sequence":
            return tuple(self.node(item, item, depth + 1) for item in value.value)
        if value.id == "mapping":
            return self._map(cast("MappingNode", value), depth)
        return None if value.tag == _NULL else str(value.value)

    def _map(self, value: "MappingNode", depth: int) -> dict[str, Node]:
        result: dict[str, Node] = {}
        for key, item in value.value:
            line = key.start_mark.line + 1
            if key.id != "scalar":
                raise Unreadable(Problem(self._origin, line, "", "a name must be plain text"))
            if key.value in result:
                message = f"`{key.value}` is given twice"
                raise Unreadable(Problem(self._origin, line, "", message))
            result[key.value] = self.node(item, key, depth + 1)
        return result

    def _mark(self, value: "YamlNode") -> Mark:
        """Return the mark in the comment that ends the line on which ``value`` ends."""
        if value.id != "scalar" and not cast("MappingNode", value).flow_style:
            return ""  # a block ends where the next thing begins: the comment is not its own
        end = value.end_mark
        rest = self._lines[end.line][end.column :] if end.line < len(self._lines) else ""
        found = _MARK.match(rest)
        return cast("Mark", found[1]) if found else ""
