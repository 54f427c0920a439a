"""A second opinion on a problem, by pycosat. Layer: solver. Needs the extra ``sat``.

The search answers; this proves. It sees the whole closure of a problem at once, tells only whether
there is a solution and shows one, knows no preference, and is slower by one or two orders of
magnitude. Tests hold the search against it, and the few facts of a conflict can be put to it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import pycosat

from xconda_core.cancel import CancelToken
from xconda_core.models.package_record import PackageRecord
from xconda_core.solver.optional_dependencies import optional_dependencies
from xconda_core.solver.package_table import positions
from xconda_core.solver.problem import Solution, SolveProblem
from xconda_core.solver.propagation import Clause, Propagator
from xconda_core.solver.universe import Universe

FIRST_BUDGET: Final = 1 << 20  # propagations between two looks at the cancel token

Literals = list[int]


def solve(problem: SolveProblem, cancel: CancelToken) -> Solution | None:
    """Return some solution of ``problem``, or None where there is none.

    Wishes (what is installed, updates, companions) are not looked at; what nothing requires is
    left out.

    Raises:
        Cancelled: somebody asked to stop.
    """
    universe, clauses = _whole(problem, cancel)
    sizes = {number: universe.table(number).count for number in range(1, len(universe))}
    model = _model(clauses, sizes, cancel)
    if model is None:
        return None
    chosen = {number: mask for number, mask in model.items() if mask}
    records = _needed(chosen, universe, problem)
    return Solution(records=records, decisions=0, conflicts=0)


def can_hold(clauses: Sequence[Clause], sizes: Mapping[int, int], cancel: CancelToken) -> bool:
    """Tell whether clauses can hold together; ``sizes`` is package number to candidate count.

    Raises:
        Cancelled: somebody asked to stop.
    """
    return _model(clauses, sizes, cancel) is not None


def _whole(problem: SolveProblem, cancel: CancelToken) -> tuple[Universe, list[Clause]]:
    """Load every name that can matter, and return all clauses about them."""
    universe = Universe(problem, Propagator())
    universe.state_requests()
    clauses: list[Clause] = []
    number = 1
    while number < len(universe):
        cancel.check()
        for row in range(len(universe.table(number).rows)):
            universe.activate(number, row)
        number += 1
    clauses.extend(universe.fresh)
    return universe, clauses


def _model(
    clauses: Sequence[Clause], sizes: Mapping[int, int], cancel: CancelToken
) -> dict[int, int] | None:
    """Return package number to the bit that is true (0: absent), or None."""
    encoder = _Encoder(sizes)
    for clause in clauses:
        encoder.add(clause)
    budget = FIRST_BUDGET
    while True:
        cancel.check()
        answer = pycosat.solve(encoder.clauses, prop_limit=budget)
        if answer == "UNSAT":
            return None
        if answer != "UNKNOWN":
            return encoder.chosen(answer)
        budget *= 2


class _Encoder:
    """A variable per candidate, and one per set of candidates that a clause speaks of."""

    def __init__(self, sizes: Mapping[int, int]) -> None:
        self._sizes = sizes
        self._first: dict[int, int] = {}
        self._sets: dict[tuple[int, int], int] = {}
        self._count = 0
        self.clauses: list[Literals] = []

    def add(self, clause: Clause) -> None:
        """Add "not all of the packages inside their masks"."""
        literals = []
        for package, mask in clause.terms.items():
            everything = (2 << self._sizes[package]) - 1
            if not mask:
                return
            if mask != everything:
                literals.append(-self._inside(package, mask))
        self.clauses.append(literals or self._never())

    def chosen(self, model: Sequence[int]) -> dict[int, int]:
        """Return the bit of each package that the model makes true."""
        true = {literal for literal in model if literal > 0}
        return {
            package: sum(1 << at for at in range(self._sizes[package]) if first + at in true)
            for package, first in self._first.items()
        }

    def _inside(self, package: int, mask: int) -> int:
        """Return the literal of "the package is one of ``mask``"."""
        absent = 1 << self._sizes[package]
        if mask & absent:
            return -self._inside(package, ~mask & (2 * absent - 1))
        key = package, mask
        if key not in self._sets:
            first = self._candidates(package)
            members = [first + position for position in positions(mask)]
            if len(members) == 1:
                self._sets[key] = members[0]
            else:
                self._sets[key] = variable = self._new()
                self.clauses.append([-variable, *members])
                self.clauses.extend([variable, -member] for member in members)
        return self._sets[key]

    def _candidates(self, package: int) -> int:
        """Return the variable of the first candidate; of all of them at most one is true."""
        if package not in self._first:
            size = self._sizes[package]
            self._first[package] = first = self._count + 1
            self._count += size
            self.clauses.extend(self._at_most_one(range(first, first + size)))
        return self._first[package]

    def _at_most_one(self, variables: Sequence[int]) -> Iterator[Literals]:
        before = 0  # true when one of the variables before is
        for variable in variables:
            if before:
                yield [-before, -variable]
            after = self._new()
            yield [-variable, after]
            if before:
                yield [-before, after]
            before = after

    def _new(self) -> int:
        self._count += 1
        return self._count

    def _never(self) -> Literals:
        variable = self._new()
        self.clauses.append([variable])
        return [-variable]


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
            rows = [table.rows[row] for row in table.rows_of(position)]
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
    asked = {
        (number, spec.extras)
        for spec in (*problem.specs, *problem.kept_specs, *problem.installed_specs)
        for number, mask in universe.matching(spec).items()
        if mask & chosen.get(number, 0)
    }
    ordered = sorted(asked, key=lambda each: (each[0], sorted(each[1])))
    return [(universe.table(number).name, extras) for number, extras in ordered]
