"""A plan is held against the kernel that asks: what it stands on, what it has imported."""

import json
import sys
from pathlib import Path
from types import ModuleType

from xconda_jupyter.kernel.changes import Change
from xconda_jupyter.kernel.running_kernel import (
    is_same_folder,
    loaded_packages,
    touched_foundations,
)


def a_change(name: str, old: str = "1", new: str = "2") -> Change:
    movement = "upgrade" if old and new else "install" if new else "remove"
    return Change(name, movement, old, new, "0" if old else "", "0" if new else "", "demo", None)


def a_prefix(tmp_path: Path, **files_of: list[str]) -> Path:
    (tmp_path / "conda-meta").mkdir()
    for name, files in files_of.items():
        record = tmp_path / "conda-meta" / f"{name}-1-0.json"
        record.write_text(json.dumps({"name": name, "files": files}))
    return tmp_path


def a_module(name: str, path: Path | None) -> ModuleType:
    module = ModuleType(name)
    if path is not None:
        module.__file__ = str(path)
    return module


def test_python_and_ipykernel_are_what_this_kernel_stands_on() -> None:
    changes = [a_change("python"), a_change("ipykernel", new=""), a_change("numpy")]
    lines = touched_foundations(changes, sys.prefix, "/elsewhere")
    assert lines == (
        "python: 1 -> 2 (the Python that this kernel runs)",
        "ipykernel: 1 would be removed (the kernel itself)",
    )


def test_another_environment_stands_on_nothing_of_ours(tmp_path: Path) -> None:
    assert touched_foundations([a_change("python")], str(tmp_path), "/elsewhere") == ()


def test_where_xconda_lives_it_and_its_python_count_too(tmp_path: Path) -> None:
    changes = [a_change("python"), a_change("xconda"), a_change("ipykernel")]
    lines = touched_foundations(changes, str(tmp_path), str(tmp_path))
    assert [line.partition(":")[0] for line in lines] == ["python", "xconda"]


def test_a_package_is_loaded_when_one_of_its_files_is(tmp_path: Path) -> None:
    prefix = a_prefix(tmp_path, pandas=["lib/pandas/__init__.py"], scipy=["lib/scipy/__init__.py"])
    modules = {
        "pandas": a_module("pandas", prefix / "lib/pandas/__init__.py"),
        "scipy": a_module("scipy", Path("/home/me/scipy.py")),
        "sys": a_module("sys", None),
    }
    loaded = loaded_packages([a_change("pandas"), a_change("scipy")], str(prefix), modules)
    assert loaded == {"pandas": ("pandas",)}


def test_modules_are_named_as_they_are_imported_not_as_their_package(tmp_path: Path) -> None:
    prefix = a_prefix(tmp_path, **{"scikit-learn": ["lib/sklearn/__init__.py", "lib/sklearn/x.py"]})
    modules = {
        "sklearn": a_module("sklearn", prefix / "lib/sklearn/__init__.py"),
        "sklearn.x": a_module("sklearn.x", prefix / "lib/sklearn/x.py"),
    }
    loaded = loaded_packages([a_change("scikit-learn")], str(prefix), modules)
    assert loaded == {"scikit-learn": ("sklearn",)}


def test_a_new_package_is_never_loaded(tmp_path: Path) -> None:
    prefix = a_prefix(tmp_path)
    assert loaded_packages([a_change("pandas", old="")], str(prefix), {}) == {}


def test_the_prefix_may_be_reached_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real = a_prefix(tmp_path / "real", pandas=["lib/pandas/__init__.py"])
    link = tmp_path / "link"
    link.symlink_to(real)
    modules = {"pandas": a_module("pandas", link / "lib/pandas/__init__.py")}
    assert is_same_folder(str(real), str(link))
    assert loaded_packages([a_change("pandas")], str(link), modules) == {"pandas": ("pandas",)}


def test_a_damaged_record_hides_nothing_else(tmp_path: Path) -> None:
    prefix = a_prefix(tmp_path, pandas=["lib/pandas/__init__.py"])
    (prefix / "conda-meta" / "scipy-1-0.json").write_text("{")
    modules = {"pandas": a_module("pandas", prefix / "lib/pandas/__init__.py")}
    changes = [a_change("scipy"), a_change("pandas")]
    assert loaded_packages(changes, str(prefix), modules) == {"pandas": ("pandas",)}
