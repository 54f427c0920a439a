"""The launcher shows a kernel one package of xconda's, and that one last."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import xconda_jupyter
from xconda_jupyter.kernel.launcher import HERE, leave_own_folder

PACKAGE = Path(xconda_jupyter.__file__).parent
KERNEL_SIDE = [
    PACKAGE / "__init__.py",
    PACKAGE / "xconda.py",
    *sorted((PACKAGE / "kernel").glob("*.py")),
]
WITH_FINDER = f"""
import runpy, sys
launcher = runpy.run_path({str(PACKAGE / "kernel" / "launcher.py")!r}, run_name="launcher")
sys.meta_path.append(launcher["ClientFinder"]({str(PACKAGE)!r}))
"""


def run_bare(program: str, *, path: Path | None = None) -> str:
    """Run ``program`` in a Python without site-packages and return what it prints."""
    first = f"import sys; sys.path.insert(0, {str(path)!r})\n" if path else ""
    command = [sys.executable, "-I", "-S", "-c", first + WITH_FINDER + program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_client_is_found_where_xconda_is_not_installed() -> None:
    assert (
        run_bare("import xconda_jupyter as x; print(x.__version__)") == xconda_jupyter.__version__
    )
    program = "import importlib.util as u; print(u.find_spec('xconda_jupyter.kernel').origin)"
    assert run_bare(program) == str(PACKAGE / "kernel" / "__init__.py")


def test_the_client_goes_by_the_name_of_the_project_too() -> None:
    program = "import xconda, xconda_jupyter as x; print(xconda.panel is x.panel)"
    assert run_bare(program) == "True"


@pytest.mark.parametrize("name", ["xconda_core", "requests", "tests", "rich", "launcher"])
def test_nothing_else_of_xconda_s_surroundings_is_found(name: str) -> None:
    program = f"""
try:
    import {name}
except ModuleNotFoundError:
    print("not found")
"""
    assert run_bare(program) == "not found"


def test_a_package_of_the_environment_s_own_wins(tmp_path: Path) -> None:
    (tmp_path / "xconda_jupyter").mkdir()
    (tmp_path / "xconda_jupyter" / "__init__.py").write_text("__version__ = 'its own'")
    program = "import xconda_jupyter as x; print(x.__version__)"
    assert run_bare(program, path=tmp_path) == "its own"


def test_the_launchers_folder_leaves_the_module_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [HERE, "/home/me/project", "/usr/lib"])
    leave_own_folder()
    assert sys.path == ["/home/me/project", "/usr/lib"]


@pytest.mark.parametrize("path", KERNEL_SIDE, ids=lambda path: path.stem)
def test_the_kernel_side_is_written_in_the_python_of_3_8(path: Path) -> None:
    assert ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8)).body
