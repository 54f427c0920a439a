"""What channels and versions have to tell users besides the answers they asked for. Layer: engine.

One of the places where a first-party import may stand inside a function: few commands tell any.
"""

from collections.abc import Sequence
from functools import partial

from xconda_core.cancel import CancelToken
from xconda_core.config.settings import Settings
from xconda_core.engine.channel_documents import notices
from xconda_core.engine.requests import ChangeRequest
from xconda_core.engine.wiring import Wiring
from xconda_core.models.channel_notice import ChannelNotice


class News:
    """Asks for it, and keeps in mind what was told."""

    __slots__ = ("_settings", "_wiring")

    def __init__(self, settings: Settings, wiring: Wiring) -> None:
        """Keep the configuration and the ports; nothing is read yet."""
        self._settings = settings
        self._wiring = wiring

    def of_channels(
        self,
        channels: Sequence[str] = (),
        override_channels: bool = False,
        cancel: CancelToken | None = None,
    ) -> tuple[ChannelNotice, ...]:
        """Return the notices of the channels that hold now, gravest first (CEP 6).

        Raises:
            XcondaError: a channel is none, or may not be used.
        """
        from xconda_core.engine.notices import all_notices

        names = self._wiring.chosen_channels(channels, override_channels)
        fetch = partial(notices, self._wiring, self._settings, names, cancel or CancelToken())
        return all_notices(fetch, self._settings.state_dir)

    def unread(
        self, request: ChangeRequest, cancel: CancelToken
    ) -> tuple[tuple[ChannelNotice, ...], int]:
        """Return what the channels of ``request`` say that nobody was told yet, and how many more.

        Nothing without a network, and nothing again before tomorrow.

        Raises:
            XcondaError: a channel is none, or may not be used.
        """
        from xconda_core.engine.notices import unread_notices

        settings = self._settings
        limit = 0 if settings.as_kept else settings.number_channel_notices
        names = self._wiring.chosen_channels(request.channels, request.override_channels)
        fetch = partial(notices, self._wiring, settings, names, cancel)
        return unread_notices(fetch, settings.state_dir, limit)

    def newer_version(self) -> str:
        """Return a sentence about a newer xconda in a channel that was read, empty for none.

        Nobody is asked for it. Nothing offline, and nothing again before tomorrow.
        """
        settings = self._settings
        found = self._wiring.candidates_here("xconda") if settings.notify_outdated_conda else ()
        if not found or settings.as_kept:
            return ""
        from xconda_core.engine.newer_version import note_of_today

        return note_of_today(found, settings.state_dir)
