"""From a request to the packages that should be there: as many solves as its rules ask for.

Layer: solver. Pure. What cannot be had as it was asked for earlier is relaxed in a fixed order, and
each time the user is told:

1. everything that was asked for earlier holds, and every installed package has what it needs;
2. of what stands against the request, the builds asked for earlier count no longer, versions do;
3. of what stands against it, installed packages that lack something already go on lacking it.

Then the answer is no.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.events import Noticed, Reporter
from xconda_core.models.package_record import PackageRecord
from xconda_core.solver.consistency import is_met, lacks
from xconda_core.solver.needs import dependency_names, needs_of, reached
from xconda_core.solver.problem import Solution, SolveProblem, Solver
from xconda_core.solver.refused import Refused
from xconda_core.solver.refusing import with_ways_out
from xconda_core.solver.request import NONE_MADE, Concessions, Request
from xconda_core.solver.request_rules import problem_for, relaxed, removed_names
from xconda_core.values import Slotted, dataclass, replace

MAX_CULPRITS: Final = 5  # named in the warning


@dataclass(frozen=True, slots=True, kw_only=True)
class Fulfilment(Slotted):
    """What should be there after a request.

    Attributes:
        records: Package name to record, in name order.
        specs: MatchSpec texts that the user asked for by it, for the history.
        neutered: Of what was asked for earlier and holds no longer as it was, what still does.
        reinstalled: Installed names to be linked again although they stay.
    """

    records: Mapping[str, PackageRecord]
    specs: tuple[str, ...] = ()
    neutered: tuple[str, ...] = ()
    reinstalled: frozenset[str] = frozenset()


def fulfil(request: Request, solve: Solver, report: Reporter, cancel: CancelToken) -> Fulfilment:
    """Return what ``request`` makes of its environment.

    Raises:
        PackagesNotFound, PackagesNotInstalled, VersionInUpdate: it names what there is not, or what
            the verb does not take.
        Unsatisfiable: it cannot be met; it says why, and what would do instead.
        InvalidMatchSpec, UnsupportedSpec: a spec cannot be read or honoured.
        Cancelled: somebody asked to stop.
    """
    installed = {name: prefix.record for name, prefix in request.state.installed.items()}
    if request.verb == "remove" and request.rules.force:
        gone = removed_names(request)
        left = {name: record for name, record in installed.items() if name not in gone}
        return Fulfilment(records=left, specs=tuple(request.specs))
    if skips_solve(request):
        return Fulfilment(records=installed)
    solving = _Solving(request, solve, report, cancel)
    try:
        solution = solving.run()
    except Refused as refusal:
        if request.rules.deps != "none":
            raise with_ways_out(request, refusal, partial(attempt, solve), cancel) from None
        report(Noticed("warning", f"what is named is installed all the same, but {refusal.what}"))
        from xconda_core.solver.partial import needing_nothing

        solving = _Solving(needing_nothing(request), solve, report, cancel)
        solution = solving.run()
    if request.rules.update == "deps":
        named = {spec.name for spec in solving.problem.specs}
        below = reached(named, needs_of(solution.records)) & solution.records.keys()
        solution = solving.run(moving=below)
    records = {
        name: installed[name] if solving.stays_as_it_is(record) else record
        for name, record in solution.records.items()
    }
    return _as_ruled(request, solving, installed, records)


def attempt(solve: Solver, request: Request, report: Reporter, cancel: CancelToken) -> Solution:
    """Return what becomes of ``request`` when all that is needed comes along.

    Raises:
        XcondaError: as :func:`fulfil`; without ways out.
    """
    return _Solving(request, solve, report, cancel).run()


def _as_ruled(
    request: Request,
    solving: "_Solving",
    installed: Mapping[str, PackageRecord],
    records: Mapping[str, PackageRecord],
) -> Fulfilment:
    named = {spec.name for spec in solving.problem.specs}
    specs = tuple(request.specs)
    if request.rules.deps == "none":
        from xconda_core.solver.partial import named_only

        records = named_only(named, installed, records)
    elif request.rules.deps == "only":
        from xconda_core.solver.partial import dependencies_only

        solved = records
        records, taken = dependencies_only(named, installed, solved)
        specs = tuple(text for text in specs if request.read(text).name not in taken)
        below = {other for name in taken for other in dependency_names(solved[name])}
        specs += tuple(sorted((below & records.keys()) - named))
    return Fulfilment(
        records=dict(sorted(records.items())),
        specs=specs,
        neutered=solving.neutered(),
        reinstalled=frozenset(named & installed.keys() if request.rules.reinstall else ()),
    )


def skips_solve(request: Request) -> bool:
    """Whether what is installed meets the request, and that is to be enough.

    Raises:
        InvalidMatchSpec: a spec cannot be read.
    """
    if request.rules.update != "skip-satisfied":
        return False
    return bool(request.specs) and all(
        is_met(request.read(text), request) for text in request.specs
    )


class _Solving:
    """One request on its way, and what was conceded for it."""

    def __init__(
        self, request: Request, solve: Solver, report: Reporter, cancel: CancelToken
    ) -> None:
        self._request = request
        self._solve = solve
        self._report = report
        self._cancel = cancel
        self.made = NONE_MADE
        self.problem: SolveProblem = problem_for(request)

    def run(self, moving: Iterable[str] = ()) -> Solution:
        """Solve until there is a solution, or nothing is left to concede."""
        self._concede(replace(self.made, moving=frozenset(moving)))
        while True:
            try:
                solution = self._solve(self.problem, self._report, self._cancel)
            except Refused as refusal:
                if not (self._relax(refusal) or self._tolerate(refusal.names_claiming())):
                    raise
                continue
            lost = set(self.problem.kept_names) - solution.records.keys()
            if not self._tolerate(lost):
                return solution

    def stays_as_it_is(self, record: PackageRecord) -> bool:
        """Whether ``record`` stands for an installed package that goes on lacking something."""
        tolerated = record.name in self.made.tolerated
        return tolerated and record == self.problem.installed[record.name]

    def neutered(self) -> tuple[str, ...]:
        """Return what still holds of the wishes that were relaxed."""
        kept = [spec for spec in self.problem.kept_specs if spec.name in self.made.relaxed]
        return tuple(str(spec) for spec in kept)

    def _concede(self, made: Concessions) -> None:
        if made != self.made:
            self.made = made
            self.problem = problem_for(self._request, made)

    def _relax(self, refusal: Refused) -> bool:
        """Let the builds go that were asked for earlier and stand in the way; tell if any do."""
        earlier = refusal.names_claiming("history")
        narrow = [
            spec
            for spec in self.problem.kept_specs
            if spec.name in earlier and spec != relaxed(spec)
        ]
        for spec in narrow:
            text = f"you asked for {self.problem.spelling(spec)} earlier; of that only the version"
            self._report(Noticed("warning", f"{text} is kept, for the rest stands in the way."))
        names = frozenset(spec.name for spec in narrow)
        self._concede(replace(self.made, relaxed=self.made.relaxed | names))
        return bool(narrow)

    def _tolerate(self, suspects: Iterable[str]) -> bool:
        """Let installed packages go on lacking what they lack; tell if there are such.

        First those that stand in the way; where that does not help, all there are.
        """
        installed = {name: p.record for name, p in self._request.state.installed.items()}
        asked = {spec.name for spec in self.problem.specs} | self.problem.absent
        known = self.made.tolerated | asked
        doubtful = set(suspects) & installed.keys() - known
        if not doubtful:
            return False
        if self.made.tolerated:
            doubtful = installed.keys() - known
        found = {
            name: vain
            for name in sorted(doubtful)
            if (vain := lacks(installed, name, self._request))
        }
        if found:
            self._report(Noticed("warning", _culprits(found, installed)))
            tolerated = self.made.tolerated | found.keys()
            self._concede(replace(self.made, tolerated=tolerated))
        return bool(found)


def _culprits(found: Mapping[str, tuple[str, ...]], installed: Mapping[str, PackageRecord]) -> str:
    told = [
        f"{name} {installed[name].version} ({', '.join(vain)})"
        for name, vain in list(found.items())[:MAX_CULPRITS]
    ]
    more = len(found) - len(told)
    others = f" and {more} more" if more else ""
    return (
        f"installed packages lack what they ask for, and stay as they are: "
        f"{', '.join(told)}{others}."
    )
