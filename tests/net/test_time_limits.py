"""Time limits, against machines that do not answer, answer slowly, or stop in the middle."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.net.connection import Connection
from xconda_core.net.download import download
from xconda_core.net.failures import NetworkFailed
from xconda_core.net.session import RequestsFetcher

Server = Any  # the scripted server of conftest


@contextmanager
def a_deaf_port() -> Iterator[int]:
    """Give a port whose queue is full: the kernel answers no further attempt to connect."""
    with ExitStack() as stack:
        listening = stack.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield listening.getsockname()[1]


def test_nobody_who_lets_us_in_is_told_with_the_limit_and_in_that_time() -> None:
    fetcher = RequestsFetcher(Connection(max_retries=0, connect_timeout=0.3))
    with a_deaf_port() as port:
        started = time.monotonic()
        told = pytest.raises(NetworkFailed, match=r"no connection to 127\.0\.0\.1 within 0\.3 sec")
        with told, fetcher.open(f"http://127.0.0.1:{port}/x"):
            pass
    assert time.monotonic() - started < 5


def test_each_try_has_the_limit_and_waits_grow_between_them() -> None:
    waits: list[float] = []
    words = {"max_retries": 3, "connect_timeout": 0.1, "backoff_factor": 0.4, "wait": waits.append}
    fetcher = RequestsFetcher(Connection(**words))  # type: ignore[arg-type]
    with (
        a_deaf_port() as port,
        pytest.raises(NetworkFailed),
        fetcher.open(f"http://127.0.0.1:{port}"),
    ):
        pass
    assert waits == pytest.approx([0.2, 0.4, 0.8])


def test_a_wait_for_the_next_try_ends_when_somebody_cancels(server: Server, answers: Any) -> None:
    server.answer = lambda asked: answers(503, headers={"Retry-After": "30"})
    cancel = CancelToken()

    def wait(seconds: float) -> None:
        assert seconds == 30
        cancel.cancel()
        cancel.wait(seconds)

    fetcher = RequestsFetcher(Connection(wait=wait))
    with pytest.raises(Cancelled), fetcher.open(server.url):
        pass
    assert len(server.asked) == 1


def test_no_time_limit_is_on_a_whole_transfer_that_goes_on(
    server: Server, answers: Any, tmp_path: Path
) -> None:
    server.answer = lambda asked: answers(body=b"x" * 40, drip=0.02)
    fetcher = RequestsFetcher(Connection(read_timeout=0.3))
    download(
        fetcher, server.url, tmp_path / "x", size=40, sha256=None, md5=None,
        report=lambda done, total: None, cancel=CancelToken(),
    )  # fmt: skip
    assert (tmp_path / "x").read_bytes() == b"x" * 40
