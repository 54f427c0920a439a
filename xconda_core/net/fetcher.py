"""Bytes from a URL: the seam that tests and plugins replace. Layer: net."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer, its body still to be read.

    Attributes:
        status: HTTP status, 200 for a ``file://`` URL that exists, 404 for one that does not.
        headers: Header names in lower case.
        url: Final URL after redirects, without credentials.
        chunks: The body; reading it may raise the fetcher's error.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    url: str
    chunks: Iterator[bytes]


class Fetcher(Protocol):
    """Opens URLs. One instance may be used by several threads."""

    def open(
        self, url: str, headers: Mapping[str, str] | None = None
    ) -> AbstractContextManager[Response]:
        """Send one GET and give the answer; 3xx are followed, 304 and 4xx are answers.

        Raises:
            NetworkFailed: no answer came (no network, refused, time limit, TLS), after retries;
                or 5xx and 429 persisted.
        """
        ...
