"""A plan becomes a transaction: fetched, linked, committed with its revision. Layer: engine."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.config.environ import home_folder
from xconda_core.config.precedence import COMMAND_LINE
from xconda_core.config.settings import Settings
from xconda_core.engine.incomplete_records import with_complete_records
from xconda_core.engine.plugin_work import companions_of
from xconda_core.engine.revision import write_revision
from xconda_core.engine.unwritable import refuse_unwritable
from xconda_core.engine.wiring import Wiring
from xconda_core.environment.prefix import read_state
from xconda_core.environment.registry import register
from xconda_core.environment.variables import STATE, state_document
from xconda_core.events import Noticed, Reporter
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_record import PackageRecord
from xconda_core.package_cache.turns import shared
from xconda_core.system.machine import current_subdir
from xconda_core.transaction.checks import PackagesDamaged
from xconda_core.transaction.contents import BadPackage
from xconda_core.transaction.execute import execute
from xconda_core.transaction.plan import Plan
from xconda_core.transaction.prefix_writer import PrefixWriter
from xconda_core.transaction.result import TransactionResult
from xconda_core.transaction.rules import LinkRules
from xconda_core.transaction.unsettled import LOCK_WAIT_SECONDS
from xconda_core.values import replace

CONDARC: Final = ".condarc"  # of an environment, in its prefix
_ONLY_FETCHED: Final = "The packages are in the package cache; the environment was not changed."


def carry_out(
    plan: Plan,
    settings: Settings,
    environ: Mapping[str, str],
    wiring: Wiring,
    report: Reporter,
    cancel: CancelToken,
) -> TransactionResult:
    """Carry out what is conda's part of ``plan``, wholly or not at all.

    Raises:
        PlanOutdated: the environment is not what it was when the plan was made.
        Cancelled: somebody asked to stop; the environment is unchanged.
        XcondaError: it could not be done; the environment is unchanged.
    """
    if not plan.needs_transaction:
        return TransactionResult(prefix=plan.prefix)
    if not settings.download_only:
        refuse_unwritable(Path(plan.prefix))
    with shared(wiring.cache, cancel):
        result = _fetched_and_linked(plan, settings, environ, wiring, report, cancel)
    makes = plan.creates or plan.onto == "environment"
    if makes and settings.register_envs and not result.only_fetched:
        register(Path(plan.prefix), home_folder(environ))
    return result


def _fetched_and_linked(
    plan: Plan,
    settings: Settings,
    environ: Mapping[str, str],
    wiring: Wiring,
    report: Reporter,
    cancel: CancelToken,
) -> TransactionResult:
    prefix = Path(plan.prefix)
    records = [step.new for step in plan.operations if step.new]
    packages = wiring.fetch(records, report, cancel)
    if settings.download_only:
        return TransactionResult(prefix=prefix, messages=(_ONLY_FETCHED,), only_fetched=True)
    plan = with_complete_records(plan, packages, settings.subdir)
    before = EnvironmentState(prefix=prefix)
    revision = -1

    def read_locked() -> EnvironmentState:
        nonlocal before
        before = read_state(prefix)
        return before

    def commit(writer: PrefixWriter) -> None:
        nonlocal revision
        revision = _commit(plan, before, writer, settings)

    def run(packages: Mapping[str, Path], rules: LinkRules) -> TransactionResult:
        return execute(
            plan,
            packages,
            rules=rules,
            read_state=read_locked,
            commit=commit,
            report=report,
            cancel=cancel,
            companions=companions_of(wiring.plugins.plugins, plan, report, cancel),
        )

    fetch = partial(wiring.fetch, report=report, cancel=cancel, repair=True)
    rules = link_rules(settings, environ)
    return replace(_repairing(run, packages, records, rules, fetch, report), revision=revision)


def _repairing(
    run: Callable[[Mapping[str, Path], LinkRules], TransactionResult],
    packages: Mapping[str, Path],
    records: Sequence[PackageRecord],
    rules: LinkRules,
    fetch: Callable[[Sequence[PackageRecord]], Mapping[str, Path]],
    report: Reporter,
) -> TransactionResult:
    """Run the transaction; once more, when packages of the cache turn out to be damaged."""
    for is_last in (False, False, True):
        try:
            return run(packages, rules)
        except (PackagesDamaged, BadPackage) as error:
            damaged = _damaged(error, records)
            names = frozenset(record.name for record in damaged)
            if is_last or not names or names <= rules.repaired:
                raise
            text = f"damaged in the package cache, brought anew: {', '.join(sorted(names))}"
            report(Noticed("warning", text))
            packages = {**packages, **fetch(damaged)}
            rules = replace(rules, repaired=rules.repaired | names)
    raise AssertionError("the last try returns or raises")


def _damaged(
    error: PackagesDamaged | BadPackage, records: Sequence[PackageRecord]
) -> tuple[PackageRecord, ...]:
    """Return what is to be brought anew: conda may unpack a package again that is being linked."""
    if isinstance(error, PackagesDamaged):
        return error.records
    return tuple(record for record in records if record.dist_name == error.package)


def link_rules(settings: Settings, environ: Mapping[str, str]) -> LinkRules:
    """Return the settings that linking obeys."""
    return LinkRules(
        subdir=settings.subdir,
        lock_wait_seconds=LOCK_WAIT_SECONDS,
        root_prefix=settings.root_prefix,
        environ=environ,
        runs_scripts=settings.subdir.partition("-")[0] == current_subdir().partition("-")[0],
        always_copy=settings.always_copy,
        allow_softlinks=settings.allow_softlinks,
        always_softlink=settings.always_softlink,
        safety=settings.safety_checks,
        digests=settings.extra_safety_checks,
        path_conflict=settings.path_conflict,
        verify_threads=settings.verify_threads,
        execute_threads=settings.execute_threads,
        byte_code=settings.compile_pyc,
        shortcuts=settings.shortcuts,
        shortcuts_only=settings.shortcuts_only,
    )


def _commit(plan: Plan, before: EnvironmentState, writer: PrefixWriter, settings: Settings) -> int:
    """Write what belongs to the new state besides packages; return the revision's number."""
    for path in plan.dropped:
        writer.remove(path)
    makes = plan.creates or plan.onto == "environment"
    if makes and settings.origins.get("subdir") == COMMAND_LINE:
        # Later commands are to mean the same platform without being told again.
        writer.write(CONDARC, f"subdir: {settings.subdir}\n".encode())
    if plan.variables:
        writer.write(STATE, state_document(Path(plan.prefix), plan.variables))
    return write_revision(plan, before, writer, settings.channel_alias)
