"""``package``: who owns a file, which files nobody owns, and a package made of those."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.setting_world import World
from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import a_channel, a_package

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the script is a POSIX one")


@pytest.fixture(scope="module")
def channels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("channels")
    a_channel(folder / "orchard", (a_package("apple"), a_package("seed")))
    return folder


@pytest.fixture
def world(tmp_path: Path, channels: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    home = tmp_path / "home"
    home.mkdir()
    with serve(channels) as server:
        world = World(home, server, monkeypatch)
        world.condarc(f"envs_dirs: ['{home}/envs']")
        assert typed(world, "create", "-n", "demo", "apple", "--yes").returncode == 0
        yield world


def typed(world: World, *words: str, answer: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "xconda_core", *words],
        env=dict(world.environ),
        cwd=world.home,
        input=answer,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def put(world: World, path: str, text: str = "mine\n", mode: int = 0o644) -> Path:
    file = world.home / "envs" / "demo" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(mode)
    return file


def owned_file(world: World) -> Path:
    (record,) = (world.home / "envs" / "demo" / "conda-meta").glob("apple-*.json")
    return world.home / "envs" / "demo" / str(json.loads(record.read_text())["files"][0])


def test_which_names_the_package_that_owns_a_file_wherever_it_is(world: World) -> None:
    path = owned_file(world)
    done = typed(world, "package", "-w", str(path))
    assert done.stdout.split() == [str(path), "apple-1.0-0"]
    document = json.loads(typed(world, "package", "--which", str(path), "--json").stdout)
    assert document == {str(path): "apple-1.0-0"}


def test_which_says_so_of_a_file_that_nobody_owns(world: World) -> None:
    done = typed(world, "package", "-w", str(put(world, "mine.txt")))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_untracked_lists_what_no_package_owns_and_no_other_environment(world: World) -> None:
    put(world, "share/mine.txt")
    put(world, "inner/conda-meta/history")
    put(world, "inner/theirs.txt")
    put(world, "pkgs/urls.txt")
    document = json.loads(typed(world, "package", "-n", "demo", "-u", "--json").stdout)
    assert document["untracked"] == ["share/mine.txt"]


def test_reset_asks_and_removes_what_no_package_owns(world: World) -> None:
    path, kept = put(world, "share/deep/mine.txt"), owned_file(world)
    assert typed(world, "package", "-n", "demo", "-r", answer="n\n").returncode == 1
    assert typed(world, "package", "-n", "demo", "-r", "--dry-run").returncode == 0
    assert path.exists()
    assert typed(world, "package", "-n", "demo", "--reset", answer="y\n").returncode == 0
    assert not path.parent.exists()
    assert kept.exists()


def test_reset_leaves_a_frozen_environment_alone(world: World) -> None:
    path = put(world, "share/mine.txt")
    put(world, "conda-meta/frozen", "{}")
    done = typed(world, "package", "-n", "demo", "--reset", "--yes")
    assert (done.returncode, path.exists()) == (1, True)


def test_a_package_of_what_nobody_owned_can_be_installed_elsewhere(world: World) -> None:
    prefix = world.home / "envs" / "demo"
    put(world, "bin/hail", f"#!/bin/sh\necho {prefix}\n", 0o755)
    os.symlink("hail", prefix / "bin" / "greet")
    words = ("--pkg-name", "Mine", "--pkg-version", "1.2", "--pkg-build", "3")
    made = typed(world, "package", "-n", "demo", *words)
    assert (made.returncode, "mine-1.2-3.tar.bz2" in made.stdout) == (0, True)
    archive = world.home / "mine-1.2-3.tar.bz2"
    assert typed(world, "create", "-n", "other", str(archive), "--yes").returncode == 0
    said = typed(world, "run", "-n", "other", "greet")
    assert said.stdout == f"{world.home / 'envs' / 'other'}\n"
    again = typed(world, "package", "-n", "demo", *words)
    assert (again.returncode, f"{archive} is there already" in again.stderr) == (1, True)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--pkg-name", "../mine"), "can stand in no name"),
        (("--pkg-version", "1/2"), "is not a version"),
        (("--pkg-build", "x"), "is not a number"),
        ((), "belongs to a package"),
    ],
)
def test_what_can_be_no_package_is_refused(
    world: World, words: tuple[str, ...], reason: str
) -> None:
    if words:
        put(world, "share/mine.txt")
    done = typed(world, "package", "-n", "demo", *words)
    assert done.returncode != 0
    assert reason in done.stderr
    assert [each.name for each in world.home.glob("*.tar.bz2")] == []


def test_a_clone_takes_no_other_environment_with_it(world: World) -> None:
    put(world, "envs/inner/conda-meta/history")
    put(world, "share/mine.txt")
    assert typed(world, "create", "-n", "copy", "--clone", "demo", "--yes").returncode == 0
    copy = world.home / "envs" / "copy"
    assert (copy / "share/mine.txt").exists()
    assert not (copy / "envs").exists()
