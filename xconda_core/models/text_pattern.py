"""What a text field must look like: a word, a glob or a regular expression. Layer: models.

Source: CEP 29, "String matching": without regard to case; ``^...$`` is a regular expression, a
``*`` makes a glob, anything else stands for itself.
"""

from dataclasses import dataclass, field

from xconda_core.errors import XcondaError
from xconda_core.models.expression import Expression, InvalidExpression


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


@dataclass(frozen=True, slots=True)
class TextPattern:
    """A condition on one text.

    Attributes:
        key: The pattern as it counts: in lower case, or an expression as it was written.
        text: The pattern as it was written.
        expression: What ``^...$`` means, None for words and globs.
    """

    key: str
    text: str = field(compare=False)
    expression: Expression | None = field(default=None, compare=False, repr=False)

    @classmethod
    def parse(cls, text: str) -> "TextPattern":
        """Read a pattern.

        Raises:
            InvalidPattern: it is an expression that cannot be read.
        """
        if text.startswith("^") and text.endswith("$") and len(text) > 1:
            try:
                return cls(text, text, Expression.parse(text))
            except InvalidExpression as error:
                raise InvalidPattern(text, str(error)) from error
        return cls(text.lower(), text)

    def __str__(self) -> str:
        return self.text

    @property
    def is_word(self) -> bool:
        """Only one text matches, but for its case."""
        return self.expression is None and "*" not in self.key

    def matches(self, value: str) -> bool:
        """Tell whether ``value`` is as wanted."""
        if self.expression is not None:
            return self.expression.matches(value)
        lowered = value.lower()
        if "*" not in self.key:
            return lowered == self.key
        return _glob_matches(self.key, lowered)


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
