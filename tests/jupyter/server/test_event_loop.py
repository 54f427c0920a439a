"""An installation holds up nobody: no callback of the server's loop computes for long."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.jupyter.server.conftest import Ask, Fetch, finished
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


async def test_reading_five_hundred_packages_lets_other_requests_through_meanwhile(
    ask: Ask, user: Path, jp_fetch: Fetch
) -> None:
    an_environment_of(500, user / "envs" / "many")
    await ask("GET", "packages", name="many")
    took, paused = [], []
    for _ in range(5):
        begun = time.perf_counter()
        answer = asyncio.ensure_future(jp_fetch("xconda", "packages", params={"name": "many"}))
        paused.append(await longest_pause(answer))
        took.append(time.perf_counter() - begun)
        assert len(json.loads(answer.result().body)["packages"]) == 500
    print(f"answers in {[round(1000 * each) for each in took]} ms, ", end="")
    print(f"the loop's longest pauses {[round(1000 * each) for each in paused]} ms")
    assert min(paused) <= MOST_SECONDS


async def longest_pause(until: "asyncio.Future[Any]") -> float:
    """Return for how many seconds, at most, the loop did nothing else before something ended."""
    longest = 0.0
    while not until.done():
        begun = time.perf_counter()
        await asyncio.sleep(0)
        longest = max(longest, time.perf_counter() - begun)
    return longest


def an_environment_of(count: int, prefix: Path) -> None:
    """Make the records of an environment with so many packages of forty files."""
    meta = prefix / "conda-meta"
    meta.mkdir(parents=True)
    (meta / "history").touch()
    for number in range(count):
        dist = f"package-{number}-1.0-0"
        files = [f"lib/package-{number}/{each}.py" for each in range(40)]
        paths = [{"_path": file, "path_type": "hardlink", "sha256": "0" * 64} for file in files]
        record = {
            "name": f"package-{number}",
            "version": "1.0",
            "build": "0",
            "build_number": 0,
            "channel": "conda-forge",
            "subdir": "linux-64",
            "fn": f"{dist}.conda",
            "depends": ["python >=3.12", "libgcc"],
            "files": files,
            "paths_data": {"paths_version": 1, "paths": paths},
        }
        (meta / f"{dist}.json").write_text(json.dumps(record))
