"""The solver ``sat``: what is requested as new as it can be altogether, proven by pycosat.

Layer: solver. Pure. The search decides by the user's order: the first request is as new as it can
be, whatever that costs the next. Here the whole counts, as in conda's classic solver:

1. requested packages lag as few versions as possible behind their best, all lags added up; where
   that can be had in several ways, the first request lags least, then the second ...;
2. then as few installed packages as possible change that need not, and none goes that can stay;
3. everything else is as the search chooses it under these two.

The search's answer is where it begins, and its explanation is the "no". Each better sum is asked
of pycosat over all candidates that root conclusions leave; its "no" ends the asking.
"""

from collections.abc import Mapping, Sequence

from xconda_core.cancel import CancelToken
from xconda_core.events import Reporter
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.solver import search
from xconda_core.solver.encoding import Encoding, Literals, Steps
from xconda_core.solver.package_table import PackageTable
from xconda_core.solver.problem import Solution, SolveProblem
from xconda_core.solver.propagation import Clause, Propagator
from xconda_core.solver.sat import first_model
from xconda_core.solver.universe import Universe
from xconda_core.values import replace

Costs = Mapping[int, Steps]
Chosen = Mapping[int, int]  # package number to the bit that is true; 0: absent


def solve(problem: SolveProblem, report: Reporter, cancel: CancelToken) -> Solution:
    """Return the solution of ``problem`` that is best by the sums above.

    Raises:
        PackagesNotFound: no record matches something that the user asks for.
        Unsatisfiable: what is asked cannot hold together; it carries the smallest reason.
        PycosatMissing: pycosat is not installed.
        Cancelled: somebody asked to stop.
    """
    found = search.solve(problem, report, cancel)
    best = _Best(problem, found, cancel)
    requests, installed = best.requested_costs(), best.installed_costs()
    best.lower(requests)
    best.settle_in_order(requests)
    best.lower(installed)
    if not best.is_better:
        return found
    return search.solve(best.narrowed(requests, installed), report, cancel)


class _Best:
    """A problem, and the best choice known of it.

    Attributes:
        is_better: The choice is not the one that it began with.
    """

    def __init__(self, problem: SolveProblem, found: Solution, cancel: CancelToken) -> None:
        self._problem = problem
        self._cancel = cancel
        self._propagator = Propagator()
        self._universe = Universe(problem, self._propagator)
        self._clauses: list[Clause] = []
        self._stated: set[tuple[int, int]] = set()  # package and row
        self._load()
        numbers = range(1, len(self._universe))
        self._encoding = Encoding(
            {number: self._propagator.domains[number] for number in numbers},
            {number: self._propagator.absent[number] for number in numbers},
        )
        for clause in self._clauses:
            self._encoding.add(clause)
        self._settled: list[Literals] = []
        self._chosen: Chosen = self._as_found(found)
        self.is_better = False

    def _load(self) -> None:
        """Bring in every name that can matter, and draw the conclusions that need no choice."""
        self._universe.state_requests()
        for name in sorted(self._problem.installed):
            self._universe.number(name)
        before = -1
        while before != len(self._clauses):
            before = len(self._clauses)
            self._absorb()
            number = 1
            while number < len(self._universe):
                self._cancel.check()
                self._activate(number)
                number += 1

    def _activate(self, number: int) -> None:
        table = self._universe.table(number)
        for index, row in enumerate(table.rows()):
            is_open = row.candidates & self._propagator.domains[number]
            if is_open and (number, index) not in self._stated:
                self._stated.add((number, index))
                self._universe.activate(number, index)
                self._absorb()

    def _absorb(self) -> None:
        while self._universe.fresh:
            clause = self._universe.fresh.popleft()
            self._propagator.add(clause)  # the search found a solution: nothing is violated here
            self._propagator.propagate()
            self._clauses.append(clause)

    def _as_found(self, found: Solution) -> Chosen:
        """Return what a solution chose of the packages whose costs count."""
        named = {spec.name for spec in self._problem.specs if spec.is_exact_name}
        chosen = {}
        for name in sorted(named | self._problem.installed.keys()):
            number = self._universe.number(name)
            record = found.records.get(name)
            chosen[number] = 0 if record is None else _bit(self._universe.table(number), record)
        return chosen

    def requested_costs(self) -> Costs:
        """Return how far each request lags, in the user's order."""
        costs = {}
        for spec in self._problem.specs:
            if spec.is_exact_name and not spec.name.startswith("__"):
                number = self._universe.number(spec.name)
                table = self._universe.table(number)
                costs[number] = _lags(table, self._propagator.domains[number] & table.present)
        return costs

    def installed_costs(self) -> Costs:
        """Return for what is installed and need not move: one for a change, two for its end."""
        free = {spec.name for spec in self._problem.specs} | self._problem.updates
        free |= self._problem.absent | self._problem.frozen
        costs = {}
        for name in sorted(self._problem.installed.keys() - free):
            if self._universe.is_loaded(name):
                number = self._universe.number(name)
                table = self._universe.table(number)
                costs[number] = [table.present & ~table.installed | table.absent, table.absent]
        return costs

    def lower(self, costs: Costs) -> None:
        """Make the sum of ``costs`` as small as it can be, and let it stay so."""
        known = self._sum(costs)
        impossible = -1  # every bound up to this one was refused
        step = 1
        while impossible + 1 < known:
            most = min(impossible + step, known - 1)
            better = self._ask(costs, most)
            if better is None:
                impossible, step = most, step * 2
            else:
                known, step = self._sum(costs), 1
        self._settled += self._encoding.at_most(costs, known)

    def settle_in_order(self, costs: Costs) -> None:
        """Let each package in turn cost as little as the settled sums allow."""
        for number, steps in costs.items():
            self.lower({number: steps})

    def narrowed(self, requests: Costs, installed: Costs) -> SolveProblem:
        """Return the problem in which the best choice is asked for."""
        problem, kept = self._problem, []
        specs = [self._exactly(number) for number in requests]
        for number in installed:
            name = self._universe.table(number).name
            if self._cost(number, installed[number]) == 0:
                kept.append(name)
            elif self._chosen.get(number):
                specs.append(MatchSpec.parse(name))
        return replace(
            problem,
            kept_specs=(*problem.kept_specs, *specs),
            frozen=problem.frozen | frozenset(kept),
        )

    def _exactly(self, number: int) -> MatchSpec:
        table = self._universe.table(number)
        version = table.version(self._chosen[number].bit_length() - 1)
        return MatchSpec.parse(f"{table.name} =={version}")

    def _ask(self, costs: Costs, most: int) -> Chosen | None:
        """Return a choice that costs no more than ``most``, and remember it; None: none does."""
        bound = self._encoding.at_most(costs, most)
        model = first_model([*self._encoding.clauses, *self._settled, *bound], self._cancel)
        if model is None:
            return None
        fixed = {number: self._only(number) for number in range(1, len(self._universe))}
        self._chosen = fixed | self._encoding.chosen(model)
        self.is_better = True
        return self._chosen

    def _only(self, number: int) -> int:
        """Return what no clause left open: the one candidate there is, 0 for a package left out."""
        domain = self._propagator.domains[number]
        return 0 if domain & self._propagator.absent[number] else domain & -domain

    def _sum(self, costs: Costs) -> int:
        return sum(self._cost(number, steps) for number, steps in costs.items())

    def _cost(self, number: int, steps: Sequence[int]) -> int:
        bit = self._chosen.get(number, 0) or self._propagator.absent[number]
        return sum(1 for mask in steps if bit & mask)


def _bit(table: PackageTable, record: PackageRecord) -> int:
    parts = record.version, record.build
    places = [at for at in range(table.count) if (table.version(at), table.build(at)) == parts]
    return 1 << next(at for at in places if len(places) == 1 or table.record(at) == record)


def _lags(table: PackageTable, domain: int) -> list[int]:
    """Return the candidates that are one version or more behind the best of ``domain``, two ..."""
    steps, left = [], domain
    while left:
        version = table.version((left & -left).bit_length() - 1)
        while left and table.version((left & -left).bit_length() - 1) == version:
            left &= left - 1
        if left:
            steps.append(left)
    return steps
