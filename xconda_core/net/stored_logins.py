"""Logins for servers that the system's keyring keeps. Layer: net.

Asked only when a server that was given none answers 401 or 403, and only for https: whoever can
answer for a host over http is not told its password. Entries are known as pixi and rattler make
them (service ``rattler``, a JSON text for a host or ``*.domain``), and as other tools and ``keyring
set HOST USER`` do (service HOST). The package ``keyring`` is an extra.
"""

import json
import logging
from collections.abc import Iterator
from threading import Lock
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from xconda_core.values import dataclass

_log: Final = logging.getLogger(__name__)
_SERVICE: Final = "rattler"


@dataclass(frozen=True, slots=True)
class Login:
    """What is sent to a server: a user and a password, a bearer token, or a token in the path."""

    user: str = ""
    password: str = ""
    bearer: str = ""
    token: str = ""

    def address(self, url: str) -> str:
        """Return ``url`` with the token in its path, where there is one."""
        parts = urlsplit(url)
        if not self.token or parts.path.startswith("/t/"):
            return url
        return urlunsplit(parts._replace(path=f"/t/{self.token}{parts.path}"))


class StoredLogins:
    """What the keyring has, each host asked for once."""

    def __init__(self) -> None:
        """Ask nothing yet."""
        self._found: dict[str, Login | None] = {}
        self._lock = Lock()  # a keyring may show a dialog: one at a time

    def login_for(self, url: str) -> Login | None:
        """Return the login for the server of ``url``, None where there is none."""
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname:
            return None
        with self._lock:
            if parts.netloc not in self._found:
                self._found[parts.netloc] = _looked_up(parts.netloc, parts.hostname)
            return self._found[parts.netloc]


def _looked_up(place: str, host: str) -> Login | None:
    try:
        import keyring  # few have it, and it is slow to load
    except ImportError:
        _log.info("no keyring is asked for %s: the package keyring is not installed", host)
        return None
    try:
        for name in _names(place, host):
            login = _login_of(keyring.get_password(_SERVICE, name))
            if login is not None:
                return login
        for name in dict.fromkeys((place, host)):
            entry = keyring.get_credential(name, None)
            if entry is not None:
                return Login(entry.username, entry.password)
    except Exception as error:  # backends raise what their services do
        _log.info("the keyring could not be asked for %s: %s", host, type(error).__name__)
    return None


def _names(place: str, host: str) -> Iterator[str]:
    """Yield what an entry for ``host`` may be called, nearest first."""
    yield from dict.fromkeys((place, host))
    labels = host.split(".")
    for start in range(1, len(labels) - 1):
        yield "*." + ".".join(labels[start:])


def _login_of(text: str | None) -> Login | None:
    """Return what an entry of rattler says; None for what is not known."""
    try:
        entry: Any = json.loads(text or "")
        if "BasicHTTP" in entry:
            basic = entry["BasicHTTP"]
            return Login(str(basic["username"]), str(basic["password"]))
        if "BearerToken" in entry:
            return Login(bearer=str(entry["BearerToken"]))
        return Login(token=str(entry["CondaToken"])) if "CondaToken" in entry else None
    except (ValueError, KeyError, TypeError):
        return None
