"""Bytes from ``ftp://[USER:PASSWORD@]HOST/PATH``. Layer: net. Sources: RFC 959; RFC 3659 (sizes).

One connection for each file, in passive mode and always to the host that was asked for, whatever
address the server names. What FTP says becomes the HTTP status that means the same.
"""

import ftplib
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from email.utils import formatdate
from functools import partial
from socket import socket
from typing import Final
from urllib.parse import unquote, urlsplit

from requests.utils import get_netrc_auth

from xconda_core.models.channel import without_credentials
from xconda_core.net.connection import Connection
from xconda_core.net.failures import NetworkFailed, Offline
from xconda_core.net.fetcher import Response
from xconda_core.net.request_failures import connection_cause
from xconda_core.net.retrying import MayPass
from xconda_core.values import Slotted, dataclass

CHUNK: Final = 1 << 17  # bytes read at a time
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Transfer(Slotted):
    """A file on its way: the talk with the server, and the bytes."""

    talk: ftplib.FTP
    data: socket
    headers: Mapping[str, str]
    start: int


class FtpFetcher:
    """The ``Fetcher`` of FTP."""

    def __init__(self, connection: Connection) -> None:
        """Keep the values; nothing is opened yet."""
        self._connection = connection

    @contextmanager
    def open(self, url: str, headers: Mapping[str, str] | None = None) -> Iterator[Response]:
        """Get one file; see ``Fetcher.open``.

        Raises:
            NetworkFailed: there is no connection, or the server is busy.
            Offline: the network may not be used.
        """
        shown = without_credentials(url)
        if self._connection.offline:
            raise Offline(shown)
        asked = {name.lower(): text for name, text in (headers or {}).items()}
        once = partial(self._begun, self._connection.known(url), shown, asked)
        begun = self._connection.patience.tried(once, shown)
        _log.debug("%s %s", begun if isinstance(begun, int) else "opened", shown)
        if isinstance(begun, int):
            yield Response(status=begun, url=shown, chunks=iter(()))
            return
        with closing(begun.talk), closing(begun.data):
            status, chunks = 206 if begun.start else 200, _chunks(begun, shown)
            yield Response(status=status, headers=begun.headers, url=shown, chunks=chunks)

    def _begun(self, url: str, shown: str, asked: Mapping[str, str]) -> _Transfer | int:
        """Return a transfer, or the HTTP status that says why there is none."""
        talk = ftplib.FTP()  # noqa: S321 (the user gave this address)
        try:
            begun = self._asked_for(talk, url, asked)
        except ftplib.error_perm as error:
            begun = 401 if str(error).startswith("53") else 404
        except ftplib.error_temp as error:
            self._may_pass(talk, error, shown, f"the server says: {_said(error, url)}")
        except TimeoutError as error:
            seconds = self._connection.connect_timeout
            self._may_pass(talk, error, shown, f"it said nothing for {seconds:g} seconds")
        except (OSError, EOFError) as error:
            cause = connection_cause(error, urlsplit(shown).hostname or shown)
            self._may_pass(talk, error, shown, cause)
        except (ftplib.Error, ValueError) as error:
            talk.close()
            fix = "check the channel's address."
            raise NetworkFailed(shown, "this cannot be fetched by FTP", fix) from error
        if isinstance(begun, int):
            talk.close()
        return begun

    def _may_pass(self, talk: ftplib.FTP, error: BaseException, shown: str, cause: str) -> None:
        talk.close()
        failure = NetworkFailed(shown, cause)
        raise MayPass(lambda _: failure) from error

    def _asked_for(self, talk: ftplib.FTP, url: str, asked: Mapping[str, str]) -> _Transfer | int:
        parts = urlsplit(url)
        talk.connect(parts.hostname or "", parts.port or 0, self._connection.connect_timeout)
        user, password = _login(url)
        talk.login(user, password)
        if talk.sock is not None:
            talk.sock.settimeout(self._connection.read_timeout)
        path = unquote(parts.path).lstrip("/")
        talk.voidcmd("TYPE I")
        changed = _changed(talk, path)
        if changed and asked.get("if-modified-since") == changed:
            return 304
        size = _size(talk, path)
        found = re.fullmatch(r"bytes=(\d+)-", asked.get("range", ""))
        start = int(found[1]) if found and size else 0
        if start and size is not None and start >= size:
            return 416
        data = talk.transfercmd(f"RETR {path}", start or None)
        data.settimeout(self._connection.read_timeout)
        headers = {"content-length": str(size - start)} if size is not None else {}
        headers |= {"last-modified": changed} if changed else {}
        headers |= {"content-range": f"bytes {start}-{(size or 1) - 1}/{size}"} if start else {}
        return _Transfer(talk, data, headers, start)


def _login(url: str) -> tuple[str, str]:
    """Return user and password: those of the address, of ~/.netrc, or nobody's."""
    parts = urlsplit(url)
    if parts.username:
        return unquote(parts.username), unquote(parts.password or "")
    return get_netrc_auth(url) or ("anonymous", "")


def _size(talk: ftplib.FTP, path: str) -> int | None:
    with suppress(ftplib.error_perm):  # not every server knows it
        return talk.size(path)
    return None


def _changed(talk: ftplib.FTP, path: str) -> str:
    """Return when a file was changed, as HTTP says it; empty where the server does not know."""
    with suppress(ftplib.error_perm, ValueError):
        said = talk.voidcmd(f"MDTM {path}").partition(" ")[2][:14]
        moment = datetime.strptime(said, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        return formatdate(moment.timestamp(), usegmt=True)
    return ""


def _chunks(begun: _Transfer, shown: str) -> Iterator[bytes]:
    cause = "the connection broke before everything had arrived"
    try:
        while chunk := begun.data.recv(CHUNK):
            yield chunk
        begun.data.close()
        begun.talk.voidresp()  # says whether this was all
    except (OSError, EOFError, ftplib.Error) as error:
        raise NetworkFailed(shown, cause, broke_off=True) from error


def _said(error: BaseException, url: str) -> str:
    """Return the words of a server in one short line, without the password if it repeats it."""
    text = " ".join(str(error).split())[:200]
    password = _login(url)[1]
    return text.replace(password, "<hidden>") if password else text
