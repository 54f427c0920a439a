"""Version literals and their order. Layer: models. Source: CEP 33.

A literal is read into rows of components, ``1!2.15a`` into ``[1] [2] [15, a]``, which compare row
by row as if every row went on with zeros and every version with empty rows. That order is written
once into a text, ``Version.key``, whose plain string order is the order of the versions: sorting,
equality, hashing and prefix ranges are then string operations. In a key, in ascending order::

    #text␣   a text component, below every number (``dev`` is kept as ``DEV``, below every text)
    (  <     a zero component, an empty row, with something negative to follow
    =        the end of a row; the end of the version
    >  ?     an empty row, a zero component, with something positive to follow
    A7 B12   a number, led by the count of its digits
    þ        ``post``, above every number
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

import msgspec

from xconda_core.errors import XcondaError
from xconda_core.regex import regex

MAX_LENGTH: Final = 128  # CEP 26 allows 64 and conda never held anybody to it

_ALLOWED: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._+!*")
_PLAIN: Final = regex(r"[0-9]+(?:\.[0-9]+)*(a0)?")  # 2.0a0 ends most of what dependencies allow
_COMPONENTS: Final = regex(r"[0-9]+|\*+|[^0-9*]+")

Rows = Sequence[Sequence[str]]  # components as texts; a number has no leading zeros, zero is ""


class InvalidVersion(XcondaError):
    """A text is not a version literal.

    Attributes:
        text: What was to be read, at most 200 characters of it.
        reason: What is wrong with it.
    """

    code = "invalid-version"

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(text, reason)
        self.text, self.reason = text[:200], reason
        self.what = f"{self.text!r} is not a version."
        self.why = f"{reason}."
        self.fix = "write it as letters, digits and dots, for example 1.2.3 or 2.0rc1."


class Version(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A version literal; equal, ordered and hashed by meaning, so ``1.0`` equals ``1.0.0``.

    Attributes:
        key: Text whose string order is the order of versions.
        text: The literal as it was written.
    """

    key: str
    text: str

    @classmethod
    def parse(cls, text: str) -> "Version":
        """Read a version literal.

        Raises:
            InvalidVersion: ``text`` is not one.
        """
        plain = _PLAIN.fullmatch(text)
        if plain is not None and len(text) <= MAX_LENGTH:
            return cls((_key_of_numbers if plain[1] is None else _key_of_alpha)(text), text)
        main, local = _split(text)
        return cls(encode(main) + encode(local), text.strip())

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Version({self.text!r})"

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return self.key == other.key if isinstance(other, Version) else NotImplemented

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: object) -> bool:
        return self.key < other.key if isinstance(other, Version) else NotImplemented

    def __le__(self, other: object) -> bool:
        return self.key <= other.key if isinstance(other, Version) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return self.key > other.key if isinstance(other, Version) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return self.key >= other.key if isinstance(other, Version) else NotImplemented

    def startswith(self, prefix: "Version") -> bool:
        """Tell whether this is ``prefix`` or goes on from it: ``1.2`` and ``1.2a`` from ``1.2``."""
        low, high = range_of_prefix(prefix.text)
        return low <= self.key < high


def range_of_prefix(text: str) -> tuple[str, str]:
    """Return the keys ``low <= key < high`` of all versions that start with literal ``text``.

    Raises:
        InvalidVersion: ``text`` is not a version literal.
    """
    main, local = _split(text)
    return _open_range(encode(main), local) if local else _open_range("", main)


def range_of_release(text: str) -> tuple[str, str]:
    """Return the keys of all versions that start with ``text`` less its last part: ``~=``.

    Of ``1.4.2`` that is everything from ``1.4``; of ``1`` it is everything of its epoch.

    Raises:
        InvalidVersion: ``text`` is not a version literal.
    """
    main, _local = _split(text)
    return _open_range("", main[:-1])


def _open_range(fixed: str, rows: Rows) -> tuple[str, str]:
    return fixed + encode(rows, followed_by=-1), fixed + encode(rows, followed_by=1) + "ÿ"


def encode(rows: Rows, followed_by: int = 0) -> str:
    """Return the key of ``rows``; the module's docstring explains it.

    Args:
        rows: Components, as ``_split`` gives them.
        followed_by: 0: nothing follows. -1 or 1: the last component goes on with something that is
            below (above) everything, and the key is left open there.
    """
    pieces: list[str] = []
    sign = followed_by  # of the nearest thing to the right that is not zero
    for position, row in enumerate(reversed(rows)):
        is_open = position == 0 and followed_by != 0
        row_sign = followed_by if is_open else 0
        components: list[str] = [] if is_open else ["="]
        for component in reversed(row):
            if component == "":
                if row_sign:
                    components.append("(" if row_sign < 0 else "?")
                continue
            closed = "" if is_open and not components else " "
            token, row_sign = _token(component, closed)
            components.append(token)
        if row_sign:
            sign = row_sign
            pieces.extend(components)
        elif sign:
            pieces.append("<" if sign < 0 else ">")
    pieces.reverse()
    return "".join(pieces) if followed_by else "".join(pieces) + "="


def _token(component: str, closing: str) -> tuple[str, int]:
    if component.isdigit():
        return chr(64 + len(component)) + component, 1
    if component == "post":
        return "þ", 1
    return f"#{'DEV' if component == 'dev' else component}{closing}", -1


def _key_of_numbers(text: str) -> str:
    """Return the key of digits and dots, the common case, without taking the long way."""
    key = ">" + "".join(map(_token_of_number, text.split(".")))
    return key.rstrip(">") + "=="  # zeros at the end say nothing


def _key_of_alpha(text: str) -> str:
    """Return the key of digits and dots with ``a0`` behind them: zeros before it look at the a."""
    *rest, last = text[:-2].split(".")
    key, number = ">" + "".join(map(_token_of_number, rest)), last.lstrip("0")
    if number:
        return f"{key}{chr(64 + len(number))}{number}#a ==="
    stem = key.rstrip(">")
    return f"{stem}{'<' * (len(key) - len(stem))}(#a ==="


@lru_cache(4096)  # a channel's thousands of versions are made of a few hundred numbers
def _token_of_number(part: str) -> str:
    number = part.lstrip("0")
    return f"{chr(64 + len(number))}{number}=" if number else ">"


def _split(text: str) -> tuple[Rows, Rows]:
    """Return the rows of the version, epoch first, and of its local part (none: no rows)."""
    literal = text.strip()
    if not literal:
        raise InvalidVersion(text, "it is empty")
    if len(literal) > MAX_LENGTH:
        raise InvalidVersion(text, f"it is longer than {MAX_LENGTH} characters")
    lowered = literal.lower() if literal.isascii() else literal
    if "-" in lowered and "_" not in lowered:
        lowered = lowered.replace("-", "_")
    if not _ALLOWED.issuperset(lowered):
        raise InvalidVersion(text, "only letters, digits and . _ + ! can stand in it")
    epoch, mark, rest = lowered.rpartition("!")
    if mark and not epoch.isdigit():
        raise InvalidVersion(text, "one ! can stand in it, with a number before it")
    main, mark, local = rest.partition("+")
    if "+" in local:
        raise InvalidVersion(text, "more than one + stands in it")
    if not main or (mark and not local):
        raise InvalidVersion(text, "a part of it is empty")
    # A last underscore belongs to the text before it: openssl 1.0.1_ comes before 1.0.1a.
    body, tail = (main[:-1], "_") if main.endswith("_") else (main, "")
    if not body:
        raise InvalidVersion(text, "no letter or digit stands in it")
    parts = [epoch or "0", *(body.replace("_", ".") + tail).split(".")]
    local_parts = local.replace("_", ".").split(".") if local else []
    return _rows(text, parts), _rows(text, local_parts)


def _rows(text: str, parts: Iterable[str]) -> Rows:
    rows: list[list[str]] = []
    for part in parts:
        components = [
            run.lstrip("0") if run.isdigit() else run for run in _COMPONENTS.findall(part)
        ]
        if not components:
            raise InvalidVersion(text, "a part between its dots is empty")
        # Rows start with a number, so that 1.1.a1 equals 1.1.0a1.
        rows.append(components if part[0].isdigit() else ["", *components])
    return rows
