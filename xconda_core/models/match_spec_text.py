"""The written form of a MatchSpec: text to parts. Layer: models. Source: CEP 29, 43 and 44.

Only the form is read here; ``match_spec`` knows what the parts mean. Nothing is skipped: what does
not fit is refused with its place, because a constraint that is overlooked is a constraint dropped.
"""

import re
from collections.abc import Mapping
from typing import Final

from xconda_core.errors import XcondaError
from xconda_core.models.channel_url import mask_secrets
from xconda_core.regex import regex
from xconda_core.values import Slotted, dataclass, field

MAX_LENGTH: Final = 8192
KEYS: Final = frozenset(
    {
        "name", "version", "build", "build_number", "channel", "subdir", "url", "fn", "md5",
        "sha256", "license", "license_family", "track_features", "features", "extras", "flags",
        "when",
    }
)  # fmt: skip

Value = str | tuple[str, ...]

_CONDITIONS: Final = "conditions are written in brackets: name[when='python>=3.10']"
_UNEXPECTED: Final = "a separator, , or |, or a build string was expected"

_NAME: Final = regex(r"\^[^\s$]+\$|[^\s=<>!~,|()]*")
_OPERATOR: Final = regex(r"==|!=|<=|>=|~=|<|>|=|")
# An epoch may stand apart, ">=1 !164": real packages ask so, and no build begins with "!".
_LITERAL: Final = regex(r"\^[^$]*\$|[^\s=<>~,|()^$]+(?:\s+![^\s=<>~,|()^$]+)?")
_BUILD: Final = regex(r"\^.*\$|[^=<>~!|;{}\[\]\\]+")
_BRACKET: Final = regex(r"\^[^$]*\$|\[")
_KEY: Final = regex(r"\s*([A-Za-z0-9_]+)\s*")
_BARE_VALUE: Final = regex(r"[^\s,\[\]'\"]+")
_STRANGE: Final = regex(r"[\x00-\x08\n-\x1f\x7f\x85\u2028\u2029]")
_CHANNEL: Final = regex(r"[^\s\[\]'\"()<>=,;#|]+")
_SPACE: Final = regex(r"\s*")


_FOR_PIP: Final = ("git+", "hg+", "-e", "-r")


class InvalidMatchSpec(XcondaError):
    """A text is not a MatchSpec.

    Attributes:
        text: What was to be read, credentials masked, at most 200 characters of it.
        position: Index in it of the character where reading stopped.
        reason: What is wrong there.
    """

    code = "invalid-match-spec"

    def __init__(self, text: str, position: int, reason: str) -> None:
        super().__init__(text, position, reason)
        shown = mask_secrets(text)
        self.text, self.position, self.reason = shown[:200], position, reason
        self.what = f"{self.text!r} is not a package specification."
        marked = f"{shown[:position]}⟨here⟩{shown[position:]}" if len(shown) <= 200 else ""
        self.why = f"at {marked!r}: {reason}." if marked else f"{reason}."
        self.fix = 'write it as name, "name>=1.2,<2", name=1.2=build or "name[version=\'>=1\']".'
        if not text.strip("<>=!~ "):
            self.fix = 'write name, sign and version as one word, in quotes: "numpy>=1.2".'
        elif text.startswith(_FOR_PIP):
            self.fix = "that is a word for pip: `xconda run -n NAME python -m pip install ...`."


@dataclass(frozen=True, slots=True)
class SpecText(Slotted):
    """The parts of a MatchSpec as they were written.

    Attributes:
        name: Name or glob; ``*`` where none was written.
        version: Constraint without spaces; None where none was written.
        build: Pattern; None where none was written.
        channel: Text before ``::``, None where there was none; may end in a subdir.
        brackets: Keys and values between the brackets; lists are tuples.
    """

    name: str
    version: str | None = None
    build: str | None = None
    channel: str | None = None
    brackets: Mapping[str, Value] = field(default_factory=dict)


def check_characters(text: str) -> None:
    """Refuse what no form of a spec can hold.

    Raises:
        InvalidMatchSpec: the text is too long, or a line break or control character is inside.
    """
    if len(text) > MAX_LENGTH:
        raise InvalidMatchSpec(text, 0, f"it is longer than {MAX_LENGTH} characters")
    stripped = text.strip()
    strange = None if stripped.isprintable() else _STRANGE.search(stripped)
    if strange is not None:
        place = len(text) - len(text.lstrip()) + strange.start()
        raise InvalidMatchSpec(text, place, "a line break or control character splits it")


def is_channel(text: str) -> bool:
    """Tell whether ``text`` can stand before ``::``: a name, an address or a path."""
    return (
        _CHANNEL.fullmatch(text) is not None
        and "::" not in text
        and not text.endswith((":", "\\", "://", ":///"))
    )


def read_spec(text: str) -> SpecText:
    """Take a MatchSpec apart; an address of an archive is not for this function.

    Raises:
        InvalidMatchSpec: the text has not the form of one.
    """
    start = _start_of_brackets(text)
    head_end = _comment(text, len(text) if start < 0 else start)
    semicolon = text.find(";", 0, head_end)
    if semicolon >= 0:
        raise InvalidMatchSpec(text, semicolon, _CONDITIONS)
    has_brackets = 0 <= start == head_end
    brackets = _Brackets(text, start + 1).read() if has_brackets else {}
    channel, position = _channel(text, head_end)
    name, position = _name(text, position, head_end)
    version, build = _version_and_build(text, position, head_end)
    return SpecText(name, version, build, channel, brackets)


def _start_of_brackets(text: str) -> int:
    """Return the index of the first ``[`` that is not part of an expression; -1 without one."""
    if "^" not in text:
        return text.find("[")
    found = (match for match in _BRACKET.finditer(text) if match[0] == "[")
    return next((match.start() for match in found), -1)


def _comment(text: str, end: int) -> int:
    """Return where the part before a comment ends."""
    mark = text.find("#", 0, end)
    if mark < 0:
        return end
    if mark > 0 and not text[mark - 1].isspace():
        raise InvalidMatchSpec(text, mark, "a comment needs a space before its #")
    return mark


def _channel(text: str, end: int) -> tuple[str | None, int]:
    """Return what is written before ``:`` or ``::``, and where the name begins."""
    colon = _colon_before_name(text, end)
    if colon < 0:
        return None, 0
    before = text[:colon]
    channel, mark, namespace = before.rpartition(":")
    if not mark:  # "namespace:name"; CEP 29 has namespaces parsed and ignored
        channel, namespace = "", before
    if re.search(r"[\s/\\]", namespace.strip()):
        raise InvalidMatchSpec(text, colon, "a channel ends in ::")
    channel = channel.strip()
    if channel and not is_channel(channel):
        raise InvalidMatchSpec(text, len(channel), "that is not a channel")
    return channel or None, colon + 1


def _colon_before_name(text: str, end: int) -> int:
    """Return the index of the last colon that is part of no expression; -1 without one."""
    expression = text.find("^", 0, end)
    if expression < 0 or text[:expression].strip():
        return text.rfind(":", 0, end if expression < 0 else expression)
    closed = text.find("$::", expression, end)  # the channel is the expression, or else the name
    return closed if closed < 0 else closed + 2


def _name(text: str, position: int, end: int) -> tuple[str, int]:
    position = _skip_space(text, position, end)
    found = _NAME.match(text, position, end)
    stop = found.end() if found else position
    if stop == position:
        raise InvalidMatchSpec(text, position, "the name of a package is missing")
    if text.startswith("(", stop):
        raise InvalidMatchSpec(text, stop, "a space is missing before the parenthesis")
    return text[position:stop], stop


def _skip_space(text: str, position: int, end: int) -> int:
    found = _SPACE.match(text, position, end)
    return found.end() if found else position


def _version_and_build(text: str, start: int, end: int) -> tuple[str | None, str | None]:
    position = _skip_space(text, start, end)
    if position >= end:
        return None, None
    position, version = _version(text, position, end)
    build: str | None = None
    rest = text[position:end].strip()
    if rest:
        build = (rest[1:] if rest[0] == "=" else rest).strip()
        fits = _BUILD.fullmatch(build)
        if fits is None:
            reason = _CONDITIONS if version == "if" else _UNEXPECTED
            raise InvalidMatchSpec(text, position, reason)
    if version[0] == "=" and not re.search(r"[=,|(]", version[1:]):
        # One = before a lone literal means "starts with", but with a build it only separates.
        version = version if build is None or version.endswith("*") else version[1:]
    return version, build


def _version(text: str, position: int, end: int) -> tuple[int, str]:
    """Read clauses joined by ``,`` and ``|``; return where they end, and them without spaces."""
    pieces: list[str] = []
    while True:
        position = _take_parentheses("(", text, position, end, pieces)
        operator = _OPERATOR.match(text, position, end)
        after_operator = operator.end() if operator else position
        literal = _LITERAL.match(text, _skip_space(text, after_operator, end), end)
        if literal is None:
            raise InvalidMatchSpec(text, after_operator, "a version is missing")
        pieces += [text[position:after_operator], "".join(literal[0].split())]
        position = _take_parentheses(")", text, literal.end(), end, pieces)
        separator = _skip_space(text, position, end)
        if text[separator : separator + 1] not in {",", "|"} or separator >= end:
            return position, "".join(pieces)
        pieces.append(text[separator])
        position = _skip_space(text, separator + 1, end)


def _take_parentheses(kind: str, text: str, position: int, end: int, pieces: list[str]) -> int:
    while True:
        after = _skip_space(text, position, end)
        if after >= end or text[after] != kind:
            return after if kind == "(" else position
        pieces.append(kind)
        position = after + 1


class _Brackets:
    """Reads ``key=value`` pairs up to the closing bracket and makes sure that nothing follows."""

    def __init__(self, text: str, position: int) -> None:
        self._text = text
        self._position = position

    def read(self) -> dict[str, Value]:
        values: dict[str, Value] = {}
        while self._peek() != "]":
            start = self._position
            key = self._key()
            if key in values:
                raise self._refusal(f"{key} is given twice", start)
            values[key] = self._value(key)
            if self._peek() == ",":
                self._position += 1
                if self._peek() in {",", "]"}:
                    raise self._refusal("a key is missing")
            elif self._peek() != "]" and not self._text[self._position - 1].isspace():
                raise self._refusal("a comma is missing")
        self._position += 1
        rest = self._text[self._position :]
        if rest.strip() and not (rest[0].isspace() and rest.lstrip()[0] == "#"):
            raise self._refusal("nothing can follow the brackets")
        return values

    def _key(self) -> str:
        found = _KEY.match(self._text, self._position)
        if found is None:
            raise self._refusal("a key is missing")
        key = found[1]
        if key not in KEYS:
            raise self._refusal(f"{key} is none of {', '.join(sorted(KEYS))}")
        self._position = found.end()
        following = self._text[self._position : self._position + 1]
        if following == "=":
            self._position += 1
        elif not (key in {"version", "build_number"} and following in set("<>!~")):
            raise self._refusal(f"{key} needs a value, {key}=...")
        return key

    def _value(self, key: str) -> Value:
        if self._peek() == "[" and key in {"extras", "flags"}:
            self._position += 1
            return self._list()
        value = self._word()
        return (value,) if key in {"extras", "flags"} else value

    def _list(self) -> tuple[str, ...]:
        items: list[str] = []
        while True:
            items.append(self._word())
            mark = self._peek()
            self._position += 1
            if mark == "]":
                return tuple(items)
            if mark != ",":
                self._position -= 1
                raise self._refusal("a comma is missing")

    def _word(self) -> str:
        quote = self._peek()
        if quote in {"'", '"'}:
            return self._quoted(quote)
        found = _BARE_VALUE.match(self._text, self._position)
        if found is None:
            raise self._refusal("a value is missing")
        self._position = found.end()
        return self._checked(found[0], found.start())

    def _checked(self, value: str, start: int) -> str:
        if not value or value.endswith("\\"):
            raise self._refusal("a value is missing, or ends in a \\", start)
        return value

    def _quoted(self, quote: str) -> str:
        start = self._position
        position = start + 1
        while position < len(self._text) and self._text[position] != quote:
            position += 2 if self._text[position : position + 2] == f"\\{quote}" else 1
        if position >= len(self._text):
            raise self._refusal("the quote is not closed", start)
        value = self._text[start + 1 : position].replace(f"\\{quote}", quote)
        self._position = position + 1
        return self._checked(value, start)

    def _peek(self) -> str:
        """Return the next character that is no space, and stand before it."""
        found = _SPACE.match(self._text, self._position)
        self._position = found.end() if found else self._position
        if self._position >= len(self._text):
            raise self._refusal("the bracket is not closed")
        return self._text[self._position]

    def _refusal(self, reason: str, position: int | None = None) -> InvalidMatchSpec:
        at = self._position if position is None else position
        return InvalidMatchSpec(self._text, at, reason)
