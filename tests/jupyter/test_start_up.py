"""Whatever keeps a kernel from starting is said in the notebook, at every cell, and soon."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from tests.jupyter.conftest import Kernel
from xconda_core import api

pytestmark = pytest.mark.slow
Start = Callable[..., Kernel]
NAME = "xconda-test"


@pytest.fixture
def start(user: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Start the kernel that a document describes, with more configuration of the provisioner."""
    kernels: list[Kernel] = []

    def start(document: Any, environ: dict[str, str] | None = None, **config: Any) -> Kernel:
        document["metadata"]["kernel_provisioner"]["config"].update(config)
        folder = tmp_path / "kernels" / NAME
        folder.mkdir(parents=True)
        (folder / "kernel.json").write_text(json.dumps(document))
        specs: Any = KernelSpecManager
        make: Any = KernelManager
        manager = make(
            kernel_name=NAME,
            kernel_spec_manager=specs(kernel_dirs=[str(tmp_path / "kernels")]),
            connection_file=str(tmp_path / "kernel.json"),
        )
        manager.start_kernel(env={**user, **(environ or {})}, cwd=str(tmp_path))
        kernels.append(Kernel(manager))
        return kernels[-1]

    yield start
    for kernel in kernels:
        kernel.stop()


@pytest.fixture
def script(environment: Path) -> Iterator[Path]:
    """A place for an activation script of the environment."""
    path = environment / "etc" / "conda" / "activate.d" / "troublesome.sh"
    path.parent.mkdir(parents=True, exist_ok=True)
    yield path
    path.unlink(missing_ok=True)


def test_an_environment_that_is_gone_is_said_at_every_cell(start: Start, tmp_path: Path) -> None:
    kernel = start(api.python_kernel(tmp_path / "gone", "gone").spec())
    for _ in range(2):
        failed = kernel.run("open('made', 'w')")
        assert failed.error_name == "KernelNotStarted"
        assert "names an environment that is not there (any more)" in failed.error
        assert "xconda kernel remove --gone" in failed.error
    assert not (tmp_path / "made").exists()


def test_an_activation_script_that_fails_is_named_with_what_it_said(
    start: Start, environment: Path, script: Path
) -> None:
    script.write_text("echo no licence >&2\nexit 3\n")
    kernel = start(api.python_kernel(environment).spec())
    failed = kernel.run("1")
    assert "troublesome.sh ended the shell" in failed.error
    assert "no licence" in failed.error
    script.unlink()
    kernel.restart()
    assert kernel.run("1").value == "1"


def test_an_activation_script_that_hangs_is_given_up(
    start: Start, environment: Path, script: Path
) -> None:
    script.write_text("sleep 600\n")
    kernel = start(api.python_kernel(environment).spec(), activation_seconds=1)
    assert "did not come to an end within 1 seconds" in kernel.run("1").error


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("#!/bin/sh\necho no such library >&2\nexit 127\n", "no such library"),
        ("not a program at all", "its Python"),
        ("#!/bin/sh\nexec sleep 600\n", "did not answer within 1 seconds"),
    ],
    ids=["fails", "is none", "hangs"],
)
def test_a_python_that_does_not_work_is_said(
    start: Start, tmp_path: Path, program: str, expected: str
) -> None:
    prefix = tmp_path / "broken"
    (prefix / "conda-meta").mkdir(parents=True)
    (prefix / "conda-meta" / "history").touch()
    (prefix / "bin").mkdir()
    (prefix / "bin" / "python").write_text(program)
    (prefix / "bin" / "python").chmod(0o755)
    kernel = start(api.python_kernel(prefix).spec(), load_seconds=1)
    assert expected in kernel.run("1").error


def test_a_kernel_of_another_language_is_activated_too(start: Start, environment: Path) -> None:
    program = environment / "bin" / "lisp"
    program.write_text('#!/bin/sh\nexec "$CONDA_PREFIX/bin/python" -m ipykernel_launcher "$@"\n')
    program.chmod(0o755)
    own = environment / "share" / "jupyter" / "kernels" / "lisp"
    own.mkdir()
    document = {
        "argv": ["lisp", "-f", "{connection_file}"],
        "display_name": "Lisp",
        "env": {"A": "1"},
    }
    (own / "kernel.json").write_text(json.dumps({**document, "language": "lisp"}))
    try:
        lisp = next(
            each for each in api.environment_kernels(environment) if each.own_name == "lisp"
        )
        kernel = start(lisp.spec())
        value = kernel.run("import os; os.environ['CONDA_PREFIX'], os.environ['A']").value
        assert value == repr((str(environment), "1"))
        program.unlink()
        kernel.restart()
        assert "lisp is not there" in kernel.run("1").error
    finally:
        (own / "kernel.json").unlink()
        own.rmdir()


def a_notebook(folder: Path, **metadata: Any) -> dict[str, str]:
    """Write a notebook and return the variable in which a server names it."""
    document = {"cells": [], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    (folder / "work.ipynb").write_text(json.dumps(document))
    return {"JPY_SESSION_NAME": str(folder / "work.ipynb")}


def test_the_notebooks_own_kernel_starts_in_the_environment_it_refers_to(
    start: Start, environment: Path, tmp_path: Path
) -> None:
    reference = {"environment": {"name": "elsewhere", "prefix": str(environment)}}
    kernel = start(api.notebook_kernel_spec("python"), a_notebook(tmp_path, xconda=reference))
    assert kernel.run("import sys; sys.prefix").value == repr(str(environment))


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({}, "work.ipynb refers to no environment"),
        ({"xconda": {"environment": {"name": "theirs"}}}, "nothing was installed"),
        ({"xconda": {"environment": {"prefix": "{folder}"}}}, "not among your environments"),
    ],
    ids=["none", "not here", "not an environment of the user's"],
)
def test_a_reference_that_leads_nowhere_installs_nothing_and_starts_nothing(
    start: Start, tmp_path: Path, metadata: Any, expected: str
) -> None:
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "python"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    program.chmod(0o755)
    told = json.loads(json.dumps(metadata).replace("{folder}", str(tmp_path)))
    kernel = start(api.notebook_kernel_spec("python"), a_notebook(tmp_path, **told))
    assert expected in kernel.run("1").error
    assert not (tmp_path / "started").exists()


def test_where_nobody_said_which_notebook_that_is_said(start: Start) -> None:
    kernel = start(api.notebook_kernel_spec("python"))
    assert "nobody said which that is" in kernel.run("1").error


def test_a_kernel_that_says_why_answers_what_front_ends_ask(start: Start, tmp_path: Path) -> None:
    kernel = start(api.python_kernel(tmp_path / "gone", "gone").spec())
    assert kernel.complete("pri") == []
    kernel.interrupt()
    assert kernel.run("1").error_name == "KernelNotStarted"
