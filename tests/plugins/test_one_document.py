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
    assert ("NOISE printed" in made.stderr) is noisy  # it is not lost


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
