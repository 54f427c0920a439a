"""Imported modules are exchanged for the ones on disk, whole and with the notebook's names."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from xconda_jupyter.kernel.failures import XcondaFailed
from xconda_jupyter.kernel.reloading import reload_modules


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of modules on ``sys.path``; what was imported from it is forgotten afterwards."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def write(library: Path, name: str, text: str) -> None:
    path = library / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    for cached in path.parent.glob("__pycache__/*"):
        cached.unlink()


def test_a_notebooks_names_mean_the_new_module_class_and_function(library: Path) -> None:
    write(library, "toy_a.py", "version = 1\nclass C: size = 1\ndef f(): return 1\n")
    toy = importlib.import_module("toy_a")
    variables: dict[str, Any] = {"t": toy, "C": toy.C, "f": toy.f, "c": toy.C(), "n": 1}
    write(library, "toy_a.py", "version = 2\nclass C: size = 2\ndef f(): return 2\n")

    done = reload_modules(["toy_a"], variables)

    assert (variables["t"].version, variables["C"].size, variables["f"]()) == (2, 2, 2)
    assert variables["c"].size == 1
    assert (done.modules, done.renewed, done.stale) == (("toy_a",), ("C", "f", "t"), ("c",))
    assert done.words == (
        "Reloaded: toy_a. These names mean the new ones: C, f, t."
        " Made by the old ones, make them again: c."
    )


def test_a_module_that_holds_on_to_it_is_exchanged_too(library: Path) -> None:
    write(library, "toy_b.py", "version = 1\n")
    write(library, "toy_user.py", "import toy_b\n")
    user = importlib.import_module("toy_user")
    variables: dict[str, Any] = {"user": user}
    write(library, "toy_b.py", "version = 2\n")
    done = reload_modules(["toy_b"], variables)
    assert variables["user"].toy_b.version == 2
    assert set(done.modules) == {"toy_b", "toy_user"}


def test_a_submodule_that_is_gone_is_said_to_be(library: Path) -> None:
    write(library, "toy_c/__init__.py", "")
    write(library, "toy_c/extra.py", "")
    importlib.import_module("toy_c.extra")
    (library / "toy_c" / "extra.py").unlink()
    done = reload_modules(["toy_c", "toy_c.extra"], {})
    assert done.gone == ("toy_c.extra",)
    assert "toy_c" in sys.modules
    assert "toy_c.extra" not in sys.modules


def test_a_new_module_that_cannot_be_imported_leaves_the_old_one_in_place(library: Path) -> None:
    write(library, "toy_d.py", "version = 1\n")
    old = importlib.import_module("toy_d")
    variables: dict[str, Any] = {"t": old}
    write(library, "toy_d.py", "raise RuntimeError('broken')\n")
    with pytest.raises(XcondaFailed) as caught:
        reload_modules(["toy_d"], variables)
    assert sys.modules["toy_d"] is old
    assert variables["t"] is old
    assert caught.value.code == "not-reloaded"
    assert "broken" in caught.value.why


def test_a_new_module_that_lacks_what_it_imports_leaves_the_old_one_in_place(library: Path) -> None:
    write(library, "toy_e.py", "version = 1\n")
    old = importlib.import_module("toy_e")
    write(library, "toy_e.py", "import a_module_that_nobody_has\n")
    with pytest.raises(XcondaFailed):
        reload_modules(["toy_e"], {})
    assert sys.modules["toy_e"] is old


def test_nothing_loaded_is_nothing_to_reload() -> None:
    assert reload_modules(["never_imported"], {}).words.startswith("Nothing to reload")
