"""A signal in mid-installation: the environment is as it was, and the exit code says why."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.scenarios.command_line import CommandLine
from tests.scenarios.scenario import Step, World
from tests.scenarios.world import SLOW_SECONDS, a_world, installed
from xconda_core.testing.channel_server import Fault, serve

INSTALL = ("install", "-n", "demo", "--yes", "slow")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        CommandLine().take(Step(verb="create", specs=("apple=1",)), world)
        yield world


@contextmanager
def started(world: World, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Start xconda, and hand it over once it waits for the archive of ``slow``."""
    with subprocess.Popen(
        [sys.executable, "-m", "xconda_core", *words],
        env=dict(world.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        wait_until(lambda: is_downloading(world, "slow"))
        yield process
        process.kill()


def is_downloading(world: World, package: str) -> bool:
    """Whether a job that asks for ``package`` has begun to download."""
    jobs = (world.home / ".local/state/xconda/jobs").glob("*/request.json")
    return any(
        package in path.read_text(encoding="utf-8")
        and "Downloading" in path.with_name("events.jsonl").read_text(encoding="utf-8")
        for path in jobs
    )


def wait_until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGQUIT, 131)],
)
def test_a_signal_in_mid_download_cancels_and_changes_nothing(
    world: World, number: signal.Signals, code: int
) -> None:
    before = installed(world.prefix("demo"))
    with started(world, *INSTALL) as process:
        asked = time.monotonic()
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
        seconds = time.monotonic() - asked

    assert process.returncode == code
    assert "Cancelled: the environment is unchanged." in errors
    assert "Traceback" not in errors
    assert installed(world.prefix("demo")) == before
    assert seconds < 5


def test_a_signal_while_a_channel_never_answers_cancels_at_once(
    world: World, tmp_path: Path
) -> None:
    asked: list[str] = []

    def never(path: str, times: int) -> Fault:
        asked.append(path)
        return Fault(delay=SLOW_SECONDS)

    with serve(tmp_path / "channel", faults=never) as server:
        silent = ("--override-channels", "--channel", f"{server.url}/orchard")
        with subprocess.Popen(
            [sys.executable, "-m", "xconda_core", *INSTALL, *silent],
            env=dict(world.environ),
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            wait_until(lambda: bool(asked))
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=10)

    assert process.returncode == 130
    assert "Cancelled: the environment is unchanged." in errors


def test_a_cancelled_job_answers_with_a_document(world: World) -> None:
    with started(world, *INSTALL, "--json") as process:
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=30)

    assert process.returncode == 143
    assert json.loads(out)["code"] == "cancelled"


def test_the_next_installation_works_as_if_nothing_had_happened(world: World) -> None:
    with started(world, *INSTALL) as process:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)

    CommandLine().take(Step(verb="install", specs=("greeter",)), world)

    assert installed(world.prefix("demo")).keys() == {"apple", "greeter", "seed"}


def test_a_program_started_by_run_gets_the_signals_itself(world: World) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "xconda_core", "run", "-n", "demo", "sleep", "60"],
        env=dict(world.environ),
    )
    words = Path(f"/proc/{process.pid}/cmdline")
    wait_until(lambda: words.read_bytes().startswith(b"sleep"))
    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=10) == -signal.SIGTERM
