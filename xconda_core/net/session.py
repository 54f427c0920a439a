"""Bytes over HTTP with requests. Layer: net. Source: RFC 9110.

This and what it is made of import requests, which takes 65 ms: import it when a URL must be opened.
"""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from typing import Final
from urllib.parse import unquote, urlsplit, urlunsplit

import requests
from requests.auth import AuthBase, HTTPBasicAuth
from requests.hooks import default_hooks

from xconda_core.models.channel import without_credentials
from xconda_core.net.adapter import SYSTEM, Adapter
from xconda_core.net.connection import Connection
from xconda_core.net.failures import NetworkFailed, Offline, status_name
from xconda_core.net.fetcher import Response, Sign
from xconda_core.net.proxies import Proxies
from xconda_core.net.request_failures import OWN_FILES, failure_of_request, login_wanted, may_pass
from xconda_core.net.retrying import LONGEST_WAIT, MayPass
from xconda_core.net.stored_logins import Login, StoredLogins
from xconda_core.net.user_agent import user_agent

CHUNK: Final = 1 << 17  # bytes read at a time

_log: Final = logging.getLogger(__name__)
_USUAL: Final = Connection()
_TRY_AGAIN: Final = frozenset({408, 429, 500, 502, 503, 504})


class RequestsFetcher:
    """The ``Fetcher`` of every day; one instance serves all threads with one pool."""

    def __init__(self, connection: Connection = _USUAL) -> None:
        """Keep the values; nothing is opened yet."""
        self._connection, verify = connection, connection.ssl_verify
        self._timeout = (connection.connect_timeout, connection.read_timeout)
        self._verify = True if verify == SYSTEM else verify
        cert, key = connection.client_cert, connection.client_cert_key
        self._cert = (cert, key) if cert and key else cert
        self._proxies = Proxies(connection.proxies)
        self._logins = StoredLogins(connection.login_files)
        self._accepted: dict[str, Login] = {}
        self._session = _session(
            Adapter(self._proxies, verify, connection.connections, connection.more_headers)
        )

    @contextmanager
    def open(self, url: str, headers: Mapping[str, str] | None = None) -> Iterator[Response]:
        """Send one GET and give the answer; 3xx are followed, 304 and 4xx are answers.

        Raises:
            NetworkFailed: no answer came, or 5xx and 429 persisted.
            Offline: the network may not be used.
        """
        shown = without_credentials(url)
        if self._connection.offline:
            raise Offline(shown)
        once = partial(self._answer, self._connection.known(url), shown, headers or {})
        with self._connection.patience.tried(once, shown) as answer:
            _log.debug("%d %s", answer.status_code, shown)
            yield Response(
                status=answer.status_code,
                headers={name.lower(): value for name, value in answer.headers.items()},
                url=without_credentials(answer.url),
                chunks=_chunks(answer, shown),
            )

    def _answer(self, url: str, shown: str, headers: Mapping[str, str]) -> requests.Response:
        """Return the answer to one GET; raises :class:`MayPass` where another may have one."""
        answer = self._sent(url, shown, headers)
        if answer.status_code in {401, 403}:
            answer = self._with_stored_login(answer, url, shown, headers)
        if answer.status_code == 407:
            answer.close()
            offered = answer.headers.get("Proxy-Authenticate", "")
            raise login_wanted(shown, self._proxy_of(answer.url), offered)
        if answer.status_code not in _TRY_AGAIN:
            return answer
        answer.close()
        raise MayPass(partial(_persisting, answer, shown), _retry_after(answer))

    def _with_stored_login(
        self, answer: requests.Response, url: str, shown: str, headers: Mapping[str, str]
    ) -> requests.Response:
        """Return the answer to the same GET with what the keyring has for the server, if it has."""
        place, is_elsewhere = _server(url), bool(answer.history)
        if "@" in place or "/t/" in url or is_elsewhere or place in self._accepted:
            return answer
        if "Authorization" in answer.request.headers:  # from ~/.netrc
            return answer
        login = self._logins.login_for(url)
        if login is None:
            return answer
        answer.close()
        self._accepted[place] = login
        _log.info("asking again with the login that the keyring has for %s", place)
        return self._sent(url, shown, headers)

    def _sent(self, url: str, shown: str, headers: Mapping[str, str]) -> requests.Response:
        try:
            return self._send(url, headers)
        except requests.RequestException as error:
            failed_url = (error.request.url if error.request is not None else None) or url
            failure = failure_of_request(error, shown, self._timeout, self._proxy_of(failed_url))
            if may_pass(error):
                raise MayPass(lambda _: failure) from error
            raise failure from error
        except OSError as error:  # requests says so of a certificate file that is not there
            path = str(error).rpartition("invalid path: ")[2]
            cause = f"a file of certificates is not there: {path}"
            raise NetworkFailed(shown, cause, OWN_FILES) from error

    def _send(self, url: str, headers: Mapping[str, str]) -> requests.Response:
        bare, auth = _split_user(url)
        login = self._accepted.get(_server(bare))
        if auth is None and login is not None:
            bare, auth = login.address(bare), _Sending(login)
        sign = None if auth or "/t/" in bare else self._connection.login_of(bare)
        if sign is not None:
            auth = _Signing(sign, self._session.names_of_logins)
        return self._session.get(
            bare,
            auth=auth,
            headers=dict(headers),
            stream=True,
            timeout=self._timeout,
            verify=self._verify,
            cert=self._cert,
        )

    def _proxy_of(self, url: str) -> str:
        return self._proxies.of(url, requests.utils.get_environ_proxies(url, no_proxy=None))


class _Sending(AuthBase):
    """Adds a login to a request; requests takes it off where another server is asked."""

    def __init__(self, login: Login) -> None:
        self._login = login

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._login.bearer:
            request.headers["Authorization"] = f"Bearer {self._login.bearer}"
        elif self._login.user:
            HTTPBasicAuth(self._login.user, self._login.password)(request)
        return request


class _Signing(AuthBase):
    """Lets a plugin put a login into a request, and notes by which headers."""

    def __init__(self, sign: Sign, names: set[str]) -> None:
        self._sign, self._names = sign, names

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        before = dict(request.headers)
        signed: requests.PreparedRequest = self._sign(request)
        self._names.update(k for k, v in signed.headers.items() if before.get(k) != v)
        return signed


class _Session(requests.Session):
    """A session that takes what plugins put in off as well, where another server is asked.

    Attributes:
        names_of_logins: Headers that plugins put logins into.
    """

    def __init__(self) -> None:
        super().__init__()
        self.names_of_logins: set[str] = set()

    def rebuild_auth(
        self, prepared_request: requests.PreparedRequest, response: requests.Response
    ) -> None:
        """Take logins off a request that a redirect leads to, if it is to another server."""
        super().rebuild_auth(prepared_request, response)  # type: ignore[no-untyped-call]
        old, new = response.request.url or "", prepared_request.url or ""
        if self.should_strip_auth(old, new):  # type: ignore[no-untyped-call]
            for name in list(self.names_of_logins):
                prepared_request.headers.pop(name, None)
            prepared_request.hooks = default_hooks()


def _session(adapter: Adapter) -> _Session:
    session = _Session()
    session.headers["User-Agent"] = user_agent(requests.__version__)
    session.headers["Accept-Encoding"] = "gzip, deflate"
    session.headers["Accept"] = "*/*"
    # Cookies are the one state that threads would share.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("https://", "http://"):
        session.mount(scheme, adapter)
    return session


def _server(url: str) -> str:
    """Return scheme, host and port: what was accepted over https is not for http."""
    return url.partition("://")[0] + "://" + urlsplit(url).netloc


def _split_user(url: str) -> tuple[str, AuthBase | None]:
    """Take ``user:password@`` out of ``url``."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, None
    name, _, password = user.partition(":")
    return urlunsplit(parts._replace(netloc=host)), HTTPBasicAuth(unquote(name), unquote(password))


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


def _persisting(answer: requests.Response, shown: str, tries: int) -> NetworkFailed:
    status, seconds = answer.status_code, _retry_after(answer)
    cause = f"the server answered {status} {status_name(status)}"
    cause += f", {tries} times" if tries > 1 else ""
    if seconds > LONGEST_WAIT:
        cause = f"the server answered {status} and asks to come back in {seconds:.0f} seconds"
    return NetworkFailed(shown, cause, "wait a little; then run it again, or use another mirror.")
