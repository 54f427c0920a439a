"""The cases for solver backends: ours pass them, and broken ones do not."""

import pytest

from xconda_core.cancel import CancelToken
from xconda_core.events import Reporter
from xconda_core.solver import exact, search
from xconda_core.solver.problem import Solution, SolveProblem, Solver
from xconda_core.testing.solver_cases import SOLVER_CASES, SolverCase, check_cancelling
from xconda_core.values import replace

OURS: dict[str, Solver] = {"search": search.solve, "sat": exact.solve}


@pytest.mark.parametrize("solver", OURS.values(), ids=OURS.keys())
@pytest.mark.parametrize("case", SOLVER_CASES, ids=str)
def test_our_solvers_answer_as_they_must(case: SolverCase, solver: Solver) -> None:
    case.check(solver)


@pytest.mark.parametrize("solver", OURS.values(), ids=OURS.keys())
def test_our_solvers_can_be_cancelled(solver: Solver) -> None:
    check_cancelling(solver)


def nothing(problem: SolveProblem, report: Reporter, cancel: CancelToken) -> Solution:
    return Solution(records={}, decisions=0, conflicts=0)


def forgets_pins(problem: SolveProblem, report: Reporter, cancel: CancelToken) -> Solution:
    return search.solve(replace(problem, pins=()), report, cancel)


def forgets_the_machine(problem: SolveProblem, report: Reporter, cancel: CancelToken) -> Solution:
    return search.solve(replace(problem, virtual_packages=()), report, cancel)


def forgets_what_is_installed(
    problem: SolveProblem, report: Reporter, cancel: CancelToken
) -> Solution:
    bare = replace(problem, installed={}, kept_names=(), frozen=frozenset(), updates=frozenset())
    return search.solve(bare, report, cancel)


def forgets_what_must_go(problem: SolveProblem, report: Reporter, cancel: CancelToken) -> Solution:
    return search.solve(replace(problem, absent=frozenset()), report, cancel)


def in_no_order(problem: SolveProblem, report: Reporter, cancel: CancelToken) -> Solution:
    found = search.solve(problem, report, cancel)
    return replace(found, records=dict(reversed([*found.records.items()])))


@pytest.mark.parametrize(
    ("broken", "at_least"),
    [
        (nothing, 25),
        (forgets_pins, 1),
        (forgets_the_machine, 1),
        (forgets_what_is_installed, 3),
        (forgets_what_must_go, 1),
        (in_no_order, 10),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_broken_solver_fails(broken: Solver, at_least: int) -> None:
    failures = 0
    for case in SOLVER_CASES:
        try:
            case.check(broken)
        except AssertionError:
            failures += 1
    assert failures >= at_least


def test_a_solver_that_does_not_look_at_its_token_is_found_out() -> None:
    with pytest.raises(AssertionError, match="solved all the same"):
        check_cancelling(nothing)


def test_every_case_is_a_sentence_of_its_own() -> None:
    assert len({case.says for case in SOLVER_CASES}) == len(SOLVER_CASES) >= 25
