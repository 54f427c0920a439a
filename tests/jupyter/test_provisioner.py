"""Kernels are started in an environment as if it were activated, or not at all with a reason."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.jupyter.conftest import Kernel, StartKernel
from xconda_jupyter.launch.obstacles import KernelNotStarted, see_that_a_kernel_can_start
from xconda_jupyter.launch.provisioner import LAUNCHER, kernel_command, kernel_environment


def an_environment(prefix: Path) -> Path:
    (prefix / "conda-meta").mkdir(parents=True)
    (prefix / "conda-meta" / "history").touch()
    (prefix / "bin").mkdir()
    return prefix


def with_python(prefix: Path, program: str) -> Path:
    python = prefix / "bin" / "python"
    python.write_text(f"#!/bin/sh\n{program}\n")
    python.chmod(0o755)
    return prefix


def refusal(prefix: Path) -> KernelNotStarted:
    with pytest.raises(KernelNotStarted) as caught:
        asyncio.run(see_that_a_kernel_can_start(prefix, dict(os.environ)))
    return caught.value


@pytest.mark.parametrize("module", ["ipykernel_launcher", "ipykernel"])
def test_the_launcher_takes_the_place_of_ipykernels_and_keeps_the_rest(module: str) -> None:
    command = ["/any/python", "-m", module, "-f", "kernel.json", "--debug"]
    python = str(Path("/envs/science/bin/python"))
    expected = [python, str(LAUNCHER), "-f", "kernel.json", "--debug"]
    assert kernel_command(Path("/envs/science"), command) == expected
    assert LAUNCHER.is_file()


def test_the_kernel_is_activated_and_knows_where_xconda_lives(tmp_path: Path) -> None:
    prefix = an_environment(tmp_path / "science")
    mine = {"PYTHONPATH": "/mine", "LANG": "C"}
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONHOME": "/other", **mine}
    variables = kernel_environment(prefix, environ, 30)
    assert variables["CONDA_PREFIX"] == str(prefix)
    assert variables["PATH"].split(":")[0] == str(prefix / "bin")
    assert variables["XCONDA_WORKER_PYTHON"] == sys.executable
    assert mine.items() <= variables.items()
    assert "PYTHONHOME" not in variables


def test_an_environment_that_is_gone_is_named(tmp_path: Path) -> None:
    error = refusal(tmp_path / "gone")
    assert str(tmp_path / "gone") in error.what
    assert "not there" in error.why


def test_an_environment_without_python_says_how_to_get_it(tmp_path: Path) -> None:
    error = refusal(an_environment(tmp_path / "science"))
    assert error.why == "the environment has no Python."
    assert error.fix == f"run `xconda install -p {tmp_path / 'science'} python ipykernel`."


def test_an_environment_without_ipykernel_says_how_to_get_it(tmp_path: Path) -> None:
    prefix = with_python(an_environment(tmp_path / "science"), f'exec {sys.executable} -I -S "$@"')
    error = refusal(prefix)
    assert "ipykernel" in error.why
    assert error.fix == f"run `xconda install -p {prefix} ipykernel`."


def test_a_python_that_does_not_work_says_what_it_said(tmp_path: Path) -> None:
    prefix = with_python(an_environment(tmp_path / "science"), "echo no such library >&2; exit 127")
    assert "no such library" in refusal(prefix).why


@pytest.mark.slow
def test_a_package_brings_its_own_activation_script_into_the_kernel(
    start_kernel: StartKernel, environment: Path
) -> None:
    script = environment / "etc" / "conda" / "activate.d" / "proj.sh"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text('export PROJ_DATA="$CONDA_PREFIX/share/proj"\n')
    try:
        kernel = start_kernel(environment)
        value = kernel.run("import os; os.environ['PROJ_DATA']").value
    finally:
        script.unlink()
    assert value == repr(f"{environment}/share/proj")


@pytest.mark.slow
def test_without_ipykernel_the_notebook_says_so_and_a_restart_tries_again(
    start_kernel: StartKernel, user: dict[str, str], tmp_path: Path
) -> None:
    prefix = tmp_path / "bare"
    command = [sys.executable, "-m", "xconda_core", "create", "-y", "-p", str(prefix), "python"]
    subprocess.run(command, env=user, check=True, capture_output=True)
    kernel = start_kernel(prefix)
    failed = kernel.run("1 + 1")
    assert failed.error_name == "KernelNotStarted"
    assert "ipykernel, which every Python kernel needs" in failed.error
    assert f"xconda install -p {prefix} ipykernel" in failed.error
    subprocess.run(
        [*command[:3], "install", "-y", "-p", str(prefix), "ipykernel"], env=user, check=True
    )
    kernel.restart()
    assert kernel.run("1 + 1").value == "2"


@pytest.mark.slow
def test_a_restarted_kernel_is_as_good_as_a_new_one(
    start_kernel: StartKernel, environment: Path
) -> None:
    kernel = start_kernel(environment)
    kernel.run("name = 1")
    kernel.restart()
    assert kernel.run("name").error_name == "NameError"
    assert "ipykernel" in kernel.run("%xconda list ipykernel").value


@pytest.mark.slow
def test_the_kernel_speaks_encrypted_exactly_when_its_ipykernel_can(
    start_kernel: StartKernel, environment: Path
) -> None:
    own = environment / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"
    text = own.read_text()
    if "supported_encryption" not in text:
        pytest.skip("the channel's ipykernel cannot encrypt")
    assert "curve_publickey" in connection_of(start_kernel(environment))
    own.unlink()  # as an older ipykernel, which has the same file without that claim
    try:
        assert "curve_publickey" not in connection_of(start_kernel(environment))
    finally:
        own.write_text(text)


def connection_of(kernel: Kernel) -> str:
    """Return what the kernel's connection file says."""
    return Path(kernel.manager.connection_file).read_text()


@pytest.mark.slow
def test_a_variable_of_the_environment_is_in_effect_after_a_restart_of_the_kernel(
    start_kernel: StartKernel, user: dict[str, str], environment: Path
) -> None:
    kernel = start_kernel(environment)
    words = ("-m", "xconda_core", "env", "config", "vars")
    place = ("-p", str(environment))
    command = [sys.executable, *words, "set", *place, "SURVEY_YEAR=2026"]
    done = subprocess.run(command, env=user, check=True, capture_output=True, text=True)
    assert "restart" in done.stdout + done.stderr
    look = "import os; os.environ.get('SURVEY_YEAR', 'not yet')"
    assert kernel.run(look).value == "'not yet'"
    kernel.restart()
    assert kernel.run(look).value == "'2026'"
    command = [sys.executable, *words, "unset", *place, "SURVEY_YEAR"]
    subprocess.run(command, env=user, check=True, capture_output=True)
