"""Words in, words and an exit code out; a mistake is a sentence and never a traceback."""

import json
import os
import shlex
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from xconda_core import __version__
from xconda_core.cli.command_table import COMMANDS
from xconda_core.cli.help_text import overview
from xconda_core.cli.main import main
from xconda_core.cli.unexpected import report_unexpected

Captured = pytest.CaptureFixture[str]


def test_help_shows_every_command_with_an_example(capsys: Captured) -> None:
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    for entry in COMMANDS:
        assert f"  {entry.name} " in out
        assert entry.example in out


def test_no_words_at_all_show_the_help(capsys: Captured) -> None:
    assert main([]) == 0
    assert "xconda COMMAND" in capsys.readouterr().out


@pytest.mark.parametrize("word", ["check", "doctor", "uninstall", "remove"])
def test_the_help_of_a_command_is_under_the_word_that_was_typed(
    word: str, capsys: Captured
) -> None:
    assert main([word, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"usage: xconda {word} ")


@pytest.mark.parametrize("word", ["--version", "-V"])
def test_the_version_is_one_line(word: str, capsys: Captured) -> None:
    assert main([word]) == 0
    assert capsys.readouterr().out == f"xconda {__version__}\n"


def test_the_package_is_run_by_python_as_the_program_is() -> None:
    words = [sys.executable, "-m", "xconda_core", "--version"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == (f"xconda {__version__}\n", "")


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.module)
def test_every_command_explains_itself_with_examples(
    entry: object, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    name = entry.name  # type: ignore[attr-defined]
    assert main([*name.split(), "--help"]) == 0
    out = capsys.readouterr().out
    assert f"xconda {name} " in out
    assert "examples:" in out
    assert max(map(len, out.splitlines())) <= 80


def test_help_of_a_word_that_has_commands_below_it_shows_those(capsys: Captured) -> None:
    for words in (["env"], ["env", "--help"], ["env", "-h"]):
        assert main(words) == 0
        out = capsys.readouterr().out
        assert out.startswith("usage: xconda env COMMAND")
        assert "env list" in out
        assert "install" not in out


def test_help_of_two_words_shows_the_commands_below_both(capsys: Captured) -> None:
    assert main(["env", "config", "--help"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("usage: xconda env config COMMAND")
    assert "env config vars list" in out
    assert "env list" not in out


def test_help_breaks_no_name_at_its_hyphens(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    for columns in range(60, 100, 3):
        monkeypatch.setenv("COLUMNS", str(columns))
        assert main(["export", "--help"]) == 0
        assert "-\n" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "command", "expected"),
    [
        (["instal", "x"], "xconda", "did you mean install"),
        (["env", "lst"], "xconda", "did you mean env list"),
        (["-n", "work", "list"], "xconda", "-n needs a command before it."),
        (["frobnicate"], "xconda", "there is no command 'frobnicate'."),
        (["--jsno", "list"], "xconda list", "it has no option --jsno."),
        (["--vresion"], "xconda", "did you mean --version"),
        (["install", "--forec", "x"], "xconda install", "it has no option --forec."),
        (["install", "x", "--drry-run"], "xconda install", "did you mean --dry-run?"),
        (["install", "--dry", "x"], "xconda install", "it has no option --dry."),
        (["install"], "xconda install", "it needs the name of a package."),
        (["remove"], "xconda remove", "it needs the name of a package."),
        (["update"], "xconda update", "it needs the names of packages, or --all."),
        (["create"], "xconda create", "a new environment needs a name or a path."),
        (["install", "-O", "x", "-p", "/"], "xconda install", "leaves no channel."),
        (["search", "-O", "x"], "xconda search", "leaves no channel."),
        (["create", "-n"], "xconda create", "argument -n/--name: expected one argument."),
        (["list", "-n", "a", "-p", "b"], "xconda list", "not allowed with argument"),
        (["list", "a", "b"], "xconda list", "'b' is one word too many."),
        (["search", "--reverse-dependency"], "xconda search", "PACKAGE"),
        (["run"], "xconda run", "it needs a program."),
        (["undo", "--revision", "x"], "xconda undo", "invalid int value: 'x'."),
    ],
    ids=" ".join,
)
def test_a_command_line_that_makes_no_sense_is_said_and_nothing_starts(
    words: list[str], command: str, expected: str, capsys: Captured
) -> None:
    assert main(words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    what = "No command was" if command == "xconda" else f"{command} was not"
    assert captured.err.startswith(f"{what} started.\n  why: ")
    assert expected in captured.err
    assert "\n  try: " in captured.err


def test_with_json_a_mistake_is_a_document_too(capsys: Captured) -> None:
    assert main(["install", "--json", "--forec", "x"]) == 2
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert captured.err == ""
    assert document["success"] is False
    assert document["code"] == "usage"
    assert document["exception_name"] == "UsageError"
    assert {"error", "message", "what", "why", "fix", "facts"} <= document.keys()


def test_a_reader_that_goes_away_is_no_failure_to_talk_about() -> None:
    script = f"{sys.executable} -m xconda_core --help | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", f"sleep 0.2; {script}"], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_full_disk_for_the_answer_is_said_once_in_words(form: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "xconda_core", "info", *form],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip

    assert done.returncode == 1
    assert done.stderr.count("No space left on device") == 1
    assert "Traceback" not in done.stderr


def test_what_nobody_foresaw_is_one_paragraph_and_a_report(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("CONDA_TEST_PROXY", "http://me:hunter2@proxy:80")
    monkeypatch.setattr("xconda_core.cli.help_text.overview", fail)

    code = main(["--help", "-v"])

    error = capsys.readouterr().err
    (report,) = (tmp_path / "xconda" / "reports").iterdir()
    text = report.read_text(encoding="utf-8")
    assert code == 70
    assert error.count("\n") == 3
    assert "Traceback" not in error
    assert str(report) in error
    assert "command: xconda --help -v" in text
    assert "ZeroDivisionError" in text
    assert "msgspec " in text
    assert "Traceback" in text
    assert "root_prefix: " in text
    assert "hunter2" not in text + error
    assert "s3cr3t" not in text + error


def fail(*_given: object) -> str:
    raise ZeroDivisionError("at https://host/t/s3cr3t/channel")


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (OSError(28, "No space left on device", "/pkgs/a"), "No space left on device"),
        (OSError(122, "Disk quota exceeded"), "Disk quota exceeded"),
        (MemoryError(), "there is not enough memory"),
        (PermissionError(13, "Permission denied", "/opt/x"), "/opt/x: Permission denied"),
        (OSError(30, "Read-only file system", "/mnt/x"), "/mnt/x: Read-only file system"),
        (
            FileNotFoundError(2, "No usable temporary directory found in ['/tmp', '/var/tmp']"),
            "set TMPDIR",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_failures_of_the_machine_have_words_of_their_own(
    failure: Exception, words: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overview(*_given: object) -> str:
        raise failure

    monkeypatch.setattr("xconda_core.cli.help_text.overview", overview)

    assert main(["--help"]) == 1
    assert words in capsys.readouterr().err


def test_output_that_was_closed_before_the_start_is_no_mistake(tmp_path: Path) -> None:
    words = shlex.join([sys.executable, "-m", "xconda_core", "--version"])
    redirected = f"{words} <&- >&- 2>&-"

    assert subprocess.run(["sh", "-c", redirected], cwd=tmp_path, check=False).returncode == 0


def test_what_an_encoding_has_no_letter_for_is_spelled_out(tmp_path: Path) -> None:
    home = tmp_path / "jürgen"
    (home / ".conda").mkdir(parents=True)
    environ = {"HOME": str(home), "PATH": os.environ["PATH"], "PYTHONIOENCODING": "ascii"}
    xconda = [sys.executable, "-m", "xconda_core", "info"]

    words = subprocess.run(xconda, env=environ, capture_output=True, text=True, check=True)
    document = subprocess.run(
        [*xconda, "--json"], env=environ, capture_output=True, text=True, check=True
    )

    assert "j\\xfcrgen" in words.stdout
    assert str(home) in json.loads(document.stdout)["envs_dirs"][0]


def test_a_report_holds_names_that_are_no_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)

    failure = report_unexpected(ValueError("j\udcfcrgen"), ["list"], {"HOME": str(tmp_path)})

    assert "j\\udcfcrgen" in Path(failure.report).read_text("utf-8")


def test_the_help_of_a_command_begins_with_a_sentence(capsys: Captured) -> None:
    for name, first in (("init", "Make shells know xconda"), ("verify", "Does an environment")):
        main([name, "--help"])
        line = next(line for line in capsys.readouterr().out.splitlines() if first in line)
        assert line.endswith("?" if name == "verify" else "start.")


def test_streams_that_keep_text_and_have_no_encoding_are_written_to() -> None:
    with redirect_stdout(StringIO()) as stdout, redirect_stderr(StringIO()):
        code = main(["--version"])
    assert (code, stdout.getvalue()) == (0, f"xconda {__version__}\n")


def test_examples_are_left_out_of_the_overview_where_lines_would_break() -> None:
    whole, narrow = overview(), overview(columns=80)

    assert overview(columns=200) == whole
    assert "xconda undo -n demo" in whole
    assert "xconda undo -n demo" not in narrow
    assert max(map(len, narrow.splitlines())) <= 80


def test_a_line_of_the_overview_that_is_too_long_goes_on_below_its_last_part() -> None:
    lines = overview(columns=60).splitlines()
    at = next(at for at, line in enumerate(lines) if line.startswith("  rename "))

    assert lines[at + 1].strip() == "or path"
    assert lines[at + 1].index("or path") == lines[at].index("give an environment")
    assert max(map(len, lines)) <= 60
    assert " ".join(lines).split() == overview(columns=80).split()
