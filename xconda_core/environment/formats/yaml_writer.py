"""Plain values as YAML in block style, the same text for the same value. Layer: environment. Pure.

A text is quoted wherever some YAML, old or new, would take it for something else.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from xconda_core.errors import Json
from xconda_core.regex import regex

_PLAIN: Final = regex(r"[A-Za-z_/][\w./@+=<>$~%-]*(?:::?[\w./@+=<>$~%-]+)*", re.ASCII)
_SPEC: Final = regex(r"[A-Za-z_][\w.-]*( [\w.*+!=<>~|,-]+){0,2}", re.ASCII)
_WORDS: Final = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null", "none"})


def yaml_text(document: Mapping[str, Json]) -> str:
    """Return ``document`` as YAML; keys keep their order."""
    return "\n".join(_entries(document, "")) + "\n"


def _entries(document: Mapping[str, Json], indent: str) -> Iterator[str]:
    for key, value in document.items():
        name = _scalar(key)
        match value:
            case dict() if value:
                yield f"{indent}{name}:"
                yield from _entries(value, f"{indent}  ")
            case list() if value:
                yield f"{indent}{name}:"
                yield from _items(value, f"{indent}  ")
            case _:
                yield f"{indent}{name}: {_scalar(value)}"


def _items(items: Sequence[Json], indent: str) -> Iterator[str]:
    for item in items:
        if isinstance(item, dict) and item:
            first, *rest = _entries(item, f"{indent}  ")
            yield f"{indent}- {first[len(indent) + 2 :]}"
            yield from rest
        else:
            yield f"{indent}- {_scalar(item)}"


def _scalar(value: Json) -> str:
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, list):
        return "[]"
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return json.dumps(value)
    is_plain = _PLAIN.fullmatch(value) or _SPEC.fullmatch(value)
    if is_plain and value.lower() not in _WORDS:
        return value
    if value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, value)) + '"'


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    return letter if letter.isprintable() else f"\\U{ord(letter):08x}"
