"""How much the real program says at each level of ``-v``, and what it never says."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from tests.scenarios.scenario import World
from tests.scenarios.world import a_world, installed, with_small_disk
from xconda_core.testing.channel_server import Fault, serve
from xconda_core.transaction.journal import Header, Journal

LEVELS: Final = ("", "-v", "-vv", "-vvv", "-vvvv")
PASSWORD, TOKEN = "hunter2", "tk-7d1f-secret"
CREATE: Final = ("create", "-n", "new", "apple", "--yes")
INSTALL: Final = ("install", "-n", "demo", "stone", "--yes")
REMOVE: Final = ("remove", "-n", "demo", "plum", "--yes")
SEARCH: Final = ("search", "apple")
LIST: Final = ("list", "-n", "demo")
COMMANDS: Final = (CREATE, INSTALL, REMOVE, SEARCH, LIST)
SAYS: Final[dict[tuple[tuple[str, ...], int], tuple[str, ...]]] = {
    (CREATE, 2): (
        "INFO xconda_core.cli.opening: xconda ",
        "configured by ",
        "environment ",
        "channel http://",
        "names in repodata_shards.msgpack.zst, ",
        "asked for: apple",
        "considered 4 candidates of 2 packages",
        "the solver took ",
        "plan: 2 to install, 0 to change, 0 to remove, 0 stay; ",
        "apple-2.0-0 came from ",
        "orchard/noarch/apple-2.0-0.conda",
        "0 packages leave, 2 come",
        "committed, 2 files in ",
    ),
    (CREATE, 3): (
        "channels is http://",
        "(CONDA_CHANNELS)",
        "may move to its best version: apple",
        "virtual packages: ",
        "install: nothing becomes apple-2.0-0 (apple)",
        "DEBUG xconda_core.net.session: 200 http://",
        "files come by hardlink: a trial from ",
        "apple-2.0-0 came: 1 files by hardlink",
    ),
    (CREATE, 4): ("TRACE xconda_core.solver.search: decision 1: apple 2.0 0", "DEBUG urllib3"),
    (INSTALL, 2): ("asked for: stone; 2 packages are installed", "from the cache, of "),
    (INSTALL, 3): (
        "still holds, asked for earlier: plum",
        "from the cache: http://",
        "install: nothing becomes stone-1.0-0 (stone)",
    ),
    (REMOVE, 2): ("plan: 0 to install, 0 to change, 2 to remove", "2 packages leave, 0 come"),
    (REMOVE, 3): ("must go: plum", "seed-2.0-0 left: 1 files"),
    (SEARCH, 2): ("configured by ", "names in repodata_shards.msgpack.zst, "),
    (LIST, 2): ("configured by ", "environment "),
}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A world with an environment that ``plum`` was asked for in."""
    with a_world(tmp_path) as world:
        assert xconda(world, "create", "-n", "demo", "plum", "--yes").returncode == 0
        yield world


def xconda(world: World, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*world.launcher, sys.executable, "-m", "xconda_core", *filter(None, words)],
        env={**world.environ, **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def last_operation(world: World) -> str:
    return (world.home / ".local/state/xconda/last-operation.log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "words", [CREATE, INSTALL, REMOVE, SEARCH, LIST], ids=lambda words: words[0]
)
@pytest.mark.parametrize("verbosity", range(5))
def test_each_level_says_its_own_and_nothing_of_the_next(
    world: World, words: tuple[str, ...], verbosity: int
) -> None:
    done = xconda(world, *words, LEVELS[verbosity])

    assert done.returncode == 0
    for level in range(1, 5):
        for text in SAYS.get((words, level), ()):
            assert (text in done.stderr) == (level <= verbosity), (text, done.stderr)
    assert ("INFO xconda_core" in done.stderr) == (verbosity >= 2)
    assert ("DEBUG xconda_core" in done.stderr) == (verbosity >= 3)
    assert "WARNING" not in done.stderr
    assert "xconda_core" not in done.stdout


@pytest.mark.parametrize(("name", "same"), [("--debug", "-vvv"), ("--trace", "-vvvv")])
def test_debug_and_trace_are_names_of_levels(world: World, name: str, same: str) -> None:
    named, counted = (xconda(world, *LIST, word).stderr for word in (name, same))

    assert named.replace(name, same) == counted


def test_a_failure_has_a_traceback_from_debugging_on_and_in_the_file(world: World) -> None:
    words = ("install", "-n", "demo", "pear", "plum", "--yes")
    informed, debugged = xconda(world, *words, "-vv"), xconda(world, *words, "-vvv")
    silent = xconda(world, *words)

    assert "failed after " in informed.stderr
    assert "Traceback" not in informed.stderr + silent.stderr
    assert "this is where it ended\nTraceback" in debugged.stderr
    assert "this is where it ended\nTraceback" in last_operation(world)


@pytest.mark.parametrize("manner", ["--quiet", "--json", "-v"])
def test_the_log_of_the_last_operation_holds_debugging_whatever_is_shown(
    world: World, manner: str
) -> None:
    done = xconda(world, *CREATE, manner)

    log = last_operation(world)
    for level in (2, 3):
        missing = [text for text in SAYS[CREATE, level] if text not in log]
        assert missing == [], log
    assert "xconda_core" not in done.stderr
    xconda(world, *LIST)
    assert last_operation(world) == log


def test_quiet_takes_the_progress_away_and_leaves_the_log(world: World) -> None:
    done = xconda(world, *CREATE, "--quiet", "-vv")

    assert "the solver took " in done.stderr
    assert [line for line in done.stderr.splitlines() if not line.startswith("INFO ")] == []
    assert done.stdout == ""


def test_with_json_the_log_stays_out_of_the_document(world: World) -> None:
    done = xconda(world, *CREATE, "--json", "-vvv")

    assert json.loads(done.stdout)["success"] is True
    assert "DEBUG xconda_core" in done.stderr


@pytest.mark.parametrize("verbosity", LEVELS)
def test_credentials_are_in_no_message_and_no_file(
    world: World, tmp_path: Path, verbosity: str
) -> None:
    (tmp_path / "channel" / "t").mkdir()
    shutil.copytree(tmp_path / "channel" / "orchard", tmp_path / "channel" / "t" / TOKEN / "grove")
    user = world.channel.replace("http://", f"http://me:{PASSWORD}@")
    channels = f"{user.replace('orchard', f't/{TOKEN}/grove')},{user}"
    for words in (CREATE, INSTALL, SEARCH, ("install", "-n", "new", "pear", "plum", "--yes")):
        done = xconda(world, *words, verbosity, CONDA_CHANNELS=channels)
        assert ("grove" in done.stderr) or verbosity not in LEVELS[2:], done.stderr
        assert PASSWORD not in done.stdout + done.stderr
        assert TOKEN not in done.stdout + done.stderr
    assert "grove" in last_operation(world)
    kept = [path for path in world.home.rglob("*") if path.is_file()]
    secrets = [word.encode() for word in (PASSWORD, TOKEN)]
    assert [path for path in kept if any(word in path.read_bytes() for word in secrets)] == []


def test_a_request_that_is_sent_again_is_a_warning(world: World, tmp_path: Path) -> None:
    def hiccup(path: str, times: int) -> Fault | None:
        if path.endswith("apple-2.0-0.conda") and times == 0:
            return Fault(status=503)
        return Fault(cut_after=500) if path.endswith("seed-2.0-0.conda") and times == 0 else None

    with serve(tmp_path / "channel", faults=hiccup) as server:
        retry = {"CONDA_REMOTE_MAX_RETRIES": "1", "CONDA_REMOTE_BACKOFF_FACTOR": "0"}
        packages = {"CONDA_PKGS_DIRS": str(tmp_path / "other")}
        channel = {"CONDA_CHANNELS": f"{server.url}/orchard"}
        done = xconda(world, *CREATE, "-v", **retry, **packages, **channel)

    assert done.returncode == 0
    assert "WARNING xconda_core.net.retrying: try 1 of 2 failed" in done.stderr
    assert "WARNING xconda_core.net.download: broke off after " in done.stderr


def test_a_package_list_that_is_no_longer_fresh_is_a_warning_offline(world: World) -> None:
    done = xconda(world, *SEARCH, "-v", "--offline", CONDA_LOCAL_REPODATA_TTL="0")

    assert "offline, its package list is stale: of less than a minute ago" in done.stderr


def test_files_that_cannot_be_linked_are_a_warning_that_says_why(world: World) -> None:
    (world.home / "disk").mkdir()
    done = xconda(
        replace(world, launcher=with_small_disk(world.home / "disk")),
        *CREATE,
        "-v",
        CONDA_PKGS_DIRS=str(world.home / "disk"),
    )

    assert done.returncode == 0
    assert "WARNING xconda_core.files.links: no hard link of " in done.stderr
    assert "Invalid cross-device link" in done.stderr
    assert "files come by copy" in done.stderr


def test_what_a_killed_transaction_left_is_named_with_how_it_was_settled(world: World) -> None:
    prefix = world.prefix("demo")
    header = Header("xconda install apple", "2026-01-01T00:00:00+00:00")
    Journal.begin(prefix, header).close()
    done = xconda(world, *LIST, "-vv")

    assert "INFO xconda_core.transaction.recover: recovered: `xconda install apple`" in done.stderr
    assert installed(prefix) == {"plum": "1.0", "seed": "2.0"}
