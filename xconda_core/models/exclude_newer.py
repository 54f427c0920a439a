"""How new a package may be: ``exclude_newer`` in all its forms. Layer: models. Pure.

The forms are conda's: a duration before now (``7d``, ``3d12h``, ``P7D``, a number of seconds), a
date (packages of that day still count), or a timestamp. Source of the times compared: CEP 47.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from xconda_core.models.channel_url import channel_matches
from xconda_core.regex import regex
from xconda_core.values import Slotted, dataclass, field

_WORDS_FOR_NONE: Final = frozenset({"", "false", "no", "off", "none", "null", "~"})

FORMS: Final = "a duration such as 7d, a date, a timestamp or false"

_SECONDS: Final = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_PART: Final = r"(\d+)\s*([wdhms])\s*"
_COMPACT: Final = regex(rf"(?:{_PART})+", re.IGNORECASE | re.ASCII)
_ISO: Final = regex(r"P(?=[\dT])(\d+W)?(\d+D)?(?:T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?", re.ASCII)
_DATE: Final = regex(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME: Final = regex(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*", re.ASCII)
_LONGEST: Final = 1e12  # seconds: before anything was ever packaged


@dataclass(frozen=True, slots=True)
class Limit(Slotted):
    """The latest time at which a package may have been published.

    Attributes:
        seconds: Seconds since 1970, or before now.
        is_age: They count back from now.
    """

    seconds: float
    is_age: bool

    @classmethod
    def parse(cls, text: str) -> "Limit | None":
        """Read one value of the setting; None: there is no limit.

        Raises:
            ValueError: it is none of the forms; the message says which there are.
        """
        word = text.strip()
        if word.lower() in _WORDS_FOR_NONE:
            return None
        age = _age(word)
        if age is not None:
            return cls(min(age, _LONGEST), is_age=True)
        try:
            return cls(_moment(word.upper()), is_age=False)
        except (ValueError, OverflowError) as error:
            raise ValueError(f"{text!r} is not {FORMS}") from error

    def milliseconds(self, now: float) -> float:
        """Return the limit in milliseconds since 1970; ``now`` is in seconds."""
        return 1000 * (now - self.seconds if self.is_age else self.seconds)


def _age(word: str) -> float | None:
    if word.isascii() and word.isdecimal():
        return float(word)
    iso = _ISO.fullmatch(word.upper())
    if iso:
        parts = [part for part in iso.groups() if part]
        return float(sum(int(part[:-1]) * _SECONDS[part[-1].lower()] for part in parts))
    if _COMPACT.fullmatch(word):
        found = re.findall(_PART, word, re.IGNORECASE)
        return float(sum(int(number) * _SECONDS[unit.lower()] for number, unit in found))
    return None


def _moment(word: str) -> float:
    if _DATE.fullmatch(word):  # up to the end of that day
        return (datetime.fromisoformat(f"{word}T00:00Z") + timedelta(days=1)).timestamp()
    if not _TIME.fullmatch(word):
        raise ValueError(word)
    moment = datetime.fromisoformat(word)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def limit_text(text: str) -> str:
    """Return ``text`` if it is a value of the setting.

    Raises:
        ValueError: it is none.
    """
    Limit.parse(text)
    return text


@dataclass(frozen=True, slots=True)
class PublicationLimits(Slotted):
    """Which limit holds for a package: its own, else that of its channel, else the general one.

    Attributes:
        general: Milliseconds since 1970; None: no limit.
        channels: Name, address or pattern of an address, and its limit; later ones win.
        packages: Package name to its limit.
    """

    general: float | None = None
    channels: Sequence[tuple[str, float | None]] = ()
    packages: Mapping[str, float | None] = field(default_factory=dict)

    @classmethod
    def at(
        cls,
        now: float,
        general: str = "",
        channels: Iterable[tuple[str, str]] = (),
        packages: Mapping[str, str] | None = None,
    ) -> "PublicationLimits":
        """Return the limits that the settings mean at ``now``, in seconds since 1970.

        Raises:
            ValueError: one of the values is none.
        """
        return cls(
            _milliseconds(general, now),
            tuple((channel, _milliseconds(text, now)) for channel, text in channels),
            {name.lower(): _milliseconds(text, now) for name, text in (packages or {}).items()},
        )

    def limit(self, name: str, channel_url: str) -> float | None:
        """Return the limit for the package ``name`` of a channel; None: no limit."""
        if name in self.packages:
            return self.packages[name]
        for wanted, limit in reversed(self.channels):
            if _is_meant(wanted, channel_url):
                return limit
        return self.general


NO_LIMITS: Final = PublicationLimits()


def _milliseconds(text: str, now: float) -> float | None:
    limit = Limit.parse(text)
    return None if limit is None else limit.milliseconds(now)


def _is_meant(wanted: str, channel_url: str) -> bool:
    if any(sign in wanted for sign in "*?["):
        from fnmatch import fnmatchcase  # few have a rule with a star

        return fnmatchcase(channel_url, wanted.rstrip("/"))
    return channel_matches(wanted, channel_url)
