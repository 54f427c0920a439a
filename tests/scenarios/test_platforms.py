"""An environment for another platform: made, remembered, linked as that platform needs."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.setting_world import World
from xconda_core.package_cache.package_writer import PLACEHOLDER
from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import a_channel, a_package

MAC, LINUX, WINDOWS = "osx-arm64", "linux-64", "win-64"
PREFIX = PLACEHOLDER.encode()
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
    a_package("code", subdir=MAC, files={"bin/code": b"\xcf\xfa\xed\xfe\0" + PREFIX + b"\0"}),
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


def test_commands_for_windows_are_a_script_and_a_launcher_as_conda_makes_them(
    world: World,
) -> None:
    prefix = world.prefix
    done = world.xconda("create", "-y", "-p", str(prefix), "--platform", WINDOWS, "tool")

    assert done.returncode == 0, done.stderr
    assert (prefix / "Lib/site-packages/tool.py").is_file()
    script = (prefix / "Scripts/tool-script.py").read_text(encoding="utf-8")
    assert script.startswith("# -*- coding: utf-8 -*-\n"), "the launcher knows its python.exe"
    assert "from tool import main" in script
    assert (prefix / "Scripts/tool.exe").read_bytes()[:2] == b"MZ"
    assert not (prefix / "Scripts/tool").exists()
    record = json.loads((prefix / "conda-meta/tool-1.0-0.json").read_bytes())
    kinds = {path["_path"]: path["path_type"] for path in record["paths_data"]["paths"]}
    assert kinds["Scripts/tool-script.py"] == "windows_python_entry_point_script"
    assert kinds["Scripts/tool.exe"] == "windows_python_entry_point_exe"


@pytest.mark.parametrize(
    ("platform", "command"), [(WINDOWS, "Scripts/tool.exe"), (LINUX, "bin/tool")]
)
def test_a_command_that_is_gone_comes_back_by_doctor_and_leaves_with_its_package(
    world: World, platform: str, command: str
) -> None:
    prefix = str(world.prefix)
    world.xconda("create", "-y", "-p", prefix, "--platform", platform, "tool")
    launcher = world.prefix / command
    content = launcher.read_bytes()
    launcher.unlink()

    fixed = world.xconda("doctor", "-p", prefix, "--fix", "-y")
    back = launcher.read_bytes()
    gone = world.xconda("remove", "-y", "-p", prefix, "tool")

    assert back == content, fixed.stdout + fixed.stderr
    assert gone.returncode == 0, gone.stderr
    assert not launcher.exists()


def test_programs_for_a_mac_are_to_be_signed_there_also_after_a_repair(world: World) -> None:
    prefix = str(world.prefix)

    made = world.xconda("create", "-y", "-p", prefix, "--platform", MAC, "code")
    (world.prefix / "bin/code").unlink()
    fixed = world.xconda("doctor", "-p", prefix, "--fix", "-y")

    assert (world.prefix / "bin/code").is_file(), fixed.stderr
    said = "sign bin/code of code before use"
    assert said in " ".join(made.stderr.split())
    assert said in " ".join(fixed.stderr.split())
