"""`xconda run` becomes the program: what reaches it, and what of it is seen."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of a POSIX system")


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    prefix = tmp_path / "it's an env"
    (prefix / "conda-meta").mkdir(parents=True)
    (prefix / "conda-meta" / "history").touch()
    return prefix


def run(prefix: Path, *words: str, text: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "xconda_core", "run", "-p", str(prefix), *words],
        env={"HOME": str(prefix.parent), "PATH": "/usr/bin:/bin"},
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_program_reads_what_is_piped_in_and_its_exit_code_is_that_of_xconda(
    prefix: Path,
) -> None:
    done = run(prefix, "-s", "sh", "-c", "cat; exit 7", text="hello")
    assert (done.stdout, done.returncode) == ("hello", 7)


def test_a_signal_that_ends_the_program_is_seen_as_such(prefix: Path) -> None:
    assert run(prefix, "--live-stream", "sh", "-c", "kill -TERM $$").returncode == -15


def test_a_program_whose_reader_has_gone_ends_as_it_does_in_a_shell(prefix: Path) -> None:
    ended = "(yes; echo $? >&2) | true"
    assert run(prefix, "--no-capture-output", "bash", "-c", ended).stderr == "141\n"


def test_dev_lets_the_program_find_this_xconda(prefix: Path) -> None:
    script = "$CONDA_EXE $_CE_M $_CE_CONDA --version"
    assert run(prefix, "--dev", "sh", "-c", script).stdout.startswith("xconda ")


def test_what_activation_does_is_shown_on_request(prefix: Path) -> None:
    assert run(prefix, "true").stderr == ""
    shown = run(prefix, "--debug-wrapper-scripts", "true").stderr
    assert "export CONDA_SHLVL=1" in shown.splitlines()


def test_the_program_starts_in_the_folder_of_cwd(prefix: Path) -> None:
    assert run(prefix, "--cwd", "/usr", "pwd").stdout == "/usr\n"
    assert run(prefix, "pwd").stdout == f"{os.getcwd()}\n"
