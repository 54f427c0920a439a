"""What is configured holds on the command line too, and options win over it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.scenario import World
from tests.scenarios.world import a_world, installed


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        yield world


def xconda(
    world: World, *words: str, answer: str = "", **environ: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "xconda_core", *words],
        env={**world.environ, **environ},
        input=answer,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_always_yes_in_a_condarc_is_not_asked(world: World) -> None:
    (world.home / ".condarc").write_text("always_yes: true\n", encoding="utf-8")

    assert xconda(world, "create", "-n", "demo", "apple").returncode == 0
    assert "apple" in installed(world.prefix("demo"))


def test_json_by_variable_makes_documents_of_failures_too(world: World) -> None:
    done = xconda(world, "list", "-n", "nowhere", CONDA_JSON="true")

    assert done.returncode == 1
    assert json.loads(done.stdout)["code"] == "environment-not-found"


def test_quiet_says_nothing_that_was_not_asked_for(world: World) -> None:
    done = xconda(world, "create", "-n", "demo", "apple", "--quiet", "--yes")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_quiet_question_still_shows_what_it_is_about(world: World) -> None:
    done = xconda(world, "create", "-n", "demo", "apple", "--quiet", answer="y\n")

    assert "2 to install" in done.stdout
    assert "apple" in installed(world.prefix("demo"))


def test_a_setting_that_makes_no_sense_is_named_with_its_place(world: World) -> None:
    done = xconda(world, "list", CONDA_CHANNEL_PRIORITY="loose")

    assert done.returncode == 1
    assert "CONDA_CHANNEL_PRIORITY" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_log_of_the_last_change_is_kept_without_credentials(world: World) -> None:
    url = world.channel.replace("http://", "http://me:hunter2@")
    xconda(world, "create", "-n", "demo", "apple", "-c", url, "--yes")

    state = world.home / ".local/state/xconda"
    log = (state / "last-operation.log").read_text(encoding="utf-8")
    kept = [path.read_text(encoding="utf-8") for path in state.rglob("*") if path.is_file()]
    history = (world.prefix("demo") / "conda-meta" / "history").read_text(encoding="utf-8")
    assert "xconda create -n demo apple" in log
    assert "apple-2.0-0.conda" in log
    assert "hunter2" not in "".join([*kept, history])


def test_verbose_shows_the_log_and_no_escape_codes(world: World) -> None:
    done = xconda(world, "search", "apple", "-vv")

    assert "INFO xconda_core" in done.stderr
    assert "\x1b" not in done.stderr
