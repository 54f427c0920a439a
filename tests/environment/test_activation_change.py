"""What activation changes, as data: conda's scenarios without a shell."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.environment.activation_change import (
    ActivationChange,
    StackBroken,
    activated,
    deactivated,
    for_program,
    prefix_below,
    reactivated,
)
from xconda_core.environment.activation_names import ActivationRules, active_prefix, prompt
from xconda_core.environment.activation_path import path_folders
from xconda_core.environment.activation_rim import EnvironmentVariablesDamaged, Rim, read_rim
from xconda_core.environment.shells.dialect import program
from xconda_core.environment.shells.posix import POSIX

ONE, TWO = Rim(prefix=Path("/e/envs/one")), Rim(prefix=Path("/e/envs/two"))
IN_ONE = {"PATH": "/x:/e/envs/one/bin:/bin", "CONDA_PREFIX": "/e/envs/one", "CONDA_SHLVL": "1"}


def test_the_first_environment_goes_in_front_of_path() -> None:
    change = for_program(ONE, {"PATH": "/usr/bin:/bin"})
    assert change.set == {
        "PATH": "/e/envs/one/bin:/usr/bin:/bin",
        "CONDA_PREFIX": "/e/envs/one",
        "CONDA_SHLVL": "1",
        "CONDA_DEFAULT_ENV": "one",
        "CONDA_PROMPT_MODIFIER": "(one) ",
    }
    assert (change.unset, change.needs_shell) == ((), False)


def test_the_next_environment_takes_the_place_of_the_active_one() -> None:
    change = for_program(TWO, IN_ONE, old=ONE)
    assert change.set["PATH"] == "/x:/e/envs/two/bin:/bin"
    assert change.set["CONDA_SHLVL"] == "2"
    assert change.set["CONDA_PREFIX_1"] == "/e/envs/one"


def test_activating_the_active_environment_changes_no_path_and_no_level() -> None:
    change = for_program(ONE, IN_ONE, old=ONE)
    assert change.applied_to(IN_ONE) == {
        **IN_ONE,
        "CONDA_DEFAULT_ENV": "one",
        "CONDA_PROMPT_MODIFIER": "(one) ",
    }


def test_variables_of_the_environment_that_is_left_go_with_it() -> None:
    old = Rim(prefix=ONE.prefix, variables={"GONE": "1", "BOTH": "1"})
    new = Rim(prefix=TWO.prefix, variables={"BOTH": "2"})
    after = for_program(new, IN_ONE | {"GONE": "1", "BOTH": "1"}, old=old).applied_to(IN_ONE)
    assert "GONE" not in after
    assert after["BOTH"] == "2"


def test_no_variable_of_an_environment_overrides_what_activation_itself_sets() -> None:
    rim = Rim(prefix=ONE.prefix, variables={"PATH": "/evil", "CONDA_PREFIX": "/evil"})
    assert for_program(rim, {"PATH": "/bin"}).set["PATH"] == "/e/envs/one/bin:/bin"


def test_an_environment_is_called_base_by_its_name_or_by_its_path() -> None:
    def name(prefix: str, **places: Any) -> str:
        change = for_program(Rim(prefix=Path(prefix)), {}, ActivationRules(**places))
        return change.set["CONDA_DEFAULT_ENV"]

    assert name("/opt/conda", root_prefix=Path("/opt/conda")) == "base"
    assert name("/my/one", envs_dirs=(Path("/my"),)) == "one"
    assert name("/my/one") == "/my/one"


def test_a_prompt_template_that_does_not_fit_is_shown_as_it_stands() -> None:
    assert prompt("[{name}] ", "x", Path("/e/one")) == "[one] "
    assert prompt("{nothing}", "x", Path("/e/one")) == "{nothing}"
    assert prompt("{0", "x", Path("/e/one")) == "{0"


def test_the_prompt_names_what_stays_on_path_beneath_one_that_was_replaced() -> None:
    rules = ActivationRules(env_prompt="({stacked_env})")
    three, four = Rim(prefix=Path("/e/envs/three")), Rim(prefix=Path("/e/envs/four"))
    states = [IN_ONE]

    def step(change: ActivationChange) -> str:
        states.append(change.applied_to(states[-1]))
        return states[-1]["CONDA_PROMPT_MODIFIER"]

    assert step(activated(TWO, states[-1], rules, old=ONE, stack=True)) == "(two,one)"
    assert step(activated(three, states[-1], rules, old=TWO)) == "(three,one)"
    assert step(reactivated(three, states[-1], rules)) == "(three,one)"
    assert step(activated(four, states[-1], rules, old=three, stack=True)) == "(four,three,one)"
    assert step(deactivated(four, three, states[-1], rules)) == "(three,one)"
    assert step(deactivated(three, TWO, states[-1], rules)) == "(two,one)"
    assert step(deactivated(TWO, ONE, states[-1], rules)) == "(one)"


def test_an_environment_is_active_only_while_its_level_counts() -> None:
    assert active_prefix({"CONDA_PREFIX": "/a", "CONDA_SHLVL": "2"}) == Path("/a")
    assert active_prefix({"CONDA_PREFIX": "/a", "CONDA_SHLVL": "0"}) is None
    assert active_prefix({"CONDA_PREFIX": "/a", "CONDA_SHLVL": "-?"}) is None


def test_windows_has_its_folders_in_condas_order() -> None:
    folders = path_folders(Path("/e"), windows=True)
    assert folders == ("/e", *(f"/e/{x}" for x in (
        "Library/mingw-w64/bin", "Library/usr/bin", "Library/bin", "Scripts", "bin")))  # fmt: skip


def test_windows_has_the_first_msys2_folder_that_is_there_behind_the_environments_own(
    tmp_path: Path,
) -> None:
    for name in ("clangarm64", "clang64"):
        (tmp_path / "Library" / name / "bin").mkdir(parents=True)

    folders = path_folders(tmp_path, windows=True)

    assert folders[:3] == tuple(
        map(str, (tmp_path, tmp_path / "Library/clang64/bin", tmp_path / "Library/mingw-w64/bin"))
    )
    assert not any("clangarm64" in folder for folder in folders)


def test_a_prefix_brings_scripts_in_order_and_the_users_variables_before_the_packages(
    tmp_path: Path,
) -> None:
    for name in ("activate.d/b.sh", "activate.d/a.sh", "activate.d/x.fish", "deactivate.d/a.sh",
                 "deactivate.d/b.sh"):  # fmt: skip
        path = tmp_path / "etc" / "conda" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    write(tmp_path / "etc/conda/env_vars.d/a.json", {"A": "package", "B": 1})
    write(tmp_path / "conda-meta/state", {"env_vars": {"A": "user", "C": "***unset***", "D": None}})
    rim = read_rim(tmp_path)
    assert [path.name for path in rim.activate_scripts] == ["a.sh", "b.sh"]
    assert [path.name for path in rim.deactivate_scripts] == ["b.sh", "a.sh"]
    assert rim.variables == {"A": "user", "B": "1"}


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '{"env_vars": 1}', '{"env_vars": {"A=B": ""}}', '{"env_vars": {"A": "\\u0000"}}'],
)
def test_a_damaged_file_of_variables_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "conda-meta" / "state"
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(EnvironmentVariablesDamaged, match=str(path)):
        read_rim(tmp_path)


def test_a_shell_gets_quoted_values_and_no_names_that_it_cannot_hold() -> None:
    change = ActivationChange(unset=("OLD",), set={"A": "it's $HOME", "B.C": "x"})
    assert program(change, POSIX, {}) == "unset OLD\nexport A='it'\"'\"'s $HOME'\n"


def test_an_empty_entry_of_path_is_no_working_folder_to_a_posix_shell_of_windows() -> None:
    change = ActivationChange(set={"PATH": "/e/bin::/bin"})
    assert program(change, POSIX, {}, windows=True) == "export PATH=/e/bin:/bin\n"
    assert program(change, POSIX, {}) == "export PATH=/e/bin::/bin\n"


def write(path: Path, document: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document))


def test_leaving_one_of_several_needs_to_know_what_was_active_before() -> None:
    environ = IN_ONE | {"CONDA_SHLVL": "2"}
    with pytest.raises(StackBroken, match="CONDA_PREFIX_1"):
        prefix_below(environ)


def test_leaving_undoes_what_was_set_even_if_the_environment_has_changed_meanwhile() -> None:
    before = {"PATH": "/bin", "CONDA_SHLVL": "0", "HAD": "mine"}
    rim = Rim(prefix=ONE.prefix, variables={"HAD": "1", "NEW": "2"})
    active = activated(rim, before).applied_to(before)
    assert deactivated(ONE, None, active).applied_to(active) == before


def test_reactivation_brings_variables_that_came_and_takes_those_that_went() -> None:
    before = {"PATH": "/bin", "CONDA_SHLVL": "0", "HAD": "mine"}
    active = activated(Rim(prefix=ONE.prefix, variables={"HAD": "1"}), before).applied_to(before)
    now = Rim(prefix=ONE.prefix, variables={"NEW": "2"})
    again = reactivated(now, active).applied_to(active)
    assert (again["HAD"], again["NEW"]) == ("mine", "2")
    assert deactivated(now, None, again).applied_to(again) == before


def test_a_folder_of_the_users_own_on_path_stays_when_its_environment_is_left() -> None:
    before = {"PATH": "/e/envs/one/bin:/bin", "CONDA_SHLVL": "0"}
    active = activated(ONE, before).applied_to(before)
    assert deactivated(ONE, None, active).applied_to(active) == before


def test_no_name_of_an_environment_is_run_by_a_shell_that_shows_it() -> None:
    shown = prompt("({default_env}) ", "$(reboot)`x`", Path("/e/x"))
    assert shown == "(?(reboot)?x?) "


variables = st.dictionaries(st.sampled_from(["A", "B", "C"]), st.sampled_from(["", "1", "2"]))
rims = st.builds(
    lambda name, variables: Rim(prefix=Path("/e/envs") / name, variables=variables),
    st.sampled_from(["one", "two", "three"]),
    variables,
)


@given(
    own=variables,
    path=st.lists(st.sampled_from(["/bin", "/e/envs/one/bin", "/e/envs/two/bin", ""]), max_size=4),
    visits=st.lists(st.tuples(rims, st.booleans()), max_size=4, unique_by=lambda x: x[0].prefix),
)
def test_whatever_is_activated_is_left_step_by_step_without_a_trace(
    own: dict[str, str], path: list[str], visits: list[tuple[Rim, bool]]
) -> None:
    states = [{**own, "PATH": ":".join(path), "CONDA_SHLVL": "0"}]
    for number, (rim, stack) in enumerate(visits):
        old = visits[number - 1][0] if number else None
        states.append(activated(rim, states[-1], old=old, stack=stack).applied_to(states[-1]))
    environ = states[-1]
    for number in range(len(visits) - 1, -1, -1):
        below = visits[number - 1][0] if number else None
        assert prefix_below(environ) == (below.prefix if below else None)
        environ = deactivated(visits[number][0], below, environ).applied_to(environ)
        assert environ == states[number]
