"""``--prove``: could a package that was asked for be newer? Layer: solver. Pure. Needs pycosat.

The question is put as one more request, "newer than what was chosen". A solution of that is shown
with what it would cost; a refusal comes with the smallest facts behind it, and pycosat is asked
whether these can hold together.
"""

from collections.abc import Mapping

from xconda_core.cancel import CancelToken
from xconda_core.errors import as_json
from xconda_core.events import silent
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.version import Version
from xconda_core.solver.conflict import ConflictGraph
from xconda_core.solver.explain import explanation, listed
from xconda_core.solver.fulfil import attempt
from xconda_core.solver.newness import Newness
from xconda_core.solver.request import Request
from xconda_core.solver.sat import can_hold, confirmed
from xconda_core.solver.search import solve
from xconda_core.solver.unsatisfiable import Unsatisfiable
from xconda_core.solver.version_ranges import short_ranges
from xconda_core.values import replace

Records = Mapping[str, PackageRecord]


def newness(request: Request, records: Records, cancel: CancelToken) -> tuple[Newness, ...]:
    """Return for each package that ``request`` names whether it could be newer than in ``records``.

    Raises:
        PycosatMissing: it is not installed.
        Cancelled: somebody asked to stop.
    """
    can_hold((), {}, cancel)  # without pycosat nothing can be proven: say so first
    asked = {text: request.read(text) for text in request.specs}
    names = {spec.name for spec in asked.values()}
    return tuple(
        _of(text, spec, request, records, names, cancel)
        for text, spec in asked.items()
        if spec.is_exact_name and spec.name in records
    )


def _of(
    text: str,
    spec: MatchSpec,
    request: Request,
    records: Records,
    names: set[str],
    cancel: CancelToken,
) -> Newness:
    version = records[spec.name].version
    newer = _newer(spec.name, version, request)
    known = Newness(name=spec.name, spec=text, version=version, verdict="newest")
    if not newer:
        return replace(known, words=(f"{spec.name} {version} is the newest there is.",))
    allowed = [each for each in newer if spec.version is None or spec.version.matches(each)]
    if not allowed:
        words = f"{spec.name} {version} is the newest that {text} allows."
        return replace(known, verdict="newest-allowed", newer=short_ranges(newer), words=(words,))
    wish = f"{spec.name} >{version}"
    further = replace(
        request,
        verb="create" if request.verb == "create" else "install",
        specs=(*request.specs, wish),
    )
    try:
        found = attempt(solve, further, silent, cancel).records
    except Unsatisfiable as refusal:
        proven = confirmed(refusal, cancel)
        return _proven(replace(known, newer=short_ranges(allowed)), wish, proven)
    return _possible(known, found, records, names)


def _newer(name: str, version: str, request: Request) -> list[Version]:
    """Return the versions above ``version``, ascending."""
    candidates = request.index.candidates(name)
    versions = {Version.parse(text) for text in (candidates.versions if candidates else ())}
    return sorted(each for each in versions if each > Version.parse(version))


def _proven(known: Newness, wish: str, refusal: Unsatisfiable) -> Newness:
    claims = tuple(
        replace(claim, kind="newer", versions=known.newer)
        if claim.kind == "request" and claim.specs == (wish,)
        else claim
        for claim in refusal.conflict.claims
    )
    conflict = ConflictGraph(claims, refusal.conflict.fact_count)
    count = refusal.proof.fact_count
    head = f"{known.name} {known.version} cannot be newer: {count} facts exclude it, proven by "
    return replace(
        known,
        verdict="proven",
        claims=as_json(conflict),
        fact_count=count,
        checked_by=refusal.proof.checked_by,
        words=(f"{head}{listed(refusal.proof.checked_by)}:", *_indented(explanation(conflict))),
    )


def _indented(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _possible(known: Newness, found: Records, records: Records, names: set[str]) -> Newness:
    version = found[known.name].version
    older = tuple(
        (name, records[name].version, found[name].version)
        for name in sorted(names & records.keys() & found.keys())
        if Version.parse(found[name].version) < Version.parse(records[name].version)
    )
    cost = [f"{name} {then} instead of {now}" for name, now, then in older]
    price = f"at the price of {listed(cost)}" if cost else "and nothing you name would be older"
    words = f"{known.name} {known.version} could be {version}, {price}."
    return replace(known, verdict="possible", newer=version, older=older, words=(words,))
