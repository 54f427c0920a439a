"""How requests connects: which proxy, and what proves who a server is. Layer: net.

The adapter decides for each hop of a redirect anew; a session decides once, for the first address.
"""

import ssl
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import disable_warnings
from urllib3.exceptions import InsecureRequestWarning

from xconda_core.net.connection import MoreHeaders
from xconda_core.net.proxies import Proxies

SYSTEM: Final = "truststore"
"""The value of ``ssl_verify`` for what the operating system trusts."""


class Adapter(HTTPAdapter):
    """One pool of connections, with the configured proxies and trust."""

    def __init__(
        self,
        proxies: Proxies,
        verify: bool | str,
        connections: int,
        more_headers: MoreHeaders | None = None,
    ) -> None:
        """Keep the values.

        Args:
            proxies: What is configured.
            verify: True, False, ``truststore``, or the path of a certificate bundle or folder.
            connections: Connections kept open to one host.
            more_headers: What says which headers a request has besides.
        """
        self._more_headers = more_headers
        self._proxies = proxies
        self._context = _system_trust() if verify == SYSTEM else None
        if verify is False:
            disable_warnings(InsecureRequestWarning)  # the user asked for it
        super().__init__(pool_maxsize=connections)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **words: Any
    ) -> None:
        """Let connections be verified by the system, where that is wanted."""
        super().init_poolmanager(connections, maxsize, block, **words, **self._trust)

    def proxy_manager_for(self, proxy: str, **words: Any) -> Any:
        """Let connections through ``proxy`` be verified in the same way."""
        return super().proxy_manager_for(proxy, **words, **self._trust)

    @property
    def _trust(self) -> dict[str, Any]:
        return {} if self._context is None else {"ssl_context": self._context}

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Say what a connection is verified by; with the system's trust, by nothing else."""
        super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]
        if self._context is not None:
            conn.ca_certs = conn.ca_cert_dir = None

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        """Send ``request``; ``proxies`` are the environment's."""
        url = request.url or ""
        proxy = self._proxies.of(url, proxies or {})
        if not proxy:
            request.headers.pop("Proxy-Authorization", None)  # of a hop before this one
        chosen = {url.partition(":")[0]: proxy} if proxy else {}
        verify = True if self._context is not None else verify
        if self._more_headers is not None:
            request = request.copy()  # what a redirect leads to has headers of its own
            parts = urlsplit(url)
            request.headers.update(self._more_headers(parts.hostname or "", parts.path))
        return super().send(
            request, stream=stream, timeout=timeout, verify=verify, cert=cert, proxies=chosen
        )


def _system_trust() -> ssl.SSLContext:
    from truststore import SSLContext  # few ask for it

    return SSLContext(ssl.PROTOCOL_TLS_CLIENT)
