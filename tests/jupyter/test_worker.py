"""The worker process: one request, JSON lines only, and a sure end whoever dies."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from tests.jupyter.conftest import installed, wait_until
from xconda_core import __version__
from xconda_core.cli import notebook_wish
from xconda_core.engine.job_folder import JobFolder
from xconda_core.engine.jobs_store import JobsStore, RecordedJob
from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import a_channel, a_package
from xconda_jupyter.kernel import worker_process
from xconda_jupyter.launch import provisioner

A_REQUEST = {"protocol": 1, "client_version": __version__, "verb": "install", "specs": ["heap"]}


@pytest.fixture
def user(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Environment variables of a user with one small channel."""
    files = {f"share/heap/{number}": b"\0" for number in range(3000)}
    # However fast the disk, linking `slow` is not over before a signal could reach it.
    pause = {"bin/.slow-post-link.sh": b"#!/bin/sh\nsleep 20\n"}
    slow = a_package("slow", depends=["heap"], files=pause, executables=list(pause))
    packages = [a_package("heap", files=files), a_package("app"), slow]
    with serve(a_channel(tmp_path / "channel", packages)) as server:
        path = os.environ["PATH"]
        yield {"HOME": str(tmp_path / "home"), "PATH": path, "CONDA_CHANNELS": server.url}


@pytest.fixture
def prefix(user: dict[str, str], tmp_path: Path) -> Path:
    command = [sys.executable, "-m", "xconda_core", "create", "-y", "-p", str(tmp_path / "env")]
    subprocess.run([*command, "app"], env=user, check=True, capture_output=True)
    return tmp_path / "env"


class Client:
    """The other end of a worker's pipes."""

    def __init__(self, process: "subprocess.Popen[bytes]", home: Path) -> None:
        self.process = process
        self._store = JobsStore(home / ".local" / "state" / "xconda" / "jobs")

    def line(self) -> dict[str, Any]:
        """Read one line; the worker says nothing that is not JSON."""
        assert self.process.stdout is not None
        return cast("dict[str, Any]", json.loads(self.process.stdout.readline()))

    def folder(self, greeting: dict[str, Any]) -> JobFolder:
        """Return the folder of the job that was greeted with."""
        return self._store.job(greeting["job"])

    def job(self, greeting: dict[str, Any]) -> RecordedJob:
        """Return what the store knows of it."""
        return self._store.read(self.folder(greeting))

    def kinds_of_jobs(self) -> list[str]:
        """Return who started each job of the user."""
        return [job.owner.kind for job in self._store.jobs()]

    def leave(self) -> None:
        """Close every pipe, as the death of a kernel does."""
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()


@contextmanager
def started(user: dict[str, str], request: object) -> Iterator[Client]:
    command = [sys.executable, "-P", "-m", "xconda_core.worker"]
    text = request if isinstance(request, bytes) else json.dumps(request).encode()
    with subprocess.Popen(
        command,
        env=user,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(text + b"\n")
        process.stdin.flush()
        try:
            yield Client(process, Path(user["HOME"]))
        finally:
            process.kill()


def test_client_and_worker_and_launcher_agree_on_their_constants() -> None:
    assert worker_process.PROTOCOL == notebook_wish.PROTOCOL
    assert worker_process.WORKER_PYTHON == provisioner.WORKER_PYTHON


def test_the_greeting_names_the_job_before_anything_is_done(
    user: dict[str, str], prefix: Path
) -> None:
    with started(user, {**A_REQUEST, "prefix": str(prefix)}) as client:
        greeting = client.line()
        assert greeting["version"] == __version__
        assert greeting["prefix"] == str(prefix)
        assert greeting["home"] == sys.prefix
        assert client.job(greeting).request["specs"] == ["heap"]
        assert client.job(greeting).status == "running"


def test_a_confirmed_plan_is_carried_out(user: dict[str, str], prefix: Path) -> None:
    with started(user, {**A_REQUEST, "prefix": str(prefix), "specs": ["heap"]}) as client:
        greeting = client.line()
        wait_until(lambda: client.job(greeting).plan is not None)
        assert installed(prefix) == {"app-1.0-0"}
        client.folder(greeting).confirm()
        assert client.process.wait(60) == 0
        assert client.job(greeting).status == "succeeded"
        assert client.job(greeting).state.fraction == 1.0
    assert installed(prefix) == {"app-1.0-0", "heap-1.0-0"}


def test_with_yes_nobody_is_waited_for(user: dict[str, str], prefix: Path) -> None:
    with started(user, {**A_REQUEST, "prefix": str(prefix), "confirm": "yes"}) as client:
        client.line()
        assert client.process.wait(60) == 0
    assert "heap-1.0-0" in installed(prefix)


def test_files_and_archives_ask_as_they_do_in_a_terminal(
    user: dict[str, str], prefix: Path, tmp_path: Path
) -> None:
    file = tmp_path / "environment.yml"
    file.write_text("dependencies: [heap]\nvariables: {A: b}\n", encoding="utf-8")
    archive = f"{user['CONDA_CHANNELS']}/noarch/slow-1.0-0.conda"
    by_file = {"specs": [], "options": {"files": [str(file)]}, "confirm": "yes"}
    mixed = {"specs": ["heap", archive]}

    with started(user, {**A_REQUEST, **by_file, "prefix": str(prefix)}) as client:
        greeting = client.line()
        assert client.process.wait(60) == 0
        notices = [notice.text for notice in client.job(greeting).state.notices]
    with started(user, {**A_REQUEST, **mixed, "prefix": str(prefix)}) as client:
        answer = client.line()

    assert "heap-1.0-0" in installed(prefix)
    assert any("only the packages of conda" in text for text in notices)
    assert answer["error"]["code"] == "archives-and-specs-mixed"


def test_a_client_that_dies_before_confirming_leaves_all_as_it_was(
    user: dict[str, str], prefix: Path
) -> None:
    with started(user, {**A_REQUEST, "prefix": str(prefix)}) as client:
        greeting = client.line()
        client.leave()
        assert client.process.wait(60) == 130
        assert client.job(greeting).status == "cancelled"
    assert installed(prefix) == {"app-1.0-0"}


def test_a_client_that_dies_after_confirming_does_not_stop_the_job(
    user: dict[str, str], prefix: Path
) -> None:
    with started(user, {**A_REQUEST, "prefix": str(prefix)}) as client:
        greeting = client.line()
        client.folder(greeting).confirm()
        client.leave()
        assert client.process.wait(60) == 0
        assert client.job(greeting).status == "succeeded"
    assert "heap-1.0-0" in installed(prefix)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_cancel_and_what_was_begun_is_undone(
    user: dict[str, str], prefix: Path, number: signal.Signals
) -> None:
    request = {**A_REQUEST, "specs": ["slow"], "prefix": str(prefix), "confirm": "yes"}
    with started(user, request) as client:
        greeting = client.line()
        wait_until(lambda: client.job(greeting).state.phase == "link", seconds=60)
        client.process.send_signal(number)
        client.process.wait(60)
        assert client.job(greeting).status == "cancelled"
    assert installed(prefix) == {"app-1.0-0"}
    assert not (prefix / "share" / "heap").exists()


def test_the_cancel_mark_ends_a_job_that_waits(user: dict[str, str], prefix: Path) -> None:
    with started(user, {**A_REQUEST, "prefix": str(prefix)}) as client:
        greeting = client.line()
        client.folder(greeting).ask_cancel()
        assert client.process.wait(60) == 130
        assert client.job(greeting).status == "cancelled"


def test_a_killed_worker_is_an_interrupted_job(user: dict[str, str], prefix: Path) -> None:
    with started(user, {**A_REQUEST, "prefix": str(prefix)}) as client:
        greeting = client.line()
        client.process.kill()
        client.process.wait(60)
        assert client.job(greeting).status == "interrupted"


def test_a_failed_job_says_why_in_its_result(user: dict[str, str], prefix: Path) -> None:
    with started(user, {**A_REQUEST, "prefix": str(prefix), "specs": ["heep"]}) as client:
        greeting = client.line()
        assert client.process.wait(60) != 0
        result = client.job(greeting).result
    assert result is not None
    assert "heap" in json.dumps(result["error"])


@pytest.mark.parametrize(
    ("request_", "detail"),
    [
        (b"rubbish", "not JSON"),
        (b"", "not JSON"),
        ([], "not an object"),
        ({"verb": "list"}, "protocol None"),
        ({**A_REQUEST, "protocol": 99}, "protocol 99"),
        ({**A_REQUEST, "verb": "explode"}, "unknown verb 'explode'"),
        ({**A_REQUEST, "verbosity": "high"}, "verbosity='high'"),
        ({**A_REQUEST, "colour": "red"}, "unknown fields colour"),
        ({**A_REQUEST, "specs": "numpy"}, "specs that are not a list"),
        ({**A_REQUEST, "confirm": "maybe"}, "confirm='maybe'"),
    ],
)
def test_what_is_no_request_is_answered_in_words(
    user: dict[str, str], request_: object, detail: str
) -> None:
    with started(user, request_) as client:
        error = client.line()["error"]
        assert client.process.wait(60) == 2
    assert error["code"] == "request-not-understood"
    assert detail in error["why"]


def test_an_environment_that_is_not_there_is_said_before_a_job_is_made(
    user: dict[str, str],
) -> None:
    with started(user, {**A_REQUEST, "name": "nowhere"}) as client:
        assert client.line()["error"]["code"] == "environment-not-found"
        assert client.process.wait(60) != 0


def test_a_query_is_answered_on_the_same_stream_and_leaves_no_job(
    user: dict[str, str], prefix: Path
) -> None:
    request = {**A_REQUEST, "verb": "list", "specs": [], "prefix": str(prefix)}
    with started(user, request) as client:
        assert client.line()["job"] is None
        packages = client.line()["result"]["packages"]
        assert client.process.wait(60) == 0
    assert [package["name"] for package in packages] == ["app"]
    assert client.kinds_of_jobs() == ["cli"]  # the one that made the environment


def test_a_search_says_how_far_it_is_and_then_what_it_found(
    user: dict[str, str], prefix: Path
) -> None:
    request = {**A_REQUEST, "verb": "search", "specs": ["heap"], "prefix": str(prefix)}
    with started(user, request) as client:
        client.line()
        lines = [client.line()]
        while "result" not in lines[-1]:
            lines.append(client.line())
        assert client.process.wait(60) == 0
    assert lines[0]["shows"]["words"] == "Reading channels"
    assert [package["fn"] for package in lines[-1]["result"]["packages"]] == ["heap-1.0-0.conda"]
