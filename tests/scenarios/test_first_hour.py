"""What somebody who is new to it does wrong, and what is said then."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.setting_world import World
from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import a_channel, a_package


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    home = tmp_path / "home"
    home.mkdir()
    served = tmp_path / "served"
    subdirs = ("linux-64", "osx-arm64", "noarch")
    apple = a_package("apple", subdir="linux-64")
    a_channel(served / "orchard", [apple], subdirs=subdirs)
    with serve(served) as server:
        world = World(home, server, monkeypatch)
        world.condarc()
        yield world


def test_a_lock_says_for_which_platform_a_package_is_missing(world: World) -> None:
    done = world.xconda("lock", "apple", "--platform", "linux-64", "--platform", "osx-arm64")

    assert done.returncode == 1
    assert "For osx-arm64: No package matches 'apple'." in done.stderr


def test_an_archive_with_no_name_of_one_is_named_itself(world: World, tmp_path: Path) -> None:
    strange = tmp_path / "strange one (1).conda"
    strange.write_bytes(b"")
    done = world.xconda("create", "-n", "demo", "-y", str(strange))

    assert done.returncode == 2
    assert f"{strange} was not installed." in done.stderr
    assert "line 1" not in done.stderr
    assert "NAME-VERSION-BUILD.conda" in done.stderr


def test_a_file_in_the_place_of_an_environment_is_called_a_file(
    world: World, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("mine")
    done = world.xconda("create", "-p", str(tmp_path / "taken"), "-y", "apple")

    assert done.returncode == 1
    assert "a file of that name is there." in done.stderr
    assert (tmp_path / "taken").read_text() == "mine"


@pytest.mark.parametrize("words", [("-n", "d" * 300), ("-p", "/" + "d" * 300)], ids=["-n", "-p"])
def test_a_name_that_is_too_long_is_called_so(world: World, words: tuple[str, str]) -> None:
    done = world.xconda("create", *words, "-y", "apple")

    assert done.returncode == 1
    assert "choose a shorter name" in done.stderr


def test_a_line_of_a_file_that_is_no_spec_is_one_sentence(world: World, tmp_path: Path) -> None:
    (tmp_path / "environment.yml").write_text("dependencies:\n  - apple=\n")
    done = world.xconda("env", "create", "-n", "demo", "-f", str(tmp_path / "environment.yml"))

    assert done.returncode == 1
    assert "'apple=' is not a package specification: at 'apple=⟨here⟩'" in done.stderr
