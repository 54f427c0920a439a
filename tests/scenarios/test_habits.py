"""`alias conda=xconda`: lines that people and scripts have used for years, each typed as it is."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.scenarios.guide_session import Shell
from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import a_channel, a_package

PACKAGES = (
    a_package("apple", "1.0", depends=["seed"]),
    a_package("apple", "2.0", depends=["seed"]),
    a_package("pear", "1.5"),
    a_package("seed", "1.0"),
)


@dataclass(frozen=True, slots=True)
class Habit:
    """A line of a script.

    Attributes:
        what: What it is for, as a sentence.
        line: It.
        says: What its standard output has to be.
        code: Its exit code.
    """

    what: str
    line: str
    says: str = ""
    code: int = 0


HABITS = (
    Habit("whether an environment is there", "conda env list | grep -c '^fruit '", "1"),
    Habit("that one is not there", "conda env list | grep -c '^nothing '", "0", code=1),
    Habit("the names of all", "conda env list | grep -v '^#' | awk '{print $1}'", "fruit"),
    Habit("where one is", "conda env list | awk '/^fruit / {print $NF}'", "{home}/envs/fruit"),
    Habit(
        "which one is active",
        "conda activate fruit; conda info --envs | awk '$2 == \"*\" {print $1}'; conda deactivate",
        "fruit",
    ),
    Habit(
        "what is installed, without a heading",
        "conda list -n fruit | grep -v '^#' | awk '{print $1, $2}'",
        "apple 1.0\nseed 1.0",
    ),
    Habit("whether a package is there", "conda list -n fruit -f pear >/dev/null", code=1),
    Habit("a version", "conda list -n fruit -f apple | tail -1 | awk '{print $2}'", "1.0"),
    Habit("the newest there is", "conda search apple | tail -1 | awk '{print $2}'", "2.0"),
    Habit("versions for a program", "conda search 'apple[version=\">=2\"]' --json | "
          "python3 -c 'import json, sys; print(json.load(sys.stdin)[\"apple\"][0][\"version\"])'",
          "2.0"),
    Habit(
        "an environment as a file",
        "conda env export -n fruit | grep -v '^prefix: '",
        "name: fruit\nchannels:\n  - defaults\ndependencies:\n  - apple=1.0=0\n  - seed=1.0=0",
    ),
    Habit(
        "an environment file from a pipe, as it is and pruned",
        "echo 'dependencies: [pear]' | conda env create -q -n piped -f - && "
        "conda compare -n piped <(conda env export -n piped) >/dev/null && "
        "echo 'dependencies: [seed]' | conda env update -q -n piped -f - --prune && "
        "conda list -n piped | grep -v '^#' | awk '{print $1}'; conda env remove -q -y -n piped",
        "seed",
    ),
    Habit("conda brought up to date first", "conda update -q -n base -c defaults conda -y"),
    Habit("all of base brought up to date", "conda update -y -q --all"),
    Habit(
        "something for everybody, in base",
        "conda install -y -q -n base pear && conda list -n base | awk '/^pear/ {print $2}'",
        "1.5",
    ),
    Habit(
        "another name, and nobody is asked",
        "conda create -q -y -n old pear; conda rename -q -n old new; conda env remove -q -y -n new",
    ),
)  # fmt: skip

MISTAKES = (
    ("conda activate Fruit", "did you mean fruit?", 1),
    ("conda env activate fruit", "did you mean activate?", 2),
    ("conda env create environment.yml", "`xconda env create --file environment.yml`", 2),
    ("conda help install", "`xconda COMMAND --help`", 2),
    ("conda index .", "`xconda channel index`", 2),
    ("conda install -n fruit pear = 1.5", 'as one word, in quotes: "numpy>=1.2"', 1),
    ("conda install -n fruit git+https://localhost/x", "-m pip install", 1),
)


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    folder = tmp_path_factory.mktemp("habits")
    home = folder / "home"
    home.mkdir()
    a_channel(folder / "channels" / "orchard", PACKAGES)
    with serve(folder / "channels") as server:
        channel = f"{server.url}/orchard"
        (home / ".condarc").write_text(
            f"channels: [{channel}]\ndefault_channels: [{channel}]\n", encoding="utf-8"
        )
        environ = {"CONDA_SUBDIR": "linux-64", "CONDA_ENVS_DIRS": str(home / "envs")}
        typist = Shell(home, environ | {"CHANNEL": channel})
        typist.type("conda create -q -y -n fruit apple=1")
        yield typist
        typist.leave()


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.what)
def test_a_habit_of_conda_users_is_no_mistake_here(shell: Shell, habit: Habit) -> None:
    typed = shell.type(habit.line)

    channel = shell.environ["CHANNEL"]
    expected = habit.says.format(home=shell.home.resolve(), channel=channel)
    assert typed.code == habit.code, typed.out + typed.err
    assert typed.out.strip() == expected, typed.err


@pytest.mark.parametrize(("line", "words", "code"), MISTAKES, ids=str)
def test_a_mistake_is_answered_with_what_was_meant(
    shell: Shell, line: str, words: str, code: int
) -> None:
    typed = shell.type(line)

    assert typed.code == code
    assert words in typed.err


def test_without_any_environment_the_way_to_one_is_said(shell: Shell) -> None:
    home = shell.home / "newcomer"
    typed = shell.type(f'HOME="{home}" CONDA_ENVS_DIRS="{home}/envs" xconda list')

    assert typed.code == 1
    assert "`xconda install PACKAGE` makes the base environment" in typed.err
