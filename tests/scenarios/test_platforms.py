"""An environment for another platform: made, remembered, linked as that platform needs."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.setting_world import World
from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import a_channel, a_package

MAC, LINUX, WINDOWS = "osx-arm64", "linux-64", "win-64"
PACKAGES = (
    *(
        a_package("python", "3.12.1", subdir=platform, files={program: b"a program"})
        for platform, program in (
            (MAC, "bin/python3.12"),
            (LINUX, "bin/python3.12"),
            (WINDOWS, "python.exe"),
        )
    ),
    a_package("native", "1.0", subdir=LINUX),
    a_package("native", "2.0", subdir=MAC),
    a_package("apple-only", depends=["__osx"]),
    a_package(
        "tool",
        noarch="python",
        depends=["python"],
        files={"site-packages/tool.py": b"def main(): pass\n"},
        entry_points=["tool = tool:main"],
    ),
    a_package("library", noarch="python", files={"site-packages/library.py": b""}),
    a_package("noisy", subdir=MAC, files={"bin/.noisy-post-link.sh": b"touch $PREFIX/ran\n"}),
)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    home = tmp_path / "home"
    home.mkdir()
    subdirs = (MAC, LINUX, WINDOWS, "noarch")
    a_channel(tmp_path / "channels" / "orchard", PACKAGES, subdirs=subdirs)
    with serve(tmp_path / "channels") as server:
        world = World(home, server, monkeypatch)
        (home / ".condarc").write_text(
            f"channels: ['{world.orchard}']\nadd_pip_as_python_dependency: no\n", encoding="utf-8"
        )
        yield world


def installed(prefix: Path) -> dict[str, tuple[str, str]]:
    records = (json.loads(path.read_bytes()) for path in (prefix / "conda-meta").glob("*.json"))
    return {each["name"]: (each["version"], each["subdir"]) for each in records}


@pytest.mark.parametrize("option", ["--platform", "--subdir"])
def test_a_platform_is_remembered_and_not_inherited(world: World, option: str) -> None:
    prefix, other = world.home / "mac", world.home / "other"

    made = world.xconda("create", "-y", "-p", str(prefix), option, MAC, "apple-only")
    later = world.xconda("install", "-y", "-p", str(prefix), "native")
    active = {"CONDA_PREFIX": str(prefix)}
    beside = world.xconda("create", "-y", "-p", str(other), "native", **active)

    assert [made.returncode, later.returncode, beside.returncode] == [0, 0, 0], made.stderr
    assert (prefix / ".condarc").read_text(encoding="utf-8") == f"subdir: {MAC}\n"
    assert installed(prefix)["native"] == ("2.0", MAC)
    assert installed(other)["native"] == ("1.0", LINUX)
    assert not (other / ".condarc").exists()


def test_a_platform_that_nobody_knows_is_a_mistake(world: World) -> None:
    done = world.xconda("create", "-p", str(world.prefix), "--platform", "amiga-68k")

    assert done.returncode == 2
    assert "osx-arm64" in done.stderr


def test_noarch_packages_and_commands_are_linked_as_a_unix_needs_them(world: World) -> None:
    prefix = world.prefix
    done = world.xconda("create", "-y", "-p", str(prefix), "--platform", MAC, "tool", "noisy")

    assert done.returncode == 0, done.stderr
    assert (prefix / "lib/python3.12/site-packages/tool.py").is_file()
    command = (prefix / "bin" / "tool").read_text(encoding="utf-8")
    assert command.startswith(f"#!{prefix}/bin/python3.12\n")
    assert "Byte code was not compiled" in done.stderr
    assert "post-link scripts are for osx-arm64 and were not run here: noisy" in done.stderr
    assert not (prefix / "ran").exists()


def test_commands_for_windows_are_refused_where_they_cannot_be_made(world: World) -> None:
    words = ("create", "-y", "-p", str(world.prefix), "--platform", WINDOWS, "python")
    refused = world.xconda(*words, "tool")
    done = world.xconda(*words, "library")

    assert refused.returncode == 1
    assert "tool-1.0-0 was not linked: its commands cannot be made here" in refused.stderr
    assert done.returncode == 0, done.stderr
    assert (world.prefix / "Lib/site-packages/library.py").is_file()
