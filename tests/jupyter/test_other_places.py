"""%xconda where there is no notebook, and in the oldest Python it promises."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from tests.jupyter.conftest import Kernel, installed
from xconda_jupyter.launch.provisioner import LAUNCHER, WORKER_PYTHON

pytestmark = pytest.mark.slow


def in_terminal(user: dict[str, str], tmp_path: Path, *lines: str) -> str:
    """Run lines in IPython without a kernel and return what a terminal shows."""
    script = tmp_path / "session.ipy"
    script.write_text("\n".join(["%load_ext xconda_jupyter.kernel", *lines]) + "\n")
    command = [sys.executable, "-m", "IPython", "--colors=NoColor", str(script)]
    done = subprocess.run(command, env=user, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_a_terminal_gets_lines_and_no_output_is_shown_twice(
    user: dict[str, str], environment: Path, tmp_path: Path
) -> None:
    text = in_terminal(user, tmp_path, f"%xconda install -p {environment} --dry-run greeter")
    assert text.count("Package  New  Channel") == 1
    assert text.count("Choosing packages") == 1
    assert "not this kernel's" in text or "(--prefix)" in text
    assert "Dry run: nothing was changed." in text
    assert "<" not in text


def test_a_terminal_shows_an_error_in_three_lines(
    user: dict[str, str], environment: Path, tmp_path: Path
) -> None:
    text = in_terminal(user, tmp_path, f"%xconda install -p {environment} grreter")
    assert "xconda: " in text
    assert "Traceback" not in text


def test_an_unloaded_extension_is_gone(user: dict[str, str], tmp_path: Path) -> None:
    text = in_terminal(user, tmp_path, "%unload_ext xconda_jupyter.kernel", "%xconda help")
    assert "%xconda` not found" in text


def test_the_name_of_the_package_loads_it_too(user: dict[str, str], tmp_path: Path) -> None:
    text = in_terminal(
        user,
        tmp_path,
        "%unload_ext xconda_jupyter.kernel",
        "%load_ext xconda_jupyter",
        "print('magic:', get_ipython().find_line_magic('xconda') is not None)",
    )
    assert "magic: True" in text


def is_python(name: str) -> bool:
    """Whether ``name`` is a Python that runs; a version manager's stand-in may not."""
    path = shutil.which(name)
    return path is not None and subprocess.run([path, "-c", ""], check=False).returncode == 0


@pytest.fixture(scope="session")
def old_python(pytestconfig: pytest.Config) -> Path:
    """A Python 3.8 with ipykernel in a folder of its own, kept between runs."""
    candidates = [*sorted(Path.home().glob(".pyenv/versions/3.8*/bin/python3.8")), "python3.8"]
    found = next((name for name in map(str, candidates) if is_python(name)), None)
    if found is None:
        pytest.skip("no Python 3.8 on this machine")
    assert pytestconfig.cache is not None
    folder = pytestconfig.cache.mkdir("python-3.8")
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        subprocess.run([found, "-m", "venv", str(folder)], check=True, capture_output=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "ipykernel"]
        if subprocess.run(pip, capture_output=True, check=False).returncode != 0:
            pytest.skip("ipykernel for Python 3.8 cannot be had here")
        (folder / "ready").touch()
    return python


@pytest.fixture
def old_kernel(old_python: Path, user: dict[str, str], tmp_path: Path) -> Iterator[Kernel]:
    spec: Any = KernelSpec
    manager: Any = KernelManager(connection_file=str(tmp_path / "kernel.json"))
    argv = [str(old_python), str(LAUNCHER), "-f", "{connection_file}"]
    manager._kernel_spec = spec(argv=argv, display_name="old", language="python")
    manager.start_kernel(env={**user, WORKER_PYTHON: sys.executable}, cwd=str(tmp_path))
    kernel = Kernel(manager)
    yield kernel
    kernel.stop()


def test_python_3_8_shows_plans_queries_errors_and_help(
    old_kernel: Kernel, environment: Path
) -> None:
    assert old_kernel.run("import sys; sys.version_info[:2]").value == "(3, 8)"
    assert "%xconda install" in old_kernel.run("%xconda").value
    before = installed(environment)
    done = old_kernel.run(f"%xconda install -p {environment} greeter=1")
    assert done.status == "ok", done.error
    assert "1 package installed" in done.last
    assert "greeter" in old_kernel.run(f"%xconda list -p {environment} greeter").value
    assert "back" in old_kernel.run(f"%xconda install -p {environment} -q greeter=2").last
    assert old_kernel.run(f"%xconda remove -p {environment} greeter").status == "ok"
    assert installed(environment) == before
    failed = old_kernel.run(f"%xconda install -p {environment} grreter")
    assert failed.error.startswith("xconda: ")


def test_a_plain_folder_that_is_no_environment_is_said_to_be_none(old_kernel: Kernel) -> None:
    done = old_kernel.run("%xconda list")
    assert done.error_name == "XcondaFailed"
    assert "environment" in done.error
