"""What starting up may cost, in modules: the time belongs to ``make bench``."""

import ast
import subprocess
import sys

import pytest

from tests.architecture.source import Module, modules


def _modules_after(statement: str) -> tuple[int, set[str]]:
    program = (
        "import sys\n"
        "try:\n"
        f"    {statement}\n"
        "except SystemExit:\n"
        "    pass\n"
        "sys.stderr.write('\\n'.join(sorted(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True
    )
    names = set(done.stderr.split("\n"))
    return len(names), names


def test_help_loads_at_most_120_modules() -> None:
    count, names = _modules_after("from xconda_core.cli.main import main; main(['--help'])")
    bare, _ = _modules_after("pass")
    heavy = {"requests", "rich", "ruamel", "zstandard", "asyncio", "msgspec"} & names
    assert heavy == set()
    assert count <= 120, f"{count} modules, of which bare Python has {bare}"


def test_importing_the_front_door_loads_no_port() -> None:
    _, names = _modules_after("import xconda_core.api")
    assert {"requests", "rich", "ruamel", "asyncio", "pycosat"} & names == set()


@pytest.mark.parametrize("module", modules("xconda_core"), ids=lambda module: module.path)
def test_values_are_made_with_what_is_quick_to_define(module: Module) -> None:
    slow = [
        node.lineno
        for node in module.tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "dataclasses"
    ]
    assert slow == [], "`from xconda_core.values import dataclass` (decision 0110)"
