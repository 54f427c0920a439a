"""The wheel is what people install: it works in a clean environment, without the checkout."""

import json
import os
import runpy
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from xconda_core import __version__
from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import a_channel, a_package

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]


def run(command: list[str | Path], **environ: str) -> str:
    done = subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | environ,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = ["-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w"]
    run([sys.executable, *build, folder, ROOT])
    (built,) = folder.glob("xconda-*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh virtual environment that holds the wheel and what it requires."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=True)
    run([folder / "bin" / "python", "-m", "pip", "install", "-q", wheel])
    return folder / "bin" / "python"


@pytest.fixture
def user(tmp_path: Path) -> Iterator[dict[str, str]]:
    a_channel(tmp_path / "channel", [a_package("tool", files={"share/t": b"1"})])
    with serve(tmp_path / "channel") as server:
        yield {"HOME": str(tmp_path), "CONDA_CHANNELS": server.url}


def test_it_holds_both_packages_their_types_the_short_name_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith((".dist-info", ".data"))} == {
        "xconda.py",
        "xconda_core",
        "xconda_jupyter",
    }
    assert {"xconda_core/py.typed", "xconda_jupyter/py.typed"} <= set(names)
    assert [name for name in names if name.endswith((".pyc", ".ipynb"))] == []


def test_it_holds_the_built_panel_where_jupyterlab_looks_for_it(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    (panel,) = [name for name in names if name.endswith("labextensions/xconda-lab/package.json")]
    place = f"xconda-{__version__}.data/data/share/jupyter/labextensions/xconda-lab/"
    assert panel == f"{place}package.json"
    assert [name for name in names if name.startswith(f"{place}static/remoteEntry.")]
    assert [name for name in names if name.startswith("xconda_jupyter/labextension")] == []
    who = json.loads(zipfile.ZipFile(wheel).read(f"{place}install.json"))
    assert who["packageName"] == "xconda"


def test_a_panel_that_is_older_than_its_sources_does_not_go_into_a_wheel(tmp_path: Path) -> None:
    source, built = tmp_path / "labextension", tmp_path / "xconda_jupyter" / "labextension"
    is_current = runpy.run_path(str(ROOT / "hatch_build.py"))["is_current"]
    for folder in (source / "src" / "panel", built):
        folder.mkdir(parents=True)
    assert not is_current(tmp_path)
    page, package = source / "src" / "panel" / "Panel.tsx", built / "package.json"
    for file, changed in ((page, 1000), (package, 2000)):
        file.touch()
        os.utime(file, (changed, changed))
    assert is_current(tmp_path)
    os.utime(page, (3000, 3000))
    assert not is_current(tmp_path)


def test_the_panel_has_the_version_of_the_package() -> None:
    described = json.loads((ROOT / "labextension" / "package.json").read_text())
    assert described["version"] == __version__


def test_the_command_line_works_without_the_checkout(python: Path, user: dict[str, str]) -> None:
    xconda = python.with_name("xconda")
    facts = json.loads(run([xconda, "info", "--json"], **user))
    assert not facts["root_prefix"].startswith(str(python.parents[1]))
    run([xconda, "create", "-y", "-n", "e", "tool"], **user)
    listed = json.loads(run([python, "-m", "xconda_core", "list", "-n", "e", "--json"], **user))
    assert [package["name"] for package in listed] == ["tool"]


def test_the_notebook_s_side_goes_by_the_name_of_the_project(python: Path) -> None:
    program = "import xconda, xconda_jupyter as x; print(xconda.panel is x.panel, xconda.__file__)"
    same, place = run([python, "-c", program]).split()
    assert (same, Path(place).name) == ("True", "xconda.py")


def test_nothing_of_jupyter_is_needed_for_the_command_line(python: Path) -> None:
    found = run([python, "-m", "pip", "list", "--format=json"])
    names = {package["name"].lower() for package in json.loads(found)}
    assert names.isdisjoint({"ipython", "ipykernel", "jupyter-server", "traitlets", "jupyterlab"})
