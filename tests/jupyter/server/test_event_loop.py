"""An installation holds up nobody: no callback of the server's loop computes for long."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from tests.jupyter.server.conftest import Ask, finished
from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import a_channel, a_package

PACKAGES = 200
MOST_SECONDS = 0.050


@pytest.fixture
def longest(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The processor time of the longest callback, whatever else the machine is busy with."""
    longest = [0.0]
    run = asyncio.Handle._run

    def timed(handle: Any) -> None:
        begun = time.thread_time()
        run(handle)
        longest[0] = max(longest[0], time.thread_time() - begun)

    monkeypatch.setattr(asyncio.Handle, "_run", timed)
    return longest


async def test_no_call_blocks_the_event_loop_while_two_hundred_packages_are_installed(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, longest: list[float]
) -> None:
    # This test's own checks run in the same loop.
    monkeypatch.setattr("tests.jupyter.server.conftest.check_answer", lambda *answer: None)
    names = [f"package-{number}" for number in range(PACKAGES)]
    a_channel(tmp_path / "many", [a_package(name, depends=names[:3]) for name in names[3:]] + [
        a_package(name) for name in names[:3]
    ])  # fmt: skip
    with serve(tmp_path / "many") as server:
        monkeypatch.setenv("CONDA_CHANNELS", server.url)
        await asyncio.sleep(0)  # making the channel was one callback
        longest[0] = 0.0
        wish = {"verb": "create", "name": "e", "specs": names, "confirm": "yes"}
        _, job = await ask("POST", "jobs", wish)
        document = await finished(ask, job["id"])
        assert document["status"] == "succeeded", document["error"]
        for path in ("packages", "history", "tree", "export"):
            await ask("GET", path, name="e")
        for path in ("jobs", "environments", "kernels"):
            await ask("GET", path)
    assert len(document["plan"]["operations"]) == PACKAGES
    print(f"the longest callback took {longest[0] * 1000:.1f} ms of processor time")
    assert longest[0] <= MOST_SECONDS
