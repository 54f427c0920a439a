"""What plugins do within a transaction: the environment is in its old state, or in its new one."""

import json
import os
import subprocess
import sys
import time

import pytest

from tests.plugins.conftest import PluginWorld

ACTIONS = """
import os
from pathlib import Path

LOG = Path(os.environ["ACTION_LOG"])


class NoRoom(plugins.XcondaError):
    code = "no-room"
    what, why, fix = "No.", "the shelf is full.", "make room."


class Action:
    kind = "?"

    def __init__(self, plan):
        self.plan = plan
        self.say("made " + " ".join(f"{each.kind} {each.name}" for each in plan.operations))

    def say(self, text):
        with LOG.open("a") as file:
            print(self.kind, text, file=file)

    def act(self, verb):
        self.say(verb)
        wanted = os.environ.get("ACTION_DOES", "").split()
        if wanted[:2] == [self.kind, verb]:
            if wanted[2] == "refuses":
                raise NoRoom
            if wanted[2] == "breaks":
                raise KeyError("no shelf")
            LOG.with_name("waiting").touch()
            import time
            time.sleep(60)

    def verify(self):
        self.act("verify")

    def execute(self, files):
        files.write(f"shelf/{self.kind}.txt", self.plan.operations[0].name.encode())
        self.act("execute")

    def reverse(self):
        self.act("reverse")

    def cleanup(self):
        self.act("cleanup")


class First(Action):
    kind = "first"


class Last(Action):
    kind = "last"


@plugins.hookimpl
def xconda_pre_transaction_actions():
    yield plugins.PluginPreTransactionAction("first", First)


@plugins.hookimpl
def xconda_post_transaction_actions():
    yield plugins.PluginPostTransactionAction("last", Last)
"""
WHOLE = [
    "first made install apple install seed",
    "last made install apple install seed",
    "first verify",
    "last verify",
    "first execute",
    "last execute",
]


@pytest.fixture
def acting(world: PluginWorld) -> PluginWorld:
    world.install("shelf", ACTIONS)
    return world


def _log(world: PluginWorld) -> list[str]:
    path = world.home / "actions"
    return path.read_text().splitlines() if path.exists() else []


def _create(world: PluginWorld, does: str = "") -> subprocess.CompletedProcess[str]:
    return world.create("apple", ACTION_LOG=str(world.home / "actions"), ACTION_DOES=does)


def test_actions_go_before_and_after_the_packages_and_clear_up(acting: PluginWorld) -> None:
    assert _create(acting).returncode == 0
    assert _log(acting) == [*WHOLE, "first cleanup", "last cleanup"]
    assert (acting.prefix / "shelf/first.txt").read_text() == "apple"
    assert (acting.prefix / "shelf/last.txt").read_text() == "apple"


def test_a_dry_run_and_an_empty_plan_have_no_actions(acting: PluginWorld) -> None:
    _create(acting)
    (acting.home / "actions").unlink()
    again = acting.xconda("install", "-p", str(acting.prefix), "apple")
    dry = acting.xconda("install", "-p", str(acting.prefix), "apple=1", "--dry-run")
    assert (again.returncode, dry.returncode, _log(acting)) == (0, 0, [])


def test_an_action_that_does_not_want_it_ends_the_change_before_it_begins(
    acting: PluginWorld,
) -> None:
    done = _create(acting, "last verify refuses")
    assert (done.returncode, "the shelf is full." in done.stderr) == (1, True)
    assert _log(acting)[2:] == ["first verify", "last verify"]
    assert not acting.prefix.exists()


@pytest.mark.parametrize(
    ("does", "reversed_"),
    [
        ("first execute refuses", ["first execute", "first reverse"]),
        (
            "last execute refuses",
            ["first execute", "last execute", "last reverse", "first reverse"],
        ),
    ],
)
def test_an_action_that_refuses_undoes_the_whole_change(
    acting: PluginWorld, does: str, reversed_: list[str]
) -> None:
    acting.create("seed")
    before = acting.installed()
    log = str(acting.home / "actions")
    install = ("install", "-p", str(acting.prefix), "apple")
    done = acting.xconda(*install, ACTION_LOG=log, ACTION_DOES=does)
    assert (done.returncode, "the shelf is full." in done.stderr) == (1, True)
    assert _log(acting)[-len(reversed_) :] == reversed_
    assert acting.installed() == before == ["seed 1.0"]


def test_an_action_that_breaks_is_taken_back_and_the_change_goes_on(acting: PluginWorld) -> None:
    done = _create(acting, "first execute breaks")
    assert done.returncode == 0
    assert "the plugin shelf broke (KeyError: 'no shelf'" in done.stderr
    assert _log(acting)[4:] == ["first execute", "first reverse"]  # the other action is off as well
    assert acting.installed() == ["apple 2.0", "seed 1.0"]
    assert not (acting.prefix / "shelf").exists()


def test_a_reverse_that_breaks_is_said_and_breaks_nothing_else(acting: PluginWorld) -> None:
    source = ACTIONS.replace("wanted[:2] == [self.kind, verb]", 'verb in ("execute", "reverse")')
    acting.install("second", source)
    done = _create(acting, "x x breaks")
    assert done.returncode == 0
    assert "the plugin second could not take back what it did (KeyError" in done.stderr
    assert acting.installed() == ["apple 2.0", "seed 1.0"]


@pytest.mark.parametrize("path", ["../out", "/out", "conda-meta/x.json", "out/x", ""])
def test_an_action_writes_nowhere_else(world: PluginWorld, path: str) -> None:
    world.install(
        "writer",
        f"""
import os

class Action:
    def __init__(self, plan):
        self.prefix = plan.prefix
    def verify(self): pass
    def execute(self, files):
        os.makedirs(self.prefix, exist_ok=True)
        if not os.path.lexists(f"{{self.prefix}}/out"):
            os.symlink("/", f"{{self.prefix}}/out")
        files.write({path!r}, b"x")
    def reverse(self):
        os.unlink(f"{{self.prefix}}/out")
    def cleanup(self): pass

@plugins.hookimpl
def xconda_post_transaction_actions():
    yield plugins.PluginPostTransactionAction("writer", Action)
""",
    )
    done = world.create("seed")
    assert (done.returncode, "the plugin writer broke (ValueError" in done.stderr) == (0, True)
    assert world.installed() == ["seed 1.0"]


@pytest.mark.parametrize("kind", ["first", "last"])
def test_a_process_killed_in_an_action_leaves_the_old_state(acting: PluginWorld, kind: str) -> None:
    acting.create("seed", ACTION_LOG=str(acting.home / "before"))
    process = subprocess.Popen(
        [sys.executable, "-m", "xconda_core", "install", "-p", str(acting.prefix), "apple"],
        env={
            **acting.variables,
            "ACTION_LOG": str(acting.home / "actions"),
            "ACTION_DOES": f"{kind} execute waits",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _wait_for(acting)
    process.kill()
    process.wait()
    assert acting.installed() == ["seed 1.0"]
    assert (acting.prefix / "shelf/first.txt").read_text() == "seed"  # what it was before
    assert not [name for name in os.listdir(acting.prefix) if "transaction" in name]


def _wait_for(world: PluginWorld) -> None:
    limit = time.monotonic() + 30
    while not (world.home / "waiting").exists():
        assert time.monotonic() < limit
        time.sleep(0.05)


def test_packages_that_go_have_actions_too(acting: PluginWorld) -> None:
    _create(acting)
    log = str(acting.home / "actions")
    done = acting.xconda("remove", "-p", str(acting.prefix), "apple", "--json", ACTION_LOG=log)
    assert json.loads(done.stdout)["success"]
    assert "first made remove apple remove seed" in _log(acting)
