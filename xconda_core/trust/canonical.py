"""JSON that is signed: read so that it has one meaning, written so that it has one form.

Layer: trust. Source: conda-content-trust, whose signatures are over JSON with sorted keys, two
spaces of indentation and nothing but ASCII. It is the standard library's own form: numbers are
written as Python writes them, so no other library may read or write what is signed.
"""

import json
from typing import Final

from xconda_core.errors import Json

LARGEST: Final = 1 << 20  # bytes of one document of keys; real ones have a few thousand


class Ambiguous(ValueError):
    """A document is no JSON, or could be understood in two ways."""


def canonical(value: Json) -> bytes:
    """Return the bytes that are signed for ``value``."""
    return json.dumps(value, indent=2, sort_keys=True, allow_nan=False).encode()


def read_signed_json(content: bytes) -> Json:
    """Return what ``content`` says.

    Raises:
        Ambiguous: it is no JSON, is too deep, has a key twice or a number that JSON has not.
    """
    try:
        found: Json = json.loads(content, object_pairs_hook=_once, parse_constant=_no_number)
        canonical(found)  # a number too large for JSON, a lone half of a character
    except (ValueError, RecursionError) as error:
        raise Ambiguous(str(error) or "it is too deep") from error
    return found


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Ambiguous(f"it says {twice!r} twice")
    return found


def _no_number(text: str) -> Json:
    raise Ambiguous(f"{text} is no number of JSON")
