"""Regular expressions that take linear time, whoever wrote them. Layer: models. Source: CEP 29.

Specs come from channels, and one ``^(a+)+$`` among them would stop a backtracking engine for ever.
Here an expression becomes a small program that reads each character of the text once, with all
places of the program where it could be (Thompson, 1968). What Python's syntax has beyond that,
back references and looking around, CEP 29 advises against; it is refused, but for ``^(?=...)...$``,
in which conda writes two patterns that must both hold.
"""

import re
from collections.abc import Iterable
from typing import Final, Literal

from xconda_core.regex import regex
from xconda_core.values import Slotted, dataclass, replace

MAX_LENGTH: Final = 512
MAX_PROGRAM: Final = 2048
MAX_DEPTH: Final = 32

_CLASSES: Final = {"d": "0-9", "w": "a-z0-9_", "s": " \t\n\r\f\v"}
_REPEAT: Final = regex(r"([*+?])|\{(\d{0,4})(,?)(\d{0,4})\}")
_SPECIAL: Final = frozenset("*+?{}()|[]")


class InvalidExpression(ValueError):
    """A text is not an expression that can be run; the message says why."""


@dataclass(frozen=True, slots=True)
class _Characters(Slotted):
    """A set of characters, in lower case: ranges from first to last, or all others."""

    ranges: tuple[tuple[str, str], ...]
    is_negated: bool = False

    def holds(self, character: str) -> bool:
        return any(low <= character <= high for low, high in self.ranges) != self.is_negated


@dataclass(frozen=True, slots=True)
class _Step(Slotted):
    """One step of a program.

    Attributes:
        kind: ``read`` one of ``characters``; ``go`` on at both targets; stand at the ``start`` or
            at the ``end`` of the text.
        targets: Where to go on, as distances from this step.
        characters: What ``read`` accepts.
    """

    kind: Literal["read", "go", "start", "end"]
    targets: tuple[int, ...] = (1,)
    characters: _Characters = _Characters(())


Program = tuple[_Step, ...]

_ANY: Final = _Characters((), is_negated=True)


@dataclass(frozen=True, slots=True)
class Expression(Slotted):
    """A regular expression, searched for without regard to case.

    Attributes:
        text: The expression as written.
        program: The steps; a text matches when one can walk off their end.
        also: Programs that must match from the start of the text as well.
    """

    text: str
    program: Program
    also: tuple[Program, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Expression":
        """Read an expression.

        Raises:
            InvalidExpression: it is not one, or uses more than this engine runs.
        """
        if len(text) > MAX_LENGTH:
            raise InvalidExpression(f"it is longer than {MAX_LENGTH} characters")
        reader = _Reader(text)
        program = reader.whole()
        if reader.also and not reader.is_one_branch:
            raise InvalidExpression("(?= goes with no | outside parentheses")
        return cls(text, program, tuple(reader.also))

    def matches(self, text: str) -> bool:
        """Tell whether the expression is found in ``text``; a ``^`` or ``$`` in it ties it down."""
        lowered = text.lower()
        return _found(self.program, lowered, anywhere=True) and all(
            _found(program, lowered, anywhere=False) for program in self.also
        )


def _found(program: Program, text: str, *, anywhere: bool) -> bool:
    places: set[int] = set()
    position = 0
    while True:
        if anywhere or position == 0:
            _enter(program, 0, position, len(text), places)
        if len(program) in places:
            return True
        if position == len(text):
            return False
        reached: set[int] = set()
        for place in places:
            step = program[place]
            if step.kind == "read" and step.characters.holds(text[position]):
                _enter(program, place + 1, position + 1, len(text), reached)
        places = reached
        position += 1


def _enter(program: Program, place: int, position: int, length: int, places: set[int]) -> None:
    """Add ``place`` and every place that can be reached from it without reading."""
    waiting = [place]
    while waiting:
        here = waiting.pop()
        if here in places:
            continue
        places.add(here)
        if here == len(program):
            continue
        step = program[here]
        passes = (
            step.kind == "go"
            or (step.kind == "start" and position == 0)
            or (step.kind == "end" and position == length)
        )
        if passes:
            waiting.extend(here + target for target in step.targets)


class _Reader:
    """Turns the text of an expression into a program, from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text.lower() if text.isascii() else text
        self._original = text
        self._position = 0
        self.also: list[Program] = []
        self.is_one_branch = True

    def whole(self) -> Program:
        program = self._branches(0)
        if self._position < len(self._text):
            raise InvalidExpression("a parenthesis is closed that was not opened")
        return program

    def _branches(self, depth: int) -> Program:
        if depth > MAX_DEPTH:
            raise InvalidExpression(f"more than {MAX_DEPTH} parentheses are open")
        program = self._sequence(depth)
        while self._take("|"):
            self.is_one_branch = self.is_one_branch and depth > 0
            other = self._sequence(depth)
            program = _limited(
                (
                    _Step("go", (1, len(program) + 2)),
                    *program,
                    _Step("go", (len(other) + 1,)),
                    *other,
                )
            )
        return program

    def _sequence(self, depth: int) -> Program:
        program: Program = ()
        while self._position < len(self._text) and self._text[self._position] not in "|)":
            program = _limited((*program, *self._repeated(self._single(depth))))
        return program

    def _repeated(self, program: Program) -> Program:
        found = _REPEAT.match(self._text, self._position)
        if found is None:
            return program
        if len(program) == 1 and program[0].kind in {"start", "end"}:
            raise InvalidExpression("a place in the text cannot be repeated")
        self._position = found.end()
        if not self._take("?") and self._text[self._position : self._position + 1] in {"+", "*"}:
            raise InvalidExpression("a repetition is repeated")
        least, most = _bounds(found)
        if len(program) * max(least, most or 0) > MAX_PROGRAM:
            raise InvalidExpression("its repetitions are too many")
        needed = program * least
        if most is None:
            loop = (_Step("go", (1, len(program) + 2)), *program, _Step("go", (-len(program) - 1,)))
            return _limited((*needed, *loop))
        optional = (_Step("go", (1, len(program) + 1)), *program)
        return _limited((*needed, *(optional * (most - least))))

    def _single(self, depth: int) -> Program:
        character = self._text[self._position]
        self._position += 1
        match character:
            case "(":
                return self._group(depth)
            case "[":
                return (_Step("read", characters=self._class()),)
            case ".":
                return (_Step("read", characters=_ANY),)
            case "^":
                return (_Step("start"),)
            case "$":
                return (_Step("end"),)
            case "\\":
                return (_Step("read", characters=self._escape()),)
        if character in _SPECIAL:
            raise InvalidExpression(f"{character} stands where it has no meaning")
        return (_Step("read", characters=_Characters(((character, character),))),)

    def _group(self, depth: int) -> Program:
        is_also = False
        if self._take("?"):
            if self._take("="):
                is_also = True
                if depth or not re.fullmatch(r"\^(\(\?=.*\))*\(\?=", self._read_so_far()):
                    raise InvalidExpression("(?= can stand at the beginning only, behind ^")
            elif not self._take(":"):
                raise InvalidExpression("groups of that kind are not supported")
        program = self._branches(depth + 1)
        if not self._take(")"):
            raise InvalidExpression("a parenthesis is not closed")
        if not is_also:
            return program
        self.also.append(program)
        return ()

    def _read_so_far(self) -> str:
        return self._text[: self._position]

    def _class(self) -> _Characters:
        is_negated = self._take("^")
        ranges: list[tuple[str, str]] = []
        while not ranges or not self._take("]"):
            if self._position >= len(self._text):
                raise InvalidExpression("a bracket is not closed")
            character = self._text[self._position]
            self._position += 1
            if character == "\\":
                escaped = self._escape()
                if escaped.is_negated:
                    raise InvalidExpression("a negated class stands in another")
                ranges.extend(escaped.ranges)
                continue
            following = self._text[self._position : self._position + 2]
            if following[:1] == "-" and following[1:] not in {"]", "", "\\"}:
                self._position += 2
                if character > following[1]:
                    raise InvalidExpression(f"the range {character}{following} is empty")
                ranges.append((character, following[1]))
            else:
                ranges.append((character, character))
        return _Characters(tuple(ranges), is_negated)

    def _escape(self) -> _Characters:
        if self._position >= len(self._text):
            raise InvalidExpression("nothing follows the \\ at its end")
        character = self._original[self._position]
        self._position += 1
        if character.lower() in _CLASSES:
            return replace(_named_class(character.lower()), is_negated=character.isupper())
        if character.isalnum():
            raise InvalidExpression(f"\\{character} is not supported")
        return _Characters(((character, character),))

    def _take(self, character: str) -> bool:
        if self._text.startswith(character, self._position):
            self._position += 1
            return True
        return False


def _named_class(name: str) -> _Characters:
    spelling = _CLASSES[name]
    ranges = [(low, high) for low, high in re.findall(r"(.)-(.)", spelling, re.DOTALL)]
    single = re.sub(r".-.", "", spelling)
    return _Characters((*ranges, *((character, character) for character in single)))


def _bounds(found: re.Match[str]) -> tuple[int, int | None]:
    """Return how often a repetition holds at least and at most; None is no limit."""
    mark, least, comma, most = found.groups()
    if mark:
        return (1 if mark == "+" else 0), (1 if mark == "?" else None)
    if not least and not most:
        raise InvalidExpression("{} has no number")
    low = int(least or 0)
    high = int(most) if most else (None if comma else low)
    if high is not None and high < low:
        raise InvalidExpression(f"{{{low},{high}}} is empty")
    return low, high


def _limited(steps: Iterable[_Step]) -> Program:
    program = tuple(steps)
    if len(program) > MAX_PROGRAM:
        raise InvalidExpression("its repetitions are too many")
    return program
