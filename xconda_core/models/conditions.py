"""Conditions joined by ``and`` and ``or``: ``when`` of a MatchSpec. Layer: models. Source: CEP 43.

What a single condition looks like is the caller's business; here are only words and parentheses.
"""

from collections.abc import Callable
from typing import Final, Generic, Literal, TypeVar

from xconda_core.values import Slotted, dataclass

MAX_DEPTH: Final = 32

Leaf = TypeVar("Leaf")


class InvalidCondition(ValueError):
    """A text is not a condition; ``position`` is the index where reading it stopped."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(reason)
        self.position, self.reason = position, reason


@dataclass(frozen=True, slots=True)
class Group(Slotted, Generic[Leaf]):
    """Conditions of which ``all`` or ``any`` must hold."""

    kind: Literal["all", "any"]
    parts: tuple["Leaf | Group[Leaf]", ...]


def holds(condition: Leaf | Group[Leaf], is_true: Callable[[Leaf], bool]) -> bool:
    """Tell whether ``condition`` holds where ``is_true`` decides each single one."""
    if not isinstance(condition, Group):
        return is_true(condition)
    results = (holds(part, is_true) for part in condition.parts)  # as deep as MAX_DEPTH
    return all(results) if condition.kind == "all" else any(results)


def read_condition(text: str, read_leaf: Callable[[str, int], Leaf]) -> Leaf | Group[Leaf]:
    """Read conditions joined by words and parentheses; ``and`` binds closer than ``or``.

    Args:
        text: The whole condition.
        read_leaf: Reads one condition, given its text and the index where it stands.

    Raises:
        InvalidCondition: a condition or a parenthesis is missing.
    """
    reader = _Reader(text, read_leaf)
    condition = reader.alternatives(depth=0)
    if reader.position < len(text):
        raise InvalidCondition(reader.position, "and, or or the end was expected")
    return condition


class _Reader(Generic[Leaf]):
    def __init__(self, text: str, read_leaf: Callable[[str, int], Leaf]) -> None:
        self._text = text
        self._read_leaf = read_leaf
        self.position = 0

    def alternatives(self, depth: int) -> Leaf | Group[Leaf]:
        parts = [self._conjunction(depth)]
        while self._take_word("or"):
            parts.append(self._conjunction(depth))
        return parts[0] if len(parts) == 1 else Group("any", tuple(parts))

    def _conjunction(self, depth: int) -> Leaf | Group[Leaf]:
        parts = [self._single(depth)]
        while self._take_word("and"):
            parts.append(self._single(depth))
        return parts[0] if len(parts) == 1 else Group("all", tuple(parts))

    def _single(self, depth: int) -> Leaf | Group[Leaf]:
        self._skip_space()
        if not self._text.startswith("(", self.position):
            return self._leaf()
        if depth >= MAX_DEPTH:
            raise InvalidCondition(self.position, f"more than {MAX_DEPTH} parentheses are open")
        self.position += 1
        group = self.alternatives(depth + 1)
        self._skip_space()
        if not self._text.startswith(")", self.position):
            raise InvalidCondition(self.position, "a parenthesis is not closed")
        self.position += 1
        return group

    def _leaf(self) -> Leaf:
        start = self.position
        open_marks, quote = 0, ""
        while self.position < len(self._text):
            character = self._text[self.position]
            if quote:
                quote = "" if character == quote else quote
            elif character in "'\"":
                quote = character
            elif character in "([":
                open_marks += 1
            elif character in ")]" and open_marks:
                open_marks -= 1
            elif character == ")" or (
                character.isspace() and not open_marks and self._word_follows()
            ):
                break
            self.position += 1
        text = self._text[start : self.position].strip()
        if not text or text.split(maxsplit=1)[0] in {"and", "or"}:
            raise InvalidCondition(start, "a condition is missing")
        return self._read_leaf(text, start)

    def _word_follows(self) -> bool:
        words = self._text[self.position :].split(maxsplit=1)
        return bool(words) and words[0] in {"and", "or"}

    def _take_word(self, word: str) -> bool:
        self._skip_space()
        after = self.position + len(word)
        if self._text.startswith(word, self.position) and not self._text[after : after + 1].strip(
            " (\t"
        ):
            self.position = after
            return True
        return False

    def _skip_space(self) -> None:
        while self.position < len(self._text) and self._text[self.position].isspace():
            self.position += 1
