"""Bytes from ``s3://BUCKET/KEY``. Layer: net. Source: the S3 API's GetObject.

botocore, an extra, signs the requests and knows where logins, regions and endpoints are written;
what is tried again, and how often, is as with every other address. It costs 100 ms: import this
module when such an address must be opened.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from http import HTTPStatus
from ssl import get_default_verify_paths
from threading import Lock
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from requests.utils import get_environ_proxies

from xconda_core.models.channel import without_credentials
from xconda_core.net.adapter import SYSTEM
from xconda_core.net.connection import Connection
from xconda_core.net.failures import NetworkFailed, Offline, status_name
from xconda_core.net.fetcher import Response
from xconda_core.net.proxies import Proxies
from xconda_core.net.retrying import MayPass

CHUNK: Final = 1 << 17  # bytes read at a time
_MANUAL: Final = "docs/network.md tells where logins, regions and endpoints of S3 are written."
_log: Final = logging.getLogger(__name__)
_WORDS: Final = {"range": "Range", "if-none-match": "IfNoneMatch", "if-match": "IfMatch"}


class S3Fetcher:
    """The ``Fetcher`` of S3; one instance serves all threads with one pool."""

    def __init__(self, connection: Connection) -> None:
        """Keep the values; nothing is opened yet."""
        self._connection = connection
        self._client: Any = None
        self._lock = Lock()

    @contextmanager
    def open(self, url: str, headers: Mapping[str, str] | None = None) -> Iterator[Response]:
        """Get one object; see ``Fetcher.open``.

        Raises:
            NetworkFailed: no answer came, botocore is missing, or it has no usable login.
            Offline: the network may not be used.
        """
        url = without_credentials(url)  # a bucket has none; botocore knows the login
        if self._connection.offline:
            raise Offline(url)
        client = self._known_client(url)
        asked = {_WORDS[name.lower()]: text for name, text in (headers or {}).items()
                 if name.lower() in _WORDS}  # fmt: skip
        once = partial(_answer, client, url, asked)
        status, found, body = self._connection.patience.tried(once, url)
        _log.debug("%d %s", status, url)
        if body is None:
            yield Response(status=status, headers=found, url=url, chunks=iter(()))
            return
        with closing(body):
            yield Response(status=status, headers=found, url=url, chunks=_chunks(body, url))

    def _known_client(self, url: str) -> Any:
        """Return the client, which is made once: reading its data takes 50 ms."""
        with self._lock:
            if self._client is None:
                try:
                    self._client = _client(self._connection)
                except ImportError as error:
                    fix = "install botocore (or boto3) beside xconda: the extra `xconda[s3]`."
                    raise NetworkFailed(url, "addresses of S3 need botocore", fix) from error
                except _botocore_failures() as error:
                    raise NetworkFailed(url, _words(error), _MANUAL) from error
            return self._client


def _client(connection: Connection) -> Any:
    from botocore import UNSIGNED
    from botocore.config import Config
    from botocore.session import Session

    logging.getLogger("botocore").setLevel(logging.INFO)  # its details have session tokens
    session = Session()
    cert, key = connection.client_cert, connection.client_cert_key
    words: dict[str, Any] = {} if session.get_credentials() else {"signature_version": UNSIGNED}
    config = Config(
        connect_timeout=connection.connect_timeout,
        read_timeout=connection.read_timeout,
        max_pool_connections=connection.connections,
        retries={"total_max_attempts": 1},
        client_cert=(cert, key) if cert and key else cert,
        **words,
    )
    verify = _trust(connection.ssl_verify)
    client = session.create_client("s3", config=config, verify=verify)
    if not connection.proxies:
        return client  # botocore reads the environment's own
    place = client.meta.endpoint_url
    proxy = Proxies(connection.proxies).of(place, get_environ_proxies(place, no_proxy=None))
    chosen = Config(proxies={urlsplit(place).scheme: proxy} if proxy else {})
    return session.create_client("s3", config=config.merge(chosen), verify=verify)


def _trust(verify: bool | str) -> bool | str | None:
    """Return what botocore takes for ``ssl_verify``; none: as the environment's variables say."""
    if verify == SYSTEM:
        found = get_default_verify_paths()
        return found.cafile or found.capath
    return None if verify is True else verify


def _answer(client: Any, url: str, asked: Mapping[str, str]) -> tuple[int, dict[str, str], Any]:
    """Return status, headers and body (None where there is none) of one GetObject."""
    from botocore.exceptions import ClientError

    parts = urlsplit(url)
    try:
        said = client.get_object(Bucket=parts.netloc, Key=unquote(parts.path.lstrip("/")), **asked)
    except ClientError as error:
        return _refusal(error, url)
    except _botocore_failures() as error:
        failure = NetworkFailed(url, _words(error), _MANUAL)
        if type(error).__name__ in _MAY_PASS:
            raise MayPass(lambda _: failure) from error
        raise failure from error
    meta = said["ResponseMetadata"]
    return meta["HTTPStatusCode"], dict(meta["HTTPHeaders"]), said["Body"]


_MAY_PASS: Final = frozenset(
    {"EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "ConnectionClosedError"}
)


def _refusal(error: Any, url: str) -> tuple[int, dict[str, str], None]:
    """Return the answer of a server that says no; raises what may pass, or is about the login."""
    meta = error.response.get("ResponseMetadata", {})
    status, code = int(meta.get("HTTPStatusCode", 0)), error.response.get("Error", {}).get("Code")
    if status in {429, 500, 502, 503, 504}:

        def persisting(tries: int) -> NetworkFailed:
            cause = f"the server answered {status} {status_name(status)}, {tries} times"
            return NetworkFailed(url, cause, "wait a little; then run it again.")

        raise MayPass(persisting) from error
    if code in {"InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken",
                "RequestTimeTooSkewed", "AuthorizationHeaderMalformed"}:  # fmt: skip
        raise NetworkFailed(url, f"the login for S3 is not accepted: {code}", _MANUAL) from error
    if status < HTTPStatus.MULTIPLE_CHOICES:
        raise NetworkFailed(url, f"the server said no: {code}", _MANUAL) from error
    return status, dict(meta.get("HTTPHeaders", {})), None


def _chunks(body: Any, url: str) -> Iterator[bytes]:
    try:
        yield from body.iter_chunks(CHUNK)
    except _botocore_failures() as error:
        cause = "the connection broke before everything had arrived"
        raise NetworkFailed(url, cause, broke_off=True) from error


def _botocore_failures() -> tuple[type[Exception], ...]:
    """Return what botocore raises that is no answer of the server."""
    try:
        from botocore.exceptions import BotoCoreError
        from urllib3.exceptions import HTTPError
    except ImportError:
        return ()
    return BotoCoreError, HTTPError


def _words(error: BaseException) -> str:
    """Return what ``error`` says, in one line and without the object's signed address."""
    text = str(error).partition("?")[0].strip().rstrip(".")
    return text[:1].lower() + text[1:]
