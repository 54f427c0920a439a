"""One solve, seen as a final state, as a difference and as a transaction. Layer: engine."""

from pathlib import Path

from xconda_core.cancel import CancelToken
from xconda_core.engine.engine import Engine
from xconda_core.engine.requests import ChangeRequest
from xconda_core.environment.prefix import read_state
from xconda_core.events import Reporter, silent
from xconda_core.models.package_record import PackageRecord
from xconda_core.transaction.link_order import link_order
from xconda_core.transaction.plan import Plan
from xconda_core.values import Slotted, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SolvedRequest(Slotted):
    """What a request comes to.

    Attributes:
        final_state: Every package there will be, dependencies first.
        unlinked: The packages that go, dependencies last; a changed one's old record is in it.
        linked: The packages that come, dependencies first.
        plan: The transaction: ``Engine.execute`` carries it out.
    """

    final_state: tuple[PackageRecord, ...]
    unlinked: tuple[PackageRecord, ...]
    linked: tuple[PackageRecord, ...]
    plan: Plan


def solve(
    engine: Engine,
    request: ChangeRequest,
    report: Reporter = silent,
    cancel: CancelToken | None = None,
) -> SolvedRequest:
    """Return what ``request`` comes to; nothing is changed.

    Raises:
        XcondaError: the request makes no sense there, or cannot be fulfilled.
        Cancelled: somebody asked to stop.
    """
    plan = engine.plan(request, report, cancel)
    installed = read_state(Path(request.prefix)).installed
    before = {name: each.record for name, each in installed.items()}
    gone = {step.name for step in plan.operations if step.old}
    come = {step.name: step.new for step in plan.operations if step.new}
    after = {name: record for name, record in before.items() if name not in gone} | come
    final = tuple(after[name] for name in link_order(after))
    earlier = [before[name] for name in link_order(before) if name in gone]
    return SolvedRequest(
        final_state=final,
        unlinked=tuple(reversed(earlier)),
        linked=tuple(record for record in final if record.name in come),
        plan=plan,
    )
