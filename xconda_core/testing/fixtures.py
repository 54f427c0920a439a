"""Fixtures for pytest: ``pytest_plugins = ["xconda_core.testing.fixtures"]``. Layer: testing."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from xconda_core.in_process import CommandResult
from xconda_core.testing.channel_server import ChannelServer, Faults, serve
from xconda_core.testing.home import Home, a_home
from xconda_core.testing.recorder import Recorder
from xconda_core.testing.s3_server import S3Server, an_s3_server
from xconda_core.testing.simulator import SimulatedPackage, a_channel

ServeChannel = Callable[..., ChannelServer]
ServeS3 = Callable[[Iterable[SimulatedPackage]], S3Server]


@pytest.fixture
def xconda_home(tmp_path: Path) -> Home:
    """A user of the test's own: home, package cache, environments, and nothing configured."""
    return a_home(tmp_path / "home")


@pytest.fixture
def xconda(xconda_home: Home) -> Callable[..., CommandResult]:
    """Run a command line as that user, in this process: ``xconda("list", "--json").stdout``."""
    return xconda_home.xconda


@pytest.fixture
def recorder() -> Recorder:
    """A reporter that keeps what it is told."""
    return Recorder()


@pytest.fixture
def serve_channel(tmp_path: Path) -> Iterator[ServeChannel]:
    """Serve packages over HTTP until the test ends: ``serve_channel([a_package("a")]).url``.

    ``faults`` lets answers go wrong, see ``channel_server.Fault``.
    """
    with ExitStack() as servers:
        count = iter(range(1 << 20))

        def start(
            packages: Iterable[SimulatedPackage], faults: Faults | None = None
        ) -> ChannelServer:
            folder = a_channel(tmp_path / f"served-{next(count)}", packages)
            return servers.enter_context(serve(folder, faults=faults))

        yield start


@pytest.fixture
def serve_s3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServeS3]:
    """Serve packages as ``s3://bucket/channel`` until the test ends; this process may read them.

    botocore takes its login from the variables of the process, so these are set.
    """
    with ExitStack() as servers:

        def start(packages: Iterable[SimulatedPackage]) -> S3Server:
            a_channel(tmp_path / "s3" / "bucket" / "channel", packages)
            server = servers.enter_context(an_s3_server(tmp_path / "s3"))
            for name, value in server.environ.items():
                monkeypatch.setenv(name, value)
            return server

        yield start
