"""The main job with real parts: what xconda makes stands on its own, and other tools read it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SPECS = ("python", "ipykernel", "numpy", "pandas", "requests")
QUESTION = """
import numpy, pandas, ipykernel, ssl, sqlite3, ctypes, json, sys
assert pandas.DataFrame({"a": [1, 2]})["a"].sum() == 3
fields = [line.rstrip().split(None, 5) for line in open("/proc/self/maps")]
mapped = sorted({columns[5] for columns in fields if len(columns) == 6})
print(json.dumps({"path": sys.path, "mapped": mapped, "prefix": sys.prefix}))
"""
C_LIBRARY = ("/ld-linux", "/libc.", "/libm.", "/libdl.", "/librt.", "/libutil.", "/libpthread.",
             "/libresolv.", "/locale/", "/gconv/")  # fmt: skip


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
    hidden = [Path(sys.base_prefix), folder / "pkgs", demo_channel]
    if Path(sys.base_prefix) == Path("/usr"):
        hidden[0] = Path(os.__file__).parent
    mounts = [f"mount -t tmpfs none '{path}'" for path in hidden]
    script = " && ".join([*mounts, f"exec '{prefix}/bin/python' -c '{QUESTION}'"])
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"},
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    files = [path for path in answer["mapped"] if path.startswith("/")]
    foreign = [path for path in files if not path.startswith(str(prefix))]
    assert answer["prefix"] == str(prefix)
    assert [path for path in answer["path"] if path and not path.startswith(str(prefix))] == []
    assert [path for path in foreign if not any(part in path for part in C_LIBRARY)] == []


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
