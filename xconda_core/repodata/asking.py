"""Ask a server for one document, and again where the connection broke. Layer: repodata.

Source: RFC 9110 and 9111 (validators, age).
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.net.failures import NetworkFailed
from xconda_core.net.fetcher import Fetcher, Response
from xconda_core.values import Slotted, dataclass

_TRIES: Final = 3
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer(Slotted):
    """What a server said, all of it here.

    Attributes:
        status: HTTP status.
        headers: Header names in lower case.
        content: The body of a 200 or 206, empty otherwise.
        came_at: When it was here, in seconds since 1970.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    came_at: float

    def said(self) -> dict[str, str | float]:
        """Return what a ``CacheState`` keeps of it, without what was not said."""
        age = self.headers.get("age", "")
        values: dict[str, str | float] = {
            "etag": self.headers.get("etag", ""),
            "last_modified": self.headers.get("last-modified", ""),
            "cache_control": self.headers.get("cache-control", ""),
            "fetched_at": self.came_at - (int(age) if age.isdecimal() else 0),
        }
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True, slots=True)
class Asking(Slotted):
    """How documents are asked for.

    Attributes:
        fetcher: Opens URLs.
        cancel: Looked at between chunks.
        clock: The time, in seconds since 1970.
        advance: Told of the bytes that are here and the bytes there will be (0: not known).
    """

    fetcher: Fetcher
    cancel: CancelToken
    clock: Callable[[], float]
    advance: Callable[[int, int], None]

    def ask(self, url: str, headers: Mapping[str, str]) -> Answer:
        """Return the answer of the server to one GET.

        Raises:
            NetworkFailed: none came.
            Cancelled: somebody asked to stop.
        """
        for attempt in range(1, _TRIES + 1):
            try:
                return self._ask_once(url, headers)
            except NetworkFailed as error:
                if attempt == _TRIES or not error.broke_off:
                    raise
                _log.warning("broke off, asking again: %s", error.url)
        raise AssertionError("the last try returns or raises")

    def _ask_once(self, url: str, headers: Mapping[str, str]) -> Answer:
        with self.fetcher.open(url, headers) as response:
            has_content = response.status in {200, 206}
            content = b"".join(self._arriving(response)) if has_content else b""
            return Answer(response.status, response.headers, content, self.clock())

    def _arriving(self, response: Response) -> Iterator[bytes]:
        length = response.headers.get("content-length", "")
        encoded = "content-encoding" in response.headers
        total = int(length) if length.isdecimal() and not encoded else 0
        done = 0
        for chunk in response.chunks:
            self.cancel.check()
            done += len(chunk)
            self.advance(done, max(total, done) if total else 0)
            yield chunk
        self.advance(done, done)
