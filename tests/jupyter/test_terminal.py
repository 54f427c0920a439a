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
