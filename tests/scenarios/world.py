"""Where scenarios take place: a home, a real channel over HTTP, and what can go wrong there."""

import json
import os
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.scenarios.scenario import World
from xconda_core.cancel import CancelToken
from xconda_core.files.locks import locked
from xconda_core.testing.channel_server import Fault, serve
from xconda_core.testing.simulator import a_channel, a_package
from xconda_core.transaction.journal import LOCK_FILE

NOBODY = 65534
CLOSED_PORT = "http://127.0.0.1:9"  # the discard service, which nobody runs any more
OTHER_SECONDS = 2  # of another process's work: longer than a command takes to start
SLOW_SECONDS = 60  # longer than any test waits: whoever waits for the answer fails
BIG = os.urandom(3_000_000)  # does not compress, so that it fills a disk

PACKAGES = (
    a_package("apple", "1.0", depends=["seed >=1"]),
    a_package("apple", "2.0", depends=["seed >=2"]),
    a_package("seed", "1.0"),
    a_package("seed", "2.0"),
    a_package("pear", "1.0", depends=["seed <2"]),
    a_package("plum", "1.0", depends=["seed >=2"]),
    a_package("stone", "1.0", depends=["plum"]),
    a_package("damaged", "1.0"),
    a_package("slow", "1.0"),
    a_package("big", "1.0", files={"share/big.bin": BIG}),
    a_package(
        "greeter",
        "1.0",
        files={"bin/greet": b"#!/bin/sh\necho greetings from $CONDA_PREFIX to $1\nexit 7\n"},
        executables=["bin/greet"],
    ),
)

Place = Callable[[World, Path], AbstractContextManager[World]]


def faults(path: str, times: int) -> Fault | None:
    """Corrupt the archive of ``damaged``, its size staying right; let ``slow`` wait."""
    if path.endswith("/damaged-1.0-0.conda"):
        return Fault(corrupt=True)
    return Fault(delay=SLOW_SECONDS) if path.endswith("/slow-1.0-0.conda") else None


@contextmanager
def a_world(folder: Path) -> Iterator[World]:
    """Make a home and a channel under ``folder`` and serve the channel."""
    home = folder / "home"
    home.mkdir()
    a_channel(folder / "channel" / "orchard", PACKAGES)
    with serve(folder / "channel", faults=faults) as server:
        channel = f"{server.url}/orchard"
        environ = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(home),
            "CONDA_ROOT_PREFIX": str(home / "root"),
            "CONDA_ENVS_DIRS": str(home / "envs"),
            "CONDA_PKGS_DIRS": str(home / "pkgs"),
            "CONDA_CHANNELS": channel,
            "CONDA_SUBDIR": "linux-64",
            "CONDA_REMOTE_MAX_RETRIES": "0",
            "NO_PROXY": "127.0.0.1",
        }
        yield World(home=home, channel=channel, environ=environ)


@contextmanager
def ordinary(world: World, scratch: Path) -> Iterator[World]:
    """Nothing is the matter."""
    yield world


@contextmanager
def channel_is_missing(world: World, scratch: Path) -> Iterator[World]:
    """The server is there, the channel is not."""
    yield _with(world, CONDA_CHANNELS=world.channel.replace("orchard", "nowhere"))


@contextmanager
def network_is_down(world: World, scratch: Path) -> Iterator[World]:
    """Nobody answers, and nothing is cached."""
    yield _with(world, CONDA_CHANNELS=CLOSED_PORT, CONDA_PKGS_DIRS=str(scratch / "pkgs"))


@contextmanager
def prefix_is_somebody_elses(world: World, scratch: Path) -> Iterator[World]:
    """The user may read the environments and write none of them."""
    if os.getuid() == 0:
        visitor = scratch / "visitor"
        visitor.mkdir()
        os.chown(visitor, NOBODY, NOBODY)
        launcher = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
        _need((*launcher, sys.executable, "-c", "import xconda_core"), "another user cannot run it")
        pkgs = str(visitor / "pkgs")
        yield _with(replace(world, launcher=launcher), HOME=str(visitor), CONDA_PKGS_DIRS=pkgs)
        return
    folders = [path for path in (world.home / "envs").rglob("*") if path.is_dir()]
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in folders}
    for path in folders:
        path.chmod(0o555)
    yield world
    for path, mode in modes.items():
        path.chmod(mode)


@contextmanager
def package_cache_is_full(world: World, scratch: Path) -> Iterator[World]:
    """The package cache is on a disk of its own, and that is too small."""
    small = scratch / "small"
    small.mkdir()
    yield _with(
        replace(world, launcher=with_small_disk(small)), CONDA_PKGS_DIRS=str(small / "pkgs")
    )


@contextmanager
def prefix_disk_is_full(world: World, scratch: Path) -> Iterator[World]:
    """A part of the environment is on a disk of its own, and that is too small."""
    yield replace(world, launcher=with_small_disk(world.prefix("demo") / "share"))


@contextmanager
def prefix_is_locked(world: World, scratch: Path) -> Iterator[World]:
    """Another process is changing the environment, and will be done in a moment."""
    prefix, begun = world.prefix("demo"), threading.Event()

    def work() -> None:
        lock, doing = prefix / LOCK_FILE, "xconda install other"
        with locked(lock, target=prefix, command=doing, cancel=CancelToken()):
            begun.set()
            time.sleep(OTHER_SECONDS)

    other = threading.Thread(target=work)
    other.start()
    begun.wait()
    yield world
    other.join()


PLACES: dict[str, Place] = {
    "ordinary": ordinary,
    "the channel is missing": channel_is_missing,
    "the network is down": network_is_down,
    "the environment is somebody else's": prefix_is_somebody_elses,
    "the package cache's disk is full": package_cache_is_full,
    "the environment's disk is full": prefix_disk_is_full,
    "another process is changing the environment": prefix_is_locked,
}


def installed(prefix: Path) -> dict[str, str]:
    """Return name and version of every package in ``prefix``, as its own records say."""
    records = (json.loads(path.read_bytes()) for path in (prefix / "conda-meta").glob("*.json"))
    return dict(sorted((record["name"], record["version"]) for record in records))


def _with(world: World, **variables: str) -> World:
    return replace(world, environ={**world.environ, **variables})


def with_small_disk(folder: Path) -> tuple[str, ...]:
    """Return the words before a command for which ``folder`` is a disk of one megabyte."""
    script = 'mount -t tmpfs -o size=1m tmpfs "$0" && exec "$@"'
    launcher = ("unshare", "--mount", "sh", "-c", script, str(folder))
    _need((*launcher, "true"), "this user may not mount a small disk")
    return launcher


def _need(words: tuple[str, ...], otherwise: str) -> None:
    try:
        done = subprocess.run(words, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip(f"{otherwise}: there is no {words[0]}")
    if done.returncode != 0:
        pytest.skip(f"{otherwise}: {done.stderr.decode().strip()}")
