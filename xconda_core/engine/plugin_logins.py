"""Logins of plugins for the channels that the configuration chose them for. Layer: engine.

Imported only where a plugin is installed and a channel has a login of one.
"""

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from functools import partial
from threading import Lock
from typing import Any

from requests import PreparedRequest

from xconda_core import plugins
from xconda_core.engine.plugin_set import Offer, PluginSet
from xconda_core.models.channel import Channel
from xconda_core.net.fetcher import Sign

_Offer = Offer[plugins.PluginAuth]


def login_names(installed: PluginSet) -> frozenset[str]:
    """Return the names of the logins that plugins offer."""
    return frozenset(offer.value.name for offer in installed.offers(plugins.PluginAuth))


class PluginLogins:
    """Which login an address has; may be asked by several threads."""

    def __init__(
        self,
        installed: PluginSet,
        chosen: Sequence[tuple[str, str]],
        channels: Callable[[Sequence[str]], Sequence[Channel]],
    ) -> None:
        """Ask no plugin for a login yet.

        Args:
            installed: The plugins.
            chosen: Channel, or pattern of addresses, and the name of a login; later ones win.
            channels: What names of channels mean.
        """
        offers = {each.value.name: each for each in installed.offers(plugins.PluginAuth)}
        self._rules = [
            (place, name, offers[login])
            for text, login in reversed(chosen)
            if login in offers
            for place, name in _places(text, channels)
        ]
        self._signs: dict[str, Sign | None] = {}
        self._lock = Lock()  # plugins were not told that they are asked by several at once

    def __call__(self, url: str) -> Sign | None:
        """Return what puts the login for ``url`` into a request; None where it has none."""
        for place, name, offer in self._rules:
            if _is_at(url, place):
                return self._sign(name, offer)
        return None

    def _sign(self, name: str, offer: _Offer) -> Sign | None:
        key = f"{offer.value.name} {name}"
        with self._lock:
            if key not in self._signs:
                login = offer.call(_made, offer.value.handler, name)
                self._signs[key] = None if login is None else partial(self._signed, offer, login)
        return self._signs[key]

    def _signed(self, offer: _Offer, login: Sign, request: PreparedRequest) -> PreparedRequest:
        with self._lock:
            return offer.call(_applied, login, request.copy()) or request


def _places(
    text: str, channels: Callable[[Sequence[str]], Sequence[Channel]]
) -> list[tuple[str, str]]:
    if "*" in text:
        return [(text, text)]
    return [(channel.base_url, str(channel)) for channel in channels((text,))]


def _is_at(url: str, place: str) -> bool:
    if "*" in place:
        return fnmatchcase(url, place)
    return url == place or url.startswith(f"{place.rstrip('/')}/")


def _made(handler: Callable[[str], Any], channel: str) -> Sign:
    login = handler(channel)
    if not callable(login):
        raise TypeError(f"its login is a {type(login).__name__}, which takes no request")
    return login  # type: ignore[no-any-return]


def _applied(login: Sign, request: PreparedRequest) -> PreparedRequest:
    signed = login(request)
    if not isinstance(signed, PreparedRequest):
        raise TypeError(f"its login returned a {type(signed).__name__}, which is no request")
    return signed
