"""Change one setting in the text of a file and leave every other character alone. Layer: config.

Nothing is written anew from values: the change is cut into the text where the YAML nodes lie, so
comments, order, quotes and line ends stay. Afterwards the text is read again, and unless it says
exactly what was meant the change is refused. Pure.
"""

from collections.abc import Mapping
from typing import ClassVar, Literal

from xconda_core.config.condarc import Unreadable, parse
from xconda_core.config.redaction import redacted
from xconda_core.config.source import Node
from xconda_core.config.yaml_text import Written, YamlText
from xconda_core.errors import XcondaError
from xconda_core.values import Slotted, dataclass

EditVerb = Literal["set", "prepend", "append", "remove", "clear", "remove_key"]
Plain = str | None | list["Plain"] | dict[str, "Plain"]


@dataclass(frozen=True, slots=True)
class Edit(Slotted):
    """One change.

    Attributes:
        verb: ``set`` gives a value; ``prepend`` and ``append`` put an item at the front or
            the end of a list, moving it if it is there; ``remove`` takes an item away; ``clear``
            empties a list or map; ``remove_key`` takes the setting away.
        path: Name of the setting, and the name in its map if the change is about one.
        value: The value or item; None is no value for ``set`` and unused where none is needed.
        empty: What ``clear`` leaves: an empty list or map.
    """

    verb: EditVerb
    path: tuple[str, ...]
    value: Written = None
    empty: Literal["[]", "{}"] = "[]"


class NotInFile(XcondaError):
    """What is to be taken away is not in the file.

    Attributes:
        place: The file.
        setting: Name of the setting, dotted for one name of a map.
        item: The item of the list, credentials hidden; empty where the setting itself is missing.
    """

    code: ClassVar[str] = "not-in-file"

    def __init__(self, place: str, setting: str, item: str = "") -> None:
        item = redacted(item)
        super().__init__(place, setting, item)
        self.place, self.setting, self.item = place, setting, item
        self.what = f"{place} was not changed."
        self.why = f"{item} is not in its {setting}." if item else f"it has no {setting}."
        self.fix = "`xconda config --show-sources` says which file has what."


class NotEditable(XcondaError):
    """The file is written in a way that a change would not survive."""

    code: ClassVar[str] = "not-editable"

    def __init__(self, place: str, setting: str) -> None:
        super().__init__(place, setting)
        self.place, self.setting = place, setting
        self.what = f"{place} was not changed."
        self.why = f"{setting} is written there in a way that only a person can change safely."
        self.fix = "change it with an editor; one `name: value` and one `- item` per line is best."


def edited(text: str, origin: str, edit: Edit) -> str:
    """Return ``text`` with the change made.

    Raises:
        Unreadable: ``text`` is not configuration.
        NotInFile: what is to be taken away is not there.
        NotEditable: the change cannot be made without harm to something else.
    """
    before = _plain(parse(text, origin).nodes)
    meant = _meant(before, edit, origin)
    if meant == before:
        return text
    refusal = NotEditable(origin, ".".join(edit.path))
    result = _cut_in(YamlText(text, origin), before, edit)
    try:
        said = _plain(parse(result, origin).nodes)
    except Unreadable as error:
        raise refusal from error
    if said != meant:
        raise refusal
    return result


def _plain(nodes: Mapping[str, Node]) -> dict[str, Plain]:
    return {name: _plain_node(node) for name, node in nodes.items()}


def _plain_node(node: Node) -> Plain:
    if isinstance(node.content, tuple):
        return [_plain_node(item) for item in node.content]
    if isinstance(node.content, Mapping):
        return dict(_plain(node.content))
    return node.content


def _meant(before: dict[str, Plain], edit: Edit, origin: str) -> dict[str, Plain]:
    """Return what the file is to say."""
    *outer, name = edit.path
    inside = before
    if outer:
        found = before.get(outer[0])
        inside = found if isinstance(found, dict) else {}
    missing = name not in inside
    if edit.verb == "remove_key":
        if missing:
            raise NotInFile(origin, ".".join(edit.path))
        changed = {each: value for each, value in inside.items() if each != name}
    else:
        changed = {**inside, name: _meant_value(inside.get(name), edit, origin)}
    return {**before, outer[0]: changed} if outer else changed


def _meant_value(value: Plain, edit: Edit, origin: str) -> Plain:
    if edit.verb == "clear":
        return [] if edit.empty == "[]" else {}
    item = _said(edit.value)
    if edit.verb == "set":
        return item
    items = value if isinstance(value, list) else []
    others = [each for each in items if each != item]
    if edit.verb == "remove":
        if item not in items:
            raise NotInFile(origin, ".".join(edit.path), str(item))
        return others
    return [item, *others] if edit.verb == "prepend" else [*others, item]


def _said(value: Written) -> Plain:
    """Return ``value`` as the file says it: as text."""
    if isinstance(value, dict):
        return {name: _said(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_said(item) for item in value]
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _cut_in(text: YamlText, before: dict[str, Plain], edit: Edit) -> str:
    """Return the text with the change, as far as its layout allows it."""
    path = edit.path
    if edit.verb == "remove_key":
        return text.without_entry(path)
    if edit.verb == "clear":
        return text.with_entry(path, [] if edit.empty == "[]" else {})
    if edit.verb == "set":
        return text.with_entry(path, edit.value)
    old: Plain = before
    for name in path:
        old = old.get(name) if isinstance(old, dict) else None
    items = old if isinstance(old, list) else []
    kept = [position for position, each in enumerate(items) if each != _said(edit.value)]
    if not kept:  # a new list, or one that becomes empty
        return text.with_entry(path, [] if edit.verb == "remove" else [edit.value])
    item = None if edit.verb == "remove" else edit.value
    return text.with_items(path, kept, item, first=edit.verb == "prepend")
