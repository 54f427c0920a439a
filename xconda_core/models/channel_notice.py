"""A message of a channel to its users. Layer: models. Pure. Source: CEP 6."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias

from xconda_core.errors import Json
from xconda_core.values import Slotted, dataclass

Level: TypeAlias = Literal["info", "warning", "critical"]
LEVELS: Final[tuple[Level, ...]] = ("info", "warning", "critical")
_LONGEST: Final = 2000  # characters of a message; a channel is not to fill the screen


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelNotice(Slotted):
    """One message.

    Attributes:
        id: What the channel calls it; its words where it has no name.
        channel: Name of the channel.
        message: Its words, without what a terminal would obey.
        level: ``info``, ``warning`` or ``critical``; an unknown one is ``info``.
        created: When it was written, in seconds since 1970 (UTC); None where nobody says.
        expires: When it no longer holds; None where nobody says.
        interval: Seconds after which it may be shown again; None: once.
    """

    id: str
    channel: str
    message: str
    level: Level
    created: float | None
    expires: float | None
    interval: float | None

    def to_json(self) -> dict[str, Json]:
        """Return the notice with the keys that conda gives it."""
        return {
            "id": self.id,
            "channel_name": self.channel,
            "message": self.message,
            "level": self.level,
            "created_at": _iso(self.created),
            "expired_at": _iso(self.expires),
            "interval": self.interval,
        }


def notices_of(document: object, channel: str) -> Iterator[ChannelNotice]:
    """Yield the notices of a ``notices.json``; what is none is passed over.

    Args:
        document: The document's values.
        channel: Name of the channel that it belongs to.
    """
    entries = document.get("notices") if isinstance(document, Mapping) else None
    for entry in entries if isinstance(entries, list) else ():
        message = entry.get("message") if isinstance(entry, Mapping) else None
        if isinstance(message, str) and message.strip():
            yield _notice(entry, _plain(message), channel)


def _notice(entry: Mapping[str, object], message: str, channel: str) -> ChannelNotice:
    level = entry.get("level")
    interval = entry.get("interval")
    name = entry.get("id")
    expires = entry.get("expires_at", entry.get("expired_at"))
    return ChannelNotice(
        id=name if isinstance(name, str) and name else message,
        channel=channel,
        message=message,
        level=next((each for each in LEVELS if each == level), "info"),
        created=_seconds(entry.get("created_at")),
        expires=_seconds(expires),
        interval=float(interval) if isinstance(interval, (int, float)) and interval > 0 else None,
    )


def _plain(message: str) -> str:
    """Return the words alone: a stranger's escape sequences are not for this terminal."""
    text = "".join(each for each in message if each.isprintable() or each == "\n").strip()
    return f"{text[:_LONGEST]} ..." if len(text) > _LONGEST else text


def _seconds(text: object) -> float | None:
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _iso(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()
