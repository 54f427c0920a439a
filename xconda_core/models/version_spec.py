"""Constraints on a version, as sets of version keys. Layer: models. Source: CEP 29 and CEP 33.

Every clause but a glob or regular expression names ranges of versions, and ``Version.key`` turns a
range of versions into a range of texts. A constraint is therefore a sorted tuple of the keys at
which it switches on, off, on, ...: ``>=1.2,<2`` is ``(key of 1.2, key of 2)``. Testing a version
is one bisection; two constraints that mean the same are equal. A caller with versions in order can
bisect the other way round and test none at all.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Literal, TypeAlias

import msgspec

from xconda_core.errors import XcondaError
from xconda_core.models.text_pattern import InvalidPattern, TextPattern
from xconda_core.models.version import (
    InvalidVersion,
    Version,
    range_of_prefix,
    range_of_release,
)
from xconda_core.regex import regex
from xconda_core.values import Slotted, dataclass

MAX_LENGTH: Final = 4096
MAX_DEPTH: Final = 64

Switches: TypeAlias = tuple[str, ...]  # keys, ascending: on from the first, off from the second...

_EVERYTHING: Final[Switches] = ("",)
_PLAIN: Final = regex(r"[^\s()^,|]+(?:[,|][^\s()^,|]+)*")  # no spaces, no groups, no expressions
_TOKEN: Final = regex(r"\s*(\^[^$]*\$|[(),|]|[^(),|]+)")
_BARE_STAR: Final = regex(r"((?:^|(?<=[,|(]))[^*,|()]*[^*.,|()<>=~!])\*(?=[,|)]|$)")
_SMALL: Final = "abcdefghijklmnopqrstuvwxyz"
_LITERAL: Final = frozenset(f"0123456789{_SMALL}{_SMALL.upper()}._+!")
_RELATIONS: Final = frozenset({"==", "!=", "<=", ">=", "~=", "<", ">", "="})


class InvalidVersionSpec(XcondaError):
    """A text is not a version constraint.

    Attributes:
        text: What was to be read, at most 200 characters of it.
        position: Index in it of the character where reading stopped.
        reason: What is wrong there.
    """

    code = "invalid-version-spec"

    def __init__(self, text: str, position: int, reason: str) -> None:
        super().__init__(text, position, reason)
        self.text, self.position, self.reason = text[:200], position, reason
        marked = f"{text[:position]}⟨here⟩{text[position:]}" if len(text) <= 200 else text[:200]
        self.what = f"{self.text!r} is not a version constraint."
        self.why = f"at {marked!r}: {reason}."
        self.fix = "write clauses such as 1.2.*, >=1.2, !=1.3 with , for and, | for or."


@dataclass(frozen=True, slots=True)
class _Combined(Slotted):
    """Conditions with at least one pattern among them, which no range of keys can express."""

    kind: Literal["all", "any", "not"]
    parts: "tuple[Condition, ...]"


Condition: TypeAlias = Switches | TextPattern | _Combined


class VersionSpec(msgspec.Struct, frozen=True, eq=False):
    """A constraint on versions; equal and hashed by the set of versions it allows.

    Attributes:
        written: The constraint as it was read.
        switches: The keys (``Version.key``), ascending, at which it begins and ceases to hold;
            empty where ``pattern`` decides.
        pattern: The condition where a glob or regular expression is part of it, else None.
    """

    written: str
    switches: Switches
    pattern: Condition | None = None

    @classmethod
    def parse(cls, text: str) -> "VersionSpec":
        """Read a constraint.

        Raises:
            InvalidVersionSpec: ``text`` is not one.
        """
        condition = _read_plain(text) if _PLAIN.fullmatch(text) else None
        if condition is None:
            condition = _Reader(text).read()
        if isinstance(condition, tuple):
            return cls(text, condition)
        return cls(text, (), condition)

    @property
    def text(self) -> str:
        """The constraint without spaces, ``1.7*`` spelt ``1.7.*``."""
        return _spelling(self.written)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, VersionSpec):
            return NotImplemented
        return self.switches == other.switches and self.pattern == other.pattern

    def __hash__(self) -> int:
        return hash((self.switches, self.pattern))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"VersionSpec({self.text!r})"

    @property
    def is_any(self) -> bool:
        """Every version is allowed."""
        return self.switches == _EVERYTHING

    @property
    def is_empty(self) -> bool:
        """No version is allowed."""
        return not self.switches and self.pattern is None

    def matches(self, version: Version) -> bool:
        """Tell whether ``version`` is allowed."""
        if self.pattern is None:
            return bisect_right(self.switches, version.key) % 2 == 1
        return _holds(self.pattern, version)


def _holds(condition: Condition, version: Version) -> bool:
    if isinstance(condition, tuple):
        return bisect_right(condition, version.key) % 2 == 1
    if isinstance(condition, TextPattern):
        return condition.matches(version.text)
    results = (_holds(part, version) for part in condition.parts)  # as deep as MAX_DEPTH
    if condition.kind == "all":
        return all(results)
    return any(results) if condition.kind == "any" else not any(results)


class _Reader:
    """Reads clauses joined by ``,`` and ``|`` and grouped by parentheses, without recursion."""

    def __init__(self, text: str) -> None:
        self._text = text
        # One entry for each open parenthesis: alternatives of conjunctions of conditions.
        self._open: list[list[list[Condition]]] = [[[]]]
        self._wants_clause = True

    def read(self) -> Condition:
        if len(self._text) > MAX_LENGTH:
            raise InvalidVersionSpec(self._text, 0, f"it is longer than {MAX_LENGTH} characters")
        end = len(self._text.rstrip())
        position = 0
        while position < end:
            token = _TOKEN.match(self._text, position, end)
            assert token is not None  # the text was stripped: it does not end in spaces
            self._take(token[1].rstrip(), token.start(1))
            position = token.end()
        if self._wants_clause:
            raise InvalidVersionSpec(self._text, end, "a clause is missing")
        if len(self._open) > 1:
            raise InvalidVersionSpec(self._text, end, "a parenthesis is not closed")
        return _alternatives(self._open[0])

    def _take(self, piece: str, position: int) -> None:
        if piece == "(":
            self._expect(True, position, "a parenthesis follows a clause")
            if len(self._open) > MAX_DEPTH:
                raise InvalidVersionSpec(
                    self._text, position, f"more than {MAX_DEPTH} parentheses are open"
                )
            self._open.append([[]])
        elif piece == ")":
            self._expect(False, position, "a clause is missing before the parenthesis")
            if len(self._open) == 1:
                raise InvalidVersionSpec(self._text, position, "no parenthesis is open")
            group = _alternatives(self._open.pop())
            self._open[-1][-1].append(group)
        elif piece in {",", "|"}:
            self._expect(False, position, f"a clause is missing before {piece}")
            if piece == "|":
                self._open[-1].append([])
            self._wants_clause = True
        else:
            self._expect(True, position, "a separator, , or |, is missing")
            self._open[-1][-1].append(_clause(self._text, piece, position))
            self._wants_clause = False

    def _expect(self, clause: bool, position: int, otherwise: str) -> None:
        if self._wants_clause is not clause:
            raise InvalidVersionSpec(self._text, position, otherwise)


def _read_plain(text: str) -> Condition:
    """Read clauses without groups and spaces: nearly all there are."""
    if "," not in text and "|" not in text:
        return _clause(text, text, 0)
    return _alternatives(
        [
            [_clause(text, clause, 0) for clause in alternative.split(",")]
            for alternative in text.split("|")
        ]
    )


def _alternatives(alternatives: Sequence[Sequence[Condition]]) -> Condition:
    return _join("any", [_join("all", conditions) for conditions in alternatives])


def _join(kind: Literal["all", "any"], conditions: Sequence[Condition]) -> Condition:
    if len(conditions) == 1:
        return conditions[0]
    ranges = [condition for condition in conditions if isinstance(condition, tuple)]
    rest = [condition for condition in conditions if not isinstance(condition, tuple)]
    joined = _overlap(ranges, len(ranges) if kind == "all" else 1) if ranges else None
    if joined is not None and not rest:
        return joined
    return _Combined(kind, tuple(rest) if joined is None else (joined, *rest))


def _overlap(sets: Sequence[Switches], least: int) -> Switches:
    """Return where at least ``least`` of the sets hold, in one sweep over all their switches."""
    if least == len(sets) == 2 and [*map(len, sets)] == [1, 2] and not sets[1][0]:
        (low,), (_, high) = sets  # >=1.2,<2 is nearly all that has two clauses
        return (low, high) if low < high else ()
    changes: dict[str, int] = {}
    for switches in sets:
        step = 1
        for key in switches:
            changes[key] = changes.get(key, 0) + step
            step = -step
    switches_of_result: list[str] = []
    holding, was_on = 0, False
    for key in sorted(changes):
        holding += changes[key]
        if (holding >= least) != was_on:
            was_on = not was_on
            switches_of_result.append(key)
    return tuple(switches_of_result)


def _without(switches: Switches) -> Switches:
    """Return where ``switches`` do not hold."""
    return switches[1:] if switches[:1] == ("",) else ("", *switches)


def _clause(text: str, clause: str, position: int) -> Condition:
    """Read one clause, which stands at ``position`` of the constraint ``text``."""
    try:
        return _condition(clause)
    except (InvalidVersion, InvalidPattern) as error:
        raise InvalidVersionSpec(text, position or text.find(clause), error.reason) from error


@lru_cache(maxsize=16384)  # of a pure function; the clauses of a channel repeat
def _condition(clause: str) -> Condition:
    if len(clause.split()) > 1:
        raise InvalidVersion(clause, "a space stands inside a clause")
    if clause[0] == "^":
        return _pattern(clause)
    length = 2 if clause[:2] in _RELATIONS else 1 if clause[0] in _RELATIONS else 0
    operator, literal = clause[:length], clause[length:]
    if "*" in literal:
        return _starred(operator, literal)
    return _compared(operator, literal)


def _pattern(clause: str) -> Condition:
    if not clause.endswith("$"):
        raise InvalidPattern(clause, "an expression that begins with ^ must end with $")
    return TextPattern.parse(clause)


def _compared(operator: str, literal: str) -> Condition:
    """Return the versions that stand in relation ``operator`` to ``literal``."""
    if operator == "=":
        return range_of_prefix(literal)
    key = Version.parse(literal).key
    after = key + "\0"  # no key continues another, so nothing lies between
    match operator:
        case "" | "==":
            return (key, after)
        case "!=":
            return ("", key, after)
        case ">=":
            return (key,)
        case ">":
            return (after,)
        case "<":
            return ("", key)
        case "<=":
            return ("", after)
    return _overlap([(key,), range_of_release(literal)], 2)


def _starred(operator: str, literal: str) -> Condition:
    """Return what a clause with a ``*`` means.

    ``1.2*`` and ``1.2.*`` are the versions that start with 1.2; a star further in makes a glob on
    the text. Relations look past ``.*`` as conda does: ``>=1.2.*`` is ``>=1.2``.
    """
    stem = literal.removesuffix("*").removesuffix(".")
    if not stem:
        if operator in {"", "=", "==", ">=", "<=", "~="}:
            return _EVERYTHING
        raise InvalidVersion(literal, f"{operator}* can mean nothing")
    if operator in {"<", "<=", ">", ">=", "=="}:
        while stem.endswith(".*"):
            stem = stem.removesuffix(".*")
        return _compared(operator, stem)
    if operator == "~=":
        raise InvalidVersion(literal, "~= and * exclude each other")
    if "*" in stem:
        glob = _glob(literal)
        return _Combined("not", (glob,)) if operator == "!=" else glob
    return _without(range_of_prefix(stem)) if operator == "!=" else range_of_prefix(stem)


def _glob(literal: str) -> TextPattern:
    if re.fullmatch(r"[0-9A-Za-z._+!*-]+", literal) is None:
        raise InvalidVersion(literal, "only letters, digits and . _ + ! * can stand in it")
    return TextPattern.parse(literal)


def _spelling(text: str) -> str:
    """Return ``text`` without spaces; what conda writes ``==1.7`` or ``1.7*`` in one way only."""
    spelling = "".join(text.split())
    if "^" in spelling:
        return spelling
    if "*" in spelling:
        spelling = _BARE_STAR.sub(r"\1.*", spelling)
    if spelling[:1] in "<>~" or "," in spelling or "|" in spelling:  # nearly all there are
        return spelling
    literal = spelling.removeprefix("=").removeprefix("=").removesuffix(".*")
    if literal[-1:] in ("", ".") or not _LITERAL.issuperset(literal):
        return spelling
    if spelling.startswith("=="):
        return literal
    return f"{literal}.*" if spelling.startswith("=") or spelling.endswith(".*") else literal
