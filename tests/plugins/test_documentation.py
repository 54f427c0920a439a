"""What docs/plugins.md tells authors is so: its examples are installed, its template is built."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.plugins.conftest import PluginWorld
from xconda_core.plugins.hookspecs import Hooks

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "plugins.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
HOOKS = {name for name in dir(Hooks) if name.startswith("xconda_")}


def _hooks(source: str) -> list[str]:
    return sorted(re.findall(r"^def (xconda_\w+)", source, re.MULTILINE))


@pytest.mark.parametrize("source", EXAMPLES, ids=lambda source: "-".join(_hooks(source)))
def test_an_example_is_a_plugin_that_counts(world: PluginWorld, source: str) -> None:
    world.install("example", source)
    (listed,) = world.document("plugins", "list")
    assert (listed["status"], listed["why"]) == ("enabled", "")
    assert listed["hooks"] == _hooks(source)


def test_every_hook_of_conda_has_its_line_for_authors() -> None:
    table = PAGE[PAGE.index("| a plugin of conda has") :]
    named = set(re.findall(r"conda_(?:subcommands|session_headers|request_headers)", table))
    values = set(re.findall(r"Plugin[A-Z]\w+", table))
    import xconda_core.plugins as contract

    assert {name for name in contract.__all__ if name.startswith("Plugin")} <= values
    assert len(named) == 3


def test_every_hook_has_its_how_to_with_an_example() -> None:
    headings = set(
        re.findall(r"`(xconda_\w+)`", "".join(re.findall(r"^## .*$", PAGE, re.MULTILINE)))
    )
    assert headings == HOOKS == {hook for source in EXAMPLES for hook in _hooks(source)}


def test_every_docstring_of_a_hook_has_an_example_that_python_can_read() -> None:
    for name in HOOKS:
        text = getattr(Hooks, name).__doc__ or ""
        example = text.partition("Example::")[2]
        lines = [line.removeprefix(" " * 12) for line in example.splitlines()]
        compile("\n".join(lines), name, "exec")
        assert f"def {name}(" in example


def test_the_template_is_a_project_that_pip_installs(world: PluginWorld, tmp_path: Path) -> None:
    template = tmp_path / "template"
    caches = shutil.ignore_patterns("__pycache__", ".*")
    shutil.copytree(DOCS / "plugin-template", template, ignore=caches)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", str(world.site), str(template)], check=True, timeout=120)
    assert world.xconda("hello", "world").stdout == "hello world\n"
    refused = world.create("apple", CONDA_PLUGINS_HELLO_MOST="1")
    assert "2 packages would come, and 1 may at once." in refused.stderr
    assert world.create("apple").returncode == 0
    assert (world.prefix / "share/hello.txt").read_text() == "hello\napple\nseed\n"
    own = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=template,
        env=world.variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "3 passed" in own.stdout, own.stdout
