"""Parts that tests of several layers share: one real channel, built once and kept between runs."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from xconda_core.cancel import CancelToken
from xconda_core.files.locks import locked
from xconda_core.testing.channel_builder import build_demo_channel
from xconda_core.testing.channel_server import serve
from xconda_core.testing.wheel_download import WheelsNotDownloaded

BuildChannel = Callable[[Path | None], Path]


@pytest.fixture(scope="session")
def channel_cache(pytestconfig: pytest.Config) -> Path:
    """Wheels and packages of earlier runs."""
    assert pytestconfig.cache is not None
    return pytestconfig.cache.mkdir("demo-channel")


@pytest.fixture(scope="session")
def build_channel(channel_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> BuildChannel:
    """Build the demo channel around an interpreter; skips where no wheel can be had.

    Test processes that run side by side take turns, so that one builds and the others reuse.
    """

    def build(python: Path | None = None) -> Path:
        folder = tmp_path_factory.mktemp("channel")
        turn = channel_cache.with_name("demo-channel.lock")
        with locked(turn, target=turn, command="tests", cancel=CancelToken(), wait_seconds=900):
            try:
                return build_demo_channel(channel_cache, folder, lambda _: None, python=python)
            except WheelsNotDownloaded as error:
                pytest.skip(f"no package index can be reached: {error.why}")

    return build


@pytest.fixture(scope="session")
def demo_channel(build_channel: BuildChannel) -> Path:
    """A channel with the running Python, ipykernel's closure, numpy, pandas and requests."""
    return build_channel(None)


@pytest.fixture(scope="session")
def demo_channel_url(demo_channel: Path) -> Iterator[str]:
    """The same over HTTP on loopback."""
    with serve(demo_channel) as server:
        yield server.url
