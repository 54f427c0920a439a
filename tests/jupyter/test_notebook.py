"""The quickstart notebook runs from top to bottom in its environment's kernel, twice."""

from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from nbclient.exceptions import CellExecutionError

from tests.jupyter.conftest import installed
from xconda_jupyter.launch.run_notebook import run_notebook

pytestmark = pytest.mark.slow
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
QUICKSTART = NOTEBOOKS / "quickstart.ipynb"


@pytest.fixture
def as_user(user: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in user.items():
        monkeypatch.setenv(name, value)


def shown(notebook: Any) -> str:
    """Return all outputs of all cells as text."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", ())]
    texts = [
        output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs
    ]
    return "\n".join(texts)


def kernels_of(environment: Path) -> list[int]:
    """Return the processes that this one started with the environment's Python."""
    children = psutil.Process().children(recursive=True)
    return [child.pid for child in children if child.cmdline()[:1] == [f"{environment}/bin/python"]]


@pytest.mark.usefixtures("as_user")
def test_the_quickstart_installs_uses_and_takes_back_pandas(
    environment: Path, tmp_path: Path
) -> None:
    before, cells = installed(environment), list[int]()
    for _ in range(2):
        notebook = run_notebook(
            QUICKSTART,
            environment,
            tmp_path / "out" / "quickstart.ipynb",
            cell_done=lambda number, source: cells.append(number),
        )
    text = shown(notebook)
    assert kernels_of(environment) == []
    assert "pandas is here: False" in text
    assert "Kyoto" in text
    assert "pandas is still in this kernel's memory" in text
    assert text.rstrip().endswith("'False\\n'")
    assert installed(environment) - before <= {"numpy"}
    assert len(cells) == 12
    assert nbformat.read(tmp_path / "out" / "quickstart.ipynb", as_version=4) == notebook  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_tutorial_is_kept_without_outputs_or_anything_of_one_machine(path: Path) -> None:
    notebook: Any = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    assert shown(notebook) == ""
    assert "http" not in path.read_text()


@pytest.mark.usefixtures("as_user")
def test_a_failing_command_stops_the_notebook_and_leaves_what_was_shown(
    environment: Path, tmp_path: Path
) -> None:
    notebook: Any = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
    sources = ["%xconda install grreter", "print('not reached')"]
    notebook["cells"] = [nbformat.v4.new_code_cell(source) for source in sources]  # type: ignore[no-untyped-call]
    nbformat.write(notebook, tmp_path / "bad.ipynb")  # type: ignore[no-untyped-call]
    with pytest.raises(CellExecutionError, match="greeter"):
        run_notebook(tmp_path / "bad.ipynb", environment, tmp_path / "out.ipynb")
    text = (tmp_path / "out.ipynb").read_text()
    assert "XcondaFailed" in text
    assert '"not reached\\n"' not in text
