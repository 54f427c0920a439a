"""A server that never ends cannot fill the memory of whoever asks about trust."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from xconda_core.cancel import CancelToken
from xconda_core.engine.attesting import attested
from xconda_core.engine.trusted_keys import served
from xconda_core.models.package_record import PackageRecord
from xconda_core.net.fetcher import Response
from xconda_core.trust.canonical import LARGEST

CHUNK = b" " * (1 << 16)


class EndlessServer:
    """Answers for ever; counts what was taken."""

    def __init__(self) -> None:
        self.taken = 0

    @contextmanager
    def open(self, url: str, headers: Mapping[str, str] | None = None) -> Iterator[Response]:
        yield Response(status=200, url=url, chunks=self._chunks())

    def _chunks(self) -> Iterator[bytes]:
        while self.taken < 1 << 26:  # a test, too, has to end
            self.taken += len(CHUNK)
            yield CHUNK


def test_no_more_than_the_longest_document_of_keys_is_taken() -> None:
    server = EndlessServer()
    content = served("https://keys", server, CancelToken(), as_kept=False)("key_mgr.json")
    assert content is not None
    assert LARGEST < len(content) == server.taken <= LARGEST + len(CHUNK)


def test_no_more_than_the_longest_attestations_are_taken() -> None:
    server = EndlessServer()
    pear = PackageRecord(name="pear", version="1.0", build="0", url="https://c/pear-1.0-0.conda")
    found = attested([pear], server, CancelToken(), None)[pear.url]
    assert "longer than" in found.problem
    assert server.taken < 1 << 23
