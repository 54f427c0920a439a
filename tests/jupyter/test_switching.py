"""A notebook moves to another environment: what would be lost is said before."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.jupyter.conftest import StartKernel, wait_until
from tests.jupyter.jupyter_process import JupyterServer, jupyter_server
from xconda_core import api
from xconda_jupyter.kernel.switching import size_of, state_of

NOTEBOOK = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


class Awkward:
    """A value that does not like to be asked."""

    @property
    def nbytes(self) -> int:
        raise RuntimeError


class Frame:
    """A value that says what it takes, as a table of pandas does."""

    def memory_usage(self) -> int:
        return 4096


def test_what_would_be_lost_is_the_notebooks_own_largest_first() -> None:
    def helper() -> None: ...

    helper.__module__ = "__main__"
    names = {
        "small": 1,
        "big": bytearray(10_000),
        "frame": Frame(),
        "json": json,
        "_": 3,
        "In": ["x"],
        "helper": helper,
        "loads": json.loads,
    }
    lost = state_of(names, {"In": 1})
    assert [name for name, _, _ in lost.variables] == ["big", "frame", "small"]
    assert lost.variables[1] == ("frame", "Frame", 4096)
    assert lost.definitions == ("helper",)


def test_a_fresh_kernel_has_nothing_to_lose() -> None:
    found = state_of({"json": ModuleType("json"), "_dh": []}, {})
    assert (found.variables, found.definitions) == ((), ())  # other tests may leave threads here


def test_a_value_that_fails_when_it_is_asked_has_no_size() -> None:
    assert size_of(Awkward()) is None


def test_a_thread_of_the_notebooks_own_is_named() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait, name="my worker")
    thread.start()
    try:
        assert "my worker" in state_of({}, {}).threads
    finally:
        stop.set()
        thread.join()


@pytest.fixture(scope="module")
def other(user: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second environment with a kernel."""
    prefix = tmp_path_factory.mktemp("envs") / "other"
    command = [sys.executable, "-m", "xconda_core", "create", "-y", "-p", str(prefix)]
    subprocess.run([*command, "python", "ipykernel"], env=user, check=True, capture_output=True)
    return prefix


@pytest.fixture(scope="module")
def server(
    user: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[JupyterServer]:
    root = tmp_path_factory.mktemp("notebooks")
    (root / "work.ipynb").write_text(json.dumps(NOTEBOOK))
    with jupyter_server(user, root) as server:
        yield server


def run(client: Any, code: str) -> str:
    """Run a cell and return all that it shows."""
    shown: list[str] = []

    def take(message: Any) -> None:
        content = message["content"]
        data = content.get("data", {}).get("text/plain", "")
        shown.append(data or content.get("text", "") or "\n".join(content.get("traceback", ())))

    client.execute_interactive(code, timeout=60, output_hook=take)
    return "\n".join(shown).strip()


@pytest.mark.slow
def test_a_notebook_moves_to_another_environment_and_says_first_what_is_lost(
    server: JupyterServer, environment: Path, other: Path
) -> None:
    known = server.ask("GET", "api/kernelspecs")["kernelspecs"]
    first, second = api.kernel_name(environment), api.kernel_name(other)
    assert {first, second} <= set(known)
    session = server.open("work.ipynb", first)
    client = server.client(session)
    run(client, "table = bytearray(5000)")
    said = run(client, f"%xconda switch {other}")
    assert "With this kernel 1 variable would be lost" in said
    assert "table" in said
    assert f"%xconda switch {other} --yes" in said
    assert run(client, "len(table)") == "5000"
    run(client, f"%xconda switch {other} --yes")

    def now() -> Any:
        return server.ask("GET", f"api/sessions/{session['id']}")["kernel"]

    wait_until(lambda: now()["name"] == second, 60)
    client.stop_channels()
    moved = server.client({"kernel": now()})
    assert run(moved, "import sys; sys.prefix") == repr(str(other))
    said = run(moved, "%xconda env")
    assert f"This kernel runs in {other}" in said
    assert str(environment) in said
    assert "runs in" in run(moved, f"%xconda switch {other}")
    failed = run(moved, "%xconda switch nowhere")
    assert "there is no environment nowhere" in failed
    moved.stop_channels()
    server.ask("DELETE", f"api/sessions/{session['id']}")


@pytest.mark.slow
def test_the_notebook_is_asked_what_it_wants_and_told_what_is_there(
    server: JupyterServer, environment: Path
) -> None:
    block = (
        "# /// script\n# requires-python = '>=3.8'\n"
        "# dependencies = ['ipykernel>=6', 'gone>1']\n# ///"
    )
    cell = {"cell_type": "code", "source": block, "metadata": {}, "outputs": [], "id": "a"}
    (server.root / "wants.ipynb").write_text(json.dumps({**NOTEBOOK, "cells": [cell]}))
    session = server.open("wants.ipynb", api.kernel_name(environment))
    client = server.client(session)
    said = run(client, "%xconda env")
    client.stop_channels()
    server.ask("DELETE", f"api/sessions/{session['id']}")
    assert "This notebook asks for 3 requirements (`/// script`): 2 met." in said
    assert "not met: gone>1 (not installed)" in said
    assert '%xconda install "gone>1"' in said


@pytest.mark.slow
def test_without_a_server_one_line_says_what_to_choose(
    start_kernel: StartKernel, environment: Path, other: Path
) -> None:
    kernel = start_kernel(environment)
    said = kernel.run(f"%xconda switch {other} --yes").last
    assert said.splitlines()[-1] == (
        "No Jupyter server was found that could switch this kernel. "
        "Choose the kernel Python (other) in the notebook's menu of kernels."
    )
    assert kernel.run("1").value == "1"


@pytest.mark.slow
def test_a_kernel_is_added_listed_and_removed_from_a_cell(
    start_kernel: StartKernel, environment: Path, tmp_path: Path
) -> None:
    kernel = start_kernel(environment, JUPYTER_DATA_DIR=str(tmp_path / "data"))
    name = api.kernel_name(environment)
    assert kernel.run("%xconda kernel add").value.startswith(f"{name}: Python (science)")
    assert (tmp_path / "data" / "kernels" / name / "kernel.json").is_file()
    assert name in kernel.run("%xconda kernel list").value
    assert kernel.run(f"%xconda kernel remove {name}").value == f"{name} removed"
    assert not (tmp_path / "data" / "kernels" / name).exists()
