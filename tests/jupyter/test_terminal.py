"""%xconda as somebody types it into IPython in a terminal."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pexpect = pytest.importorskip("pexpect")
pytestmark = pytest.mark.slow
SECONDS = 30


@pytest.fixture
def terminal(user: dict[str, str], tmp_path: Path) -> Iterator[Any]:
    words = ["-m", "IPython", "--simple-prompt", "--colors=NoColor", "--no-banner"]
    child = pexpect.spawn(
        sys.executable,
        words,
        env={**user, "TERM": "dumb"},
        cwd=str(tmp_path),
        timeout=SECONDS,
        encoding="utf-8",
        dimensions=(50, 400),
    )
    child.expect(r"In \[1\]: ")
    yield child
    child.close(force=True)


def answer(terminal: Any, line: str) -> str:
    """Type a line and return all that is shown until the next prompt."""
    terminal.sendline(line)
    terminal.expect(r"In \[\d+\]: ")
    return str(terminal.before)


def test_a_failed_import_is_answered_below_its_traceback(terminal: Any) -> None:
    answer(terminal, "%load_ext xconda_jupyter.kernel")
    shown = answer(terminal, "import nonesuch")
    assert "ModuleNotFoundError: No module named 'nonesuch'" in shown
    below = shown.partition("No module named 'nonesuch'")[2]
    # A terminal redraws nothing: what does not come in time is told how to be had.
    assert "No package is known to bring nonesuch" in below or "`%xconda missing`" in below
    assert "nonesuch" in answer(terminal, "%xconda missing")


def test_the_panel_is_a_text(terminal: Any, environment: Path) -> None:
    answer(terminal, "%load_ext xconda_jupyter.kernel")
    shown = answer(terminal, f"%xconda panel -p {environment}")
    assert "ipykernel" in shown
    assert not re.search(r"</?[a-z]+[ >]", shown)  # no HTML; a command shown may have a `<`


def test_a_change_says_how_it_ended_and_its_value_is_told_in_short(
    terminal: Any, environment: Path
) -> None:
    answer(terminal, "%load_ext xconda_jupyter.kernel")
    shown = answer(terminal, f"%xconda install -p {environment} greeter=1.0")
    assert "Done in" in shown
    assert re.search(r"Out\[2\]: revision \d+\s*$", shown)
    again = answer(terminal, f"%xconda install -p {environment} greeter=1.0")
    assert re.search(r"Out\[3\]: no new revision\s*$", again)
    assert "1 package installed" in answer(terminal, "_2")
    answer(terminal, f"%xconda remove -q -p {environment} greeter")


def test_a_word_that_is_no_command_is_answered_with_the_nearest(terminal: Any) -> None:
    answer(terminal, "%load_ext xconda_jupyter.kernel")
    shown = answer(terminal, "%xconda lst")
    assert "xconda: No command was started.\r\n  why: there is no command 'lst'." in shown
    assert "did you mean list?" in shown


def test_a_python_that_is_in_no_conda_environment_is_told_what_to_do(terminal: Any) -> None:
    answer(terminal, "%load_ext xconda_jupyter.kernel")
    shown = answer(terminal, "%xconda install greeter")
    assert shown.count("There is no environment") == 0
    assert "xconda: Nothing was done: this kernel runs in no conda environment." in shown
    assert f"%xconda create -p {sys.prefix}" not in shown
    assert "`%xconda create -n NAME python ipykernel` makes one" in shown
    assert "which is no conda environment" in answer(terminal, "%xconda env")
    answer(terminal, "%xconda search -q greeter")
    answer(terminal, "import greeter")
    offer = answer(terminal, "%xconda missing")
    assert "`%xconda create -n NAME python ipykernel greeter` brings greeter." in offer
    assert "not tried" not in offer
