"""Addresses by their scheme, each opened by the fetcher of that scheme. Layer: net."""

from collections.abc import Mapping
from contextlib import AbstractContextManager

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
        """Send one GET and give the answer; see ``Fetcher.open``."""
        scheme = url.partition(":")[0].lower()
        return self._others.get(scheme, self._usual).open(url, headers)
