"""What install, update and remove mean. Universes and states are written out; see ``readable``."""

from typing import Any

import pytest

from tests.solver.readable import asking, environment, machine, solved, universe
from xconda_core.cancel import CancelToken
from xconda_core.errors import XcondaError
from xconda_core.events import silent
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.repodata.memory_index import MemoryIndex
from xconda_core.solver.request import RequestVerb
from xconda_core.solver.request_rules import (
    PackagesNotInstalled,
    UnsupportedSpec,
    VersionInUpdate,
    problem_for,
)
from xconda_core.solver.search import solve
from xconda_core.solver.unsatisfiable import Unsatisfiable

CHANNEL = """
    python 3.12
    python 3.11.5
    python 3.11.2
    numpy 2.0 py312_0 needs python 3.12.*
    numpy 2.0 py311_0 needs python 3.11.*
    numpy 1.26 py311_0 needs python 3.11.*
    pandas 3.0 needs numpy >=2 and python
    pandas 2.0 needs numpy and python
    pip 24.0 needs python
    tool 2.0
    tool 1.0
"""
INSTALLED = """
    python 3.11.2
    numpy 1.26 py311_0 needs python 3.11.*
    tool 1.0
"""


def installed(state: EnvironmentState, *wanted: str, **more: Any) -> list[str]:
    return solved(problem_for(asking(universe(CHANNEL), state, *wanted, **more)))


def updated(state: EnvironmentState, *wanted: str, **more: Any) -> list[str]:
    return solved(problem_for(asking(universe(CHANNEL), state, *wanted, verb="update", **more)))


def removed(state: EnvironmentState, *wanted: str) -> list[str]:
    return solved(problem_for(asking(universe(CHANNEL), state, *wanted, verb="remove")))


def test_a_new_environment_gets_the_best_of_all_and_pip_with_python() -> None:
    assert installed(environment(""), "numpy") == [
        "numpy 2.0 py312_0",
        "pip 24.0",
        "python 3.12",
    ]


def test_pip_does_not_come_along_where_it_is_not_wanted_or_python_is_there_already() -> None:
    index = universe(CHANNEL)

    assert solved(
        problem_for(asking(index, environment(""), "python", pip_comes_with_python=False))
    ) == ["python 3.12"]
    assert solved(problem_for(asking(index, environment("python 3.12"), "tool"))) == [
        "python 3.12",
        "tool 2.0",
    ]


def test_an_install_changes_nothing_that_need_not_change() -> None:
    state = environment(INSTALLED, requested="numpy; tool")

    assert installed(state, "pandas=2") == [
        "numpy 1.26 py311_0",
        "pandas 2.0",
        "python 3.11.2",
        "tool 1.0",
    ]


def test_a_package_that_is_named_moves_to_its_best_version() -> None:
    state = environment(INSTALLED, requested="numpy; tool")

    assert "tool 2.0" in installed(state, "tool")
    assert "tool 1.0" in installed(state, "tool=1")


def test_python_keeps_its_minor_series_unless_the_request_names_it() -> None:
    state = environment(INSTALLED, requested="python; numpy")

    assert "numpy 2.0 py311_0" in installed(state, "numpy")
    assert "python 3.11.2" in installed(state, "numpy")
    assert "python 3.12" in installed(state, "python")
    assert "python 3.11.5" in updated(state, update="all")


def test_what_was_asked_for_earlier_still_holds() -> None:
    state = environment(INSTALLED, requested="numpy=1.26; tool")

    assert "numpy 1.26 py311_0" in installed(state, "pandas")
    assert "pandas 2.0" in installed(state, "pandas")
    with pytest.raises(Unsatisfiable, match=r"you asked for numpy=1\.26 earlier"):
        solve(problem_for(asking(universe(CHANNEL), state, "pandas=3")), silent, CancelToken())


def test_a_new_wish_takes_the_place_of_an_earlier_one_about_the_same_package() -> None:
    state = environment(INSTALLED, requested="numpy=1.26; tool")

    assert "numpy 2.0 py311_0" in installed(state, "numpy=2")


def test_an_earlier_wish_that_no_longer_holds_counts_by_its_name() -> None:
    state = environment(INSTALLED, requested="numpy=1.20")

    assert "numpy 1.26 py311_0" in installed(state, "pandas=2")


def test_an_earlier_wish_that_cannot_be_read_counts_by_its_name() -> None:
    state = environment(INSTALLED)
    unreadable = EnvironmentState(
        prefix=state.prefix, installed=state.installed, requested={"numpy": "numpy ==>"}
    )

    assert "numpy 1.26 py311_0" in installed(unreadable, "pandas=2")


def test_what_is_installed_counts_as_requested_where_there_is_no_history() -> None:
    state = environment("tool 1.0\n local 5.0")
    index = universe("tool 1.0\n other 1.0 allows local <1 and tool <1")

    with pytest.raises(Unsatisfiable, match="you asked for local earlier"):
        solve(problem_for(asking(index, state, "other")), silent, CancelToken())


def test_pins_of_the_settings_and_of_the_environment_both_hold() -> None:
    state = environment("", pinned=["numpy=1.*"])

    assert installed(state, "numpy", pinned_packages=["python=3.11"]) == [
        "numpy 1.26 py311_0",
        "pip 24.0",
        "python 3.11.5",
    ]


def test_facts_of_the_machine_reach_the_problem() -> None:
    problem = problem_for(
        asking(universe("a 1.0"), environment(""), "a", virtual_packages=machine("__linux 6.1"))
    )

    assert problem.virtual_packages == machine("__linux 6.1")


def test_an_environment_that_lost_a_dependency_gets_it_back() -> None:
    state = environment("numpy 1.26 py311_0 needs python 3.11.*", requested="numpy")

    assert installed(state, "tool") == [
        "numpy 1.26 py311_0",
        "pip 24.0",
        "python 3.11.5",
        "tool 2.0",
    ]


def test_an_update_moves_only_what_it_names_and_what_that_needs() -> None:
    state = environment(
        f"{INSTALLED}\n pandas 2.0 needs numpy and python", requested="pandas; tool"
    )

    assert updated(state, "pandas") == [
        "numpy 2.0 py311_0",
        "pandas 3.0",
        "python 3.11.2",
        "tool 1.0",
    ]


def test_update_all_moves_everything_and_forgets_versions_asked_for_earlier() -> None:
    state = environment(INSTALLED, requested="numpy=1.26; tool")

    assert updated(state, update="all") == ["numpy 2.0 py311_0", "python 3.11.5", "tool 2.0"]


def test_an_update_of_what_is_not_installed_offers_install() -> None:
    with pytest.raises(PackagesNotInstalled) as refusal:
        updated(environment(INSTALLED), "nunpy")

    assert "did you mean numpy?" in refusal.value.fix
    assert "`xconda install nunpy`" in refusal.value.fix


def test_an_update_to_a_version_is_install_s_business() -> None:
    with pytest.raises(VersionInUpdate) as refusal:
        updated(environment(INSTALLED), "numpy=2")

    assert refusal.value.fix == '`xconda install "numpy=2"` installs the version that you name.'


def test_what_was_typed_with_a_login_is_named_without_it() -> None:
    state, channel = environment(INSTALLED), "https://me:SEKRET@x.example/t/SEKRET/c"
    requests: list[tuple[RequestVerb, str]] = [
        ("remove", f"{channel}::nowhere"),
        ("update", f"{channel}::nowhere"),
        ("update", f"{channel}::numpy=1"),
        ("remove", f"{channel}::numpy[when=a]"),
    ]
    for verb, text in requests:
        with pytest.raises(XcondaError) as refusal:
            problem_for(asking(universe(CHANNEL), state, text, verb=verb))
        assert "SEKRET" not in str(refusal.value) + str(refusal.value.to_json())
    problem = problem_for(asking(universe(CHANNEL), state, f"{channel}::nowhere"))
    assert "SEKRET" not in str(problem.spellings.values())


def test_a_removed_package_takes_its_dependents_along() -> None:
    state = environment(
        f"{INSTALLED}\n pandas 2.0 needs numpy and python", requested="pandas; python; tool"
    )

    assert removed(state, "numpy") == ["python 3.11.2", "tool 1.0"]


def test_a_removed_package_takes_along_what_only_it_needed() -> None:
    state = environment(INSTALLED, requested="numpy; tool")

    assert removed(state, "numpy") == ["tool 1.0"]


def test_what_the_user_asked_for_or_another_package_needs_is_no_orphan() -> None:
    asked = environment(INSTALLED, requested="numpy; python; tool")
    needed = environment(f"{INSTALLED}\n pip 24.0 needs python", requested="numpy; tool; pip")

    assert removed(asked, "numpy") == ["python 3.11.2", "tool 1.0"]
    assert removed(needed, "numpy") == ["pip 24.0", "python 3.11.2", "tool 1.0"]


def test_without_history_nothing_but_the_package_and_its_dependents_goes() -> None:
    assert removed(environment(INSTALLED), "numpy") == ["python 3.11.2", "tool 1.0"]


def test_conda_counts_as_asked_for_although_an_installer_did_not_write_it_down() -> None:
    state = environment(
        "conda 4.0\n solver 1.0 needs conda\n plain 1.0\n tool 1.0 needs plain",
        requested="solver; tool",
    )

    against = universe("other 1.0 allows conda <1")

    assert removed(state, "solver", "tool") == ["conda 4.0"]
    assert removed(state, "conda") == ["plain 1.0", "tool 1.0"]
    with pytest.raises(Unsatisfiable, match="you asked for conda earlier"):
        solve(problem_for(asking(against, state, "other")), silent, CancelToken())


def test_a_removal_goes_by_version_and_pattern_too() -> None:
    state = environment("liba 1.0\n libb 1.0\n c 1.0", requested="liba; libb; c")

    assert removed(state, "lib*") == ["c 1.0"]
    with pytest.raises(PackagesNotInstalled):
        removed(state, "c=2")


def test_what_stays_after_a_removal_stays_as_it_is() -> None:
    state = environment(INSTALLED, requested="numpy; tool")

    assert "tool 1.0" in removed(state, "numpy")


def test_a_removal_works_although_no_channel_knows_the_packages() -> None:
    state = environment(INSTALLED, requested="numpy; tool")

    assert solved(problem_for(asking(MemoryIndex([]), state, "tool", verb="remove"))) == [
        "numpy 1.26 py311_0",
        "python 3.11.2",
    ]


def test_a_condition_in_a_request_counts() -> None:
    state = environment("python 3.11.2", requested="python")

    assert installed(state, 'tool[when="python >=3.11"]') == ["python 3.11.2", "tool 2.0"]
    assert installed(state, 'tool[when="python >=3.12"]') == ["python 3.11.2"]


def test_what_was_asked_for_under_a_condition_holds_later_under_it() -> None:
    index = universe("app 1.0 needs tool >=2\n tool 2.0")
    wishes = 'python; tool=1[when="python<3.12"]'
    old = environment("python 3.11\n tool 1.0", requested=wishes)
    new = environment("python 3.12\n tool 1.0", requested=wishes)

    assert "tool 2.0" in solved(problem_for(asking(index, new, "app")))
    with pytest.raises(Unsatisfiable, match=r"you asked for tool=1.* earlier"):
        solve(problem_for(asking(index, old, "app")), silent, CancelToken())


@pytest.mark.parametrize(
    ("verb", "spec"),
    [
        ("install", 'too*[when="python"]'),
        ("install", 'tool[when="py*"]'),
        ("update", 'tool[when="python"]'),
        ("remove", 'tool[when="python"]'),
    ],
)
def test_a_condition_that_cannot_be_honoured_is_refused_rather_than_overlooked(
    verb: RequestVerb, spec: str
) -> None:
    with pytest.raises(UnsupportedSpec):
        problem_for(asking(universe(CHANNEL), environment(INSTALLED), spec, verb=verb))


@pytest.mark.parametrize("verb", ["create", "install", "update", "remove"])
def test_every_verb_has_its_problem(verb: RequestVerb) -> None:
    state = environment(INSTALLED, requested="numpy; tool")

    problem = problem_for(asking(universe(CHANNEL), state, "tool", verb=verb))

    expected = {"update": "tool 2.0", "install": "tool 2.0", "create": "tool 2.0"}.get(verb)
    assert [line for line in solved(problem) if "tool" in line] == ([expected] if expected else [])
