"""The search on real channels: as good as the reference solver, and fast."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.solver.conftest import CHANNELS, SHARED, whole_channel
from tests.solver.readable import answer, ask
from xconda_core.errors import XcondaError
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.version import Version
from xconda_core.repodata.channel_index import ChannelIndex

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "data").is_dir(), reason="the sample is not here"),
]

MACHINE = ("__unix", "__linux 5.15.0", "__glibc 2.35", "__archspec 1 x86_64_v3")
ORACLES = SHARED / "data" / "oracle"
REQUESTS = SHARED / "tools" / "requests.json"


@pytest.mark.parametrize("oracle", ["conda-forge", "pkgs-main-union", "pkgs-free-2016"])
def test_the_reference_solver_agrees_and_has_nothing_requested_newer(oracle: str) -> None:
    document = json.loads((ORACLES / f"{oracle}-linux-64.json").read_text())
    index = whole_channel(document["channel_dir"].removeprefix("channels/"))
    for row in document["results"]:
        virtual = [" ".join(fact.split("=")) for fact in row["virtual"]]
        problem = ask(index, *row["specs"], virtual=virtual)
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


MOST_KIB = 40 * 1024  # 26 MiB are measured, mapped files and the interpreter with its 10 among them


@pytest.mark.skipif(sys.platform != "linux", reason="how much it was is asked of Linux")
def test_a_warm_solve_holds_nothing_in_memory_that_it_does_not_ask_for(tmp_path: Path) -> None:
    channel = (CHANNELS / "conda-forge").as_uri()
    words = ["create", "--dry-run", "--json", "--prefix", str(tmp_path / "env"), "jupyterlab"]
    words += ["python=3.12", "pandas", "--override-channels", "--channel", channel]

    _first, warm = (_most_memory(words, tmp_path) for _ in range(2))

    assert warm < MOST_KIB


def _most_memory(words: list[str], home: Path) -> int:
    """Return the KiB of a process at most; its parent cannot tell, which was larger at the fork."""
    run = subprocess.run(
        [sys.executable, "-c", MEMORY, *words],
        env={"HOME": str(home), "CONDA_SUBDIR": "linux-64", "PATH": os.environ["PATH"]},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return int(run.stderr.split()[-1])


MEMORY = """
import re, sys
from pathlib import Path
from xconda_core.cli.main import main

assert main(sys.argv[1:]) == 0
status = Path("/proc/self/status").read_text(encoding="ascii")
print(re.findall(r"VmHWM:\\s+([0-9]+) kB", status)[0], file=sys.stderr)
"""
