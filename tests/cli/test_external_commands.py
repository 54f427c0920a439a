"""`xconda NAME` starts the program `xconda-NAME`, or `conda-NAME`, where xconda has no NAME."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from xconda_core.cli.external_commands import external_commands, find_external

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="programs are scripts here")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def program(folder: Path, name: str, text: str = 'echo "$0" "$@"; exit 7') -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def run(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "xconda_core", *words],
        env={"HOME": str(folder.parent), "PATH": f"{folder}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_program_on_path_is_a_command_with_its_own_words_and_exit_code(folder: Path) -> None:
    path = program(folder, "xconda-prune")
    done = run(folder, "prune", "--json", "-n", "a b")
    assert (done.stdout, done.returncode) == (f"{path} --json -n a b\n", 7)


def test_a_program_of_conda_is_found_where_xconda_has_none_of_that_name(folder: Path) -> None:
    theirs = program(folder, "conda-build")
    environ = {"PATH": str(folder)}
    assert find_external("build", environ) == theirs
    own = program(folder, "xconda-build")
    assert find_external("build", environ) == own
    assert external_commands(environ) == {"build": own}


def test_a_command_of_xconda_is_never_taken_over(folder: Path) -> None:
    for name in ("xconda-list", "conda-env", "xconda-upgrade", "xconda-shell.bash"):
        program(folder, name)
    assert external_commands({"PATH": str(folder)}).keys() <= {"shell.bash"}
    assert run(folder, "env", "list").returncode == 0


def test_what_cannot_be_started_is_no_command(folder: Path) -> None:
    (folder / "xconda-notes").write_text("not a program")
    (folder / "xconda-folder").mkdir()
    assert external_commands({"PATH": f"{folder}::/nowhere"}) == {}
    done = run(folder, "notes")
    assert (done.returncode, "no command 'notes'" in done.stderr) == (2, True)


def test_a_program_that_the_system_refuses_is_said_in_words(folder: Path) -> None:
    broken = folder / "xconda-broken"
    broken.write_bytes(b"\x7fELF nothing")
    broken.chmod(0o755)
    done = run(folder, "broken")
    assert done.returncode == 126
    assert f"{broken} was not started." in done.stderr


def test_a_program_ends_quietly_when_its_reader_has_gone(folder: Path) -> None:
    program(folder, "xconda-many", "yes; echo $? >&2")
    words = f"{sys.executable} -m xconda_core many | true"
    done = subprocess.run(
        ["bash", "-c", words],
        env={**os.environ, "PATH": f"{folder}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == "141\n"


def test_commands_and_the_help_name_them_too(folder: Path) -> None:
    path = program(folder, "xconda-prune")
    named = run(folder, "commands").stdout.splitlines()
    assert {"prune", "install", "uninstall", "env"} <= set(named)
    assert json.loads(run(folder, "commands", "--json").stdout) == named
    assert str(path) in run(folder, "--help").stdout
