"""Modules are found by the program as Python would find them."""

import subprocess
import sys

import pytest


def said_by(program: str) -> str:
    beginning = (
        "import sys\n"
        "from xconda_core.own_modules import find_own_modules_first\n"
        "find_own_modules_first()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", beginning + program], capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.parametrize("module", ["xconda_core.models.version", "xconda_core.cli"])
def test_a_module_says_of_itself_what_it_says_otherwise(module: str) -> None:
    program = (
        f"import {module} as found\n"
        "spec = found.__spec__\n"
        "print(found.__file__, found.__cached__, spec.origin, spec.has_location)\n"
        "print(type(spec.loader), found.__package__)\n"
    )
    ordinary = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert said_by(program) == ordinary.stdout


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
    ours = ["xconda_core.models.version", None, "xconda_core.models", None, None]
    assert said_by(program) == f"{ours}\n"


def test_a_missing_module_is_missed_in_the_usual_words() -> None:
    program = (
        "try:\n"
        "    import xconda_core.models.no_such_thing\n"
        "except ModuleNotFoundError as error:\n"
        "    print(error)\n"
    )
    assert said_by(program) == "No module named 'xconda_core.models.no_such_thing'\n"
