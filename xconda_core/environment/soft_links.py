"""Which unpacked packages environments are softly linked to, and so cannot do without.

Layer: environment. Source: CEP 32 (``link`` of a ``conda-meta`` document).
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

_SOFT: Final = 2


class _Link(msgspec.Struct):
    source: str = ""
    type: int | str | None = None


class _Linked(msgspec.Struct):
    link: _Link | None = None


_read_linked: Final = msgspec.json.Decoder(_Linked).decode


def softly_linked(prefixes: Iterable[Path]) -> frozenset[Path]:
    """Return the folders of packages that the environments at ``prefixes`` are softly linked to.

    What cannot be read counts as linked otherwise.
    """
    found = set()
    for prefix in prefixes:
        for path in (prefix / "conda-meta").glob("*.json"):
            try:
                link = _read_linked(path.read_bytes()).link
            except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                continue
            if link and link.source and link.type in {_SOFT, "softlink"}:
                found.add(Path(link.source))
    return frozenset(found)
