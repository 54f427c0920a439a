"""One real channel for all tests, built once and kept between runs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from xconda_core.testing.channel_builder import build_demo_channel
from xconda_core.testing.wheel_download import WheelsNotDownloaded

BuildChannel = Callable[[Path | None], Path]


@pytest.fixture(scope="session")
def channel_cache(pytestconfig: pytest.Config) -> Path:
    """Wheels and packages of earlier runs."""
    assert pytestconfig.cache is not None
    return pytestconfig.cache.mkdir("demo-channel")


@pytest.fixture(scope="session")
def build_channel(channel_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> BuildChannel:
    """Build the demo channel around an interpreter; skips where no wheel can be had."""

    def build(python: Path | None = None) -> Path:
        folder = tmp_path_factory.mktemp("channel")
        try:
            return build_demo_channel(channel_cache, folder, lambda sentence: None, python=python)
        except WheelsNotDownloaded as error:
            pytest.skip(f"no package index can be reached: {error.why}")

    return build


@pytest.fixture(scope="session")
def demo_channel(build_channel: BuildChannel) -> Path:
    """A channel with the running Python, ipykernel's closure, numpy, pandas and requests."""
    return build_channel(None)
