"""A request becomes a plan: what is wanted, and the operations that lead there. Layer: engine."""

import logging
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.config.settings import Settings
from xconda_core.config.solver_names import strange_solver
from xconda_core.engine.channel_scopes import ChannelScopes, earlier_texts
from xconda_core.engine.foreign_python import displaced_by, held_records, split_removal
from xconda_core.engine.permissions import refuse_packages, refuse_user
from xconda_core.engine.protection import refuse_lost_foundation
from xconda_core.engine.refusals import refuse_unfit_target
from xconda_core.engine.repodata_lists import first_answer
from xconda_core.engine.requests import ChangeRequest
from xconda_core.engine.wanted_state import (
    WantedState,
    asked_specs,
    history_entry,
    request_rules,
    requested_after,
)
from xconda_core.engine.wiring import Wiring
from xconda_core.environment.prefix import read_state
from xconda_core.events import Noticed, PhaseStarted, PlanReady, Reporter
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.models.python_package import PYPI, PythonPackage
from xconda_core.net.fetcher import path_of
from xconda_core.package_cache.cache import PackageCache, PackageDamaged, unpacked_record
from xconda_core.repodata.index import Index
from xconda_core.repodata.memory_index import MemoryIndex
from xconda_core.solver.fulfil import Fulfilment, fulfil, skips_solve
from xconda_core.solver.newness import Newness
from xconda_core.solver.not_found import PackagesNotFound
from xconda_core.solver.refused import Refused
from xconda_core.solver.request import Request
from xconda_core.transaction.plan import HistoryEntry, Operation, Plan, plan_operations
from xconda_core.transaction.python_layout import relinked_names
from xconda_core.values import replace

_log: Final = logging.getLogger(__name__)

Decide = Callable[
    [ChangeRequest, EnvironmentState, Settings, Wiring, Reporter, CancelToken], WantedState
]
"""Says what an environment should hold after a request: by solving, or by going back."""


def plan(
    request: ChangeRequest,
    settings: Settings,
    wiring: Wiring,
    decide: Decide,
    report: Reporter,
    cancel: CancelToken,
) -> Plan:
    """Decide what ``request`` would change, and change nothing.

    Raises:
        XcondaError: the request makes no sense there, or cannot be fulfilled.
        Cancelled: somebody asked to stop.
    """
    refuse_user(os.geteuid(), non_admin_enabled=settings.non_admin_enabled)
    for text in request.notices:
        report(Noticed("warning", text))
    state = read_state(Path(request.prefix))
    protects = settings.protect_frozen_envs
    refuse_unfit_target(request, state, settings.root_prefix, protect_frozen=protects)
    wanted = decide(request, state, settings, wiring, report, cancel)
    cancel.check()
    found = _plan(request, state, wanted, settings.disallowed_packages, wiring.cache)
    unlink = [step.old.record for step in found.operations if step.old]
    wiring.plugins.look_at_answer(
        wanted.repodata_fn, unlink, [step.new for step in found.operations if step.new]
    )
    if not settings.force_remove:
        refuse_lost_foundation(found, settings.root_prefix, Path(sys.prefix))
    trust = wiring.trust([step.new for step in found.operations if step.new], cancel)
    found = replace(
        found,
        variables=_variables(request, found),
        pip=request.pip,
        sections=request.sections,
        clone_of=request.clone_of,
        trust=trust,
    )
    for text in _lost_to_pip(state, found):
        report(Noticed("warning", text))
    report(_plan_ready(found))
    _log_plan(found)
    return found


def solved(
    request: ChangeRequest,
    state: EnvironmentState,
    settings: Settings,
    wiring: Wiring,
    report: Reporter,
    cancel: CancelToken,
) -> WantedState:
    """Return what the solver makes of ``request``.

    Raises:
        XcondaError: a channel cannot be read, or nothing fulfils the request.
        Cancelled: somebody asked to stop.
    """
    specs = asked_specs(request, settings.create_default_packages)
    removed: tuple[PythonPackage, ...] = ()
    if request.verb == "remove":
        specs, removed = split_removal(state, specs)
        if removed and not specs:
            return as_installed(request, state, removed)
    if _keeps_packages(request, specs, settings):
        return as_installed(request, state)
    scopes = ChannelScopes(wiring.channels)
    asked = _asked(request, state, specs, scopes, settings, wiring)
    wiring.plugins.look_at_request(specs, asked.read, removes=request.verb == "remove")
    # What stays after a removal is what is there: no channel has a say in it.
    # An environment without packages needs none either.
    begins_empty = request.verb == "create" and not specs
    needs_index = not (request.verb == "remove" or begins_empty or skips_solve(asked))

    def answer(repodata_fn: str) -> tuple[Fulfilment, tuple[Newness, ...], str]:
        wish = asked
        if needs_index:
            load = partial(wiring.index, report=report, cancel=cancel, repodata_fn=repodata_fn)
            names = wiring.chosen_channels(request.channels, request.override_channels)
            report(PhaseStarted("index"))
            wish = replace(asked, index=_index_for(asked, scopes, names, load))
        if settings.prefix_data_interoperability:
            from xconda_core.repodata.held_index import HeldIndex

            wish = replace(wish, index=HeldIndex(wish.index, held_records(state, specs)))
        report(PhaseStarted("solve"))
        found = fulfil(wish, wiring.solve, report, cancel)
        newness = wiring.newness(wish, found.records, cancel) if request.prove else ()
        return found, newness, repodata_fn if needs_index else ""

    strange = "" if wiring.plugins.solver(settings.solver) else strange_solver(settings)
    if strange:
        report(Noticed("warning", strange))
    lists = settings.repodata_fns if needs_index else settings.repodata_fns[-1:]
    found, newness, repodata_fn = first_answer(lists, answer, (PackagesNotFound, Refused), report)
    records = {name: each for name, each in found.records.items() if each.subdir != PYPI}
    return WantedState(
        records=records,
        entry=history_entry(request, found.specs, state, found.neutered),
        reinstalled=found.reinstalled,
        newness=newness,
        python_removed=removed,
        repodata_fn=repodata_fn,
    )


def _keeps_packages(request: ChangeRequest, specs: Sequence[str], settings: Settings) -> bool:
    """Whether nothing is asked of a solver: a file may only set variables, for example."""
    rules = request_rules(request, settings)
    asks = specs or rules.prune or rules.reinstall or rules.update == "all"
    return request.verb == "install" and not asks


def _asked(
    request: ChangeRequest,
    state: EnvironmentState,
    specs: Sequence[str],
    scopes: ChannelScopes,
    settings: Settings,
    wiring: Wiring,
) -> Request:
    """Return the solver's request; its index is what is installed."""
    pinned = not settings.ignore_pinned
    return Request(
        verb=request.verb,  # type: ignore[arg-type]  # undo and redo are not
        index=MemoryIndex(package.record for package in state.installed.values()),
        state=state if pinned else replace(state, pinned=()),
        specs=specs,
        rules=request_rules(request, settings),
        pinned_packages=settings.pinned_packages if pinned else (),
        excluded=settings.disallowed_packages,
        excluded_by=settings.origins.get("disallowed_packages", "disallowed_packages"),
        pins_written_in=settings.origins.get("pinned_packages", "pinned_packages"),
        aggressive_updates=() if settings.offline else settings.aggressive_update_packages,
        virtual_packages=wiring.virtual_packages(),
        pip_comes_with_python=settings.add_pip_as_python_dependency,
        read=scopes.read,
    )


def as_installed(
    request: ChangeRequest, state: EnvironmentState, removed: tuple[PythonPackage, ...] = ()
) -> WantedState:
    """Return a state in which only projects that conda did not install are gone."""
    records = {name: package.record for name, package in state.installed.items()}
    entry = HistoryEntry(command=request.command)
    return WantedState(records=records, entry=entry, python_removed=removed)


def _index_for(
    asked: Request,
    scopes: ChannelScopes,
    names: Sequence[str],
    load: Callable[..., Index],
) -> Index:
    """Return what the channels ``names`` offer, and what channels that specs name do."""
    state, specs = asked.state, asked.specs
    wanted = [*state.installed, *(MatchSpec.parse(text).name for text in specs)]
    main = load(names, wanted=wanted)
    texts = list(specs)
    moves_all = asked.rules.update == "all"
    if asked.verb == "update" or moves_all:
        texts += earlier_texts(state, specs, update_all=moves_all)
    scoped = scopes.scopes(texts, main, load)
    if not scoped:
        return main
    from xconda_core.repodata.scoped_index import ScopedIndex

    return ScopedIndex(main, scoped)


def _plan(
    request: ChangeRequest,
    state: EnvironmentState,
    wanted: WantedState,
    disallowed: Sequence[str],
    cache: PackageCache,
) -> Plan:
    requested = requested_after(state, wanted.entry)
    operations = plan_operations(
        state,
        wanted.records,
        requested,
        relinked_names(state, wanted.records) | wanted.reinstalled,
    )
    links = [step.new for step in operations if step.new]
    refuse_packages(links, disallowed)
    fetch = [
        record
        for record in links
        if cache.find(record) is None and cache.find_archive(record) is None
    ]
    touched = {step.name for step in operations}
    displaced = {each.name: each for each in displaced_by(state, operations)}
    displaced |= {each.name: each for each in wanted.python_removed}
    return Plan(
        prefix=request.prefix,
        why_prefix=request.why_prefix,
        operations=operations,
        unchanged=tuple(sorted(state.installed.keys() - touched)),
        creates=not state.exists,
        history=wanted.entry,
        fingerprint=state.fingerprint,
        fetch=tuple(record.name for record in fetch),
        download_bytes=sum(_archive_size(record, cache) for record in fetch),
        disk_bytes=sum(_archive_size(record, cache) for record in links),
        python_removed=tuple(displaced[name] for name in sorted(displaced)),
        python_restored=wanted.python_restored,
        newness=wanted.newness,
        onto=wanted.onto,
        dropped=wanted.dropped,
        foreign=wanted.foreign,
    )


def _variables(request: ChangeRequest, plan: Plan) -> dict[str, str]:
    """Return the variables to be set for the environment."""
    if not request.variables:
        return {}
    from xconda_core.environment.variables import STATE, new_variables

    anew = STATE in plan.dropped
    return new_variables(Path(request.prefix), request.variables, begins_anew=anew)


def _lost_to_pip(state: EnvironmentState, found: Plan) -> Iterable[str]:
    """Return, as sentences, what projects of pip have now and miss once ``found`` is done."""
    if not state.python_packages:
        return ()
    from xconda_core.environment.python_requirements import lost_requirements

    gone = {step.name for step in found.operations}
    removed = {each.name for each in found.python_removed}
    stay = {name: each for name, each in state.installed.items() if name not in gone}
    come = {step.name: PrefixRecord(record=step.new) for step in found.operations if step.new}
    kept = {name: each for name, each in state.python_packages.items() if name not in removed}
    after = replace(state, installed=stay | come, python_packages=kept)
    return lost_requirements(state, after)


def _archive_size(record: PackageRecord, cache: PackageCache) -> int:
    """Return how long an archive is: as its channel says, else as it is here; 0 for unknown."""
    if record.size is not None:
        return record.size
    here = path_of(record.url) if record.url.startswith("file:") else cache.find_archive(record)
    try:
        if here is not None:
            return here.stat().st_size
        folder = cache.find(record)
        return (unpacked_record(folder, record).size or 0) if folder else 0
    except (OSError, PackageDamaged):  # whoever is to read it says so
        return 0


def _plan_ready(plan: Plan) -> PlanReady:
    kinds = [step.kind for step in plan.operations]
    return PlanReady(
        installs=kinds.count("install"),
        changes=kinds.count("change") + kinds.count("reinstall"),
        removes=kinds.count("remove"),
        download_bytes=plan.download_bytes,
        disk_bytes=plan.disk_bytes,
    )


def _log_plan(plan: Plan) -> None:
    if not _log.isEnabledFor(logging.INFO):
        return
    ready, unchanged = _plan_ready(plan), len(plan.unchanged)
    _log.info(
        "plan: %d to install, %d to change, %d to remove, %d stay; %d bytes to download",
        *(ready.installs, ready.changes, ready.removes, unchanged, ready.download_bytes),
    )
    if plan.operations and _log.isEnabledFor(logging.DEBUG):  # one message: there may be hundreds
        _log.debug("%s", "\n".join(map(_step_words, plan.operations)))


def _step_words(step: Operation) -> str:
    old, new = step.old.record if step.old else None, step.new
    before, after = (record.dist_name if record else "nothing" for record in (old, new))
    return f"{step.movement}: {before} becomes {after} ({step.requested_spec or 'a dependency'})"
