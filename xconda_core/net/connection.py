"""How servers are reached: what every kind of address has in common. Layer: net. Values only."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from xconda_core.net.fetcher import Sign
from xconda_core.net.retrying import Patience
from xconda_core.values import Slotted, dataclass, field

MoreHeaders = Callable[[str, str], Mapping[str, str]]
"""Host and path of a request over HTTP to headers; called from several threads."""


def _no_login(_url: str) -> Sign | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection(Slotted):
    """What is configured about connections.

    Attributes:
        ssl_verify: True, False, ``truststore``, or the path of a certificate bundle or folder; what
            is not True wins over REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE.
        proxies: Scheme, or scheme and host, to proxy URL; they win over the environment's.
        client_cert: Path of a client certificate.
        client_cert_key: Path of its key, where it is a file of its own.
        connect_timeout: Seconds to wait for a connection.
        read_timeout: Seconds to wait for the next bytes.
        max_retries: How often a request is sent again.
        backoff_factor: Seconds of the second wait; each wait is twice the one before.
        connections: Connections kept open to one host.
        offline: The network may not be used.
        credentials: Address without credentials to the same address with them: what begins with the
            one is fetched from the other.
        login_files: Files of rattler's that logins may be in: the one asked before the keyring, and
            the one after it.
        wait: Sleeps for some seconds; a cancel token's ``wait`` makes it end early.
        more_headers: What says which headers a request has besides.
        login_of: Address without credentials to what puts a login of a plugin into its request.
    """

    ssl_verify: bool | str = True
    proxies: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    client_cert: str | None = None
    client_cert_key: str | None = None
    connect_timeout: float = 9.15
    read_timeout: float = 60.0
    max_retries: int = 3
    backoff_factor: float = 1.0
    connections: int = 10
    offline: bool = False
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    login_files: tuple[Path | None, ...] = ()
    wait: Callable[[float], None] = time.sleep
    more_headers: MoreHeaders | None = None
    login_of: Callable[[str], Sign | None] = _no_login

    @property
    def patience(self) -> Patience:
        """How often and after which waits something is tried again."""
        return Patience(self.max_retries, self.backoff_factor, self.wait)

    def known(self, url: str) -> str:
        """Return ``url`` with the credentials that are known for where it begins."""
        for plain, full in sorted(self.credentials.items(), reverse=True):
            base = plain.rstrip("/")
            if url == plain or url.startswith(f"{base}/"):
                return full.rstrip("/") + url[len(base) :]
        return url
