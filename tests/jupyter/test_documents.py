"""Files, settings and caches from a cell: values that show themselves."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.jupyter.conftest import Kernel
from xconda_jupyter.kernel.command_line import commands_of_line
from xconda_jupyter.kernel.documents import document_of, question_words
from xconda_jupyter.kernel.failures import XcondaFailed


def of(line: str, result: Any) -> Any:
    return document_of(commands_of_line(line)[0], result)


A_FILE = {"format": "environment-yaml", "text": "name: demo\ndependencies:\n- python <4\n"}


def test_a_file_shows_its_text_and_is_written_where_asked(tmp_path: Path) -> None:
    shown = of("export", A_FILE)
    assert repr(shown) == A_FILE["text"].rstrip()
    assert "python &lt;4" in shown._repr_html_()
    path = tmp_path / "environment.yml"
    written = of(f"export --file '{path}'", A_FILE)
    assert path.read_text() == A_FILE["text"]
    assert repr(written) == f"environment-yaml (3 lines) is written to {path}."


def test_a_file_that_cannot_be_written_is_a_short_error(tmp_path: Path) -> None:
    with pytest.raises(XcondaFailed, match="was not written"):
        of(f"export -f {tmp_path}/nowhere/environment.yml", A_FILE)


def test_a_lock_says_how_much_it_fixes_and_how_to_keep_it() -> None:
    lock = of("lock", {**A_FILE, "format": "conda-lock", "packages": {"linux-64": 3}})
    assert repr(lock).startswith("conda-lock: 3 packages for linux-64\n`%xconda lock -o")
    assert lock.to_json()["packages"] == {"linux-64": 3}


def test_settings_that_somebody_set_are_shown_others_when_named_or_all() -> None:
    result = {
        "settings": [
            {"name": "solver", "value": "own", "origin": "default"},
            {"name": "channels", "value": ["a", "b"], "origin": "~/.condarc"},
        ],
        "warnings": [],
    }
    assert [each["name"] for each in of("config", result)] == ["channels"]
    assert "a, b" in repr(of("config", result))
    assert [each["name"] for each in of("config solver", result)] == ["solver"]
    assert len(of("config --all", result)) == 2
    with pytest.raises(XcondaFailed, match="no setting 'sovler'"):
        of("config sovler", result)


def test_what_only_the_notebook_has_to_know_is_not_sent_to_the_engine() -> None:
    [command] = commands_of_line("export -f x.yml --from-history")
    assert question_words(command) == ("export", {"from_history": True})
    [command] = commands_of_line("list --explicit")
    assert question_words(command) == ("export", {"format": "explicit"})


@pytest.mark.slow
def test_the_verbs_answer_in_a_kernel(kernel: Kernel) -> None:
    assert "dependencies:" in kernel.run("%xconda export --from-history").value
    assert "packages for" in kernel.run("%xconda lock").value
    assert "@EXPLICIT" in kernel.run("%xconda list --explicit").value
    assert "can go" in kernel.run("%xconda clean").value
    assert "CONDA_CHANNELS" in kernel.run("%xconda config channels").value
    document = json.loads(kernel.run("%xconda export --json").value)
    assert document["format"] == "environment-yaml"


@pytest.mark.slow
def test_an_environment_is_made_from_a_cell_and_its_undo_names_it(
    kernel: Kernel, tmp_path: Path
) -> None:
    prefix = tmp_path / "made here"
    done = kernel.run(f"%xconda create -p '{prefix}' greeter=1")
    assert "packages installed" in done.last
    assert "undo" not in done.last
    assert list(prefix.glob("conda-meta/greeter-1.0-*.json"))
    again = kernel.run(f"%xconda create -p '{prefix}' greeter=1")
    assert "it is an environment already" in again.error
    assert "`--yes` replaces it" in again.error
    replaced = kernel.run(f"%xconda create -p '{prefix}' greeter=1 --yes")
    assert "An environment is there: it is replaced" in replaced.last
    assert "packages changed" in replaced.last
    replace_own = "import os, sys\n%xconda create -p $sys.prefix --yes"
    assert "it is active here" in kernel.run(replace_own).error
    kernel.run("del os.environ['CONDA_PREFIX']")
    assert "this kernel runs in it" in kernel.run(replace_own).error
    kernel.run("os.environ['CONDA_PREFIX'] = sys.prefix")
    more = kernel.run(f"%xconda install -p '{prefix}' greeter=2")
    assert f"`%xconda undo -p '{prefix}'` takes it back" in more.last
    assert "needs a name or a path" in kernel.run("%xconda create greeter").printed


@pytest.mark.slow
def test_a_new_environment_that_has_a_kernel_says_how_the_notebook_gets_there(
    kernel: Kernel, environment: Path
) -> None:
    done = kernel.run(f"%xconda create -n twin --clone {environment}")
    assert done.last.endswith("`%xconda switch twin` runs the notebook in it.")
    more = kernel.run("%xconda install -n twin greeter")
    assert "`%xconda undo -n twin` takes it back" in more.last
    assert kernel.run("%xconda env remove -n twin --yes").status == "ok"
