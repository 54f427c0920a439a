"""A real jupyter_server with the extension, a user of its own, and a channel over HTTP."""

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

# Its fixtures and hooks are for the tests of this folder alone: one gives every test a loop.
from pytest_jupyter.jupyter_server import *  # noqa: F403
from tornado.httpclient import HTTPClientError

from tests.jupyter.server.contract import check_answer, check_document
from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import a_channel, a_package

Fetch = Callable[..., Awaitable[Any]]
Ask = Callable[..., Awaitable[tuple[int, Any]]]


@pytest.fixture  # type: ignore[no-redef]
def jp_server_config() -> dict[str, Any]:
    return {"ServerApp": {"jpserver_extensions": {"xconda_jupyter.server": True}}}


@pytest.fixture
def channel_url(user: Path) -> str:
    """The address of the user's channel."""
    return os.environ["CONDA_CHANNELS"]


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The home of a user who has one channel and no environment yet."""
    a_channel(
        tmp_path / "channel",
        [
            a_package("tool", "1.0", depends=("base-lib >=2",), files={"bin/tool": b"1"}),
            a_package("tool", "2.0", depends=("base-lib >=2",), files={"bin/tool": b"2"}),
            a_package("base-lib", "2.1", files={"lib/base": b"x" * 3000}),
            a_package("needs-gone", "1.0", depends=("gone >=9",)),
            a_package(
                "speaker",
                files={"bin/.speaker-post-link.sh": b"echo Read me. > $PREFIX/.messages.txt\n"},
                executables=["bin/.speaker-post-link.sh"],
            ),
        ],
    )
    home = tmp_path / "home"
    home.mkdir()
    with serve(tmp_path / "channel") as server:
        for name, text in {
            "HOME": str(home),
            "XDG_STATE_HOME": str(home / "state"),
            "CONDA_CHANNELS": server.url,
            "CONDA_ENVS_DIRS": str(home / "envs"),
            "CONDA_PKGS_DIRS": str(home / "pkgs"),
        }.items():
            monkeypatch.setenv(name, text)
        monkeypatch.delenv("CONDA_PREFIX", raising=False)
        yield home


@pytest.fixture
def ask(user: Path, jp_fetch: Fetch) -> Ask:
    """Ask the server as its user; the status and the document come back, failures too."""

    async def ask(method: str, path: str, body: Any = None, /, **query: str) -> tuple[int, Any]:
        text = None if method in {"GET", "DELETE"} else json.dumps(body or {})
        try:
            answer = await jp_fetch(
                "xconda",
                *path.split("/"),
                method=method,
                body=text,
                params=query,
                request_timeout=60,
            )
        except HTTPClientError as error:
            failure = json.loads(error.response.body if error.response else "null")
            check_document(failure, "Failure")
            return error.code, failure
        document = json.loads(answer.body)
        check_answer(method, path, document)
        return answer.code, document

    return ask


async def finished(ask: Ask, job: str) -> Mapping[str, Any]:
    """Wait for the end of a job and return its document."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        _, document = await ask("GET", f"jobs/{job}")
        if document["status"] != "running":
            return dict(document)
        await asyncio.sleep(0.05)
    raise AssertionError(f"{job} does not end")


async def with_plan(ask: Ask, job: str) -> Mapping[str, Any]:
    """Wait until a job asks for confirmation and return its document."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        _, document = await ask("GET", f"jobs/{job}")
        if document["awaits_confirmation"] or document["status"] != "running":
            return dict(document)
        await asyncio.sleep(0.05)
    raise AssertionError(f"{job} has no plan")
