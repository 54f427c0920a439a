"""A client and an engine of different versions say so before they misunderstand each other."""

import shutil
from pathlib import Path

import pytest

import xconda_jupyter
from tests.jupyter.conftest import StartKernel

pytestmark = pytest.mark.slow
PACKAGE = Path(xconda_jupyter.__file__).parent


def a_client(folder: Path, file: str, old: str, new: str) -> str:
    """Put a client that differs in one line where a kernel's own packages are."""
    copy = shutil.copytree(PACKAGE, folder / "site" / "xconda_jupyter")
    text = (copy / file).read_text()
    assert old in text
    (copy / file).write_text(text.replace(old, new))
    return str(folder / "site")


def test_another_version_of_the_same_protocol_works_and_is_named(
    start_kernel: StartKernel, environment: Path, tmp_path: Path
) -> None:
    version = f'__version__ = "{xconda_jupyter.__version__}"'
    site = a_client(tmp_path, "__init__.py", version, '__version__ = "0.0.9"')
    kernel = start_kernel(environment, PYTHONPATH=site)
    done = kernel.run("%xconda install --dry-run greeter")
    assert done.status == "ok"
    assert f"xconda 0.0.9, the engine {xconda_jupyter.__version__}" in done.last


def test_another_protocol_is_refused_by_the_engine(
    start_kernel: StartKernel, environment: Path, tmp_path: Path
) -> None:
    site = a_client(tmp_path, "kernel/worker_process.py", "PROTOCOL = 1\n", "PROTOCOL = 99\n")
    kernel = start_kernel(environment, PYTHONPATH=site)
    done = kernel.run("%xconda install greeter")
    assert done.error_name == "XcondaFailed"
    assert "protocol 99; this engine speaks 1" in done.error
    assert "restart the kernel" in done.error
