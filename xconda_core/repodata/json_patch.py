"""JSON Patch: a document, and what changes in it. Layer: repodata. Pure. Source: RFC 6902, 6901."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any, Final


def patch(document: Any, operations: Sequence[Mapping[str, Any]]) -> Any:
    """Return ``document`` after ``operations``, which change it in place.

    Raises:
        ValueError, LookupError, TypeError: an operation is none, has no place in the document, or
            tests for what is not there.
    """
    root = [document]  # so that the whole document has a place, too
    for operation in operations:
        _VERBS[operation["op"]](root, operation)
    return root[0]


def _add(root: list[Any], operation: Mapping[str, Any]) -> None:
    _insert(root, operation["path"], operation["value"])


def _remove(root: list[Any], operation: Mapping[str, Any]) -> None:
    _take(root, operation["path"])


def _replace(root: list[Any], operation: Mapping[str, Any]) -> None:
    parent, key = _place(root, operation["path"])
    parent[key]  # what is replaced must be there
    parent[key] = operation["value"]


def _move(root: list[Any], operation: Mapping[str, Any]) -> None:
    if operation["path"].startswith(f"{operation['from']}/"):
        raise ValueError("nothing can be moved into itself")
    _insert(root, operation["path"], _take(root, operation["from"]))


def _copy(root: list[Any], operation: Mapping[str, Any]) -> None:
    parent, key = _place(root, operation["from"])
    _insert(root, operation["path"], deepcopy(parent[key]))


def _test(root: list[Any], operation: Mapping[str, Any]) -> None:
    parent, key = _place(root, operation["path"])
    if parent[key] != operation["value"]:
        raise ValueError(f"{operation['path']} has another value")


_VERBS: Final[Mapping[str, Callable[[list[Any], Mapping[str, Any]], None]]] = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "move": _move,
    "copy": _copy,
    "test": _test,
}


def _insert(root: list[Any], pointer: str, value: Any) -> None:
    parent, key = _place(root, pointer, ending=True)
    if isinstance(parent, list) and parent is not root:
        parent.insert(key, value)
    else:
        parent[key] = value


def _take(root: list[Any], pointer: str) -> Any:
    parent, key = _place(root, pointer)
    if parent is root:
        raise ValueError("the whole document cannot be removed")
    return parent.pop(key)


def _place(root: list[Any], pointer: str, *, ending: bool = False) -> tuple[Any, Any]:
    """Return the list or object that ``pointer`` leads into, and the key of the value there.

    Args:
        root: A list of the document alone.
        pointer: A JSON pointer.
        ending: The place behind the last item of a list is one, too.
    """
    parent: Any = root
    key: Any = 0
    if pointer and not pointer.startswith("/"):
        raise ValueError(f"{pointer!r} is no JSON pointer")
    for part in pointer.split("/")[1:]:
        parent = parent[key]
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(parent, list):
            key = _index(key, len(parent) + ending)
        elif not isinstance(parent, dict):
            raise TypeError(f"{pointer} leads into a value")
    return parent, key


def _index(text: str, length: int) -> int:
    if text == "-":
        return length - 1
    if not (text.isascii() and text.isdecimal()) or (text != "0" and text.startswith("0")):
        raise ValueError(f"{text!r} is no place in a list")
    if int(text) >= length:
        raise IndexError(f"there is no item {text}")
    return int(text)
