"""Behaviours 2.32: ``--json`` asks nobody, and its document stands alone on standard output."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.plugins.conftest import PluginWorld
from xconda_core.testing.simulator import a_channel, a_package

TALKS = """
import os
import sys

print("NOISE while it is imported")

def say(*given):
    print("NOISE printed")
    sys.stdout.write("NOISE written\\n")
    os.write(1, b"NOISE of a library in C\\n")
    os.system("echo NOISE of a child")

@plugins.hookimpl
def xconda_pre_commands():
    yield plugins.PluginPreCommand("before", say, frozenset({"create", "install", "list"}))

@plugins.hookimpl
def xconda_post_commands():
    yield plugins.PluginPostCommand("after", say, frozenset({"create", "install", "list"}))

@plugins.hookimpl
def xconda_pre_solves():
    yield plugins.PluginPreSolve("asked", say)

@plugins.hookimpl
def xconda_post_solves():
    yield plugins.PluginPostSolve("answered", say)
"""
GREETS = """
def greet(words):
    print("hello")
    os.system("echo hello of a child")

@plugins.hookimpl
def xconda_subcommands():
    yield plugins.PluginSubcommand("greet", "Say hello", greet)
"""
SCRIPT = b"#!/bin/sh\necho NOISE of a link script\necho NOISE again >&2\n"


@pytest.mark.parametrize("noisy", [True, False])
def test_standard_output_stays_one_document_whatever_plugins_and_link_scripts_print(
    world: PluginWorld, tmp_path: Path, noisy: bool
) -> None:
    files = {"bin/.loud-post-link.sh": SCRIPT, "bin/.loud-pre-unlink.sh": SCRIPT}
    a_channel(tmp_path / "loud", [a_package("loud", files=files, executables=list(files))])
    if noisy:
        world.install("talks", TALKS)

    made = world.create("loud", "--json", CONDA_CHANNELS=(tmp_path / "loud").as_uri())
    listed = world.xconda("list", "-p", str(world.prefix), "--json")

    assert json.loads(made.stdout)["success"] is True
    assert [each["name"] for each in json.loads(listed.stdout)] == ["loud"]
    for noise in ("printed", "written", "of a library in C", "of a child"):  # it is not lost
        assert (f"NOISE {noise}\n" in made.stderr) is noisy
    assert "switched off" not in made.stderr


@pytest.mark.parametrize("setting", [{"CONDA_JSON": "true"}, {"CONDA_CONSOLE": "json-lines"}, {}])
def test_the_answer_stands_alone_however_it_is_asked_for(
    world: PluginWorld, setting: dict[str, str]
) -> None:
    world.install("talks", TALKS)

    made = world.create("apple=1", **setting)
    listed = world.xconda("list", "-p", str(world.prefix), **setting)

    assert (made.returncode, listed.returncode) == (0, 0)
    assert "NOISE" not in made.stdout + listed.stdout
    assert made.stderr.count("NOISE of a child") == 4
    if "CONDA_JSON" in setting:
        assert json.loads(made.stdout)["success"] is True


def test_a_program_that_speaks_for_itself_has_standard_output_to_itself(
    world: PluginWorld,
) -> None:
    world.install("talks", TALKS.replace('"install"', '"run", "greet", "meet"') + GREETS)
    program = world.home / "bin" / "xconda-meet"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho met\n")
    program.chmod(0o755)
    world.create("apple=1")

    ran = world.xconda("run", "-p", str(world.prefix), "echo", "--json")
    greeted = world.xconda("greet", "--json")
    met = world.xconda("meet", "--json", PATH=f"{program.parent}:/usr/bin:/bin")

    assert (ran.stdout, met.stdout) == ("--json\n", "met\n")
    assert sorted(greeted.stdout.splitlines()) == ["hello", "hello of a child"]
    assert "NOISE of a child" in greeted.stderr


def test_json_alone_asks_nobody(world: PluginWorld) -> None:
    world.create("apple=1")
    words = ["remove", "-p", str(world.prefix), "--all", "--json"]
    (world.prefix / "mine.txt").write_text("kept")
    variables = {**world.variables, "CONDA_ALWAYS_YES": "false"}
    reader, writer = os.pipe()  # a pipe that nobody writes into: a question would wait
    try:
        done = subprocess.run(
            [sys.executable, "-m", "xconda_core", *words],
            env=variables, cwd="/", stdin=reader, capture_output=True, text=True, timeout=60,
            check=False,
        )  # fmt: skip
    finally:
        os.close(reader)
        os.close(writer)
    assert isinstance(json.loads(done.stdout), dict)
    assert (world.prefix / "mine.txt").exists()
