"""From what a user asks of a setting, in words, to the edit of a file. Layer: config. Pure."""

from collections.abc import Collection, Mapping
from typing import ClassVar, Final

from xconda_core.config.definition import Definition
from xconda_core.config.definitions import BY_NAME, PLUGINS
from xconda_core.config.edit import Edit, EditVerb
from xconda_core.config.interpret import nearest
from xconda_core.config.redaction import redacted
from xconda_core.config.source import Node
from xconda_core.config.yaml_text import Written
from xconda_core.errors import XcondaError
from xconda_core.values import Slotted, dataclass

_KINDS: Final = {
    "one": "one value",
    "list": "a list",
    "map": "a map of values",
    "map of lists": "a map of lists",
    "list of maps": "a list of maps",
    "anything": "a map that is changed name by name, or another program's",
}


class UnknownSetting(XcondaError):
    """No setting has that name.

    Attributes:
        name: The name given.
        nearest: The setting that looks most like it, or an empty text.
    """

    code: ClassVar[str] = "unknown-setting"

    def __init__(self, name: str) -> None:
        name = redacted(name)
        super().__init__(name)
        self.name, self.nearest = name, nearest(name, BY_NAME)
        self.what = f"No setting is called {name}."
        self.why = "neither conda nor xconda has one of that name."
        self.fix = "`xconda config --describe` lists all."
        if self.nearest:
            self.fix = f"did you mean {self.nearest}? {self.fix}"


class WrongKindOfSetting(XcondaError):
    """The setting is of another kind than the change: a list, a map, or one value."""

    code: ClassVar[str] = "wrong-kind-of-setting"

    def __init__(self, written: str, definition: Definition) -> None:
        super().__init__(written, definition)
        self.setting, self.shape = written, definition.shape
        name = definition.name
        self.what = f"{written} cannot be changed like that."
        self.why = f"{name} is {_KINDS[definition.shape]}."
        self.fix = {
            "one": f"`xconda config --set {name} VALUE`.",
            "list": f"`xconda config --add {name} VALUE`, or --append, --remove, --clear.",
            "map": f"`xconda config --set {name}.NAME VALUE`, or --remove-key {name}.NAME.",
            "map of lists": f"`xconda config --add {name}.NAME VALUE`, or --append, --remove.",
        }.get(definition.shape, "change it in the file with an editor.")


class UnfitValue(XcondaError):
    """The value is not one that the setting can have."""

    code: ClassVar[str] = "unfit-value"

    def __init__(self, written: str, value: str, wants: str) -> None:
        value = redacted(value)
        super().__init__(written, value, wants)
        self.setting, self.wants = written, wants
        self.what = f"{written} was not set."
        self.why = f"it must be {wants}, not `{value}`."
        name = written if written.startswith(f"{PLUGINS}.") else written.partition(".")[0]
        self.fix = f"`xconda config --describe {name}` says what it is for."


@dataclass(frozen=True, slots=True)
class Wish(Slotted):
    """What a user asks: a verb, a setting's name (dotted for one name of a map) and a value."""

    verb: EditVerb
    key: str
    value: str = ""


def edit_of(wish: Wish, in_file: Collection[str], more: tuple[Definition, ...] = ()) -> Edit:
    """Return the edit that fulfils ``wish`` in a file that has the names ``in_file``.

    A setting that stands there under another of its names keeps that name. ``more`` are settings
    that plugins declare.

    Raises:
        UnknownSetting, WrongKindOfSetting, UnfitValue: it cannot be fulfilled.
    """
    if wish.verb == "remove_key" and wish.key in in_file:
        return Edit("remove_key", (wish.key,))  # also one that nobody knows
    name, dot, below = wish.key.partition(".")
    if name == PLUGINS and below:
        return _edit_of_plugin(wish, find(wish.key, more), (name, below))
    definition = find(name)
    written = next((each for each in definition.names if each in in_file), name)
    path = (written, below) if dot else (written,)
    if not _fits(wish.verb, definition, dotted=bool(below), dot=bool(dot)):
        raise WrongKindOfSetting(wish.key, definition)
    if wish == Wish("remove", "channels", "defaults") and written not in in_file:
        return Edit("clear", path, empty="[]")  # as conda: without channels a file has `defaults`
    return _edit_at(path, wish, definition, holds_list=bool(below))


def _edit_of_plugin(wish: Wish, definition: Definition, path: tuple[str, ...]) -> Edit:
    """Return the edit of a plugin's setting."""
    if not _fits(wish.verb, definition, dotted=False, dot=False):
        raise WrongKindOfSetting(wish.key, definition)
    return _edit_at(path, wish, definition)


def _edit_at(
    path: tuple[str, ...], wish: Wish, definition: Definition, *, holds_list: bool = False
) -> Edit:
    """Return the edit of what is at ``path``, which fits."""
    if wish.verb == "clear":
        is_list = holds_list or definition.shape.startswith("list")
        return Edit("clear", path, empty="[]" if is_list else "{}")
    if wish.verb == "remove_key":
        return Edit("remove_key", path)
    if wish.verb == "remove":
        return Edit("remove", path, wish.value)
    return Edit(wish.verb, path, typed(definition, wish.key, wish.value))


def edits_of(nodes: Mapping[str, Node], in_file: Collection[str]) -> list[Edit]:
    """Return the edits that give a file everything that ``nodes`` say.

    Raises:
        UnknownSetting, UnfitValue: one of them is no setting, or has a value that does not fit.
    """
    edits = []
    for name, node in nodes.items():
        definition = find(name)
        written = next((each for each in definition.names if each in in_file), name)
        edits.append(Edit("set", (written,), _written(definition, name, node)))
    return edits


def find(name: str, more: tuple[Definition, ...] = ()) -> Definition:
    """Return the setting that ``name`` or an alias means; ``more`` are those of plugins.

    Raises:
        UnknownSetting: there is none.
    """
    known = next((each for each in more if name in each.names), BY_NAME.get(name))
    if known is None:
        raise UnknownSetting(name)
    return known


def typed(definition: Definition, key: str, text: str) -> Written:
    """Return ``text`` as a value of the setting, its variables left as they are written.

    Raises:
        UnfitValue: it is none.
    """
    try:
        return definition.type.parse(text)
    except (ValueError, OverflowError) as error:
        raise UnfitValue(key, text, definition.type.wants) from error


def _written(definition: Definition, key: str, node: Node) -> Written:
    """Return what ``node`` says; that its shape is right is held elsewhere."""
    if isinstance(node.content, tuple):
        return [_written(definition, key, item) for item in node.content]
    if isinstance(node.content, Mapping):
        items = node.content.items()
        return {name: _written(definition, f"{key}.{name}", item) for name, item in items}
    return None if node.content is None else typed(definition, key, node.content)


def _fits(verb: EditVerb, definition: Definition, *, dotted: bool, dot: bool) -> bool:
    """Whether a change of that kind can be made to a setting of that shape."""
    if dot and not dotted:
        return False
    below: dict[str, tuple[EditVerb, ...]] = {
        "map": ("set", "remove_key"),
        "map of lists": ("prepend", "append", "remove", "clear", "remove_key"),
    }
    whole: dict[str, tuple[EditVerb, ...]] = {
        "one": ("set", "remove_key"),
        "list": ("prepend", "append", "remove", "clear", "remove_key"),
        "map": ("clear", "remove_key"),
        "map of lists": ("clear", "remove_key"),
        "list of maps": ("clear", "remove_key"),
        "anything": ("remove_key",),
    }
    return verb in (below if dotted else whole).get(definition.shape, ())
