"""Other addresses of a channel, asked one after the other while they fail. Layer: net.

Source: mamba's ``mirrored_channels``. What is above keeps the channel's own address in records and
caches, and never learns which mirror answered.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from threading import Lock
from typing import Final

from xconda_core.models.channel import without_credentials
from xconda_core.net.failures import NetworkFailed
from xconda_core.net.fetcher import Fetcher, Response
from xconda_core.values import replace

_log: Final = logging.getLogger(__name__)


class MirroredFetcher:
    """A ``Fetcher`` that opens what lies below some addresses at their mirrors.

    A mirror that fails goes behind the others for the rest of the run. An answer in the 400s is
    that of one mirror: the next one is asked, and only the last one's counts.
    """

    def __init__(self, fetcher: Fetcher, mirrors: Mapping[str, Sequence[str]]) -> None:
        """Keep the values.

        Args:
            fetcher: Opens an address.
            mirrors: Address of a channel, without credentials, to those that are asked instead,
                with credentials where they need them; its own may be among them.
        """
        self._fetcher = fetcher
        self._mirrors = {
            _base(channel): [_base(address) for address in addresses]
            for channel, addresses in mirrors.items()
        }
        self._refused: dict[str, set[str]] = {}
        self._lock = Lock()

    @contextmanager
    def open(self, url: str, headers: Mapping[str, str] | None = None) -> Iterator[Response]:
        """Send one GET to the first mirror that answers; see ``Fetcher.open``.

        Raises:
            NetworkFailed: no mirror answered; it is the failure of the last.
        """
        plain = without_credentials(url)
        channel = next((base for base in self._mirrors if plain.startswith(base)), None)
        if channel is None:
            with self._fetcher.open(url, headers) as response:
                yield response
            return
        with ExitStack() as stack:
            mirror, response = self._first_answer(channel, url, plain, headers, stack)
            yield replace(
                response,
                chunks=self._watched(channel, mirror, response),
                refuse=lambda: self._refuse(channel, mirror, plain),
            )

    def _first_answer(
        self,
        channel: str,
        url: str,
        plain: str,
        headers: Mapping[str, str] | None,
        stack: ExitStack,
    ) -> tuple[str, Response]:
        """Return the mirror that answers, and its answer, which ``stack`` closes."""
        with self._lock:
            mirrors = tuple(self._mirrors[channel])
        for place, mirror in enumerate(mirrors, 1):
            address = url if mirror == channel else mirror + plain.removeprefix(channel)
            is_last = place == len(mirrors)
            opened = ExitStack()
            try:
                response = opened.enter_context(self._fetcher.open(address, headers))
            except NetworkFailed as error:
                self._put_back(channel, mirror)
                if is_last:
                    raise
                _log.warning("%s: asking the next mirror of %s", error.why, channel)
                continue
            if response.status < 400 or response.status == 416 or is_last:
                stack.push(opened)
                return mirror, response
            opened.close()
            _log.info("HTTP %d from %s: asking the next", response.status, response.url)
        raise AssertionError("the last mirror answers or fails")

    def _watched(self, channel: str, mirror: str, response: Response) -> Iterator[bytes]:
        """Yield what comes; a mirror that breaks off is not the first to be asked again."""
        try:
            yield from response.chunks
        except NetworkFailed:
            self._put_back(channel, mirror)
            raise

    def _refuse(self, channel: str, mirror: str, plain: str) -> bool:
        """Have ``plain`` come from another mirror; return whether there is one left."""
        self._put_back(channel, mirror)
        refused = self._refused.setdefault(plain, set())
        refused.add(mirror)
        return len(refused) < len(self._mirrors[channel])

    def _put_back(self, channel: str, mirror: str) -> None:
        with self._lock:
            mirrors = self._mirrors[channel]
            mirrors.remove(mirror)
            mirrors.append(mirror)


def _base(url: str) -> str:
    return url.rstrip("/") + "/"
