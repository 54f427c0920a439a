"""A configuration file under the hands of several processes."""

import subprocess
import sys
from pathlib import Path

import pytest

from xconda_core.cancel import CancelToken
from xconda_core.config.definition import Definition
from xconda_core.config.definitions import DEFINITIONS
from xconda_core.config.edit import Edit
from xconda_core.config.file_change import change_file
from xconda_core.config.interpret import environment_source
from xconda_core.config.shown import described
from xconda_core.files.locks import locked

_APPEND = """
import sys, pathlib
from xconda_core.config.edit import Edit
from xconda_core.config.file_change import change_file
print("ready", flush=True)
sys.stdin.readline()
for number in range(10):
    name = f"{sys.argv[2]}-{number}"
    change_file(pathlib.Path(sys.argv[1]), lambda names: [Edit("append", ("channels",), name)])
"""


def test_of_several_writers_none_loses_what_another_wrote(tmp_path: Path) -> None:
    path = tmp_path / "new" / ".condarc"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _APPEND, str(path), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("a", "b", "c")
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    lines = path.read_text(encoding="utf-8").split()
    wanted = {f"{name}-{number}" for name in "abc" for number in range(10)}
    assert set(lines) - {"channels:", "-"} == wanted
    assert [each.name for each in path.parent.iterdir()] == [".condarc"]


def test_who_changes_nothing_waits_for_nobody(tmp_path: Path) -> None:
    path = tmp_path / ".condarc"
    path.write_text("offline: true\n", encoding="utf-8")
    lock = tmp_path / "..condarc.lock"
    with locked(lock, target=path, command="hold it", cancel=CancelToken()):
        assert not change_file(path, lambda names: [Edit("set", ("offline",), True)])


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda each: each.name)
def test_describe_names_a_variable_where_one_can_say_it(definition: Definition) -> None:
    text = "\n".join(described([definition]))
    heard = environment_source({definition.variables[0]: "x"}).nodes
    can_say = definition.shape in {"one", "list"}
    assert ("#   variable: " in text) is can_say
    assert not can_say or definition.name in heard
