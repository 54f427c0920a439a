"""Find one record per name so that every request, dependency and constraint holds, or say why not.

Layer: solver. Pure: no network, no disk, no clock, no hash order. Conflict-driven search: choose
the best candidate of a required name, draw conclusions, and at a dead end learn a clause that
rules out the whole class of it. Complete and deterministic; the clauses learnt end it.

What is chosen first is what comes out newest: the names the user asks for, in the user's order,
then what was asked for earlier, then what those need: names met in conflicts first, else
breadth-first, in the order in which they became required. What is there and need
not change is preferred to what is newer, and what nobody requires is tried last and given up first.
"""

import logging
from collections.abc import Mapping, MutableMapping, Sequence
from heapq import heappop, heappush
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.config.log import TRACE
from xconda_core.events import Reporter, SolveAdvanced
from xconda_core.models.package_record import PackageRecord
from xconda_core.solver.not_found import PackagesNotFound, missing_requests
from xconda_core.solver.package_table import PackageTable, positions
from xconda_core.solver.preference import Preferences
from xconda_core.solver.problem import Solution, SolveProblem
from xconda_core.solver.propagation import Clause, Propagator
from xconda_core.solver.refusing import refusal
from xconda_core.solver.universe import Universe

_log: Final = logging.getLogger(__name__)
REPORT_EVERY: Final = 256  # choices and dead ends between two events
REQUESTED, KEPT, NEEDED = range(3)  # urgency: what is decided first
ACTIVITY_GROWTH: Final = 1.05  # each conflict counts so much more than the one before


def solve(
    problem: SolveProblem,
    report: Reporter,
    cancel: CancelToken,
    tables: MutableMapping[str, PackageTable] | None = None,
) -> Solution:
    """Return the solution of ``problem``.

    Args:
        problem: What is asked.
        report: Told how it goes.
        cancel: Looked at between steps.
        tables: What earlier searches worked out of names, added to.

    Raises:
        PackagesNotFound: no record matches something that the user asks for.
        Unsatisfiable: what is asked cannot hold together; it carries the smallest reason.
        Cancelled: somebody asked to stop.
    """
    return _Search(problem, report, cancel, tables).run()


class _NoSolution(Exception):
    """The clauses contradict each other; ``proof`` was resolved from those that do."""

    def __init__(self, proof: Clause) -> None:
        super().__init__()
        self.proof = proof


class _Search:
    def __init__(
        self,
        problem: SolveProblem,
        report: Reporter,
        cancel: CancelToken,
        tables: MutableMapping[str, PackageTable] | None,
    ) -> None:
        self._problem = problem
        self._report = report
        self._cancel = cancel
        self._propagator = Propagator()
        self._universe = Universe(problem, self._propagator, tables)
        self._preferences = Preferences(self._universe, self._propagator)
        self._decisions = 0
        self._conflicts = 0
        self._agenda: list[tuple[int, float, int, int]] = []  # urgency, -activity, order, package
        self._urgency: dict[int, int] = {}
        self._order: dict[int, int] = {}
        self._activity: dict[int, float] = {}
        self._weight = 1.0
        self._traces = _log.isEnabledFor(TRACE)  # asked once: a search decides thousands of times

    def run(self) -> Solution:
        problem = self._problem
        missing = missing_requests(problem, self._universe)
        if missing:
            raise PackagesNotFound(missing, tuple(problem.index.channels))
        try:
            self._state_requests()
            while self._step():
                pass
        except _NoSolution as refuted:
            raise refusal(refuted.proof, self._universe, self._cancel) from None
        finally:
            self._log_effort()
        return Solution(
            records=self._records(), decisions=self._decisions, conflicts=self._conflicts
        )

    def _log_effort(self) -> None:
        names = range(1, len(self._universe))
        candidates = sum(self._universe.table(number).count for number in names)
        _log.info("considered %d candidates of %d packages", candidates, len(names))
        _log.info("%d decisions, %d dead ends", self._decisions, self._conflicts)

    def _state_requests(self) -> None:
        problem = self._problem
        for urgency, wanted in ((REQUESTED, problem.specs), (KEPT, problem.kept_specs)):
            for spec in wanted:
                if spec.is_exact_name:
                    self._urgency.setdefault(self._universe.number(spec.name), urgency)
        self._universe.state_requests()
        self._absorb()

    def _step(self) -> bool:
        """Draw conclusions, then decide one package; tell whether there is more to do."""
        self._cancel.check()
        violated = self._propagator.propagate()
        if violated is not None:
            self._learn(violated)
            return True
        self._schedule()
        package = self._next_required()
        if package is None and self._choose_among_packages():
            return True
        if package is None:
            package = self._next_wish()
        if package is None:
            return False
        self._decide(package)
        if (self._decisions + self._conflicts) % REPORT_EVERY == 0:
            self._report(SolveAdvanced(self._decisions, self._conflicts))
        return True

    def _decide(self, package: int) -> None:
        propagator = self._propagator
        bit = self._preferences.bit(package)
        before = self._conflicts
        while not self._universe.active[package] & bit:
            self._activate(package, bit)
            left = propagator.domains[package]
            if left & bit or self._conflicts > before or not left & ~propagator.absent[package]:
                break
            self._cancel.check()
            bit = self._preferences.bit(package)  # of builds that ask for one build, hundreds go
        if propagator.has_news or not propagator.domains[package] & bit:
            self._put(package)
        elif propagator.domains[package] != bit:
            self._decisions += 1
            if self._traces:
                self._trace_decision(package, bit)
            propagator.choose(package, bit)

    def _trace_decision(self, package: int, mask: int) -> None:
        table = self._universe.table(package)
        what = "not at all"
        if mask & table.present:
            best = next(positions(mask & table.present))
            what = f"{table.version(best)} {table.build(best)}"
        more = " or another" if mask.bit_count() > 1 else ""
        _log.log(TRACE, "decision %d: %s %s%s", self._decisions, table.name, what, more)

    def _activate(self, package: int, bit: int) -> None:
        """Make clauses of what a candidate says, one by one, as long as it is not out by that."""
        universe, domains = self._universe, self._propagator.domains
        for row in universe.inactive_rows(package, bit.bit_length() - 1):
            universe.activate(package, row)
            self._absorb()
            if not domains[package] & bit:
                return
        universe.active[package] |= bit

    def _absorb(self) -> None:
        """Add the clauses that came up, one by one, each to the state that the last one left."""
        fresh = self._universe.fresh
        while fresh:
            violated = self._propagator.add(fresh.popleft())
            if violated is not None:
                self._learn(violated)

    def _learn(self, violated: Clause) -> None:
        self._conflicts += 1
        learnt = self._propagator.learn(violated)
        if not learnt.terms:
            raise _NoSolution(learnt)
        for package in learnt.terms:
            self._activity[package] = self._activity.get(package, 0.0) + self._weight
        if self._traces:
            names = ", ".join(self._universe.table(package).name for package in learnt.terms)
            _log.log(TRACE, "dead end %d: learnt about %s", self._conflicts, names)
        self._weight *= ACTIVITY_GROWTH

    def _schedule(self) -> None:
        """Put on the agenda what became required, and what lost its decision by going back."""
        propagator = self._propagator
        domains, absent = propagator.domains, propagator.absent
        for news in (propagator.required, propagator.undone):
            for package in dict.fromkeys(news):
                if not domains[package] & absent[package]:
                    if not self._is_settled(package):
                        self._put(package)
                    else:  # it is heard of again should it lose that by going back
                        self._order.setdefault(package, len(self._order))
            news.clear()

    def _put(self, package: int) -> None:
        order = self._order.setdefault(package, len(self._order))
        urgency = self._urgency.get(package, NEEDED)
        # The user's order stands; what others need goes by its trouble so far.
        activity = self._activity.get(package, 0.0) if urgency > REQUESTED else 0.0
        heappush(self._agenda, (urgency, -activity, order, package))

    def _next_required(self) -> int | None:
        propagator = self._propagator
        while self._agenda:
            package = heappop(self._agenda)[-1]
            if propagator.is_required(package) and not self._is_settled(package):
                return package
        return None

    def _is_settled(self, package: int) -> bool:
        domain = self._propagator.domains[package]
        return not domain & (domain - 1) and bool(domain & self._universe.active[package])

    def _choose_among_packages(self) -> bool:
        """Let one package meet a request that several can meet; tell whether one was open."""
        domains = self._propagator.domains
        for clause in self._universe.choices:
            fitting = {p: domains[p] & ~mask for p, mask in clause.terms.items()}
            if not any(mask and mask == domains[p] for p, mask in fitting.items()):
                package = self._best_known([p for p, mask in fitting.items() if mask], fitting)
                self._decisions += 1
                if self._traces:
                    self._trace_decision(package, fitting[package])
                self._propagator.choose(package, fitting[package])
                return True
        return False

    def _best_known(self, packages: Sequence[int], fitting: Mapping[int, int]) -> int:
        """Return the first package that is installed and may stay, else the first."""
        for package in packages:
            if fitting[package] & self._universe.table(package).preferred:
                return package
        return packages[0]

    def _next_wish(self) -> int | None:
        """Return a name that nobody requires but that is to be there if it can."""
        for name in self._problem.kept_names:
            package = self._universe.number(name)
            self._absorb()
            if self._is_open(package):
                return package
        for name, companion in self._problem.companions.items():
            if self._universe.is_loaded(name) and self._is_present(self._universe.number(name)):
                package = self._universe.number(companion)
                self._absorb()
                if self._is_open(package):
                    return package
        return None

    def _is_present(self, package: int) -> bool:
        domain, absent = self._propagator.domains[package], self._propagator.absent[package]
        return bool(domain & ~absent) and not domain & absent

    def _is_open(self, package: int) -> bool:
        domain, absent = self._propagator.domains[package], self._propagator.absent[package]
        return bool(domain & absent and domain & ~absent)

    def _records(self) -> dict[str, PackageRecord]:
        records = {}
        for package in range(1, len(self._universe)):
            table = self._universe.table(package)
            if self._is_present(package) and not table.is_virtual:
                position = self._propagator.domains[package].bit_length() - 1
                records[table.name] = table.record(position)
        return dict(sorted(records.items()))
