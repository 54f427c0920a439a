"""Modules are found by the program as Python would find them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def said(program: str) -> str:
    """Return what ``program`` prints, where compiled modules are kept."""
    environ = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environ
    )
    return done.stdout


def said_by(program: str, before: str = "") -> str:
    beginning = (
        f"import sys\n{before}"
        "from xconda_core.own_modules import find_own_modules_first\n"
        "find_own_modules_first()\n"
    )
    return said(beginning + program)


def said_of(package: Path, program: str) -> str:
    """Return what ``program`` prints where ``package`` is what it takes for xconda."""
    return said_by(program, f"sys.path.insert(0, {str(package.parent)!r})\n")


@pytest.fixture
def own_package(tmp_path: Path) -> Path:
    """Return a package of xconda's name that can do nothing but find its modules."""
    package = tmp_path / "first" / "xconda_core"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    shutil.copy(ROOT / "xconda_core" / "own_modules.py", package)
    return package


@pytest.mark.parametrize("module", ["xconda_core.models.version", "xconda_core.cli"])
def test_a_module_says_of_itself_what_it_says_otherwise(module: str) -> None:
    program = (
        "import importlib, inspect, types\n"
        "from importlib.machinery import SourceFileLoader\n"
        f"import {module} as found\n"
        "spec = found.__spec__\n"
        "print(found.__file__, found.__cached__, spec.origin, spec.has_location)\n"
        "print(isinstance(spec.loader, SourceFileLoader), found.__package__)\n"
        "print(inspect.getsource(found)[:20], spec.cached, spec.submodule_search_locations)\n"
        "print(repr(found), isinstance(found, types.ModuleType), hasattr(found, 'no_such_name'))\n"
        "print(importlib.reload(found) is found, inspect.ismodule(found))\n"
    )
    assert said_by(program) == said(program)


def test_the_finder_finds_what_is_ours_and_nothing_else() -> None:
    program = (
        "import xconda_core.models.version, xconda_core.cli, json.decoder\n"
        "finder = sys.meta_path[0]\n"
        "from xconda_core import models\n"
        "find = finder.find_spec\n"
        "print([spec and spec.name for spec in (\n"
        "    find('xconda_core.models.version', models.__path__),\n"
        "    find('xconda_core.models', xconda_core.__path__),\n"
        "    find('xconda_core.models.no_such_thing', models.__path__),\n"
        "    find('xconda_core.__pycache__', xconda_core.__path__),\n"
        "    find('json.decoder', json.__path__),\n"
        "    find('xconda_core.models.version', ['/nowhere']),\n"
        ")])\n"
    )
    found = "['xconda_core.models.version', 'xconda_core.models', None, None, None, None]\n"
    assert said_by(program) == found


def test_a_package_may_have_attributes_in_its_own_way(own_package: Path) -> None:
    (own_package / "within").mkdir()
    text = "def __getattr__(name):\n    return f'{name} of its own'\n"
    (own_package / "within" / "__init__.py").write_text(text)

    told = said_of(own_package, "from xconda_core import within\nprint(within.any)\n")

    assert told == "any of its own\n"


def test_no_module_but_a_package_has_attributes_in_its_own_way() -> None:
    modules = [path for path in (ROOT / "xconda_core").rglob("*.py") if path.stem != "__init__"]
    own = [path for path in modules if "\ndef __getattr__" in path.read_text()]
    assert own == [], "the program would not ask it"


def test_a_compiled_module_of_any_size_is_read(own_package: Path) -> None:
    word = "long" * 50_000
    (own_package / "told.py").write_text(f"WORD = {word!r}\n")
    program = "from xconda_core import told\nprint(told.WORD)\n"

    assert [said_of(own_package, program) for _ in range(2)] == [f"{word}\n"] * 2


@pytest.mark.parametrize("asked", ["xconda_core.values", "xconda_core.models", "typing"])
def test_a_missing_name_is_missed_in_the_usual_words(asked: str) -> None:
    program = (
        "try:\n"
        f"    from {asked} import no_such_name\n"
        "except ImportError as error:\n"
        "    print(error)\n"
    )
    assert said_by(program) == said(program) != ""


def test_a_missing_module_is_missed_in_the_usual_words() -> None:
    program = (
        "try:\n"
        "    import xconda_core.models.no_such_thing\n"
        "except ModuleNotFoundError as error:\n"
        "    print(error)\n"
    )
    assert said_by(program) == "No module named 'xconda_core.models.no_such_thing'\n"


def test_a_module_that_has_changed_or_moved_is_read_anew(own_package: Path, tmp_path: Path) -> None:
    program = (
        "from xconda_core import told\n"
        "print(told.WORD, told.where.__code__.co_filename, type(told.__loader__).__name__)\n"
    )

    def told(word: str, package: Path) -> list[str]:
        place = package / "told.py"
        place.write_text(f"WORD = {word!r}\ndef where(): ...\n")
        os.utime(place, (0, 0))  # the clock tells nothing
        return [said_of(package, program).split()[i] for _ in range(2) for i in (0, 1)]

    second = tmp_path / "second" / "xconda_core"
    assert told("old", own_package) == ["old", str(own_package / "told.py")] * 2
    assert told("newer", own_package)[::2] == ["newer"] * 2
    shutil.copytree(own_package, second)
    assert told("newer", second) == ["newer", str(second / "told.py")] * 2
