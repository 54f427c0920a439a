"""nbconvert and papermill start the kernels that ``xconda kernel add`` wrote; errors reach them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from xconda_core import api

pytestmark = pytest.mark.slow
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
TUTORIALS = {
    "quickstart": ["pandas is here: False", "Kyoto", "still in this kernel's memory"],
    "install-and-reload": ["requests was imported before it changed", "{'requests':", "'2.34."],
    "lock-files": ["requests[version=", "is written to", "\nTrue\n"],
    "missing-imports": ["`%xconda install pandas` brings pandas", "no package is known to bring"],
    "switch-environments": ["would be lost", "table", "double", "Choose the kernel"],
    "undo-and-history": ["xconda install -q pandas", "'pandas'", "0 packages in"],
}
# On purpose; papermill 2.7 takes every error shown for a failure, whatever a cell's tags say.
SHOWS_ERRORS = ("missing-imports",)


def a_notebook(path: Path, *sources: str, **metadata: Any) -> Path:
    cells: list[Any] = [
        {
            "cell_type": "code",
            "source": source,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "id": f"c{number}",
        }
        for number, source in enumerate(sources)
    ]
    document = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(document))
    return path


def output_of(path: Path) -> str:
    """Return all that the cells of a notebook gave, as text."""
    cells = json.loads(path.read_text())["cells"]
    return json.dumps([cell.get("outputs") for cell in cells])


def shown(path: Path) -> str:
    """Return what somebody reads below the cells of a notebook, plainly."""
    outputs = [
        output
        for cell in json.loads(path.read_text())["cells"]
        for output in cell.get("outputs", ())
    ]
    texts = [each.get("text") or each.get("data", {}).get("text/plain", "") for each in outputs]
    return "\n".join("".join(text) for text in texts)


def execution_counts(path: Path) -> list[int | None]:
    """Return as the how many-eth each cell of code was run; None for those that were not."""
    cells = json.loads(path.read_text())["cells"]
    return [cell["execution_count"] for cell in cells if cell["cell_type"] == "code"]


@pytest.fixture
def jupyter(user: dict[str, str], environment: Path, tmp_path: Path) -> dict[str, str]:
    """Variables of a user who added the environment's kernel to Jupyter."""
    environ = {**user, "JUPYTER_DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": os.getcwd()}
    command = [sys.executable, "-m", "xconda_core", "kernel", "add", "-p", str(environment)]
    subprocess.run(command, env=environ, check=True, capture_output=True)
    return environ


def execute(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *words]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


def with_papermill(
    environ: dict[str, str], notebook: Path, output: Path, kernel: str
) -> subprocess.CompletedProcess[str]:
    words = ("papermill", str(notebook), str(output), "-k", kernel, "--cwd", str(notebook.parent))
    return execute(environ, *words, "--no-progress-bar")


def test_nbconvert_runs_a_notebook_in_the_environment_it_names(
    jupyter: dict[str, str], environment: Path, tmp_path: Path
) -> None:
    name = api.kernel_name(environment)
    spec = {"name": name, "display_name": "Python (science)", "language": "python"}
    source = "import os, sys; print(sys.prefix, os.environ['CONDA_PREFIX'])"
    notebook = a_notebook(tmp_path / "work.ipynb", source, "%xconda env", kernelspec=spec)
    done = execute(jupyter, "nbconvert", "--to", "notebook", "--execute", str(notebook))
    assert done.returncode == 0, done.stderr
    text = output_of(tmp_path / "work.nbconvert.ipynb")
    assert f"{environment} {environment}" in text
    assert "This kernel runs in" in text


@pytest.mark.parametrize(("name", "words"), TUTORIALS.items())
def test_papermill_runs_a_tutorial_to_its_end_and_it_says_what_it_promises(
    name: str, words: list[str], jupyter: dict[str, str], environment: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.ipynb"
    done = with_papermill(jupyter, NOTEBOOKS / f"{name}.ipynb", out, api.kernel_name(environment))
    assert done.returncode == (name in SHOWS_ERRORS), done.stderr
    text = shown(out)
    assert None not in execution_counts(out)
    assert [each for each in words if each not in text] == []


def test_every_tutorial_is_run() -> None:
    assert sorted(TUTORIALS) == sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))


def test_an_unattended_run_stops_with_the_reason_where_the_environment_is_gone(
    jupyter: dict[str, str], environment: Path, tmp_path: Path
) -> None:
    gone = api.python_kernel(tmp_path / "envs" / "gone", "gone")
    api.add_kernel(gone, tmp_path / "data" / "kernels")
    notebook = a_notebook(tmp_path / "work.ipynb", "open('made', 'w')")
    done = with_papermill(jupyter, notebook, tmp_path / "out.ipynb", gone.name)
    assert done.returncode != 0
    assert "is not there (any more)" in done.stderr
    assert not (tmp_path / "made").exists()
