"""Activation in the shells themselves: what they have after it, and that nothing stays behind."""

import json
import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.shells.real_shells import PATH, SHELLS, Home, RealShell, read_variables, require
from xconda_core.testing.simulator import SimulatedPackage, a_channel, a_package

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the shells of a POSIX system")

AWKWARD = 'we\'ird $HOME "q" `x` \\b é;&!|<> (*)'
TEXTS = "a b\n$HOME !x 'q' \\ \"d\" é %PATH% `x` ~"


def only(*names: str) -> pytest.MarkDecorator:
    chosen = [shell for shell in SHELLS if shell.name in names]
    return pytest.mark.parametrize("home", chosen, indirect=True, ids=lambda shell: shell.name)


# xonsh ends a script at the first command that fails.
goes_on_after_a_failure = only("bash", "zsh", "dash", "fish", "tcsh")
reads_posix_scripts = only("bash", "zsh", "dash", "xonsh")


@pytest.fixture(params=SHELLS, ids=lambda shell: shell.name)
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    shell: RealShell = request.param
    require(shell, os.environ)
    return Home(tmp_path, shell)


def test_activate_then_deactivate_leaves_the_shell_as_it_was(home: Home) -> None:
    prefix = home.environment("one", variables='{"FOO": "1"}')
    before, active, after = home.variables("xconda activate one", "xconda deactivate", FOO="mine")
    assert active["PATH"] == f"{prefix}/bin:{PATH}"
    assert (active["CONDA_PREFIX"], active["CONDA_SHLVL"]) == (str(prefix), "1")
    assert (active["CONDA_DEFAULT_ENV"], active["FOO"]) == ("one", "1")
    assert after == before


def test_environments_are_nested_and_stacked_and_left_one_by_one(home: Home) -> None:
    one, two, three = (home.environment(name) for name in ("one", "two", "three"))
    states = home.variables(
        "xconda activate one",
        "xconda activate two",
        "xconda activate --stack three",
        "xconda deactivate",
        "xconda deactivate",
        "xconda deactivate",
    )
    assert [state["PATH"].removesuffix(f":{PATH}") for state in states[1:4]] == [
        f"{one}/bin",
        f"{two}/bin",
        f"{three}/bin:{two}/bin",
    ]
    assert [state["CONDA_SHLVL"] for state in states] == ["0", "1", "2", "3", "2", "1", "0"]
    assert states[4:] == states[2::-1]


def test_scripts_run_in_order_and_backwards_when_left(home: Home) -> None:
    home.environment("one", scripts=True)
    home.environment("two", scripts=True)
    home.runs(
        "xconda activate one", "xconda activate two", "xconda deactivate", "xconda deactivate"
    )
    assert home.log.read_text().splitlines() == [
        "one activate a", "one activate b",
        "one deactivate b", "one deactivate a", "two activate a", "two activate b",
        "two deactivate b", "two deactivate a", "one activate a", "one activate b",
        "one deactivate b", "one deactivate a",
    ]  # fmt: skip


@reads_posix_scripts
def test_what_a_script_does_to_path_is_undone_by_its_counterpart(home: Home) -> None:
    prefix = home.environment("one", scripts=True)
    activate, deactivate = (
        prefix / "etc" / "conda" / f"{verb}.d" / "c.sh" for verb in ("activate", "deactivate")
    )
    activate.write_text('export PATH="/added:$PATH"\n')
    deactivate.write_text('export PATH="${PATH#/added:}"\n')
    home.environment("two")
    before, active, _, after = home.variables(
        "xconda activate one",
        "xconda activate two",
        "xconda deactivate; xconda deactivate"
        if home.shell.name != "xonsh"
        else "xconda deactivate\nxconda deactivate",
    )
    assert active["PATH"].startswith("/added:")
    assert after["PATH"] == before["PATH"]


def test_names_and_values_with_every_kind_of_character_come_through(home: Home) -> None:
    name = AWKWARD.replace("$", "") if home.shell.name == "xonsh" else AWKWARD  # it reads PATH
    value = TEXTS.replace("\n", "\\n").replace('"', '\\"').replace("\\ ", "\\\\ ")
    prefix = home.environment(name, variables=f'{{"TEXTS": "{value}"}}')
    before, active, after = home.variables(
        f"xconda activate {home.shell.quote(str(prefix))}", "xconda deactivate"
    )
    assert active["CONDA_PREFIX"] == str(prefix)
    assert active["TEXTS"] == TEXTS
    assert after == before


@goes_on_after_a_failure
def test_an_environment_that_is_not_there_changes_nothing(home: Home) -> None:
    done = home.runs(home.shell.dump(home.folder / "0"), "xconda activate nope", "echo after")
    assert "There is no environment called nope" in done.stderr
    assert "after" in done.stdout


@goes_on_after_a_failure
def test_the_function_passes_other_commands_on_with_their_exit_code(home: Home) -> None:
    status = "$status" if home.shell.name in ("fish", "tcsh") else "$?"
    done = home.runs("xconda --version", "xconda nonsense", f"echo code {status}")
    assert done.stdout.startswith("xconda ")
    assert "code 2" in done.stdout


def test_a_change_of_variables_takes_effect_in_the_active_shell(home: Home) -> None:
    home.environment("one")
    before, _, changed, back, after = home.variables(
        "xconda activate one",
        "xconda env config vars set NEW=1 --quiet",
        "xconda env config vars unset NEW --quiet",
        "xconda deactivate",
    )
    assert changed["NEW"] == "1"
    assert "NEW" not in back
    assert after == before


def test_after_install_update_and_remove_an_active_shell_runs_new_scripts_and_finds_new_programs(
    home: Home,
) -> None:
    prefix, outside = home.environment("one"), home.folder / "outside"
    a_channel(home.folder / "channel", [_a_tool(home, version) for version in ("1", "2")])
    outside.mkdir()
    (outside / "tool").write_text("#!/bin/sh\necho outside\n")
    (outside / "tool").chmod(0o755)

    def xconda(*words: str) -> str:
        return " ".join(("xconda", *words, "-y", "-q"))

    done = home.runs(
        "xconda activate one",
        "tool",  # shells remember where they found it
        xconda("install", "tool=1"),
        "tool",
        xconda("update", "tool"),
        "tool",
        xconda("remove", "tool"),
        "tool",
        PATH=f"{outside}:{PATH}",
        CONDA_CHANNELS=(home.folder / "channel").as_uri(),
        CONDA_SUBDIR="linux-64",
    )

    assert done.stdout.split() == ["outside", "one-1", "one-2", "outside"], done.stderr
    assert home.log.read_text().split() == ["without-1", "with-1", "without-2", "with-2"]
    assert not list((prefix / "etc" / "conda").rglob("tool*"))


def _a_tool(home: Home, version: str) -> SimulatedPackage:
    """A package with a program and scripts for the shell of ``home``."""
    scripts = {
        f"etc/conda/{verb}.d/tool{home.shell.suffix}": home.shell.append(
            f"{said}-{version}", home.log
        )
        for verb, said in (("activate", "with"), ("deactivate", "without"))
    }
    program = f"#!/bin/sh\necho one-{version}\n"
    files = {path: text.encode() for path, text in {**scripts, "bin/tool": program}.items()}
    return a_package("tool", version, files=files, executables=["bin/tool"])


@only("bash", "zsh", "dash", "tcsh")
@pytest.mark.parametrize(
    ("settings", "prompt"),
    [
        ({}, "(one) mine> "),
        ({"CONDA_ENV_PROMPT": "<{name}> "}, "<one> mine> "),
        ({"CONDA_CHANGEPS1": "no"}, "mine> "),
    ],
)
def test_a_prompt_tells_the_environment_as_configured_and_is_put_back(
    home: Home, settings: dict[str, str], prompt: str
) -> None:
    home.environment("one")
    mine, show = "PS1='mine> '", 'echo "[$PS1]"'
    if home.shell.name == "tcsh":
        mine, show = "set prompt='mine> '", 'echo "[$prompt:q]"'

    done = home.runs(mine, "xconda activate one", show, "xconda deactivate", show, **settings)

    assert done.stdout.splitlines() == [f"[{prompt}]", "[mine> ]"], done.stderr


@only("fish")
@pytest.mark.parametrize(
    ("variables", "shown"),
    [
        ({}, [False, True]),
        ({"CONDA_LEFT_PROMPT": "1"}, [True, False]),
        ({"CONDA_DISABLE_FISH_PROMPT": "1"}, [False, False]),
    ],
)
def test_the_prompt_of_fish_tells_the_environment_unless_that_is_disabled(
    home: Home, variables: dict[str, str], shown: list[bool]
) -> None:
    home.environment("one")
    both = 'set left (fish_prompt); set right (fish_right_prompt); echo "$left"; echo "$right"'

    done = home.runs("xconda activate one", both, **variables)

    assert ["(one)" in line for line in done.stdout.splitlines()] == shown


@only("bash", "zsh", "dash")
def test_scripts_of_strict_shells_can_use_it(home: Home) -> None:
    home.environment("one", variables='{"FOO": "1"}')
    done = home.runs(
        "set -eu", "xconda activate one", 'echo "$FOO"', "xconda deactivate", "echo ok"
    )
    assert (done.returncode, done.stdout.split()) == (0, ["1", "ok"]), done.stderr


@only("bash", "zsh", "dash")
def test_scripts_of_packages_need_not_be_strict_in_a_strict_shell_which_stays_strict(
    home: Home,
) -> None:
    scripts = home.environment("one") / "etc" / "conda" / "activate.d"
    scripts.mkdir(parents=True)
    (scripts / "a.sh").write_text('if [ -n "$NO_SUCH" ]; then :; fi\nfalse\n', encoding="utf-8")
    done = home.runs("set -eu", "xconda activate one", "echo ok", 'echo "$NO_SUCH"', "echo never")
    assert (done.returncode != 0, done.stdout.split()) == (True, ["ok"]), done.stderr
    done = home.runs("set -eu", "xconda activate one", "false", "echo never")
    assert (done.returncode, done.stdout) == (1, "")


def test_the_function_is_called_conda_as_well_where_that_is_asked_for(home: Home) -> None:
    home.environment("one")
    hook = home.shell.hook(" conda")
    [_, inside, outside] = home.variables(f"{hook}\nconda activate one", "conda deactivate")
    assert inside["CONDA_DEFAULT_ENV"] == "one"
    assert outside["CONDA_SHLVL"] == "0"


texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
names = st.from_regex(r"\AX[A-Z0-9_]{0,6}\Z")


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=texts.filter(lambda name: name.strip(".") and not set("/:") & set(name)),
    own=st.dictionaries(names, texts, max_size=3),
    variables=st.dictionaries(names, texts, max_size=3),
)
def test_any_environment_is_left_without_a_trace(
    name: str,
    own: dict[str, str],
    variables: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = Home(tmp_path_factory.mktemp("home"), SHELLS[0])
    require(home.shell, os.environ)
    if len(os.fsencode(name)) > 200:
        return
    prefix = home.environment(name, variables=json.dumps(variables))
    quoted = home.shell.quote(str(prefix))
    done = home.runs(
        home.shell.dump(home.folder / "0"),
        f"xconda activate {quoted}",
        home.shell.dump(home.folder / "1"),
        "xconda deactivate",
        home.shell.dump(home.folder / "2"),
        **own,
    )
    before, active, after = (read_variables(home.folder / each) for each in "012")
    assert active["CONDA_PREFIX"] == str(prefix), done.stderr
    assert {key: active[key] for key in variables} == variables
    assert after == before
