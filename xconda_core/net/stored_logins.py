"""Logins for servers that other tools stored: in files of pixi's and in the keyring. Layer: net.

Looked up only when a server that was given none answers 401 or 403, and only for https: whoever
can answer for a host over http is not told its password. pixi and rattler store a JSON object for a
host or ``*.domain``: in the file ``RATTLER_AUTH_FILE``, in the keyring (service ``rattler``), or in
``~/.rattler/credentials.json`` where there is no keyring. Other tools, and ``keyring set HOST
USER``, store a password in the keyring (service HOST). The package ``keyring`` is an extra.
"""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from xconda_core.values import Slotted, dataclass, field

_log: Final = logging.getLogger(__name__)
_SERVICE: Final = "rattler"


@dataclass(frozen=True, slots=True)
class Login(Slotted):
    """What is sent to a server: a user and a password, a bearer token, or a token in the path."""

    user: str = ""
    password: str = field(default="", repr=False)
    bearer: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    def address(self, url: str) -> str:
        """Return ``url`` with the token in its path, where there is one."""
        parts = urlsplit(url)
        if not self.token or parts.path.startswith("/t/"):
            return url
        return urlunsplit(parts._replace(path=f"/t/{self.token}{parts.path}"))


def rattler_files(environ: Mapping[str, str], home: Path) -> tuple[Path | None, Path | None]:
    """Return the file that is asked before the keyring, and the one after it."""
    named = environ.get("RATTLER_AUTH_FILE", "")
    return (Path(named) if named else None, home / ".rattler" / "credentials.json")


class StoredLogins:
    """What is stored, each host looked up once."""

    def __init__(self, files: Sequence[Path | None] = ()) -> None:
        """Look nothing up yet; ``files``: the one before the keyring, and the one after it."""
        self._before, self._after = (*files, None, None)[:2]
        self._found: dict[str, Login | None] = {}
        self._lock = Lock()  # a keyring may show a dialog: one at a time

    def login_for(self, url: str) -> Login | None:
        """Return the login for the server of ``url``, None where there is none."""
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname:
            return None
        with self._lock:
            if parts.netloc not in self._found:
                self._found[parts.netloc] = self._looked_up(parts.netloc, parts.hostname)
            return self._found[parts.netloc]

    def _looked_up(self, place: str, host: str) -> Login | None:
        names = tuple(_names(place, host))
        return (
            _in_file(self._before, names)
            or _in_keyring(place, host, names)
            or _in_file(self._after, names)
        )


def _in_file(path: Path | None, names: Sequence[str]) -> Login | None:
    try:
        entries = json.loads(path.read_bytes()) if path else {}
    except (OSError, ValueError) as error:
        _log.info("no logins of %s: %s", path, type(error).__name__)
        return None
    known = entries if isinstance(entries, dict) else {}
    found = (_login_of(known[name]) for name in names if name in known)
    return next((login for login in found if login is not None), None)


def _in_keyring(place: str, host: str, names: Sequence[str]) -> Login | None:
    try:
        import keyring  # few have it, and it is slow to load
    except ImportError:
        _log.info("no keyring is asked for %s: the package keyring is not installed", host)
        return None
    try:
        for name in names:
            login = _login_of(_parsed(keyring.get_password(_SERVICE, name)))
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


def _parsed(text: str | None) -> object:
    try:
        return json.loads(text or "")
    except ValueError:
        return None


def _login_of(entry: Any) -> Login | None:
    """Return what an entry of rattler says; None for what is not known."""
    try:
        if "BasicHTTP" in entry:
            basic = entry["BasicHTTP"]
            return Login(str(basic["username"]), str(basic["password"]))
        if "BearerToken" in entry:
            return Login(bearer=str(entry["BearerToken"]))
        return Login(token=str(entry["CondaToken"])) if "CondaToken" in entry else None
    except (KeyError, TypeError):
        return None
