"""The main job with real parts: what xconda makes stands on its own, and other tools read it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.standing_alone import Alone, can_hide_folders

pytestmark = pytest.mark.slow

SPECS = ("python", "ipykernel", "numpy", "pandas", "requests")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("main-job")


@pytest.fixture(scope="module")
def prefix(folder: Path, demo_channel_url: str) -> Path:
    """An environment that the real command line made from the real channel."""
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "CONDA_CHANNELS": demo_channel_url,
        "CONDA_PKGS_DIRS": str(folder / "pkgs"),
    }
    target = folder / "environment"
    words = [sys.executable, "-m", "xconda_core", "create", "--yes", "-p", str(target), *SPECS]
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target


def test_it_runs_with_interpreter_cache_and_channel_hidden(
    prefix: Path, folder: Path, demo_channel: Path
) -> None:
    if not can_hide_folders():
        pytest.skip("folders cannot be hidden here (unshare --mount needs root)")
    base = Path(sys.base_prefix)
    interpreter = Path(os.__file__).parent if base == Path("/usr") else base
    alone = Alone(prefix, (interpreter, folder / "pkgs", demo_channel))
    alone.expect_nothing_from_outside()
    assert alone.question()["purelib"].startswith(str(prefix))


def test_py_rattler_reads_every_record(prefix: Path) -> None:
    rattler = pytest.importorskip("rattler")
    paths = sorted((prefix / "conda-meta").glob("*.json"))
    records = [rattler.PrefixRecord.from_path(path) for path in paths]
    assert len(records) > 30
    names = {record.name.normalized for record in records}
    assert {"python", "numpy", "pandas", "ipykernel"} <= names


def test_every_file_that_a_record_owns_is_there_as_it_says(prefix: Path) -> None:
    for path in (prefix / "conda-meta").glob("*.json"):
        document = json.loads(path.read_bytes())
        owned = [entry["_path"] for entry in document["paths_data"]["paths"]]
        assert sorted(owned) == sorted(document["files"])
        assert [name for name in owned if not os.path.lexists(prefix / name)] == []


def test_removing_python_leaves_no_file_of_any_package(prefix: Path, folder: Path) -> None:
    clone = folder / "clone"
    shutil.copytree(prefix, clone, symlinks=True)
    words = [sys.executable, "-m", "xconda_core", "remove", "-y", "-p", str(clone), "python"]
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "CONDA_OFFLINE": "true"}
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    left = list((clone / "bin").iterdir()) if (clone / "bin").exists() else []
    assert left == []
