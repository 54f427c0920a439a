"""Cut entries and items into YAML text, or out of it, by the places of its nodes. Layer: config.

Pure, and not careful: whoever calls reads the result again and compares. Source: YAML 1.2, the
block and flow styles that configuration files are written in.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, cast

from xconda_core.config.condarc import composed
from xconda_core.config.value_types import Value
from xconda_core.regex import regex

if TYPE_CHECKING:
    from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

    YamlNode = ScalarNode | SequenceNode | MappingNode
    Entry = tuple[YamlNode, YamlNode]

Written = Value | list["Written"] | dict[str, "Written"]

# Text that needs no quotes in either style, and that no YAML, old or new, takes for another type.
_PLAIN: Final = regex(r"[A-Za-z/.$][\w./@+=<>$~%-]*(?::[\w./@+=<>$~%-]+)*")
_WORDS: Final = frozenset(
    {"true", "false", "yes", "no", "on", "off", "y", "n", "null", "none", ".inf", ".nan"}
)


def scalar_text(value: Value) -> str:
    """Return ``value`` as YAML."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return str(value)
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS and not value.startswith(".."):
        return value
    if value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return '"' + "".join(each if each.isalnum() else f"\\U{ord(each):08x}" for each in value) + '"'


def flow_text(value: "Written") -> str:
    """Return ``value`` as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar_text(k)}: {flow_text(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow_text(item) for item in value) + "]"
    return scalar_text(value)


def entry_lines(name: str, value: "Written", indent: str) -> list[str]:
    """Return the lines of an entry in block style."""
    if isinstance(value, dict | list) and value:
        return [f"{indent}{scalar_text(name)}:", *_lines_below(value, indent + "  ")]
    return [f"{indent}{scalar_text(name)}: {flow_text(value)}"]


def _lines_below(value: "Written", indent: str) -> list[str]:
    if isinstance(value, dict):
        return [line for k, v in value.items() for line in entry_lines(k, v, indent)]
    items = value if isinstance(value, list) else []
    return [f"{indent}- {flow_text(item)}" for item in items]


class YamlText:
    """A text whose root is a map, or that is empty, and the places of its nodes."""

    def __init__(self, text: str, origin: str) -> None:
        """Find the nodes of ``text``; ``origin`` names it in errors.

        Raises:
            Unreadable: it is not YAML.
        """
        self._text = text
        self._root = cast("MappingNode | None", composed(text, origin))
        if self._root is not None and self._root.id != "mapping":
            self._root = None  # nothing but `null` or `~`
        self._newline = "\r\n" if "\r\n" in text else "\n"

    def with_entry(self, path: Sequence[str], value: "Written") -> str:
        """Return the text with ``value`` at ``path``, one or two names long."""
        name, *rest = path
        entry = self._entry(self._root, name)
        if not rest:
            return self._with_value(self._root, name, entry, value)
        if entry is None or entry[1].id != "mapping":
            return self._with_value(self._root, name, entry, {rest[0]: value})
        inside = cast("MappingNode", entry[1])
        return self._with_value(inside, rest[0], self._entry(inside, rest[0]), value)

    def without_entry(self, path: Sequence[str]) -> str:
        """Return the text without the entry at ``path``; a map that loses its last says ``{}``."""
        parent, found = self._found(path)
        others = [pair for pair in parent.value if pair is not found]
        if not others and len(path) > 1:
            return self.with_entry(path[:-1], {})
        if not _is_block(parent):
            return self._reflowed(parent, "{}", [self._source(pair) for pair in others])
        end = self._line_end(self._entry_end(found))
        return self._cut((self._line_start(found[0]), end, ""))

    def with_items(
        self, path: Sequence[str], kept: Sequence[int], item: "Written", *, first: bool
    ) -> str:
        """Return the text with other items in the list at ``path``.

        Args:
            path: Where the list is.
            kept: Positions of the items that stay where they are.
            item: One more; if it is there already, its line with comment is moved. None: no more.
            first: It goes to the front.
        """
        listing = cast("SequenceNode", self._found(path)[1][1])
        if not _is_block(listing):
            items = [listing.value[position] for position in kept]
            pieces = [self._text[each.start_mark.index : self._end(each)] for each in items]
            if item is not None:
                pieces.insert(0 if first else len(pieces), flow_text(item))
            return self._reflowed(listing, "[]", pieces)
        places = [
            (self._line_start(each), self._line_end(self._end(each))) for each in listing.value
        ]
        gone = [places[position] for position in range(len(places)) if position not in kept]
        cuts = [(start, end, "") for start, end in gone]
        if item is not None:
            moved = self._text[slice(*gone[0])] if gone else ""
            line = moved or f"{' ' * listing.start_mark.column}- {flow_text(item)}"
            at = places[kept[0]][0] if first else places[kept[-1]][1]
            cuts.append((at, at, self._as_lines(at, [line.rstrip("\r\n")])))
        return self._cut(*cuts)

    def _with_value(
        self,
        parent: "MappingNode | None",
        name: str,
        entry: "Entry | None",
        value: "Written",
    ) -> str:
        if entry is not None:
            return self._replaced(entry, value)
        if parent is None or not parent.value:
            return self._in_empty(parent, name, value)
        if not _is_block(parent):
            pieces = [self._source(pair) for pair in parent.value]
            return self._reflowed(
                parent, "{}", [*pieces, f"{scalar_text(name)}: {flow_text(value)}"]
            )
        at = len(self._text) if parent is self._root else self._line_end(self._end(parent))
        lines = entry_lines(name, value, " " * parent.start_mark.column)
        return self._cut((at, at, self._as_lines(at, lines)))

    def _in_empty(self, parent: "MappingNode | None", name: str, value: "Written") -> str:
        if parent is not None:
            return self._reflowed(parent, "{}", [f"{scalar_text(name)}: {flow_text(value)}"])
        at = len(self._text)
        return self._cut((at, at, self._as_lines(at, entry_lines(name, value, ""))))

    def _replaced(self, entry: "Entry", value: "Written") -> str:
        """Return the text with another value behind the name of ``entry``."""
        key, old = entry
        colon, end = self._colon(key), self._entry_end(entry)
        cuts = [(colon, end, "")]
        if _is_block(old):
            cuts = [(self._line_start(old), self._line_end(end), "")]
        if isinstance(value, dict | list) and value:
            at = self._line_end(end)
            below = _lines_below(value, " " * (key.start_mark.column + 2))
            cuts.append((at, at, self._as_lines(at, below)))
        elif _is_block(old):
            cuts.append((colon, colon, f" {flow_text(value)}"))
        else:
            cuts = [(colon, end, f" {flow_text(value)}")]
        return self._cut(*cuts)

    def _reflowed(self, node: "YamlNode", brackets: str, pieces: Sequence[str]) -> str:
        """Return the text with a flow node made of ``pieces``; a comment in it would be lost."""
        start, end = node.start_mark.index, node.end_mark.index
        if "#" in self._text[start:end] and "\n" in self._text[start:end]:
            return self._text  # unchanged is not what was meant: the caller refuses
        return self._cut((start, end, brackets[0] + ", ".join(pieces) + brackets[1]))

    def _entry(self, node: "YamlNode | None", name: str) -> "Entry | None":
        if node is None or node.id != "mapping":
            return None
        pairs = cast("list[Entry]", node.value)
        return next((pair for pair in pairs if pair[0].value == name), None)

    def _found(self, path: Sequence[str]) -> "tuple[MappingNode, Entry]":
        """Return the map that holds the entry at ``path``, which must be there, and the entry."""
        parent = cast("MappingNode", self._root)
        entry = cast("Entry", self._entry(parent, path[0]))
        for name in path[1:]:
            parent = cast("MappingNode", entry[1])
            entry = cast("Entry", self._entry(parent, name))
        return parent, entry

    def _source(self, entry: "Entry") -> str:
        source = self._text[entry[0].start_mark.index : self._entry_end(entry)]
        return f"{source} null" if source.endswith(":") else source

    def _end(self, node: "YamlNode") -> int:
        """Return where the last character of ``node`` ends: block nodes go on to the next thing."""
        if node.value and _is_block(node):
            last = node.value[-1]
            return self._end(last) if node.id == "sequence" else self._entry_end(last)
        start, end = int(node.start_mark.index), int(node.end_mark.index)
        return start + len(self._text[start:end].rstrip("\r\n"))

    def _entry_end(self, entry: "Entry") -> int:
        """Return where an entry ends; the place of a value that is not written is vague."""
        key, value = entry
        is_written = value.start_mark.index != value.end_mark.index
        return self._end(value) if is_written else self._colon(key)

    def _colon(self, key: "YamlNode") -> int:
        """Return the place behind the colon of ``key``."""
        return self._text.index(":", key.end_mark.index) + 1

    def _line_start(self, node: "YamlNode") -> int:
        return self._text.rfind("\n", 0, node.start_mark.index) + 1

    def _line_end(self, end: int) -> int:
        found = self._text.find("\n", end)
        return len(self._text) if found < 0 else found + 1

    def _as_lines(self, at: int, lines: Sequence[str]) -> str:
        """Return ``lines`` for the place ``at``, which is the start of a line or the very end."""
        before = self._newline if at and self._text[at - 1] != "\n" else ""
        return before + "".join(line + self._newline for line in lines)

    def _cut(self, *cuts: tuple[int, int, str]) -> str:
        text = self._text
        for start, end, new in sorted(cuts, key=lambda cut: cut[:2], reverse=True):
            text = text[:start] + new + text[end:]
        return text


def _is_block(node: "YamlNode") -> bool:
    return node.id != "scalar" and not cast("MappingNode", node).flow_style
