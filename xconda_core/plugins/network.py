"""What plugins add to requests over the network, as values. Layer: plugins. Pure."""

from collections.abc import Callable
from typing import Any

from xconda_core.plugins.names import put_name_in_order
from xconda_core.values import Slotted, dataclass


@dataclass(frozen=True, slots=True)
class PluginAuth(Slotted):
    """A way to log in, chosen for a channel by ``channel_settings: [{channel: ..., auth: NAME}]``.

    Attributes:
        name: What chooses it.
        handler: Is handed the channel's name and returns what puts the login into a request: a
            ``requests.auth.AuthBase``, or another callable that takes and gives a
            ``requests.PreparedRequest``. A class does.
    """

    name: str
    handler: Callable[[str], Callable[[Any], Any]]

    def __post_init__(self) -> None:
        put_name_in_order(self)


@dataclass(frozen=True, slots=True)
class PluginRequestHeader(Slotted):
    """A header of requests.

    Attributes:
        name: Its name. Those that xconda needs for itself are refused (docs/plugins.md lists them).
        value: Its value, one line. Never shown.
    """

    name: str
    value: str
