"""The solver ``sat``: what it adds to the search, and that its sums are the smallest there are."""

import sys
import time
from itertools import product

import pytest
from hypothesis import given, settings

from tests.properties.test_solver import outcome, problems
from tests.solver.readable import ask, machine, record, shown, universe, violations
from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.events import silent
from xconda_core.models.package_record import PackageRecord
from xconda_core.repodata.memory_index import MemoryIndex
from xconda_core.solver import exact, sat
from xconda_core.solver.problem import Solution, SolveProblem
from xconda_core.solver.unsatisfiable import Unsatisfiable

TOGETHER = universe(
    """
    first 1.0 needs second 2.*
    first 2.0 needs second 1.*
    second 1.0 needs third 1.*
    second 2.0 needs third 2.*
    third 1.0
    third 2.0
    """
)


def exactly(problem: SolveProblem) -> Solution:
    pytest.importorskip("pycosat")
    return exact.solve(problem, silent, CancelToken())


def test_requests_lag_as_little_as_they_can_altogether() -> None:
    found = exactly(ask(TOGETHER, "first", "second", "third"))

    assert shown(found.records) == ["first 1.0", "second 2.0", "third 2.0"]


def test_where_sums_are_equal_the_users_first_request_is_newest() -> None:
    rivals = universe("a 1.0\n a 2.0 needs b 1.*\n b 1.0\n b 2.0")

    assert shown(exactly(ask(rivals, "a", "b")).records) == ["a 2.0", "b 1.0"]
    assert shown(exactly(ask(rivals, "b", "a")).records) == ["a 1.0", "b 2.0"]


def test_what_is_installed_changes_as_little_as_it_can() -> None:
    index = universe(
        """
        new 1.0 needs old
        old 1.0 needs one 2.*
        old 2.0 needs one 2.* and two 1.*
        one 1.0
        one 2.0
        two 1.0
        two 2.0
        """
    )
    problem = SolveProblem(
        index=index,
        specs=ask(index, "new").specs,
        installed={name: record(f"{name} {v}") for name, v in (("one", "1.0"), ("two", "2.0"))},
        kept_names=("one", "two"),
        updates=frozenset(("new",)),
    )

    assert shown(exactly(problem).records) == ["new 1.0", "old 1.0", "one 2.0", "two 2.0"]


def test_a_refusal_is_the_searchs_with_its_reason() -> None:
    with pytest.raises(Unsatisfiable, match="third=1"):
        exactly(ask(TOGETHER, "second=2", "third=1"))


def test_it_can_be_cancelled_while_pycosat_thinks(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pycosat")
    monkeypatch.setattr(sat, "FIRST_BUDGET", 1 << 12)
    token = _CancelledAfter(looks=3)
    started = time.monotonic()

    with pytest.raises(Cancelled):
        sat.first_model(_pigeons(12), token)

    assert time.monotonic() - started < 5


class _CancelledAfter(CancelToken):
    def __init__(self, looks: int) -> None:
        super().__init__()
        self._looks = looks

    def check(self) -> None:
        self._looks -= 1
        if not self._looks:
            self.cancel()
        super().check()


def _pigeons(holes: int) -> list[list[int]]:
    """Return that one pigeon more than there are holes has a hole of its own: hard to refute."""
    sits = {
        (pigeon, hole): pigeon * holes + hole + 1
        for pigeon, hole in product(range(holes + 1), range(holes))
    }
    clauses = [[sits[pigeon, hole] for hole in range(holes)] for pigeon in range(holes + 1)]
    for hole in range(holes):
        for one in range(holes + 1):
            clauses += [[-sits[one, hole], -sits[two, hole]] for two in range(one)]
    return clauses


def test_without_pycosat_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pycosat", None)

    with pytest.raises(sat.PycosatMissing) as missing:
        exact.solve(ask(TOGETHER, "first", "second"), silent, CancelToken())

    assert "pip install pycosat" in missing.value.fix
    assert "--solver xconda" in missing.value.fix


@settings(max_examples=150, deadline=None)
@given(problems())
def test_no_solution_has_requests_that_lag_less(problem: SolveProblem) -> None:
    pytest.importorskip("pycosat")
    greedy = outcome(problem)
    if not isinstance(greedy, Solution):
        return

    found = exactly(problem).records

    assert violations(found, problem) == []
    named = dict.fromkeys(spec.name for spec in problem.specs if spec.is_exact_name)
    known = {name: _known_versions(name, problem) for name in named}
    lags = [known[name].index(found[name].version) for name in known]
    for versions in product(*known.values()):
        wished = [known[name].index(v) for name, v in zip(known, versions, strict=True)]
        if (sum(wished), wished) < (sum(lags), lags):
            exactly_so = [f"{name} =={v}" for name, v in zip(known, versions, strict=True)]
            assert not isinstance(outcome(_also(problem, exactly_so)), Solution)


def _known_versions(name: str, problem: SolveProblem) -> list[str]:
    """Return the versions of a name, best first."""
    candidates = problem.index.candidates(name)
    listed = [] if candidates is None else list(candidates.versions)
    own = [each.version for each in problem.installed.values() if each.name == name]
    return sorted({*listed, *own}, reverse=True)


def _also(problem: SolveProblem, texts: list[str]) -> SolveProblem:
    return SolveProblem(
        index=problem.index,
        specs=(*problem.specs, *ask(problem.index, *texts).specs),
        kept_specs=problem.kept_specs,
        pins=problem.pins,
        installed=problem.installed,
        kept_names=problem.kept_names,
        updates=problem.updates,
        absent=problem.absent,
        virtual_packages=problem.virtual_packages,
    )


def test_what_is_requested_comes_before_what_is_merely_installed() -> None:
    index = MemoryIndex(
        [
            *(record(f"{name} 1.0") for name in ("new", "other")),
            record("new 2.0 allows beside 2.*"),
        ],
        channels=["main"],
    )
    beside: PackageRecord = record("beside 1.0")
    problem = SolveProblem(
        index=index,
        specs=ask(index, "new", "other").specs,
        installed={"beside": beside},
        kept_names=("beside",),
        virtual_packages=machine("__gpu 1.0"),
    )

    assert shown(exactly(problem).records) == ["new 2.0", "other 1.0"]
