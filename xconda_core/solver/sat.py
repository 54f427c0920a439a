"""A second opinion on a problem, by pycosat. Layer: solver. Needs the extra ``sat``.

The search answers; this proves. It sees the whole closure of a problem at once, tells only whether
there is a solution and shows one, knows no preference, and is slower by one or two orders of
magnitude. Tests hold the search against it, and the few facts of a conflict can be put to it.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Final

from xconda_core.cancel import CancelToken
from xconda_core.errors import XcondaError
from xconda_core.models.conditions import holds
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.solver.encoding import Encoding, Literals
from xconda_core.solver.optional_dependencies import optional_dependencies
from xconda_core.solver.problem import Solution, SolveProblem
from xconda_core.solver.propagation import Clause, Propagator
from xconda_core.solver.refused import Refused
from xconda_core.solver.universe import Universe
from xconda_core.solver.unsatisfiable import Proof, Unsatisfiable

CHECKERS: Final = ("xconda", "pycosat")
FIRST_BUDGET: Final = 1 << 20  # propagations between two looks at the cancel token


class PycosatMissing(XcondaError):
    """What needs a second solver was asked for, and that is not installed."""

    code: ClassVar[str] = "pycosat-missing"

    def __init__(self) -> None:
        super().__init__()
        self.python = sys.executable
        self.what = "Nothing was changed: pycosat is not installed beside xconda."
        self.why = "--prove and the solver `sat` ask it; it is an extra, for it is built in C."
        self.fix = (
            f"`{sys.executable} -m pip install pycosat`; or do without --prove, and with "
            "`--solver xconda`, which answers every request on its own."
        )


def solve(problem: SolveProblem, cancel: CancelToken) -> Solution | None:
    """Return some solution of ``problem``, or None where there is none.

    Wishes (what is installed, updates, companions) are not looked at; what nothing requires is
    left out.

    Raises:
        PycosatMissing: it is not installed.
        Cancelled: somebody asked to stop.
    """
    universe, clauses = _whole(problem, cancel)
    encoding = _encoding(
        clauses, {number: universe.table(number).count for number in range(1, len(universe))}
    )
    model = first_model(encoding.clauses, cancel)
    if model is None:
        return None
    chosen = {number: mask for number, mask in encoding.chosen(model).items() if mask}
    records = _needed(chosen, universe, problem)
    return Solution(records=records, decisions=0, conflicts=0)


def can_hold(clauses: Sequence[Clause], sizes: Mapping[int, int], cancel: CancelToken) -> bool:
    """Tell whether clauses can hold together; ``sizes`` is package number to candidate count.

    Raises:
        PycosatMissing: it is not installed.
        Cancelled: somebody asked to stop.
    """
    return first_model(_encoding(clauses, sizes).clauses, cancel) is not None


def confirmed(refusal: Refused, cancel: CancelToken) -> Unsatisfiable:
    """Return ``refusal`` with pycosat's word on its facts; without pycosat as it is.

    Raises:
        Cancelled: somebody asked to stop.
    """
    assert isinstance(refusal, Unsatisfiable)
    try:
        is_wrong = can_hold(refusal.facts, refusal.sizes, cancel)
    except PycosatMissing:
        return refusal
    if is_wrong:  # pragma: no cover - one of the two solvers is mistaken
        raise AssertionError("pycosat finds that the facts of a refusal can hold together")
    return refusal.with_proof(Proof(refusal.conflict.fact_count, CHECKERS))


def _encoding(clauses: Iterable[Clause], sizes: Mapping[int, int]) -> Encoding:
    encoding = Encoding(
        {number: (2 << size) - 1 for number, size in sizes.items()},
        {number: 1 << size for number, size in sizes.items()},
    )
    for clause in clauses:
        encoding.add(clause)
    return encoding


def _whole(problem: SolveProblem, cancel: CancelToken) -> tuple[Universe, list[Clause]]:
    """Load every name that can matter, and return all clauses about them."""
    universe = Universe(problem, Propagator())
    universe.state_requests()
    clauses: list[Clause] = []
    number = 1
    while number < len(universe):
        cancel.check()
        for row in range(universe.table(number).row_count):
            universe.activate(number, row)
        number += 1
    clauses.extend(universe.fresh)
    return universe, clauses


def first_model(clauses: Sequence[Literals], cancel: CancelToken) -> Sequence[int] | None:
    """Return the literals that are true in some model of ``clauses``, or None where there is none.

    Raises:
        PycosatMissing: it is not installed.
        Cancelled: somebody asked to stop; looked at between budgets that double.
    """
    ask = _pycosat()
    budget = FIRST_BUDGET
    while True:
        cancel.check()
        answer: Sequence[int] | str = ask(clauses, prop_limit=budget)
        if answer == "UNSAT":
            return None
        if not isinstance(answer, str):
            return answer
        budget *= 2


def _pycosat() -> Any:
    """Return pycosat's one function; it has no types."""
    try:
        import pycosat
    except ImportError:
        raise PycosatMissing from None
    return pycosat.solve


def _needed(
    chosen: Mapping[int, int], universe: Universe, problem: SolveProblem
) -> dict[str, PackageRecord]:
    """Return the records that requests lead to."""
    waiting = _start(chosen, universe, problem)
    records: dict[str, PackageRecord] = {}
    followed: set[tuple[str, str]] = set()
    while waiting:
        name, extras = waiting.pop()
        number = universe.number(name)
        table = universe.table(number)
        if table.is_virtual or not chosen.get(number):
            continue
        position = chosen[number].bit_length() - 1
        texts: list[str] = []
        if name not in records:
            records[name] = table.record(position)
            rows = [table.row(row) for row in table.rows_of(position)]
            texts += [row.spec for row in rows if row.kind == "depends"]
        for extra in extras:
            if (name, extra) not in followed:
                followed.add((name, extra))
                groups = optional_dependencies(table, extra).items()
                texts += [text for text, mask in groups if mask >> position & 1]
        specs = [spec for text in texts if (spec := universe.spec(text)) is not None]
        waiting += [(spec.name, spec.extras) for spec in specs]
    return dict(sorted(records.items()))


def _start(
    chosen: Mapping[int, int], universe: Universe, problem: SolveProblem
) -> list[tuple[str, frozenset[str]]]:
    """Return the names that requests chose, and the groups of optional dependencies wanted."""

    def fitting(spec: MatchSpec) -> list[int]:
        met = universe.matching(spec).items()
        return [number for number, mask in met if mask & chosen.get(number, 0)]

    asked = {
        (number, spec.extras)
        for spec in (*problem.specs, *problem.kept_specs, *problem.installed_specs)
        if spec.when is None or holds(spec.when, lambda each: bool(fitting(each)))
        for number in fitting(spec)
    }
    ordered = sorted(asked, key=lambda each: (each[0], sorted(each[1])))
    return [(universe.table(number).name, extras) for number, extras in ordered]
