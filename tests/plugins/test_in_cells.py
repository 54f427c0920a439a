"""What plugins add is there in the cells of notebooks, too."""

import json
import subprocess
import sys
from typing import Any

from tests.plugins.conftest import PluginWorld
from tests.plugins.test_hooks import BEFORE_AND_AFTER, COMMANDS, HINTS
from xconda_core import __version__
from xconda_core.cli.notebook_wish import PROTOCOL

HINT = [{"text": "Ask on the intranet."}]


def ask(world: PluginWorld, verb: str, *specs: str, **more: object) -> dict[str, Any]:
    """Return the last line of a worker that was asked."""
    wish = {"protocol": PROTOCOL, "client_version": __version__, "verb": verb, "specs": specs}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "xconda_core.worker"],
        input=json.dumps({**wish, "prefix": str(world.prefix), "confirm": "yes", **more}) + "\n",
        env=world.variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    last: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return last


def test_a_command_of_a_plugin_answers_in_a_cell(world: PluginWorld) -> None:
    world.install("greeter", COMMANDS)
    told = ask(world, "command", "greet", "--loud", "you")["result"]
    assert [line["text"] for line in told["lines"]] == ["HELLO you"]
    assert (told["code"], told["failure"]) == (3, None)
    broken = ask(world, "command", "fall")["result"]["failure"]
    assert broken["what"] == "The plugin greeter broke."


def test_plugins_go_before_and_after_a_command_in_a_cell(world: PluginWorld) -> None:
    world.install("frame", BEFORE_AND_AFTER)
    assert ask(world, "command", "env", "list")["result"]["failure"] is None


def test_hints_of_plugins_follow_what_fails_in_a_cell(world: PluginWorld) -> None:
    world.install("hints", HINTS)
    assert world.create("seed").returncode == 0
    in_words = ask(world, "command", "create", "-n", "x", "--dry-run", "plum")["result"]["failure"]
    assert [each["text"] for each in in_words["hints"]] == ["Ask on the intranet."]
    asked = ask(world, "search", "plum")
    assert asked["error"]["hints"] == HINT
    job = ask(world, "install", "plum")
    assert job["error"]["hints"] == HINT
    last = max((world.home / ".local/state/xconda/jobs").glob("*/result.json"))
    assert json.loads(last.read_text())["error"]["hints"] == HINT
