"""Parts that tests of several layers share: one real channel, built once and kept between runs."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
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


# What may be absent although CI=true: material outside the repository, and what root cannot prove.
MAY_BE_ABSENT = re.compile(
    r"(facts|files|sample|channels|rows|corpora|documents|environments|settings) "
    r"(is|are) (absent|not here)"
    r"|empty parameter set|root may write|another user cannot run it"
    r"|no Python 3\.8|no package index|no file system with reflinks|there is no Wine"
)


class Skips:
    """With CI=true a missing tool is a failure: a skip for another reason fails the run."""

    def __init__(self) -> None:
        self.refused: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        if report.skipped and not hasattr(report, "wasxfail") and not MAY_BE_ABSENT.search(reason):
            self.refused.append(f"{report.nodeid}: {reason}")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.refused and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for line in self.refused:
            terminalreporter.write_line(f"CI=true allows no such skip: {line}", red=True)


# A loaded machine is no failure; what CI asks is the same each time, `make fuzz` asks anew.
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "here")


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("CI") == "true" and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Skips(), "skips-in-ci")
