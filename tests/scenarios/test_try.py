"""``try``: several ways to ask are solved and compared, and nothing is changed."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.setting_world import World
from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import a_channel, a_package

PACKAGES = (
    a_package("apple", "1.0", depends=["seed 1.*"]),
    a_package("apple", "2.0", depends=["seed 2.*"]),
    a_package("seed", "1.0"),
    a_package("seed", "2.0"),
    a_package("pear", depends=["seed 2.*"]),
)


@pytest.fixture(scope="module")
def channels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("channels")
    a_channel(folder / "orchard", PACKAGES)
    return folder


@pytest.fixture
def world(tmp_path: Path, channels: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    home = tmp_path / "home"
    home.mkdir()
    with serve(channels) as server:
        world = World(home, server, monkeypatch)
        world.condarc(f"envs_dirs: ['{home}/envs']")
        assert typed(world, "create", "-n", "demo", "apple=1", "--yes").returncode == 0
        yield world


def typed(world: World, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "xconda_core", *words],
        env=dict(world.environ),
        cwd=world.home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_each_way_says_what_it_comes_to_or_why_it_cannot_be(world: World) -> None:
    ways = ("apple=2", "--or", "pear", "apple=1", "--or", "apple=1")
    done = typed(world, "try", "-n", "demo", *ways)
    assert done.returncode == 0
    first, second, third = done.stdout.split("\n\n")[1:]
    assert "1. apple=2\n   apple 2.0\n   2 to upgrade; Download: " in first
    assert second.startswith("2. pear apple=1\n   ")
    assert "cannot be installed together" in second
    assert third.startswith("3. apple=1\n")
    assert "Nothing to do" in third


def test_nothing_is_changed_or_fetched(world: World) -> None:
    before = sorted(world.home.rglob("conda-meta/*"))
    archives = sorted((world.home / "pkgs").glob("*.conda"))
    assert typed(world, "try", "-n", "demo", "apple=2").returncode == 0
    assert sorted(world.home.rglob("conda-meta/*")) == before
    assert sorted((world.home / "pkgs").glob("*.conda")) == archives


def test_a_new_environment_has_nothing_to_keep(world: World) -> None:
    done = typed(world, "try", "--new", "pear", "apple", "--or", "apple=1", "--json")
    first, second = json.loads(done.stdout)
    assert [each["name"] for each in first["actions"]["LINK"]] == ["apple", "pear", "seed"]
    assert (first["specs"], second["success"]) == (["pear", "apple"], True)


def test_where_none_can_be_had_the_exit_code_says_so(world: World) -> None:
    done = typed(world, "try", "-n", "demo", "pear", "apple=1", "--or", "appel", "--json")
    documents = json.loads(done.stdout)
    assert (done.returncode, [each["success"] for each in documents]) == (1, [False, False])
    assert documents[1]["exception_name"] == "PackagesNotFound"


def test_without_packages_it_says_what_it_needs(world: World) -> None:
    done = typed(world, "try", "-n", "demo")
    assert (done.returncode, "xconda try pandas=1 --or pandas=2" in done.stderr) == (2, True)
