"""Which notices of channels are shown now: unread, in force, few, once a day. Layer: engine.

What was told is written down in ``<state_dir>/notices.json``; where that cannot be written, it is
shown again another day. Source: CEP 6.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from xconda_core.errors import Json
from xconda_core.files.atomic import write_json
from xconda_core.models.channel_notice import LEVELS, ChannelNotice

FORMAT: Final = 1
SECONDS_BETWEEN: Final = 24 * 3600
_KEPT: Final = 500  # ids remembered, newest first


def unread_notices(
    fetch: Callable[[], Sequence[ChannelNotice]], state_dir: Path, limit: int
) -> tuple[tuple[ChannelNotice, ...], int]:
    """Return what nobody was told yet, and how many more there are; writes down what is told.

    The channels are asked once a day at most.

    Args:
        fetch: Asks the channels.
        state_dir: Where it is written down.
        limit: How many are told at once.
    """
    now = time.time()
    told = ToldNotices(state_dir)
    if limit <= 0 or not told.is_due(now):
        return (), 0
    notices = not_yet_told(in_force(fetch(), now), told.told, now)
    told.remember(notices[:limit], now)
    return notices[:limit], len(notices[limit:])


def all_notices(
    fetch: Callable[[], Sequence[ChannelNotice]], state_dir: Path
) -> tuple[ChannelNotice, ...]:
    """Return every notice that holds now, and write down that it was told."""
    now = time.time()
    notices = in_force(fetch(), now)
    ToldNotices(state_dir).remember(notices, now)
    return notices


class ToldNotices:
    """When each notice was told, and when channels were last asked."""

    def __init__(self, state_dir: Path) -> None:
        """Read what is written down; anything wrong with it counts as nothing."""
        self._path = state_dir / "notices.json"
        self.asked, self.told = _read(self._path)

    def is_due(self, now: float) -> bool:
        """Whether a day has passed since channels were asked (or the clock was turned back)."""
        return not 0 <= now - self.asked < SECONDS_BETWEEN

    def remember(self, notices: Sequence[ChannelNotice], now: float) -> None:
        """Write down that channels were asked now, and ``notices`` told."""
        self.asked = now
        self.told |= {_key(each): now for each in notices}
        newest = sorted(self.told.items(), key=lambda item: -item[1])[:_KEPT]
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            times: dict[str, Json] = dict(newest)
            document: Json = {"format": FORMAT, "asked": self.asked, "told": times}
            write_json(self._path, document, mode=0o600, durable=False)


def in_force(notices: Sequence[ChannelNotice], now: float) -> tuple[ChannelNotice, ...]:
    """Return the notices that hold at ``now``, gravest first, then newest."""
    holding = [each for each in notices if each.expires is None or each.expires > now]
    holding.sort(key=lambda each: (-LEVELS.index(each.level), -(each.created or 0.0)))
    return tuple(holding)


def not_yet_told(
    notices: Sequence[ChannelNotice], told: Mapping[str, float], now: float
) -> tuple[ChannelNotice, ...]:
    """Return those of ``notices`` that were never told, or whose interval has passed since."""
    return tuple(each for each in notices if _is_news(each, told, now))


def _is_news(notice: ChannelNotice, told: Mapping[str, float], now: float) -> bool:
    last = told.get(_key(notice))
    if last is None:
        return True
    return notice.interval is not None and now - last >= notice.interval


def _key(notice: ChannelNotice) -> str:
    return f"{notice.channel} {notice.id}"


def _read(path: Path) -> tuple[float, dict[str, float]]:
    try:
        document = msgspec.json.decode(path.read_bytes())
        if document["format"] != FORMAT:
            return 0.0, {}
        told = {str(key): float(moment) for key, moment in document["told"].items()}
        return float(document["asked"]), told
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return 0.0, {}
