"""What a text field must look like: a word, a glob or a regular expression. Layer: models.

Source: CEP 29, "String matching": without regard to case; ``^...$`` is a regular expression, a
``*`` makes a glob, anything else stands for itself.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

import msgspec

from xconda_core.errors import XcondaError


class InvalidPattern(XcondaError):
    """A text is not a pattern.

    Attributes:
        text: What was to be read.
        reason: What is wrong with it.
    """

    code = "invalid-pattern"

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(text, reason)
        self.text, self.reason = text[:200], reason
        self.what = f"{self.text!r} is not a pattern."
        self.why = f"{reason}."
        self.fix = "write a word, a word with *, or a plain regular expression between ^ and $."


class TextPattern(msgspec.Struct, frozen=True, eq=False):
    """A condition on one text; equal and hashed by what it means.

    Attributes:
        key: The pattern as it counts: in lower case, or an expression as it was written.
        text: The pattern as it was written.
        expression: Whether a text is what ``^...$`` means; None for words and globs.
    """

    key: str
    text: str
    expression: Callable[[str], bool] | None = None

    @classmethod
    def parse(cls, text: str) -> "TextPattern":
        """Read a pattern.

        Raises:
            InvalidPattern: it is an expression that cannot be read.
        """
        if text.startswith("^") and text.endswith("$") and len(text) > 1:
            from xconda_core.models.expression import Expression, InvalidExpression

            try:
                return cls(text, text, Expression.parse(text).matches)
            except InvalidExpression as error:
                raise InvalidPattern(text, str(error)) from error
        return cls(text.lower(), text)

    def __str__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return self.key == other.key if isinstance(other, TextPattern) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.key)

    def __ne__(self, other: object) -> bool:
        return not self == other

    @property
    def is_word(self) -> bool:
        """Only one text matches, but for its case."""
        return self.expression is None and "*" not in self.key

    def matches(self, value: str) -> bool:
        """Tell whether ``value`` is as wanted."""
        if self.expression is not None:
            return self.expression(value)
        lowered = value.lower()
        if "*" not in self.key:
            return lowered == self.key
        return _glob_matches(self.key, lowered)

    def chosen(self, values: Sequence[str]) -> list[int]:
        """Return the positions of those of ``values`` that are as wanted."""
        if self.expression is not None:
            return [at for at, value in enumerate(values) if self.expression(value)]
        lowered, parts = map(str.lower, values), self.key.split("*")
        if len(parts) == 1:
            return [at for at, value in enumerate(lowered) if value == self.key]
        if len(parts) == 2:  # nearly all builds that are asked for
            first, last = parts
            least = len(first) + len(last)
            return [
                at
                for at, value in enumerate(lowered)
                if value.endswith(last) and value.startswith(first) and len(value) >= least
            ]
        longest = max(parts, key=len)  # what few have: names are asked of all there are
        return [
            at
            for at, value in enumerate(lowered)
            if longest in value and _glob_matches(self.key, value)
        ]

    def is_within(self, other: "TextPattern") -> bool:
        """Tell whether every text of this glob surely matches ``other``; False is no denial."""
        # A star of this glob is an ordinary character to the other, which only a star can match.
        is_glob = self.expression is None and other.expression is None
        return is_glob and _glob_matches(other.key, self.key)

    def excludes(self, other: "TextPattern") -> bool:
        """Tell whether surely no text matches both, by how the globs begin and end."""
        if self.expression is not None or other.expression is not None:
            return False
        (start, *_, end), (other_start, *_, other_end) = self.key.split("*"), other.key.split("*")
        starts_fit = start.startswith(other_start) or other_start.startswith(start)
        return not (starts_fit and (end.endswith(other_end) or other_end.endswith(end)))

    def with_also(self, other: "TextPattern") -> "TextPattern":
        """Return the pattern of the texts that match both, as conda writes it.

        Raises:
            InvalidPattern: it would have to look ahead from within looking ahead.
        """
        first, second = _without_anchors(self), _without_anchors(other)
        if first.startswith("(?="):
            first, second = second, first
        ahead = first if first.endswith(".*") else f"{first}$"
        rest = second if second.startswith("(?=") else f"(?:{second})"
        return TextPattern.parse(f"^(?={ahead}){rest}$")


@lru_cache(maxsize=1024)
def pattern_of(text: str) -> TextPattern:
    """Return the pattern of a text, read once: of a pure function, and bounded.

    Raises:
        InvalidPattern: it is an expression that cannot be read.
    """
    return TextPattern.parse(text)


def _without_anchors(pattern: TextPattern) -> str:
    if pattern.expression is not None:
        return pattern.text[1:-1]
    return ".*".join(re.escape(part) for part in pattern.text.split("*"))


def _glob_matches(glob: str, value: str) -> bool:
    """Find the parts between the stars one after the other: never more than one pass."""
    first, *middle, last = glob.split("*")
    if len(value) < len(first) + len(last):
        return False
    if not (value.startswith(first) and value.endswith(last)):
        return False
    position, end = len(first), len(value) - len(last)
    for part in middle:
        position = value.find(part, position, end)
        if position < 0:
            return False
        position += len(part)
    return True
