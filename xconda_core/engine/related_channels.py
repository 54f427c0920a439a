"""Channels that channels want beside them. Layer: engine. Source: CEP 42."""

from collections.abc import Callable, Sequence

from xconda_core.engine.permissions import ChannelNotAllowed
from xconda_core.events import Noticed, Reporter
from xconda_core.models.channel import Channel, InvalidChannel
from xconda_core.values import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class RelatedChannels:
    """The channels that channels want beside them: allowed ones, with the same credentials."""

    read: Callable[[Sequence[str]], Sequence[Channel]]
    report: Reporter
    found: list[Channel] = field(default_factory=list)

    def find(self, channel: Channel, url: str) -> Channel | None:
        """Return the channel at ``url``, which ``channel`` wants; None where it may not be used."""
        try:
            (related,) = self.read((url,))
        except (ChannelNotAllowed, InvalidChannel) as error:
            text = f"{channel} wants {url} beside it, which is passed over: {error.why}"
            self.report(Noticed("warning", text))
            return None
        related = replace(related, platform=channel.platform)
        if related.base_url == url:  # it has not moved to a server that these are not for
            auth, token = related.auth or channel.auth, related.token or channel.token
            related = replace(related, auth=auth, token=token)
        self.found.append(related)
        return related
