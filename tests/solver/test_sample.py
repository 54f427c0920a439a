"""The search on real channels: as good as the reference solver, and fast."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.solver.conftest import SHARED
from tests.solver.readable import answer, ask
from xconda_core.errors import XcondaError
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.version import Version
from xconda_core.repodata.channel_index import ChannelIndex

pytestmark = pytest.mark.shared

MACHINE = ("__unix", "__linux 5.15.0", "__glibc 2.35", "__archspec 1 x86_64_v3")
ORACLE = SHARED / "data" / "oracle" / "conda-forge-linux-64.json"
REQUESTS = SHARED / "tools" / "requests.json"


def test_the_reference_solver_agrees_and_has_nothing_requested_newer(
    conda_forge: ChannelIndex,
) -> None:
    for row in json.loads(ORACLE.read_text())["results"]:
        virtual = [" ".join(fact.split("=")) for fact in row["virtual"]]
        problem = ask(conda_forge, *row["specs"], virtual=virtual)
        try:
            found = answer(problem).records
        except XcondaError:
            assert not row["ok"], row["specs"]
            continue
        assert row["ok"], row["specs"]
        theirs = dict(_name_and_version(path) for path in row["packages"])
        for text in row["specs"]:
            name = MatchSpec.parse(text).name
            assert Version.parse(found[name].version) >= Version.parse(theirs[name]), text


def _name_and_version(path: str) -> tuple[str, str]:
    name, version, _ = path.rpartition("/")[2].rsplit("-", 2)
    return name, version


@pytest.mark.parametrize("name", ["py-numpy-pandas", "jupyterlab", "env60"])
def test_named_requests_are_solved_without_much_search(
    name: str, conda_forge: ChannelIndex
) -> None:
    problem = ask(conda_forge, *json.loads(REQUESTS.read_text())["requests"][name], virtual=MACHINE)

    found = answer(problem)

    assert found.records
    assert found.conflicts <= (400 if name == "env60" else 20)


def test_the_same_question_has_the_same_answer(conda_forge: ChannelIndex) -> None:
    problem = ask(conda_forge, "python=3.10", "scikit-learn", "matplotlib", virtual=MACHINE)

    assert answer(problem) == answer(problem)


@pytest.mark.usefixtures("conda_forge")
def test_the_answer_does_not_depend_on_how_python_hashes() -> None:
    answers = {_answer_of_another_process(seed) for seed in ("1", "2", "3")}

    assert len(answers) == 1


def _answer_of_another_process(seed: str) -> str:
    run = subprocess.run(
        [sys.executable, "-c", QUESTION],
        env={**os.environ, "PYTHONHASHSEED": seed},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return run.stdout


QUESTION = """
from tests.solver import conftest
from tests.solver.readable import answer, ask
from xconda_core.repodata.channel_index import ChannelIndex, ChannelRecords

folders = [conftest.document("conda-forge", each) for each in ("linux-64", "noarch")]
index = ChannelIndex([ChannelRecords("conda-forge", tuple(folders))], "strict", print)
machine = ["__unix", "__linux 5.15.0", "__glibc 2.35"]
print(answer(ask(index, "python=3.10", "scikit-learn", "jupyterlab", virtual=machine)))
try:
    print(answer(ask(index, "libgdal=3.6", "libarrow=20", virtual=machine)))
except Exception as error:
    print(error, error.to_json())
"""
