"""What a refusal offers instead: small, and true. Universes are written out."""

import json
from typing import Any

import pytest

from tests.solver.readable import asking, environment, fulfilled, universe
from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.events import Reporter
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.solver import relaxations
from xconda_core.solver.fulfil import fulfil
from xconda_core.solver.problem import Solution, SolveProblem
from xconda_core.solver.search import solve
from xconda_core.solver.unsatisfiable import Unsatisfiable

CHANNEL = """
    python 3.14
    python 3.13
    python 3.12
    python 3.11
    python 3.10
    numpy 2.0 py314 needs python 3.14
    numpy 2.0 py313 needs python 3.13
    numpy 2.0 py312 needs python 3.12
    numpy 1.0 py311 needs python 3.11
    numpy 1.0 py310 needs python 3.10
    lone 1.0 needs python 3.9
    single 1.0 needs python 3.10
"""
NEW = environment("")


def refusal(*wanted: str, state: EnvironmentState = NEW, **more: Any) -> Unsatisfiable:
    with pytest.raises(Unsatisfiable) as refused:
        fulfilled(asking(universe(CHANNEL), state, *wanted, pip_comes_with_python=False, **more))
    return refused.value


def test_the_nearest_version_above_what_is_asked_is_offered_and_the_newest_below() -> None:
    assert refusal("python=3.10", "numpy=2.0").fix == (
        "any one of these would do:\n"
        "    ask for python=3.12 instead of python=3.10\n"
        "    ask for numpy=1.0 instead of numpy=2.0"
    )


def test_what_is_offered_holds() -> None:
    for way in refusal("python=3.10", "numpy=2.0").relaxations:
        (change,) = way
        rest = [each for each in ("python=3.10", "numpy=2.0") if each != change.spec]
        assert fulfilled(asking(universe(CHANNEL), NEW, *rest, f"{change.name}={change.version}"))


def test_what_has_no_other_version_can_be_left_out() -> None:
    assert refusal("single", "numpy=2.0").fix == "ask for numpy=1.0 instead of numpy=2.0."
    assert refusal("numpy", "lone").fix == "do without lone."


def test_a_pin_can_be_changed_to_a_version_that_would_do() -> None:
    found = refusal("numpy=2.0", pinned_packages=["python=3.10"])

    assert "change the pin python=3.10, for example to python=3.12" in found.fix
    assert "ask for numpy=1.0 instead of numpy=2.0" in found.fix


def test_what_was_asked_for_earlier_or_is_installed_can_be_named_too() -> None:
    state = environment("numpy 1.0 py310 needs python 3.10\n python 3.10", requested="numpy=1")

    earlier = refusal("python=3.12", state=state)
    installed = refusal("numpy=2.0", state=state)

    assert "ask for numpy too, which becomes 2.0" in earlier.fix
    assert "ask for python too, which becomes 3.14" in installed.fix


def test_frozen_packages_can_be_let_go() -> None:
    state = environment("python 3.10\n numpy 1.0 py310 needs python 3.10", requested="numpy")

    found = refusal("python=3.12", state=state, update="frozen")

    assert "leave --freeze-installed out: numpy becomes 2.0" in found.fix


def test_what_may_not_be_installed_can_be_allowed() -> None:
    found = refusal("python=3.12", "numpy", excluded=["numpy>=2"], excluded_by="~/.condarc")

    assert "numpy>=2 may not be installed, says ~/.condarc" in found.why
    assert "take numpy>=2 out of disallowed_packages" in found.fix


def test_what_an_environment_lacks_already_is_no_hindrance() -> None:
    state = environment("broken 1.0 needs ghost\n python 3.10", requested="broken")

    found = refusal("python=3.10", "numpy=2.0", state=state)

    assert "ask for numpy=1.0 instead of numpy=2.0" in found.fix


def test_two_changes_are_offered_where_one_does_not_help() -> None:
    text = """
        a 1.0 needs c 1.0
        a 2.0 needs c 2.0
        b 1.0 needs c 1.0
        b 2.0 needs c 2.0
        c 1.0
        c 2.0
        d 1.0 needs c 2.0
    """
    state = environment("d 1.0 needs c 2.0\n c 2.0", requested="d")

    with pytest.raises(Unsatisfiable) as refused:
        fulfilled(asking(universe(text), state, "a=1", "b=1"))

    (way, *_) = refused.value.relaxations
    assert sorted(change.words for change in way) == [
        "ask for a=2.0 instead of a=1",
        "ask for b=2.0 instead of b=1",
    ]
    assert "; then another conflict shows, so also ask for " in refused.value.fix


def test_a_way_of_two_changes_is_told_once_whichever_comes_first() -> None:
    text = """
        a 1.0 needs c 1.0
        a 2.0 needs c 2.0
        b 1.0 needs c 3.0
        b 2.0 needs c 2.0
        c 1.0
        c 2.0
        c 3.0
        d 1.0 needs c 2.0
    """

    with pytest.raises(Unsatisfiable) as refused:
        fulfilled(asking(universe(text), NEW, "a=1", "b=1", "d"))

    (way,) = refused.value.relaxations
    assert [change.words for change in way] == [
        "ask for a=2.0 instead of a=1",
        "ask for b=2.0 instead of b=1",
    ]


ORCHARD = """
    apple 1.0 allows pear <0
    pear 1.0
    tart 1.0 needs pear
    juice 1.0 needs pear
    bowl 1.0
"""


def orchard_refusal(installed: str, requested: str) -> Unsatisfiable:
    state = environment(installed, requested=requested)
    with pytest.raises(Unsatisfiable) as refused:
        fulfilled(asking(universe(ORCHARD), state, "apple"))
    return refused.value


def test_what_was_asked_for_earlier_can_be_removed_where_nothing_milder_helps() -> None:
    found = orchard_refusal("pear 1.0\n bowl 1.0", "pear; bowl")

    assert found.fix == "remove pear."
    assert found.relaxations[0][0].kind == "remove"


def test_what_follows_the_removal_that_is_offered_is_possible() -> None:
    index, before = universe(ORCHARD), environment("pear 1.0\n bowl 1.0", requested="pear; bowl")
    after = fulfilled(asking(index, before, "pear", verb="remove"))

    assert fulfilled(asking(index, environment("\n".join(after), requested="bowl"), "apple")) == [
        "apple 1.0",
        "bowl 1.0",
    ]


def test_a_removal_may_take_along_what_nobody_asked_for_and_nothing_else() -> None:
    carried = orchard_refusal("pear 1.0\n juice 1.0 needs pear", "pear")
    wanted = orchard_refusal("pear 1.0\n tart 1.0 needs pear", "pear; tart")

    assert carried.fix == "remove pear."
    assert all(change.name != "pear" for way in wanted.relaxations for change in way)


def test_without_a_history_everything_that_is_installed_counts_as_asked_for() -> None:
    assert orchard_refusal("pear 1.0\n bowl 1.0", "").fix == "remove pear."
    assert orchard_refusal("pear 1.0\n tart 1.0 needs pear", "").fix != "remove pear."


def test_a_refusal_with_nothing_that_would_do_still_says_what_to_think_of() -> None:
    found = refusal("lone")

    assert found.relaxations == ()
    assert found.fix == "ask for another version."


def test_what_would_do_is_data_too() -> None:
    document = json.loads(json.dumps(refusal("python=3.10", "numpy=2.0").to_json()))

    assert document["facts"]["relaxations"][0] == [
        {"kind": "version", "name": "python", "spec": "python=3.10", "version": "3.12"}
    ]


def test_the_search_for_it_ends_when_somebody_asks_to_stop() -> None:
    token = CancelToken()

    def solve_once(problem: SolveProblem, report: Reporter, cancel: CancelToken) -> Solution:
        try:
            return solve(problem, report, cancel)
        finally:
            token.cancel()

    with pytest.raises(Cancelled):
        fulfil(
            asking(universe(CHANNEL), NEW, "python=3.10", "numpy=2.0"),
            solve_once,
            lambda event: None,
            token,
        )


def test_the_search_for_it_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relaxations, "STEPS", -1)

    assert refusal("python=3.10", "numpy=2.0").relaxations == ()
