"""What would do instead: small changes of a request that cannot be met, each checked by a solve.

Layer: solver. Pure; how far it looks is bounded by steps of the search, not by a clock, so that the
same request gets the same advice.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.errors import XcondaError
from xconda_core.events import Event, Reporter, SolveAdvanced
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.version import Version
from xconda_core.models.virtual_package import VirtualPackage
from xconda_core.regex import regex
from xconda_core.solver.conflict import Claim, ConflictGraph
from xconda_core.solver.needs import needs_of, reached, turned
from xconda_core.solver.problem import Solution
from xconda_core.solver.relaxation import Relaxation, RelaxationKind, Way
from xconda_core.solver.request import Request
from xconda_core.solver.unsatisfiable import Unsatisfiable
from xconda_core.values import Slotted, dataclass, replace

MOST: Final = 3  # ways that are told
STEPS: Final = 8192  # choices and dead ends of all attempts together
MEASURED: Final = ("__cuda", "__glibc", "__osx", "__linux")  # facts that have a version to speak of
ANY_VERSION: Final = "999"  # of a fact that must be there, whatever it is
_AT_LEAST: Final = regex(r">=?\s*([0-9][0-9a-z.]*)")


Attempt = Callable[[Request, Reporter, CancelToken], Solution]
Change = Callable[[Request], Request]


@dataclass(frozen=True, slots=True)
class _Step(Slotted):
    """A change that might help, and how to make it.

    Attributes:
        kind, name, spec: As in :class:`Relaxation`.
        apply: Makes the change, which leaves the version open.
        narrowed: Returns the change to one series of versions; None where there is no such.
    """

    kind: RelaxationKind
    name: str
    spec: str
    apply: Change
    narrowed: Callable[[str], Change] | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """What tells it from other changes of the same request."""
        return self.kind, self.name, self.spec


def relaxations(
    request: Request, conflict: ConflictGraph, attempt: Attempt, cancel: CancelToken
) -> tuple[Way, ...]:
    """Return up to three smallest changes of ``request`` that make it possible.

    Args:
        request: What cannot be met.
        conflict: Why it cannot.
        attempt: Finds out what becomes of a request.
        cancel: Looked at meanwhile.

    Raises:
        Cancelled: somebody asked to stop.
    """
    search = _Bounded(attempt, cancel)
    ways: list[Way] = []
    pairs: dict[frozenset[tuple[str, ...]], tuple[_Step, _Step]] = {}
    for step in _mild_steps(request, conflict.claims):
        if step.kind == "version" and any(way[0].spec == step.spec for way in ways):
            continue  # an open build is enough
        ways += search.ways((step,), request)
        # Where one change uncovers the next conflict, a change there may do the rest.
        for other in _mild_steps(request, search.uncovered):
            if other.name != step.name:  # either may be the first: it is one way
                pairs.setdefault(frozenset((step.words, other.words)), (step, other))
    if not ways:
        drops = [(step,) for step in _drops(request, conflict.claims)]
        for steps in (*pairs.values(), *drops):
            if len(ways) < MOST:
                ways += search.ways(steps, request)
    return tuple(ways[:MOST])


def on_any_machine(
    request: Request, refusal: Unsatisfiable, attempt: Attempt, cancel: CancelToken
) -> Unsatisfiable:
    """Return the refusal of ``request`` that does not hang on facts of the machine, if there is.

    That some builds want a graphics card is no reason where none fits in any case.

    Raises:
        Cancelled: somebody asked to stop.
    """
    claims = refusal.conflict.claims
    facts = {claim.target: _least(claim.specs) for claim in claims if claim.target in MEASURED}
    if not facts or len(facts) == len(claims):
        return refusal
    for name, least in facts.items():
        request = _on_a_machine_with(name, least or ANY_VERSION)(request)
    try:
        _Bounded(attempt, cancel).attempt(request)
    except Unsatisfiable as other:
        hangs_on_facts = any(claim.target.startswith("__") for claim in other.conflict.claims)
        return refusal if hangs_on_facts else other
    except (_TooFar, XcondaError):
        cancel.check()
    return refusal


def _mild_steps(request: Request, claims: Iterable[Claim]) -> Iterator[_Step]:
    """Yield the changes after which everything that is named is still there."""
    for claim in claims:
        spec = claim.specs[0] if claim.specs else claim.name
        match claim.kind:
            case "request":
                open_build = _without_build(spec, request)
                if open_build:
                    change = _replacing(spec, (open_build,))
                    yield _Step("build", claim.name, spec, change)
                bare = _without_version(spec, request)
                if bare:
                    narrowed = partial(_asking_for, spec, bare)
                    change = _replacing(spec, (bare,))
                    yield _Step("version", claim.name, spec, change, narrowed)
            case "history" | "installed":
                yield _Step("name", claim.name, spec, _naming(claim.name))
            case "pin":
                narrowed = partial(_pinning, spec, claim.name)
                yield _Step("pin", claim.name, spec, _unpinning(spec), narrowed)
            case "frozen":
                yield _Step("frozen", claim.name, spec, _thawed)
            case "excluded":
                yield _Step("excluded", claim.name, spec, _allowing(spec))
            case "depends" | "constrains" if claim.target in MEASURED:
                fact, least = claim.target, _least(claim.specs)
                change = _on_a_machine_with(fact, least or ANY_VERSION)
                yield _Step("machine", fact, least, change)


def _drops(request: Request, claims: Iterable[Claim]) -> Iterator[_Step]:
    """Yield the changes that leave one thing out: of what is named, or of what was earlier."""
    claims = tuple(claims)
    if len(request.specs) > 1:
        for claim in reversed(claims):
            if claim.kind == "request":
                spec = claim.specs[0]
                yield _Step("drop", claim.name, spec, _replacing(spec, ()))
    earlier = request.state.requested.keys() or request.state.installed.keys()
    for claim in claims:
        gone = _gone_with(claim.name, request) if claim.kind == "history" else frozenset()
        if gone & earlier == {claim.name}:
            yield _Step("remove", claim.name, claim.specs[0], _removing(gone))


def _gone_with(name: str, request: Request) -> frozenset[str]:
    """Return the installed packages that a removal of ``name`` takes away, itself among them."""
    installed = request.state.installed
    if name not in installed:
        return frozenset()
    needs = needs_of({each: prefix.record for each, prefix in installed.items()})
    return frozenset({name, *reached([name], turned(needs))})


def _without_build(text: str, request: Request) -> str:
    """Return a spec that leaves the build open; empty where it is."""
    spec = request.read(text)
    if not spec.is_exact_name or (spec.build, spec.build_number) == (None, None):
        return ""
    return _plain(MatchSpec(spec.name, spec.version, fields=spec.fields))


def _without_version(text: str, request: Request) -> str:
    """Return a spec that leaves version and build open; empty where the version is."""
    spec = request.read(text)
    if not spec.is_exact_name or spec.version is None or spec.version.is_any:
        return ""
    return _plain(MatchSpec(spec.name, fields=spec.fields))


def _plain(spec: MatchSpec) -> str:
    """Return a spec as text; empty where it takes brackets to write it."""
    text = str(spec)
    return "" if "[" in text else text


def _least(specs: Iterable[str]) -> str:
    """Return the newest of the versions that specs ask for at least; empty where they ask none."""
    found = [Version.parse(text) for spec in specs for text in _AT_LEAST.findall(spec)]
    return max(found).text if found else ""


def _on_a_machine_with(name: str, version: str) -> Change:
    def apply(request: Request) -> Request:
        others = [fact for fact in request.virtual_packages if fact.name != name]
        return replace(request, virtual_packages=(*others, VirtualPackage(name, version)))

    return apply


def _asking_for(text: str, bare: str, series: str) -> Change:
    return _replacing(text, (f"{bare}={series}",))


def _replacing(text: str, others: tuple[str, ...]) -> Change:
    def apply(request: Request) -> Request:
        specs = [each for spec in request.specs for each in (others if spec == text else (spec,))]
        return replace(request, specs=tuple(specs))

    return apply


def _removing(names: frozenset[str]) -> Change:
    def apply(request: Request) -> Request:
        state = request.state
        installed = {name: each for name, each in state.installed.items() if name not in names}
        requested = {name: text for name, text in state.requested.items() if name not in names}
        state = replace(state, installed=installed, requested=requested)
        return replace(request, state=state)

    return apply


def _naming(name: str) -> Change:
    return lambda request: replace(request, specs=(*request.specs, name))


def _pinning(text: str, name: str, series: str) -> Change:
    def apply(request: Request) -> Request:
        request = _unpinning(text)(request)
        return replace(request, pinned_packages=[*request.pinned_packages, f"{name}={series}"])

    return apply


def _unpinning(text: str) -> Change:
    def apply(request: Request) -> Request:
        settings = [pin for pin in request.pinned_packages if pin != text]
        own = tuple(pin for pin in request.state.pinned if pin != text)
        state = replace(request.state, pinned=own)
        return replace(request, pinned_packages=settings, state=state)

    return apply


def _allowing(text: str) -> Change:
    def apply(request: Request) -> Request:
        return replace(request, excluded=[each for each in request.excluded if each != text])

    return apply


def _thawed(request: Request) -> Request:
    return replace(request, rules=replace(request.rules, update="specs"))


def _relaxation(step: _Step, solution: Solution) -> Relaxation:
    record = solution.records.get(step.name)
    if step.kind == "machine":
        return Relaxation(kind="machine", name=step.name, spec="", version=step.spec)
    if step.kind == "build" and record is not None:
        return Relaxation(kind="build", name=step.name, spec=step.spec, version=record.build)
    version = "" if record is None or step.kind in ("drop", "remove") else record.version
    if step.narrowed is not None:
        version = _series(version, step.spec)
    return Relaxation(kind=step.kind, name=step.name, spec=step.spec, version=version)


def _series(version: str, spec: str) -> str:
    """Return a version with as many numbers as the user gave, two at least."""
    wanted = MatchSpec.parse(spec).version
    given = str(wanted).removesuffix(".*").count(".") + 1 if wanted else 0
    return ".".join(version.split(".")[: max(given, 2)])


def _nearer(step: _Step, request: Request, found: str) -> list[str]:
    """Return the series between what is asked for and the version found above it, ascending."""
    candidates = request.index.candidates(step.name)
    wanted = request.read(step.spec).version
    if candidates is None or wanted is None:
        return []
    versions = sorted({Version.parse(text) for text in candidates.versions})
    asked = [version for version in versions if wanted.matches(version)]
    between = [v for v in versions if asked and asked[-1] < v < Version.parse(found)]
    last = _series(found, step.spec)
    series = dict.fromkeys(_series(version.text, step.spec) for version in between)
    return [text for text in series if text != last]


class _TooFar(Exception):
    """The steps are used up."""


class _Bounded(CancelToken):
    """Solves, within a number of steps altogether; passes on that somebody asked to stop.

    Attributes:
        uncovered: What excluded each other in the last attempt.
    """

    def __init__(self, attempt: Attempt, cancel: CancelToken) -> None:
        super().__init__()
        self._attempt = attempt
        self._outer = cancel
        self.uncovered: tuple[Claim, ...] = ()
        self._before = 0
        self._now = 0

    def attempt(self, request: Request) -> Solution:
        """Return a solution; raises as the attempt does, or :class:`_TooFar`."""
        self._before, self._now = self._before + self._now, 0
        return self._attempt(request, self._count, self)

    def ways(self, steps: tuple[_Step, ...], request: Request) -> list[Way]:
        """Return the way that ``steps`` are, if they help: as near as can be to what is asked."""
        solution = self._answer([step.apply for step in steps], request)
        if solution is None:
            return []
        if len(steps) == 1:
            solution = self._nearest(steps[0], request, solution)
        return [tuple(_relaxation(step, solution) for step in steps)]

    def _nearest(self, step: _Step, request: Request, solution: Solution) -> Solution:
        """Return the solution with the version nearest above what is asked, found by halving."""
        record = solution.records.get(step.name)
        if step.narrowed is None or record is None:
            return solution
        nearer = _nearer(step, request, record.version)
        while nearer:
            middle = len(nearer) // 2
            found = self._answer([step.narrowed(nearer[middle])], request)
            nearer = nearer[:middle] if found else nearer[middle + 1 :]
            solution = found or solution
        return solution

    def _answer(self, changes: Iterable[Change], request: Request) -> Solution | None:
        """Return a solution after ``changes``; None where there is none, or it is too far."""
        for change in changes:
            request = change(request)
        self.uncovered = ()
        try:
            return self.attempt(request)
        except _TooFar:
            return None
        except Unsatisfiable as refusal:
            self.uncovered = refusal.conflict.claims
            return None
        except XcondaError:
            self._outer.check()
            return None

    def check(self) -> None:
        """Return if nobody asked to stop, and steps are left."""
        self._outer.check()
        if self._before + self._now > STEPS:
            raise _TooFar

    def _count(self, event: Event) -> None:
        if isinstance(event, SolveAdvanced):
            self._now = event.decisions + event.conflicts
