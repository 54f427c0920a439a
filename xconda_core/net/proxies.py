"""Which proxy a request goes through, if any. Layer: net.

Sources: conda's ``proxy_servers`` (a scheme, or a scheme and a host, to a proxy), and the variables
``HTTP_PROXY``, ``HTTPS_PROXY``, ``ALL_PROXY`` and ``NO_PROXY`` as requests and curl read them.
"""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from requests.utils import should_bypass_proxies

EXEMPT: Final = "no_proxy"


class Proxies:
    """What is configured; it wins over the environment's variables, but for ``NO_PROXY``."""

    def __init__(self, configured: Mapping[str, str | None]) -> None:
        """Keep the values.

        Args:
            configured: Scheme (``http``, ``https``, ``all``), or scheme and host
                (``https://host``), to the proxy's address; none or empty: no proxy.
                ``no_proxy`` to the hosts, domains and networks that need none.
        """
        self._configured = {name: text for name, text in configured.items() if name != EXEMPT}
        self._exempt = configured.get(EXEMPT) or ""

    def of(self, url: str, environ: Mapping[str, str]) -> str:
        """Return the address of the proxy for ``url``, empty for none.

        Args:
            url: What is fetched.
            environ: What the environment's variables say for this request, by scheme.
        """
        parts = urlsplit(url)
        host = parts.hostname or ""
        if should_bypass_proxies(url, no_proxy=None) or is_exempt(host, parts.port, self._exempt):
            return ""
        keys = (f"{parts.scheme}://{host}", parts.scheme, f"all://{host}", "all")
        for known in (self._configured, environ):
            for key in keys:
                if key in known:
                    return known[key] or ""
        return ""


def is_exempt(host: str, port: int | None, text: str) -> bool:
    """Whether ``text``, a list as in ``NO_PROXY``, has ``host``: by name, domain or network."""
    entries = [entry.lower().lstrip(".") for entry in text.replace(" ", "").split(",") if entry]
    if "*" in entries:
        return True
    try:
        address = ip_address(host)
    except ValueError:
        names = (host, f"{host}:{port}")
        return any(name == each or name.endswith(f".{each}") for name in names for each in entries)
    return any(_holds(entry, address) for entry in entries)


def _holds(entry: str, address: IPv4Address | IPv6Address) -> bool:
    try:
        return address in ip_network(entry, strict=False)
    except ValueError:
        return False


def shown(proxy: str) -> str:
    """Return host and port of a proxy, without the login."""
    return proxy.rpartition("@")[2].rpartition("://")[2].rstrip("/")
