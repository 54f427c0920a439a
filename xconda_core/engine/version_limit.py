"""What keeps an installed package from a newer version, proved by a solve. Layer: engine."""

from collections.abc import Iterable, Iterator, Mapping

from xconda_core.cancel import CancelToken
from xconda_core.config.settings import Settings
from xconda_core.engine.answers import Holder, VersionLimit
from xconda_core.engine.channel_scopes import ChannelScopes
from xconda_core.engine.wiring import Wiring
from xconda_core.events import Reporter
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.match_spec import InvalidMatchSpec, MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.repodata.index import Index
from xconda_core.repodata.listing import dependency_name
from xconda_core.solver.explain import explanation
from xconda_core.solver.request import Request
from xconda_core.solver.request_rules import problem_for
from xconda_core.solver.unsatisfiable import Unsatisfiable
from xconda_core.values import replace


def version_limit(
    state: EnvironmentState,
    record: PackageRecord,
    index: Index,
    settings: Settings,
    wiring: Wiring,
    report: Reporter,
    cancel: CancelToken,
) -> VersionLimit:
    """Return what keeps ``record`` from the newest version that ``index`` has.

    Any newer one is tried with everything that the user asked for earlier, pins, and Python's minor
    series; nothing else that is installed is in its way, as it is not in the way of an update.
    Only where one that is not the newest can be had, the newest is tried by itself.

    Raises:
        Cancelled: somebody asked to stop.
        XcondaError: a channel cannot be read.
    """
    newest = _newest(index, record.name)
    limit = VersionLimit(installed=record.version, newest=newest, reachable=record.version)
    if limit.is_newest:
        return limit
    scopes = ChannelScopes(wiring.channels)
    if settings.ignore_pinned:
        state = replace(state, pinned=())
    pins = () if settings.ignore_pinned else settings.pinned_packages

    def solved(spec: str) -> dict[str, PackageRecord]:
        asked = Request(
            verb="install",
            index=index,
            state=state,
            specs=(spec,),
            pinned_packages=pins,
            virtual_packages=wiring.virtual_packages(),
            read=scopes.read,
        )
        return dict(wiring.solve(problem_for(asked), report, cancel).records)

    holders = tuple(_holders(state, record.name, (*pins, *state.pinned), index))
    try:
        found = solved(f"{record.name} >{record.version}")
    except Unsatisfiable as refusal:
        proof = tuple(explanation(refusal.conflict))
        return replace(limit, holders=holders, proof=proof)
    reachable = found[record.name].version
    limit = replace(limit, reachable=reachable, moves=tuple(_moves(state, found, record.name)))
    if reachable == newest:
        asked = tuple(each for each in holders if each.kind == "request")
        return replace(limit, holders=asked)
    try:
        solved(f"{record.name}=={newest}")
    except Unsatisfiable as refusal:
        return replace(limit, holders=holders, proof=tuple(explanation(refusal.conflict)))
    return limit


def _newest(index: Index, name: str) -> str:
    candidates = index.candidates(name)
    return candidates.versions[0] if candidates is not None else ""


def _moves(state: EnvironmentState, found: Mapping[str, PackageRecord], but: str) -> Iterator[str]:
    """Yield what an update changes besides the package ``but``."""
    for name in sorted({*state.installed, *found} - {but}):
        old = state.installed[name].record.version if name in state.installed else ""
        new = found[name].version if name in found else ""
        if old != new:
            yield f"{name} {old or 'new'} -> {new or 'removed'}"


def _holders(
    state: EnvironmentState, name: str, pins: Iterable[str], index: Index
) -> Iterator[Holder]:
    """Yield what says in so many words that ``name`` must not be of its newest version."""
    candidates = index.candidates(name)
    if candidates is None:
        return
    best = candidates.record(0)
    earlier = state.requested.get(name)
    if earlier and not _allows(earlier, name, best):
        yield Holder(kind="request", name=name, version="", wants=earlier)
    for pin in pins:
        if not _allows(pin, name, best):
            yield Holder(kind="pin", name=name, version="", wants=pin)
    for other, package in state.installed.items():
        record = package.record
        for kind, texts in (("depends", record.depends), ("constrains", record.constrains)):
            for text in texts:
                if dependency_name(text) == name and not _allows(text, name, best):
                    yield Holder(kind=kind, name=other, version=record.version, wants=text)


def _allows(text: str, name: str, record: PackageRecord) -> bool:
    """Whether a spec has nothing against a record; one of another package never has."""
    try:
        spec = MatchSpec.parse(text)
    except InvalidMatchSpec:
        return True
    return spec.name != name or spec.with_name(name).matches(record)
