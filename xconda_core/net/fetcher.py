"""Bytes from a URL: the seam that tests and plugins replace. Layer: net."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import unquote

from xconda_core.values import Protocol, Slotted, dataclass, field

Sign = Callable[[Any], Any]
"""Takes a ``requests.PreparedRequest`` and returns it with a login; called from several threads."""


def _nowhere_else() -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Response(Slotted):
    """One answer, its body still to be read.

    Attributes:
        status: HTTP status, 200 for a ``file://`` URL that exists, 404 for one that does not.
        headers: Header names in lower case.
        url: Final URL after redirects, without credentials.
        chunks: The body; reading it may raise the fetcher's error.
        refuse: Says that the body, read to its end, is not what it should be; whether the URL may
            be opened again, for it will then come from somewhere else.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    url: str
    chunks: Iterator[bytes]
    refuse: Callable[[], bool] = _nowhere_else


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


class DeferredFetcher:
    """Makes the real fetcher when the first URL is opened: a warm run never needs one."""

    __slots__ = ("_fetcher", "_lock", "_make")

    def __init__(self, make: Callable[[], Fetcher]) -> None:
        self._make = make
        self._fetcher: Fetcher | None = None
        self._lock = Lock()

    def open(
        self, url: str, headers: Mapping[str, str] | None = None
    ) -> AbstractContextManager[Response]:
        """Open ``url`` with the real fetcher."""
        with self._lock:
            if self._fetcher is None:
                self._fetcher = self._make()
        return self._fetcher.open(url, headers)


def path_of(file_url: str) -> Path:
    """Return the path that a ``file://`` URL names (RFC 8089).

    ``urllib.request`` has this too, but brings an HTTP client along, which costs 14 ms.
    """
    host_and_path = file_url.removeprefix("file:").removeprefix("//")
    return Path("/" + unquote(host_and_path.partition("/")[2]))
