"""The real command line at a real terminal: the plan, the question, the bars."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.scenario import World
from tests.scenarios.screen import Screen
from tests.scenarios.world import a_world, installed


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        yield world


def at_a_terminal(world: World, *words: str, **environ: str) -> Screen:
    keyboard, screen = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "xconda_core", *words],
        env={**world.environ, "TERM": "xterm-256color", "COLUMNS": "100", **environ},
        stdin=screen,
        stdout=screen,
        stderr=screen,
        start_new_session=True,
    )
    os.close(screen)
    return Screen(keyboard, process)


CREATE = ("create", "-n", "demo", "apple")


def test_yes_carries_the_plan_out_and_the_bars_are_drawn(world: World) -> None:
    screen = at_a_terminal(world, *CREATE)
    screen.read_until(b"Proceed ([y]/n)? ")
    screen.type(b"\n")

    assert screen.finish() == 0
    assert installed(world.prefix("demo")) == {"apple": "2.0", "seed": "2.0"}
    assert "2 to install" in screen.text
    assert "Reading channels" in screen.text
    assert "Linking" in screen.text
    assert "Done: 2 packages installed" in screen.text
    assert "To use it: `xconda activate demo`." in screen.text
    assert screen.seen.count(b"\x1b[?25l") == screen.seen.count(b"\x1b[?25h") > 0


def test_no_changes_nothing_and_is_no_success(world: World) -> None:
    screen = at_a_terminal(world, *CREATE)
    screen.read_until(b"Proceed ([y]/n)? ")
    screen.type(b"n\n")

    assert screen.finish() == 1
    assert not world.prefix("demo").exists()
    assert "Nothing was changed." in screen.text


def test_ctrl_d_is_no(world: World) -> None:
    screen = at_a_terminal(world, *CREATE)
    screen.read_until(b"Proceed ([y]/n)? ")
    screen.type(b"\x04")

    assert screen.finish() == 1
    assert not world.prefix("demo").exists()


def test_ctrl_c_at_the_question_cancels(world: World) -> None:
    screen = at_a_terminal(world, *CREATE)
    screen.read_until(b"Proceed ([y]/n)? ")
    screen.process.send_signal(2)

    assert screen.finish() == 130
    assert not world.prefix("demo").exists()


def test_colour_marks_the_plan_unless_it_is_declined(world: World) -> None:
    coloured = at_a_terminal(world, *CREATE, "--dry-run")
    plain = at_a_terminal(world, *CREATE, "--dry-run", NO_COLOR="1")

    assert (coloured.finish(), plain.finish()) == (0, 0)
    assert b"\x1b[32m+  apple" in coloured.seen
    assert b"\x1b[32m" not in plain.seen


def test_a_dumb_terminal_gets_plain_lines(world: World) -> None:
    screen = at_a_terminal(world, *CREATE, "--dry-run", TERM="dumb")

    assert screen.finish() == 0
    assert b"\x1b" not in screen.seen
    assert "Reading channels\nChoosing packages\n" in screen.text


def test_a_notebook_cell_with_its_unanswerable_terminal_does_not_hang(world: World) -> None:
    screen = at_a_terminal(world, *CREATE, JPY_PARENT_PID="1")

    assert screen.finish() == 1
    assert "%xconda" in screen.text


def test_the_help_of_a_group_of_commands_fits_the_terminal(world: World) -> None:
    narrow = at_a_terminal(world, "env", "--help", COLUMNS="60")
    wide = at_a_terminal(world, "env", "--help", COLUMNS="200")

    assert (narrow.finish(), wide.finish()) == (0, 0)
    assert max(map(len, narrow.text.splitlines())) <= 60
    assert "xconda env config vars set -n demo KEY=value" in wide.text
