"""Headers that plugins add to requests, held to what a plugin may set. Layer: engine.

Imported only where a plugin is installed. Source: RFC 9110 (fields); the WHATWG's forbidden request
headers, to which those are added that xconda sets itself.
"""

from collections.abc import Mapping
from threading import Lock
from typing import Final

from xconda_core import plugins
from xconda_core.engine.plugin_set import Offer, PluginSet
from xconda_core.regex import regex

FORBIDDEN: Final = frozenset(
    {
        "accept-charset",
        "accept-encoding",
        "access-control-request-headers",
        "access-control-request-method",
        "connection",
        "content-length",
        "cookie",
        "date",
        "dnt",
        "expect",
        "host",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "keep-alive",
        "origin",
        "range",
        "referer",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "via",
        "x-http-method",
        "x-http-method-override",
        "x-method-override",
    }
)
_FORBIDDEN_STARTS: Final = ("proxy-", "sec-")
_TOKEN: Final = regex(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE: Final = regex(r"[\t\x20-\x7e\x80-\xff]*")


class PluginHeaders:
    """What plugins add, request by request; may be asked by several threads."""

    def __init__(self, installed: PluginSet) -> None:
        """Ask nothing yet.

        Args:
            installed: The plugins.
        """
        self._installed = installed
        self._of_hosts: dict[str, dict[str, str]] = {}
        self._lock = Lock()

    def __call__(self, host: str, path: str) -> Mapping[str, str]:
        """Return the headers of a request for ``path`` at ``host``, in addition to the usual."""
        with self._lock:  # plugins were not told that they are asked by several at once
            if host not in self._of_hosts:
                self._of_hosts[host] = self._asked("xconda_session_headers", host=host)
            more = self._asked("xconda_request_headers", host=host, path=path)
            return {**self._of_hosts[host], **more}

    def _asked(self, hook: str, **given: object) -> dict[str, str]:
        offers = self._installed.asked(plugins.PluginRequestHeader, hook, **given)
        return {each.value.name: each.value.value for each in offers if _is_allowed(each)}


def _is_allowed(offer: Offer[plugins.PluginRequestHeader]) -> bool:
    """Whether it may be set; if not, the plugin is switched off."""
    name, value = offer.value.name, offer.value.value
    lower = name.lower()
    if lower in FORBIDDEN or lower.startswith(_FORBIDDEN_STARTS):
        offer.refuse(f"sets the header {name}, which is xconda's own")
    elif not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(value):
        offer.refuse(f"sets a header {name!r} that cannot be sent")
    else:
        return True
    return False
