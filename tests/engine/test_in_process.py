"""``run_command``: a command line inside another program, which notices nothing of it."""

import json
import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from xconda_core.cancel import CancelToken
from xconda_core.in_process import run_command
from xconda_core.testing.channel_server import Fault, serve
from xconda_core.testing.simulator import a_channel, a_package


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    a_channel(tmp_path / "channel", [a_package("a"), a_package("b", depends=["a"])])
    (tmp_path / "home").mkdir()
    return {
        "HOME": str(tmp_path / "home"),
        "PATH": os.environ["PATH"],
        "CONDA_CHANNELS": (tmp_path / "channel").as_uri(),
        "CONDA_SUBDIR": "linux-64",
    }


def test_the_answer_comes_as_text_with_the_exit_code(environ: dict[str, str]) -> None:
    made = run_command("create", "-n", "e", "b", environ=environ)
    listed = run_command("list", "-n", "e", "--json", environ=environ)

    assert (made.code, listed.code) == (0, 0)
    assert "Packages: 2 to install" in made.stdout
    assert [each["name"] for each in json.loads(listed.stdout)] == ["a", "b"]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("install", "-n", "nowhere", "a"), 1, "There is no environment called nowhere."),
        (("no-such-command",), 2, "there is no command"),
        (("create", "-n", "e", "zebra"), 1, "zebra"),
    ],
)
def test_a_failure_is_an_answer_too(
    environ: dict[str, str], words: tuple[str, ...], code: int, says: str
) -> None:
    result = run_command(*words, environ=environ)

    assert (result.stdout, result.code) == ("", code)
    assert says in result.stderr


def test_nobody_is_asked_and_a_question_that_needs_an_answer_ends_the_command(
    environ: dict[str, str],
) -> None:
    assert run_command("create", "-n", "e", "a", environ=environ).code == 0
    refused = environ | {"CONDA_ALWAYS_YES": "false"}

    result = run_command("remove", "-n", "e", "a", environ=refused)

    assert result.code == 1
    assert "nobody is there to give it" in result.stderr
    assert "a" in run_command("list", "-n", "e", environ=environ).stdout


def test_the_process_is_as_it_was(
    environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def state() -> tuple[object, ...]:
        streams = (sys.stdin, sys.stdout, sys.stderr)
        return dict(os.environ), Path.cwd(), streams, [signal.getsignal(each) for each in numbers]

    before = state()
    run_command("create", "-n", "e", "b", environ=environ)
    run_command("run", "-n", "e", "--cwd", "/", "sh", "-c", "echo said; pwd", environ=environ)
    run_command("--help", environ=environ)

    assert state() == before
    assert capfd.readouterr() == ("", "")


def test_run_starts_its_program_as_a_child_and_returns_what_it_says(
    environ: dict[str, str],
) -> None:
    run_command("create", "-n", "e", environ=environ)
    script = "echo out of $CONDA_DEFAULT_ENV; echo err >&2; exit 7"

    result = run_command("run", "-n", "e", "sh", "-c", script, environ=environ)
    missing = run_command("run", "-n", "e", "no-such-program", environ=environ)

    assert result == ("out of e\n", "err\n", 7)
    assert missing.code == 127


def test_a_program_for_a_shell_is_returned_as_it_is(environ: dict[str, str]) -> None:
    run_command("create", "-n", "e", environ=environ)

    result = run_command("shell.posix", "activate", "e", environ=environ)

    assert "export CONDA_DEFAULT_ENV=e\n" in result.stdout


def test_the_search_path_of_the_configuration_can_be_replaced(
    environ: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "home" / ".condarc").write_text("channel_priority: disabled\n")
    mine = tmp_path / "mine" / ".condarc"
    mine.parent.mkdir()
    mine.write_text("channel_priority: flexible\n")
    words = ("config", "--show", "channel_priority")

    usual = run_command(*words, environ=environ).stdout
    replaced = run_command(*words, environ=environ, search_path=[mine]).stdout
    without = run_command(*words, environ=environ, search_path=[]).stdout

    assert [text.split()[-1] for text in (usual, replaced, without)] == [
        "disabled",
        "flexible",
        "strict",
    ]


def test_it_works_in_a_thread_and_can_be_cancelled(environ: dict[str, str]) -> None:
    codes: list[int] = []
    stopped = CancelToken()
    stopped.cancel()

    def work() -> None:
        codes.append(run_command("create", "-n", "e", "a", environ=environ).code)
        codes.append(run_command("create", "-n", "f", "a", environ=environ, cancel=stopped).code)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(60)

    assert codes[0] == 0
    assert codes[1] == 130
    assert not (Path(environ["HOME"]) / ".local/share/xconda/envs/f").exists()


def test_no_thread_is_left_behind_and_what_was_fetched_ahead_is_given_up(
    environ: dict[str, str], tmp_path: Path
) -> None:
    packages = [a_package("a"), *(a_package(f"p{n}") for n in range(60))]
    a_channel(tmp_path / "served" / "channel", packages)
    slow = Fault(delay=0.05)
    with serve(tmp_path / "served", faults=lambda path, times: slow) as server:
        there = environ | {"CONDA_CHANNELS": f"{server.url}/channel", "NO_PROXY": "127.0.0.1"}
        before = set(threading.enumerate())
        for words in (("search", "a"), ("create", "-n", "e", "a", "p1", "p2"), ("search", "p*")):
            assert run_command(*words, environ=there).code == 0
            left = {each.name for each in set(threading.enumerate()) - before}
            assert {name for name in left if name.startswith("xconda")} == set()


def test_a_program_that_is_a_command_runs_as_a_child(
    environ: dict[str, str], tmp_path: Path
) -> None:
    program = tmp_path / "bin" / "xconda-meet"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho met $1\necho aside >&2\nexit 3\n")
    program.chmod(0o755)

    result = run_command("meet", "you", environ={**environ, "PATH": f"{program.parent}:/bin"})

    assert result == ("met you\n", "aside\n", 3)
