"""Bytes over HTTP with requests, and from file:// in place. Layer: net. Source: RFC 9110.

The only module that imports requests, which takes 65 ms: import it when a URL must be opened.
"""

import logging
import platform
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.utils import formatdate, parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Final
from urllib.parse import unquote, urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import NameResolutionError, NewConnectionError

from xconda_core import __version__
from xconda_core.models.channel import without_credentials
from xconda_core.net.failures import NetworkFailed, Offline, status_name
from xconda_core.net.fetcher import Response, path_of

CHUNK: Final = 1 << 17  # bytes read at a time
USER_AGENT: Final = (
    f"xconda/{__version__} requests/{requests.__version__} "
    f"{platform.python_implementation()}/{platform.python_version()} "
    f"{platform.system()}/{platform.release()}"
)

_log: Final = logging.getLogger(__name__)
_TRY_AGAIN: Final = frozenset({408, 429, 500, 502, 503, 504})
_LONGEST_WAIT: Final = 60.0  # seconds that a Retry-After is obeyed for


class RequestsFetcher:
    """The ``Fetcher`` of every day; one instance serves all threads with one pool."""

    def __init__(
        self,
        *,
        ssl_verify: bool | str = True,
        proxies: Mapping[str, str] | None = None,
        client_cert: str | None = None,
        client_cert_key: str | None = None,
        connect_timeout: float = 9.15,
        read_timeout: float = 60.0,
        max_retries: int = 3,
        backoff_factor: float = 1.0,
        connections: int = 10,
        offline: bool = False,
        credentials: Mapping[str, str] | None = None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """Keep the values; nothing is opened yet.

        Args:
            ssl_verify: True, False, or the path of a certificate bundle or folder.
            proxies: Scheme, or scheme and host, to proxy URL; they win over the environment's.
            client_cert: Path of a client certificate.
            client_cert_key: Path of its key, where it is a file of its own.
            connect_timeout: Seconds to wait for a connection.
            read_timeout: Seconds to wait for the next bytes.
            max_retries: How often a request is sent again.
            backoff_factor: Seconds of the second wait; each wait is twice the one before.
            connections: Connections kept open to one host.
            offline: Open ``file://`` only.
            credentials: Address without credentials to the same address with them: what begins
                with the one is fetched from the other.
            wait: Sleeps for some seconds; a cancel token's ``wait`` makes it end early.
        """
        self._timeout = (connect_timeout, read_timeout)
        self._verify = ssl_verify
        self._proxies = dict(proxies or {})
        self._cert: str | tuple[str, str] | None = client_cert
        if client_cert and client_cert_key:
            self._cert = (client_cert, client_cert_key)
        self._max_retries, self._backoff = max_retries, backoff_factor
        self._offline = offline
        self._credentials = sorted((credentials or {}).items(), reverse=True)
        self._wait = wait
        self._session = _session(connections)

    @contextmanager
    def open(self, url: str, headers: Mapping[str, str] | None = None) -> Iterator[Response]:
        """Send one GET and give the answer; 3xx are followed, 304 and 4xx are answers.

        Raises:
            NetworkFailed: no answer came, or 5xx and 429 persisted.
            Offline: the network may not be used.
        """
        if url.startswith("file:"):
            with _open_file(url) as response:
                yield response
            return
        shown = without_credentials(url)
        if self._offline:
            raise Offline(shown)
        with self._answer(self._known(url), shown, headers or {}) as answer:
            _log.debug("%d %s", answer.status_code, shown)
            yield Response(
                status=answer.status_code,
                headers={name.lower(): value for name, value in answer.headers.items()},
                url=without_credentials(answer.url),
                chunks=_chunks(answer, shown),
            )

    def _known(self, url: str) -> str:
        """Return ``url`` with the credentials that are known for where it begins."""
        for plain, full in self._credentials:
            if url == plain or url.startswith(plain.rstrip("/") + "/"):
                return full.rstrip("/") + url[len(plain.rstrip("/")) :]
        return url

    def _answer(self, url: str, shown: str, headers: Mapping[str, str]) -> requests.Response:
        """Return the answer to one GET, sent again while that may help."""
        tries = self._max_retries + 1
        for attempt in range(1, tries + 1):
            pause = self._backoff * 2.0 ** (attempt - 2)
            try:
                answer = self._send(url, headers)
            except requests.RequestException as error:
                if attempt == tries or not _may_pass(error):
                    raise _failure(error, shown, self._timeout) from error
            except OSError as error:  # requests says so of a certificate file that is not there
                raise NetworkFailed(
                    shown, str(error), "check `ssl_verify`, `client_ssl_cert` and its key."
                ) from error
            else:
                if answer.status_code not in _TRY_AGAIN:
                    return answer
                answer.close()
                pause = max(pause, _retry_after(answer))
                if attempt == tries or pause > _LONGEST_WAIT:
                    raise _persisting(answer, shown, attempt)
            _log.warning(
                "try %d of %d failed, the next in %.1f s: %s", attempt, tries, pause, shown
            )
            self._wait(pause)
        raise AssertionError("the last try returns or raises")

    def _send(self, url: str, headers: Mapping[str, str]) -> requests.Response:
        bare, auth = _split_user(url)
        return self._session.get(
            bare,
            auth=auth,
            headers=dict(headers),
            stream=True,
            timeout=self._timeout,
            proxies=dict(self._proxies),
            verify=self._verify,
            cert=self._cert,
        )


def _session(connections: int) -> requests.Session:
    session = requests.Session()
    session.headers["User-Agent"] = USER_AGENT
    session.headers["Accept-Encoding"] = "gzip, deflate"
    session.headers["Accept"] = "*/*"
    # Cookies are the one state that threads would share.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=connections))
    return session


def _split_user(url: str) -> tuple[str, tuple[str, str] | None]:
    """Take ``user:password@`` out of ``url``."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, None
    name, _, password = user.partition(":")
    return urlunsplit(parts._replace(netloc=host)), (unquote(name), unquote(password))


def _chunks(answer: requests.Response, shown: str) -> Iterator[bytes]:
    try:
        yield from answer.iter_content(CHUNK)
    except requests.exceptions.ContentDecodingError as error:
        raise NetworkFailed(shown, "what arrived cannot be decompressed") from error
    except requests.RequestException as error:
        cause = "the connection broke before everything had arrived"
        raise NetworkFailed(shown, cause, broke_off=True) from error


def _retry_after(answer: requests.Response) -> float:
    """Return the seconds that the server asks to wait; 0 where it does not say."""
    said = answer.headers.get("Retry-After", "").strip()
    if said.isdecimal():
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except ValueError:
        return 0.0


def _may_pass(error: requests.RequestException) -> bool:
    """Whether the same request may get another answer a moment later."""
    if isinstance(error, requests.exceptions.SSLError | requests.exceptions.ProxyError):
        return False
    return isinstance(
        error,
        requests.ConnectionError | requests.Timeout | requests.exceptions.ChunkedEncodingError,
    )


def _persisting(answer: requests.Response, shown: str, tries: int) -> NetworkFailed:
    status, seconds = answer.status_code, _retry_after(answer)
    cause = f"the server answered {status} {status_name(status)}, {tries} times"
    if seconds > _LONGEST_WAIT:
        cause = f"the server answered {status} and asks to come back in {seconds:.0f} seconds"
    return NetworkFailed(shown, cause, "wait a little; then run it again, or use another mirror.")


def _failure(
    error: requests.RequestException, shown: str, limits: tuple[float, float]
) -> NetworkFailed:
    """Return ``error`` in words; its own would show the whole URL."""
    host = urlsplit(shown).hostname
    if isinstance(error, requests.exceptions.SSLError):
        return NetworkFailed(
            shown,
            f"the identity of {host} could not be verified: {_innermost(error)}",
            "if your network inspects TLS, set `ssl_verify` to its certificate file.",
        )
    if isinstance(error, requests.exceptions.ProxyError):
        words = "the proxy did not let the request through"
        if "407" in str(error):
            words = "the proxy wants a login"
        return NetworkFailed(shown, words, "check `proxy_servers`, HTTPS_PROXY and NO_PROXY.")
    if isinstance(error, requests.ConnectTimeout):
        return NetworkFailed(shown, f"no connection to {host} within {limits[0]:g} seconds")
    if isinstance(error, requests.Timeout):
        return NetworkFailed(shown, f"{host} sent nothing for {limits[1]:g} seconds")
    if isinstance(error, requests.TooManyRedirects):
        return NetworkFailed(shown, f"{host} sends the request round in circles")
    if isinstance(error, requests.ConnectionError):
        return NetworkFailed(shown, _connection_cause(error, host))
    return NetworkFailed(
        shown, "this is not an address that can be fetched", "check the channel's address."
    )


def _connection_cause(error: Exception, host: str | None) -> str:
    causes = list(_causes(error))
    if any(isinstance(cause, NameResolutionError | socket.gaierror) for cause in causes):
        return f"the name {host} could not be resolved: no network, or a wrong name"
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return f"{host} refused the connection"
    for cause in causes:
        if isinstance(cause, OSError) and cause.strerror:
            return f"the connection to {host} failed: {cause.strerror.lower()}"
    if any(isinstance(cause, NewConnectionError) for cause in causes):
        return f"no connection to {host} could be made"
    return f"{host} closed the connection without an answer"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield ``error`` and everything that it was raised from or carries, outermost first."""
    found: BaseException | None = error
    while found is not None:
        yield found
        inner = [arg for arg in found.args if isinstance(arg, BaseException)]
        reason = getattr(found, "reason", None)
        if isinstance(reason, BaseException):
            inner.append(reason)
        found = inner[0] if inner else found.__cause__ or found.__context__


def _innermost(error: BaseException) -> str:
    *_, last = _causes(error)
    words = getattr(last, "verify_message", "") or getattr(last, "reason", "") or "TLS failed"
    return str(words)


@contextmanager
def _open_file(url: str) -> Iterator[Response]:
    path = path_of(url)
    try:
        file = path.open("rb")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        yield Response(status=404, url=url, chunks=iter(()))
        return
    except PermissionError:
        yield Response(status=403, url=url, chunks=iter(()))
        return
    with file:
        found = path.stat()
        headers = {
            "content-length": str(found.st_size),
            "last-modified": formatdate(found.st_mtime, usegmt=True),
        }
        yield Response(
            status=200, headers=headers, url=url, chunks=iter(lambda: file.read(CHUNK), b"")
        )
