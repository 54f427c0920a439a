"""Plugins hold wherever the engine works: in a program, and in the worker of a notebook."""

import json
import subprocess
import sys

from tests.plugins.conftest import PluginWorld
from xconda_core import __version__

RULE = """
class NotHere(plugins.XcondaError):
    code = "not-here"
    def __init__(self):
        self.what, self.why, self.fix = "Not here.", "apples are banned.", "ask for pears."

def look(wanted, unwanted):
    print("looking")
    if any(spec.name == "apple" for spec in wanted):
        raise NotHere

@plugins.hookimpl
def xconda_pre_solves():
    yield plugins.PluginPreSolve("apples", look)
"""
PROGRAM = """
import sys
from xconda_core import api

engine = api.open_engine(overrides={"no_plugins": sys.argv[2] == "alone"})
try:
    engine.plan(api.ChangeRequest(verb="create", prefix=sys.argv[1], specs=("apple",)))
except api.XcondaError as error:
    print(error.code)
else:
    print("planned")
print(*engine.settings.warnings)
"""


def test_a_rule_of_a_plugin_holds_in_a_program(world: PluginWorld) -> None:
    world.install("rule", RULE)
    world.install("broken", "1 / 0")
    command = [sys.executable, "-c", PROGRAM, str(world.prefix)]
    said = [
        subprocess.run(
            [*command, word], env=world.variables, capture_output=True, text=True, check=True
        ).stdout.splitlines()
        for word in ("with", "alone")
    ]
    refused, planned = said
    assert refused[0] == "not-here"
    assert "the plugin broken broke (ZeroDivisionError: division by zero" in refused[1]
    assert "in xconda_broken_module.py, line 2)" in refused[1]
    assert planned == ["planned", ""]


def test_a_rule_of_a_plugin_holds_in_a_notebooks_worker(world: PluginWorld) -> None:
    world.install("rule", RULE)
    assert world.create("seed").returncode == 0
    request = {
        "protocol": 1,
        "client_version": __version__,
        "verb": "install",
        "prefix": str(world.prefix),
        "specs": ["apple"],
    }
    with subprocess.Popen(
        [sys.executable, "-m", "xconda_core.worker"],
        env=world.variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        greeting, *rest = [json.loads(line) for line in process.stdout]
    assert greeting["prefix"] == str(world.prefix)
    assert [line["error"]["code"] for line in rest] == ["not-here"]
