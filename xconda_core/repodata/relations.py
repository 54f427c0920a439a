"""Channels that a channel wants beside it, and the order that makes. Layer: repodata. Pure.

Source: CEP 42. A ``base`` goes before the channel that declares it, what it ``overrides`` goes
behind it; the order that the user gave stands above both.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from xconda_core.errors import XcondaError
from xconda_core.values import NamedTuple, Slotted, dataclass, field


class Relations(NamedTuple):
    """References of one platform folder to other channels, as declared; empty for none."""

    base: str = ""
    overrides: str = ""

    @classmethod
    def read(cls, declared: Any) -> "Relations":
        """Read ``info.channel_relations``; what is no text is not there."""
        said = declared if isinstance(declared, dict) else {}
        found = (said.get(name) for name in cls._fields)
        return cls(*(each if isinstance(each, str) else "" for each in found))


class ChannelRelationsUnusable(XcondaError):
    """What channels declare about each other contradicts itself.

    Attributes:
        channels: Addresses of the channels that it is about.
    """

    code: ClassVar[str] = "channel-relations-unusable"

    def __init__(self, channels: Sequence[str], reason: str) -> None:
        super().__init__(tuple(channels), reason)
        self.channels = tuple(channels)
        self.what = "The order of the channels could not be found."
        self.why = f"{reason} ({', '.join(channels)})."
        self.fix = (
            "tell the owners of these channels; until then give all channels yourself, with "
            "`channel_relations_max_depth: 0` in your .condarc."
        )


def resolved(reference: str, channel_url: str) -> str:
    """Return the address that ``reference`` means in what the channel at ``channel_url`` says.

    Raises:
        ValueError: it is none, or leads out of the channel's server.
    """
    server, _, path = channel_url.rstrip("/").partition("://")[2].partition("/")
    if not reference.startswith("../") or set(reference) & set("\\?#@:") or not reference.isascii():
        raise ValueError("it must be a path that starts with ../")
    parts = path.split("/") if path else []
    for part in reference.split("/"):
        if part == ".." and not parts:
            raise ValueError("it leads out of the server")
        if part == "..":
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    if not parts:
        raise ValueError("it names no channel")
    return f"{channel_url.partition('://')[0]}://{server}/{'/'.join(parts)}"


@dataclass(slots=True)
class ChannelOrder(Slotted):
    """Which channel goes before which.

    Attributes:
        chosen: Addresses of the channels that the user named, highest priority first.
    """

    chosen: Sequence[str]
    _before: dict[str, list[str]] = field(default_factory=dict)
    _overridden: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for higher, lower in zip(self.chosen, self.chosen[1:], strict=False):
            self._add(higher, lower)

    def declare(self, channel: str, base: str | None, overrides: str | None) -> None:
        """Note what a channel declares; what contradicts the user's order does not count.

        Raises:
            ChannelRelationsUnusable: both are the same channel, or one is the channel itself.
        """
        if base is not None and base == overrides:
            raise ChannelRelationsUnusable((channel, base), "one has the other above and below it")
        if channel in {base, overrides}:
            raise ChannelRelationsUnusable((channel,), "it wants itself beside it")
        if base is not None and not self._is_contradicted(base, channel):
            self._add(base, channel)
        if overrides is not None and not self._is_contradicted(channel, overrides):
            self._add(channel, overrides)
            self._overridden.setdefault(channel, []).append(overrides)

    def resolve(self) -> tuple[str, ...]:
        """Return every channel once, highest priority first; those that belong together adjacent.

        Raises:
            ChannelRelationsUnusable: they go round in a circle.
        """
        order: dict[str, None] = {}
        for channel in (*self.chosen, *self._before):
            self._place(channel, order, ())
        return tuple(order)

    def _place(self, channel: str, order: dict[str, None], waiting: tuple[str, ...]) -> None:
        """Put ``channel`` behind all that go before it, and what it overrides behind it."""
        if channel in order:
            return
        if channel in waiting:
            circle = waiting[waiting.index(channel) :]
            raise ChannelRelationsUnusable(
                circle, "each of them is to go before the next, in a circle"
            )
        for higher in self._before.get(channel, ()):
            self._place(higher, order, (*waiting, channel))
        order[channel] = None
        for lower in self._overridden.get(channel, ()):
            if all(higher in order for higher in self._before[lower]):
                self._place(lower, order, ())

    def _is_contradicted(self, higher: str, lower: str) -> bool:
        places = {channel: place for place, channel in enumerate(self.chosen)}
        return higher in places and lower in places and places[lower] < places[higher]

    def _add(self, higher: str, lower: str) -> None:
        known = self._before.setdefault(lower, [])
        if higher not in known:
            known.append(higher)


def declared(relations: Iterable[Relations]) -> Mapping[Relations, None]:
    """Return what the folders of one channel declare, each once; most declare nothing."""
    return dict.fromkeys(each for each in relations if any(each))
