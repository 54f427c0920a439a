"""The same question has the same answer on the command line, in a notebook and from the worker."""

import json
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.scenarios.scenario import World
from tests.scenarios.world import a_world
from xconda_jupyter.kernel.command_line import commands_of_line
from xconda_jupyter.kernel.conversation import request_of
from xconda_jupyter.kernel.worker_process import PROTOCOL

QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "why -n demo seed": ("you asked for stone", "which needs seed >=2", "2.0 is the newest"),
    "why -n demo apple": ("you asked for it: apple=1", "apple=1, which is all that keeps it from"),
    "why -n demo plum --no-version": ("plum 1.0", "stone 1.0 needs plum"),
    "why -n demo --no-version --file share/plum.txt": ("plum 1.0", "stone 1.0 needs plum"),
    "tree -n demo stone": ("stone 1.0 (asked for: stone)", "└─ plum 1.0 [plum]", "└─ seed 2.0"),
    "tree -n demo --invert seed --depth 1": ("seed 2.0", "├─ apple 1.0 [seed >=1]", "plum 1.0"),
    "tree -n demo --prune-duplicates": ("apple 1.0", "seed 2.0", "stone 1.0"),
    "search 'plum>=1'": ("plum", "1.0", "orchard"),
    "search lum": ("plum", "1.0"),
    "search --outdated -n demo": ("apple", "1.0", "2.0"),
    "search --envs seed": ("seed", "2.0", "envs/demo"),
    "search --file share/plum.txt": ("plum", "share/plum.txt", "envs/demo"),
    "repoquery depends stone --recursive": ("plum", "seed", "seed >=2"),
    "repoquery depends stone --tree": ("stone 1.0", "└─ plum 1.0 [plum]", "└─ seed 2.0 [seed >=2]"),
    "repoquery whoneeds seed": ("apple", "pear", "plum", "seed <2"),
    "repoquery whoneeds seed=1.0": ("apple", "pear"),
    "repoquery whoneeds --installed -n demo seed": ("apple", "plum", "seed >=1"),
    "repoquery search 'apple>=2'": ("apple", "2.0"),
}
ABSENT: Mapping[str, str] = {
    "search 'plum>=1'": "stone",
    "tree -n demo --prune-duplicates": "(*)",
    "repoquery whoneeds seed=1.0": "plum",
    "repoquery whoneeds --installed -n demo seed": "pear",
    "search --outdated -n demo": "stone",
}
Asked = Callable[[str], str]

NOTEBOOK = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
from xconda_jupyter.kernel import load_ipython_extension
shell = InteractiveShell.instance()
load_ipython_extension(shell)
lines = json.load(sys.stdin)
values = {line: shell.run_line_magic("xconda", line) for line in lines}
said = {line: [repr(value), value._repr_html_()] for line, value in values.items()}
print("ANSWERS" + json.dumps(said))
"""


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with tempfile.TemporaryDirectory() as folder, a_world(Path(folder)) as world:
        words = ["create", "-y", "-n", "demo", "apple=1", "seed=2", "stone"]
        done = run(world, [sys.executable, "-m", "xconda_core", *words])
        assert done.returncode == 0, done.stderr
        history = world.prefix("demo") / "conda-meta" / "history"
        text = history.read_text(encoding="utf-8")
        for quote in "'\"":  # the user asked for two of them
            text = text.replace(f"{quote}seed=2{quote}, ", "")
        history.write_text(text, encoding="utf-8")
        yield world


def run(
    world: World, words: list[str], stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    environ = {**world.environ, "PYTHONIOENCODING": "utf-8", "XCONDA_WORKER_PYTHON": sys.executable}
    return subprocess.run(
        words, input=stdin or "", env=environ, cwd="/", capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def typed(world: World) -> Asked:
    def ask(line: str) -> str:
        done = run(world, [sys.executable, "-m", "xconda_core", *shlex.split(line)])
        assert done.returncode == 0, done.stderr
        return done.stdout

    return ask


@pytest.fixture(scope="module")
def cells(world: World) -> Mapping[str, list[str]]:
    done = run(world, [sys.executable, "-c", NOTEBOOK], json.dumps(list(QUESTIONS)))
    assert done.returncode == 0, done.stdout + done.stderr
    answers: dict[str, list[str]] = json.loads(done.stdout.rpartition("ANSWERS")[2])
    return answers


def hold(text: str, line: str) -> None:
    assert [words for words in QUESTIONS[line] if words not in text] == [], text
    assert ABSENT.get(line, "no such words") not in text


@pytest.mark.parametrize("line", QUESTIONS)
def test_a_terminal_answers(line: str, typed: Asked) -> None:
    hold(typed(line), line)


@pytest.mark.parametrize("line", QUESTIONS)
def test_a_terminal_answers_with_a_document(line: str, typed: Asked) -> None:
    assert json.loads(typed(f"{line} --json"))


@pytest.mark.parametrize("line", QUESTIONS)
def test_a_cell_answers_with_a_value_that_shows_itself(
    line: str, cells: Mapping[str, list[str]]
) -> None:
    words, page = cells[line]

    hold(words, line)
    assert "<div" in page or "<table" in page


@pytest.mark.parametrize("line", QUESTIONS)
def test_the_worker_answers_with_a_document(line: str, world: World) -> None:
    [command] = commands_of_line(line)
    wish = {"protocol": PROTOCOL, **request_of(command)}

    done = run(world, [sys.executable, "-m", "xconda_core.worker"], json.dumps(wish) + "\n")

    greeting, *_, last = map(json.loads, done.stdout.splitlines())
    assert greeting["job"] is None
    assert last["result"]["packages"]
