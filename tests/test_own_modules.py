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


def said_by(program: str) -> str:
    beginning = (
        "import sys\n"
        "from xconda_core.own_modules import find_own_modules_first\n"
        "find_own_modules_first()\n"
    )
    return said(beginning + program)


@pytest.mark.parametrize("module", ["xconda_core.models.version", "xconda_core.cli"])
def test_a_module_says_of_itself_what_it_says_otherwise(module: str) -> None:
    program = (
        "import inspect\n"
        "from importlib.machinery import SourceFileLoader\n"
        f"import {module} as found\n"
        "spec = found.__spec__\n"
        "print(found.__file__, found.__cached__, spec.origin, spec.has_location)\n"
        "print(isinstance(spec.loader, SourceFileLoader), found.__package__)\n"
        "print(inspect.getsource(found)[:20], spec.cached)\n"
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
        "    find('xconda_core.models.no_such_thing', models.__path__),\n"
        "    find('xconda_core.models', xconda_core.__path__),\n"
        "    find('json.decoder', json.__path__),\n"
        "    find('xconda_core.models.version', ['/nowhere']),\n"
        ")])\n"
    )
    assert said_by(program) == "['xconda_core.models.version', None, None, None, None]\n"


def test_a_missing_module_is_missed_in_the_usual_words() -> None:
    program = (
        "try:\n"
        "    import xconda_core.models.no_such_thing\n"
        "except ModuleNotFoundError as error:\n"
        "    print(error)\n"
    )
    assert said_by(program) == "No module named 'xconda_core.models.no_such_thing'\n"


def test_a_module_that_has_changed_or_moved_is_read_anew(tmp_path: Path) -> None:
    package = tmp_path / "first" / "xconda_core"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    shutil.copy(ROOT / "xconda_core" / "own_modules.py", package)
    program = (
        "import sys; sys.path.insert(0, {!r})\n"
        "from xconda_core.own_modules import find_own_modules_first\n"
        "find_own_modules_first()\n"
        "from xconda_core import told\n"
        "print(told.WORD, told.where.__code__.co_filename, type(told.__loader__).__name__)\n"
    )

    def told(word: str, folder: Path) -> list[str]:
        place = folder / "xconda_core" / "told.py"
        place.write_text(f"WORD = {word!r}\ndef where(): ...\n")
        os.utime(place, (0, 0))  # the clock tells nothing
        return [said(program.format(str(folder))).split()[i] for _ in range(2) for i in (0, 1)]

    first, second = package.parent, tmp_path / "second"
    assert told("old", first) == ["old", str(package / "told.py")] * 2
    assert told("newer", first)[::2] == ["newer"] * 2
    shutil.copytree(first, second)
    assert told("newer", second) == ["newer", str(second / "xconda_core" / "told.py")] * 2
