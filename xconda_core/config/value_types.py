"""How the text of a setting becomes a typed value. Layer: config. Pure.

The words are conda's: YAML 1.2 has no ``yes``, so booleans are read here, from text, for files,
environment variables and the command line alike.
"""

from collections.abc import Callable
from typing import Final

from xconda_core.regex import regex
from xconda_core.values import Slotted, dataclass

Value = str | bool | int | float | None

_NUMBER: Final = regex(r"[0-9]+(?:\.[0-9]+)?")
_TRUE: Final = frozenset({"true", "yes", "on", "y"})
_NULL: Final = frozenset({"none", "null", "~"})
_FALSE: Final = frozenset({"false", "no", "off", "n", "non", "none"})


@dataclass(frozen=True, slots=True)
class ValueType(Slotted):
    """One type of value.

    Attributes:
        wants: What a value must be, as the end of the sentence "it must be ...".
        parse: Text to value; raises ``ValueError`` when the text is not such a value.
        kinds: Names of the Python types that its values have.
    """

    wants: str
    parse: Callable[[str], Value]
    kinds: tuple[str, ...] = ("str",)


def _boolean(text: str) -> bool:
    word = text.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    if _NUMBER.fullmatch(word):
        return float(word) != 0
    raise ValueError(text)


def _optional_boolean(text: str) -> bool | None:
    return None if text.strip().lower() in _NULL else _boolean(text)


def _optional_text(text: str) -> str | None:
    return None if text.strip().lower() == "none" else text


def _address(text: str) -> str:
    if text and "://" not in text:
        raise ValueError(text)
    return text


def _count(text: str) -> int:
    word = text.strip()
    if word.lower() in ("true", "false"):  # a number to YAML, and to conda
        return int(word.lower() == "true")
    if not (word.isascii() and word.isdecimal()):
        raise ValueError(text)
    return int(word)


def _duration(text: str) -> float:
    seconds = float(text.strip())
    if not 0 <= seconds < float("inf"):
        raise ValueError(text)
    return seconds


def _time_to_live(text: str) -> int:
    try:
        return _count(text)
    except ValueError:
        return int(_boolean(text))


def _verification(text: str) -> str | bool:
    try:
        return _boolean(text)
    except ValueError:
        return text


def choice(*words: str) -> ValueType:
    """Return the type of a value that is one of ``words``."""

    def parse(text: str) -> str:
        word = text.strip().lower()
        if word not in words:
            raise ValueError(text)
        return word

    *most, last = words
    return ValueType(f"{', '.join(most)} or {last}", parse)


def _priority(text: str) -> str:
    word = text.strip().lower()
    if word in ("strict", "flexible", "disabled"):
        return word
    return "flexible" if _boolean(word) else "disabled"  # what the setting was before conda 4.6


TEXT: Final = ValueType("text", str)
ADDRESS: Final = ValueType("an address that begins like `https://`", _address)
OPTIONAL_TEXT: Final = ValueType("text or none", _optional_text, ("str", "NoneType"))
BOOLEAN: Final = ValueType("true or false", _boolean, ("bool",))
OPTIONAL_BOOLEAN: Final = ValueType("true, false or none", _optional_boolean, ("bool", "NoneType"))
COUNT: Final = ValueType("a whole number, 0 or more", _count, ("int",))
SECONDS: Final = ValueType("a number of seconds", _duration, ("float", "int"))
TIME_TO_LIVE: Final = ValueType(
    "true, false or a whole number of seconds", _time_to_live, ("bool", "int")
)
VERIFICATION: Final = ValueType(
    "true, false, `truststore` or a path", _verification, ("bool", "str")
)
PRIORITY: Final = ValueType("strict, flexible or disabled", _priority)
