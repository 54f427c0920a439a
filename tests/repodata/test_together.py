"""Several processes and one cache of package lists: real processes, a real and slow server."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from xconda_core.testing.channel_server import Fault, serve
from xconda_core.testing.simulator import a_channel, a_package

LISTS = ("linux-64/repodata.json", "noarch/repodata.json")
_HOLD_BYTE_21 = """
import fcntl, pathlib, sys
files = [path.open("r+b") for path in pathlib.Path(sys.argv[1]).glob("*.json")]
for file in files:
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 21)
print(len(files), flush=True)
sys.stdin.read()
"""


class Desk:
    """A home, a channel that is served in one plain list, and processes that read it."""

    def __init__(self, home: Path) -> None:
        self.home, self.faults = home, {"delay": 0.0}
        self.channel = a_channel(home / "channel", [a_package("pear")])
        for path in self.channel.glob("*/repodata*.zst"):
            path.unlink()
        self.cache = home / "root" / "pkgs" / "cache"

    def search(self, url: str, **settings: str) -> "subprocess.Popen[str]":
        environ = {
            "HOME": str(self.home),
            "PATH": "/usr/bin:/bin",
            "CONDA_ROOT_PREFIX": str(self.home / "root"),
            "CONDA_SUBDIR": "linux-64",
            "NO_PROXY": "127.0.0.1",
            **{f"CONDA_{name.upper()}": value for name, value in settings.items()},
        }
        words = ["search", "pear", "-c", url, "--override-channels", "--json"]
        return subprocess.Popen(
            [sys.executable, "-m", "xconda_core", *words],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def fault(self, path: str, before: int) -> Fault | None:
        return Fault(**self.faults) if path.lstrip("/") in LISTS else None  # type: ignore[arg-type]


def found(process: "subprocess.Popen[str]") -> list[str]:
    """Return the versions of pear that ``process`` found."""
    out, error = process.communicate(timeout=60)
    assert process.returncode == 0, error
    return [each["version"] for each in json.loads(out)["pear"]]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_of_three_processes_one_brings_the_list_and_the_others_wait_for_it(desk: Desk) -> None:
    desk.faults["delay"] = 1.5
    with serve(desk.channel, faults=desk.fault) as server:
        processes = [desk.search(server.url, local_repodata_ttl="0") for _ in range(3)]
        assert [found(process) for process in processes] == [["1.0"]] * 3
        asked = [request.path.lstrip("/") for request in server.requests]
    assert {path: asked.count(path) for path in LISTS} == dict.fromkeys(LISTS, 1)
    assert list(desk.cache.glob("*.lock")) == []


def test_who_waits_for_a_process_that_dies_brings_the_list_itself(desk: Desk) -> None:
    desk.faults["delay"] = 1.5
    with serve(desk.channel, faults=desk.fault) as server:
        first = desk.search(server.url)
        while not list(desk.cache.glob("*.lock")):
            time.sleep(0.02)
        second = desk.search(server.url)
        time.sleep(0.5)
        first.kill()
        first.communicate()
        assert found(second) == ["1.0"]


def documents(desk: Desk) -> dict[str, bytes]:
    """Return the lists in the cache, without what is known of them."""
    return {path.name: path.read_bytes() for path in desk.cache.glob("*-*.json")}


def test_a_list_that_breaks_off_in_one_process_is_never_seen_by_another(desk: Desk) -> None:
    with serve(desk.channel, faults=desk.fault) as server:
        assert found(desk.search(server.url)) == ["1.0"]
        before = documents(desk)
        change(desk.channel)
        desk.faults["cut_after"] = 50
        process = desk.search(server.url, local_repodata_ttl="0")
        assert process.wait(60) != 0
        process.communicate()
        assert documents(desk) == before
        del desk.faults["cut_after"]
        assert found(desk.search(server.url, offline="true")) == ["1.0"]
        assert found(desk.search(server.url, local_repodata_ttl="0")) == ["1.0", "2.0"]


def change(channel: Path) -> None:
    """Publish one package more."""
    a_channel(channel, [a_package("pear"), a_package("pear", "2.0")])
    for path in channel.glob("*/repodata*.zst"):
        path.unlink()


@contextmanager
def byte_21_held(folder: Path) -> Iterator[int]:
    """Have another process hold the lock of conda and mamba on every state file of ``folder``."""
    words = [sys.executable, "-c", _HOLD_BYTE_21, str(folder)]
    with ExitStack() as stack:
        process: Any = stack.enter_context(
            subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        )
        yield int(process.stdout.readline())
        process.stdin.close()


def test_a_lock_of_conda_or_mamba_holds_nobody_up_and_their_files_stay(desk: Desk) -> None:
    desk.cache.mkdir(parents=True)
    theirs = {"1a2b3c4d.json": b'{"packages": {}}', "1a2b3c4d.info.json": b'{"mtime_ns": 1}'}
    for name, content in theirs.items():
        (desk.cache / name).write_bytes(content)
    with serve(desk.channel) as server:
        assert found(desk.search(server.url)) == ["1.0"]
        with byte_21_held(desk.cache) as held:
            assert held > len(theirs)  # ours too, should anybody take them for theirs
            change(desk.channel)
            assert found(desk.search(server.url, local_repodata_ttl="0")) == ["1.0", "2.0"]
    assert {name: (desk.cache / name).read_bytes() for name in theirs} == theirs
