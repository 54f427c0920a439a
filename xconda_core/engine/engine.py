"""A request becomes a plan, a plan becomes a transaction. Blocking and silent. Layer: engine."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.config.environ import home_folder
from xconda_core.config.merge import NO_DEFAULTS
from xconda_core.config.precedence import COMMAND_LINE
from xconda_core.config.settings import Settings
from xconda_core.engine.channel_scopes import ChannelScopes, earlier_texts
from xconda_core.engine.facts import EnvironmentEntry, environment_entry, facts
from xconda_core.engine.found_records import FoundRecords
from xconda_core.engine.permissions import NoChannelLeft, OverrideNotAllowed, refuse_packages
from xconda_core.engine.refusals import refuse_unfit_target, refuse_unwritable
from xconda_core.engine.requests import ChangeRequest
from xconda_core.engine.revision import drift_of, write_revision
from xconda_core.engine.search import search
from xconda_core.engine.undo import earlier_state, refuse_drift, revision_to_undo_to
from xconda_core.engine.wanted_state import (
    WantedState,
    asked_specs,
    history_entry,
    request_rules,
    requested_after,
)
from xconda_core.engine.wiring import Wiring
from xconda_core.environment.places import Root, is_environment
from xconda_core.environment.prefix import (
    NotAnEnvironment,
    read_existing_state,
    read_history,
    read_state,
)
from xconda_core.environment.registry import known_environments, register
from xconda_core.errors import Json
from xconda_core.events import Noticed, PhaseStarted, PlanReady, Reporter, silent
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.repodata.index import Index
from xconda_core.repodata.memory_index import MemoryIndex
from xconda_core.repodata.scoped_index import ScopedIndex
from xconda_core.solver.fulfil import fulfil, skips_solve
from xconda_core.solver.request import Request
from xconda_core.system.machine import current_subdir
from xconda_core.transaction.execute import LinkRules, execute
from xconda_core.transaction.noarch_python import relinked_names
from xconda_core.transaction.plan import Plan, plan_operations
from xconda_core.transaction.prefix_writer import PrefixWriter
from xconda_core.transaction.recover import recover
from xconda_core.transaction.result import TransactionResult

_log: Final = logging.getLogger(__name__)
CONDARC: Final = ".condarc"  # of an environment, in its prefix


class Engine:
    """Plans and carries out changes of environments, and answers questions about them.

    Attributes:
        settings: The configuration it obeys.
        root: The base environment, and why it is where it is.
    """

    def __init__(
        self,
        settings: Settings,
        root: Root,
        environ: Mapping[str, str],
        wiring: Wiring | None = None,
    ) -> None:
        """Keep the values; nothing is read or opened yet.

        Args:
            settings: The configuration to obey.
            root: The base environment.
            environ: The process's environment variables.
            wiring: Ports to the outside; the real ones unless given.
        """
        self.settings = settings
        self.root = root
        self._environ = environ
        self._wiring = wiring or Wiring(settings, environ)

    def plan(
        self, request: ChangeRequest, report: Reporter = silent, cancel: CancelToken | None = None
    ) -> Plan:
        """Decide what ``request`` would change. Changes nothing, but settles what a crash left.

        Raises:
            XcondaError: the request makes no sense there, or cannot be fulfilled.
            Cancelled: somebody asked to stop.
        """
        token = cancel or CancelToken()
        prefix = Path(request.prefix)
        _settle(prefix, report)
        state = read_state(prefix)
        refuse_unfit_target(request, state, protect_frozen=self.settings.protect_frozen_envs)
        if request.verb == "undo":
            wanted = self._earlier(request, state, report, token)
        else:
            wanted = self._solved(request, state, report, token)
        token.check()
        plan = self._plan(request, state, wanted)
        report(_plan_ready(plan))
        _log_plan(plan)
        return plan

    def execute(
        self, plan: Plan, report: Reporter = silent, cancel: CancelToken | None = None
    ) -> TransactionResult:
        """Carry ``plan`` out, wholly or not at all.

        Raises:
            PlanOutdated: the environment is not what it was when the plan was made.
            Cancelled: somebody asked to stop; the environment is unchanged.
            XcondaError: it could not be done; the environment is unchanged.
        """
        prefix = Path(plan.prefix)
        if plan.changes_nothing:
            return TransactionResult(prefix=prefix)
        refuse_unwritable(prefix)
        token = cancel or CancelToken()
        records = [step.new for step in plan.operations if step.new]
        packages = self._wiring.fetch(records, report, token)
        before = EnvironmentState(prefix=prefix)

        def read_locked() -> EnvironmentState:
            nonlocal before
            before = read_state(prefix)
            return before

        result = execute(
            plan,
            packages,
            rules=self._link_rules(),
            read_state=read_locked,
            commit=lambda writer: self._commit(plan, before, writer),
            report=report,
            cancel=token,
        )
        if plan.creates and self.settings.register_envs:
            register(prefix, home_folder(self._environ))
        return result

    def require(self, prefix: Path, report: Reporter = silent) -> None:
        """Return if there is an environment at ``prefix``; what a crash left in it is settled.

        Raises:
            NotAnEnvironment: there is none.
        """
        _settle(prefix, report)
        if not is_environment(prefix):
            raise NotAnEnvironment(prefix)

    def state(self, prefix: Path, report: Reporter = silent) -> EnvironmentState:
        """Return what the environment at ``prefix`` holds; what a crash left in it is settled.

        Raises:
            NotAnEnvironment, PrefixDamaged: it cannot be read.
        """
        _settle(prefix, report)
        return read_existing_state(prefix)

    def search(
        self,
        text: str,
        channels: Sequence[str] = (),
        override_channels: bool = False,
        report: Reporter = silent,
        cancel: CancelToken | None = None,
    ) -> tuple[PackageRecord, ...]:
        """Return what the channels offer for ``text``, best last.

        Raises:
            NothingFound: nothing fits.
            XcondaError: a channel cannot be read.
        """
        names = self._channels(channels, override_channels)
        index = self._load_index(names, report, cancel or CancelToken())
        return search(index, text)

    def environments(self) -> tuple[EnvironmentEntry, ...]:
        """Return every environment of this user: base, named ones, registered ones."""
        active = self._environ.get("CONDA_PREFIX", "")
        return tuple(
            environment_entry(prefix, self.settings, active) for prefix in self._known_prefixes()
        )

    def facts(self, prefix: Path | None = None) -> dict[str, Json]:
        """Return what ``info`` tells; ``prefix`` is the environment that a bare command means."""
        channels = self._wiring.channels(self.settings.channels)
        subdir = self.settings.subdir
        return facts(
            settings=self.settings,
            root=self.root,
            target=prefix,
            environ=self._environ,
            channels={str(channel): channel.urls(subdir) for channel in channels},
            virtual_packages=self._wiring.virtual_packages(),
            environments=self._known_prefixes(),
        )

    def _known_prefixes(self) -> tuple[Path, ...]:
        home = home_folder(self._environ)
        return known_environments(self.settings.root_prefix, self.settings.envs_dirs, home)

    def _channels(self, given: Sequence[str], override: bool) -> tuple[str, ...]:
        if override and not self.settings.override_channels_enabled:
            raise OverrideNotAllowed
        if override and not given:
            raise NoChannelLeft
        configured = () if override else self.settings.channels
        names = dict.fromkeys([*given, *configured])
        if NO_DEFAULTS not in names:
            return tuple(names)
        left_out = {NO_DEFAULTS, "defaults", *self.settings.default_channels}
        return tuple(name for name in names if name not in left_out)

    def _load_index(
        self,
        names: Sequence[str],
        report: Reporter,
        cancel: CancelToken,
        wanted: Sequence[str] = (),
    ) -> Index:
        report(PhaseStarted("index"))
        return self._wiring.index(names, report, cancel, wanted)

    def _solved(
        self,
        request: ChangeRequest,
        state: EnvironmentState,
        report: Reporter,
        cancel: CancelToken,
    ) -> WantedState:
        specs = asked_specs(request, self.settings.create_default_packages)
        settings = self.settings
        pinned = not settings.ignore_pinned
        scopes = ChannelScopes(self._wiring.channels)
        asked = Request(
            verb=request.verb,  # type: ignore[arg-type]  # undo is not solved
            index=MemoryIndex(package.record for package in state.installed.values()),
            state=state if pinned else replace(state, pinned=()),
            specs=specs,
            rules=request_rules(request, settings),
            pinned_packages=settings.pinned_packages if pinned else (),
            aggressive_updates=() if settings.offline else settings.aggressive_update_packages,
            virtual_packages=self._wiring.virtual_packages(),
            pip_comes_with_python=settings.add_pip_as_python_dependency,
            read=scopes.read,
        )
        # What stays after a removal is what is there: no channel has a say in it.
        if request.verb != "remove" and not skips_solve(asked):
            index = self._index_for(request, specs, state, scopes, report, cancel)
            asked = replace(asked, index=index)
        report(PhaseStarted("solve"))
        found = fulfil(asked, self._wiring.solve, report, cancel)
        entry = history_entry(request, found.specs, state, found.neutered)
        return WantedState(records=found.records, entry=entry, reinstalled=found.reinstalled)

    def _index_for(
        self,
        request: ChangeRequest,
        specs: Sequence[str],
        state: EnvironmentState,
        scopes: ChannelScopes,
        report: Reporter,
        cancel: CancelToken,
    ) -> Index:
        names = self._channels(request.channels, request.override_channels)
        wanted = [*state.installed, *(MatchSpec.parse(text).name for text in specs)]
        main = self._load_index(names, report, cancel, wanted)
        texts = list(specs)
        moves_all = request_rules(request, self.settings).update == "all"
        if request.verb == "update" or moves_all:
            texts += earlier_texts(state, specs, update_all=moves_all)
        scoped = scopes.scopes(
            texts, main, lambda places: self._wiring.index(places, report, cancel)
        )
        return ScopedIndex(main, scoped) if scoped else main

    def _earlier(
        self,
        request: ChangeRequest,
        state: EnvironmentState,
        report: Reporter,
        cancel: CancelToken,
    ) -> WantedState:
        prefix = Path(request.prefix)
        revisions = read_history(prefix)
        if request.revision is None:
            refuse_drift(prefix, drift_of(state, revisions), revisions)
        target = revision_to_undo_to(prefix, revisions, request.revision)
        names = self._channels(request.channels, request.override_channels)
        find = FoundRecords(
            prefix,
            state,
            self.settings.channel_alias,
            lambda: self._load_index(names, report, cancel),
        )
        return earlier_state(state, revisions, target, request.command, find)

    def _plan(self, request: ChangeRequest, state: EnvironmentState, wanted: WantedState) -> Plan:
        requested = requested_after(state, wanted.entry)
        operations = plan_operations(
            state,
            wanted.records,
            requested,
            relinked_names(state, wanted.records) | wanted.reinstalled,
        )
        links = [step.new for step in operations if step.new]
        refuse_packages(links, self.settings.disallowed_packages)
        cache = self._wiring.cache
        fetch = [
            record
            for record in links
            if cache.find(record) is None and cache.find_archive(record) is None
        ]
        touched = {step.name for step in operations}
        return Plan(
            prefix=request.prefix,
            why_prefix=request.why_prefix,
            operations=operations,
            unchanged=tuple(sorted(state.installed.keys() - touched)),
            creates=not state.exists,
            history=wanted.entry,
            fingerprint=state.fingerprint,
            fetch=tuple(record.name for record in fetch),
            download_bytes=sum(record.size or 0 for record in fetch),
            disk_bytes=sum(record.size or 0 for record in links),
        )

    def _link_rules(self) -> LinkRules:
        settings = self.settings
        return LinkRules(
            subdir=settings.subdir,
            root_prefix=settings.root_prefix,
            environ=self._environ,
            runs_scripts=settings.subdir.partition("-")[0] == current_subdir().partition("-")[0],
            always_copy=settings.always_copy,
            allow_softlinks=settings.allow_softlinks,
            always_softlink=settings.always_softlink,
        )

    def _commit(self, plan: Plan, before: EnvironmentState, writer: PrefixWriter) -> None:
        """Write what belongs to the new state besides packages, inside the transaction."""
        if plan.creates and self.settings.origins.get("subdir") == COMMAND_LINE:
            # Later commands are to mean the same platform without being told again.
            writer.write(CONDARC, f"subdir: {self.settings.subdir}\n".encode())
        write_revision(plan, before, writer, self.settings.channel_alias)


def _settle(prefix: Path, report: Reporter) -> None:
    """Finish or undo what a killed transaction left in ``prefix``, and say so."""
    found = recover(prefix)
    if found:
        report(Noticed("warning", str(found)))


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
    for step in plan.operations:
        old, new = step.old.record if step.old else None, step.new
        names = (record.dist_name if record else "nothing" for record in (old, new))
        why = step.requested_spec or "a dependency"
        _log.debug("%s: %s becomes %s (%s)", step.movement, *names, why)
