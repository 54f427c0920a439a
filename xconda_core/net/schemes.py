"""Addresses by their scheme, each opened by the fetcher of that scheme. Layer: net."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from urllib.parse import urlsplit

from xconda_core.models.channel import without_credentials
from xconda_core.net.failures import NetworkFailed
from xconda_core.net.fetcher import Fetcher, Response


class SchemeFetcher:
    """A ``Fetcher`` that leaves some kinds of addresses to others."""

    def __init__(self, usual: Fetcher, others: Mapping[str, Fetcher]) -> None:
        """Keep the values.

        Args:
            usual: Opens all other addresses.
            others: Scheme (``s3``) to what opens such addresses.
        """
        self._usual, self._others = usual, dict(others)

    def open(
        self, url: str, headers: Mapping[str, str] | None = None
    ) -> AbstractContextManager[Response]:
        """Send one GET and give the answer; see ``Fetcher.open``.

        Raises:
            NetworkFailed: also where the address is none: its port is no number up to 65535.
        """
        scheme = url.partition(":")[0].lower()
        if scheme != "file":
            _check_place(url)
        return self._others.get(scheme, self._usual).open(url, headers)


def _check_place(url: str) -> None:
    try:
        _ = urlsplit(url).port
    except ValueError as error:
        cause = f"this is not an address that can be fetched: {error}"
        fix = "check the channel's address."
        raise NetworkFailed(without_credentials(url), cause, fix) from error
