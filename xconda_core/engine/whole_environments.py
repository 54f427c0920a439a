"""Environments removed and renamed as jobs do everything: planned, confirmed, carried out.

Layer: engine. What is here stands in for the engine where a job is run. A rename is a clone,
history and all, after which the source goes.
"""

from pathlib import Path

from xconda_core.cancel import CancelToken
from xconda_core.engine.cloning import take_history
from xconda_core.engine.engine import Engine
from xconda_core.engine.environment_removal import plan_removal, remove_environment
from xconda_core.engine.requests import ChangeRequest
from xconda_core.events import PhaseStarted, PlanReady, Reporter
from xconda_core.transaction.plan import HistoryEntry, Operation, Plan
from xconda_core.transaction.result import PlanOutdated, TransactionResult
from xconda_core.values import Slotted, dataclass, replace


@dataclass(frozen=True, slots=True)
class Removing(Slotted):
    """Takes a whole environment away, files that nobody owns included."""

    engine: Engine

    def plan(self, request: ChangeRequest, report: Reporter, cancel: CancelToken) -> Plan:
        """Return what would go.

        Raises:
            NotAnEnvironment, PrefixDamaged: it cannot be read.
            EnvironmentInUse: it is the base environment, the active one or the default.
            EnvironmentFrozen, ManagedElsewhere, NewerFormat: it must not be changed.
        """
        prefix = Path(request.prefix)
        removal = plan_removal(prefix, self.engine, report)
        state = self.engine.state(prefix, report)
        cancel.check()
        report(PlanReady(0, 0, len(state.installed), 0, 0))
        return Plan(
            prefix=prefix,
            why_prefix=request.why_prefix,
            operations=tuple(
                Operation(name=name, old=record, new=None)
                for name, record in sorted(state.installed.items())
            ),
            unchanged=(),
            history=HistoryEntry(command=request.command),
            fingerprint=state.fingerprint,
            python_removed=removal.python,
            removes=prefix,
            foreign=removal.foreign,
        )

    def execute(self, plan: Plan, report: Reporter, cancel: CancelToken) -> TransactionResult:
        """Carry it out: one rename, after which there is no environment.

        Raises:
            PlanOutdated: it is not what it was when the plan was made.
            Locked: another process is changing it.
            XcondaError: it could not be removed.
        """
        prefix = Path(plan.prefix)
        state = self.engine.state(prefix, report)
        if state.fingerprint != plan.fingerprint:
            raise PlanOutdated(str(prefix))
        removal = plan_removal(prefix, self.engine, report)
        report(PhaseStarted("link"))
        remove_environment(
            removal, self.engine, report, cancel, keep_foreign=False, command=plan.history.command
        )
        return TransactionResult(prefix=prefix, unlinked=state.installed)


@dataclass(frozen=True, slots=True)
class Renaming(Slotted):
    """Makes an environment anew at another place and takes the old one away.

    Attributes:
        engine: The engine for the new place.
        source: The environment that is renamed.
    """

    engine: Engine
    source: Path

    def plan(self, request: ChangeRequest, report: Reporter, cancel: CancelToken) -> Plan:
        """Return what would be made, and what would go.

        Raises:
            XcondaError: the one cannot be made, or the other must not go.
        """
        plan_removal(self.source, self.engine, report, "renamed")
        return replace(self.engine.plan(request, report, cancel), removes=self.source)

    def execute(self, plan: Plan, report: Reporter, cancel: CancelToken) -> TransactionResult:
        """Carry it out; the source goes when all else is there.

        Raises:
            XcondaError: it could not be done; the source is as it was.
        """
        removal = plan_removal(self.source, self.engine, report, "renamed")
        result = self.engine.execute(plan, report, cancel)
        take_history(self.source, Path(plan.prefix))
        command = plan.history.command
        remove_environment(
            removal, self.engine, report, cancel, keep_foreign=False, command=command
        )
        return result
