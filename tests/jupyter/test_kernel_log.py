"""``-v`` and its like in a cell mean what they mean in a terminal: the log is below the result."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.jupyter.conftest import Kernel, StartKernel, installed

pytestmark = pytest.mark.slow
LEVELS: Final = ("", "-v", "-vv", "-vvv", "-vvvv")
SAYS: Final[dict[int, tuple[str, ...]]] = {
    2: (
        "INFO xconda_core.worker: xconda ",
        "configured by ",
        "environment ",
        "asked for: greeter",
        "the solver took ",
        "plan: 1 to install, ",
        "0 packages leave, 1 come",
        "committed, ",
    ),
    3: ("channels is http://", "DEBUG xconda_core", "greeter-3.0-0 came: "),
    4: ("TRACE xconda_core.solver.search: decision 1: greeter 3.0 0",),
}


@pytest.fixture(autouse=True)
def as_it_was(environment: Path) -> Iterator[None]:
    """Every test leaves the environment as it found it."""
    before = installed(environment)
    yield
    assert installed(environment) == before


def test_each_level_of_a_change_says_its_own_and_nothing_of_the_next(kernel: Kernel) -> None:
    for verbosity, option in enumerate(LEVELS):
        done = kernel.run(f"%xconda install {option} greeter")
        assert "1 package installed" in done.last
        for level, texts in SAYS.items():
            found = [text for text in texts if text in done.printed]
            assert found == (list(texts) if level <= verbosity else []), done.printed
        assert done.printed == "" or verbosity > 1
        kernel.run("%xconda undo -q")


def test_a_query_has_a_log_too_and_still_a_value(kernel: Kernel) -> None:
    done = kernel.run("%xconda search --debug greeter")
    assert "configured by " in done.printed
    assert "DEBUG xconda_core" in done.printed
    assert "TRACE" not in done.printed
    assert kernel.run("len(_)").value == "3"


def test_a_failure_is_explained_by_its_log(kernel: Kernel) -> None:
    done = kernel.run("%xconda install --trace greeter=9")
    assert "this is where it ended\nTraceback" in done.printed
    assert "Traceback" not in done.error
    assert kernel.run("%xconda search -vv nowhere").printed.count("configured by ") == 1


def test_quiet_takes_the_progress_away_and_leaves_the_log(kernel: Kernel) -> None:
    done = kernel.run("%xconda install -q -vv greeter")
    assert "the solver took " in done.printed
    assert len(done.pictures) == 1  # the result, which is the value of the cell
    kernel.run("%xconda undo -q")
    assert kernel.run("%xconda list -q greeter").status == "ok"


def test_what_is_configured_holds_in_a_cell_and_options_win(
    start_kernel: StartKernel, environment: Path
) -> None:
    kernel = start_kernel(environment, CONDA_VERBOSITY="2", CONDA_QUIET="true")
    done = kernel.run("%xconda install --dry-run greeter")
    assert "the solver took " in done.printed
    assert "DEBUG" not in done.printed
    assert not any("<progress" in page for page in done.pages)
    assert "DEBUG" in kernel.run("%xconda install --dry-run -vvv greeter").printed


def test_credentials_are_in_no_cell(
    start_kernel: StartKernel, environment: Path, user: dict[str, str]
) -> None:
    channels = user["CONDA_CHANNELS"].replace("http://", "http://me:hunter2@")
    kernel = start_kernel(environment, CONDA_CHANNELS=channels)
    for line in ("%xconda install --dry-run -vvvv greeter", "%xconda search --trace greeter"):
        done = kernel.run(line)
        assert "DEBUG xconda_core" in done.printed
        assert "hunter2" not in "".join([done.printed, *done.pictures, *done.pages, done.value])


def test_a_temporary_folder_that_cannot_be_written_is_said_with_what_to_set(kernel: Kernel) -> None:
    kernel.run("import tempfile\ntempfile.tempdir = '/nowhere'")
    done = kernel.run("%xconda list")
    assert done.error_name == "XcondaFailed"
    assert "TMPDIR" in done.error
    assert "Traceback" not in done.error
