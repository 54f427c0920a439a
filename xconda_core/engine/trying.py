"""Several ways to ask, each solved and none carried out. Layer: engine."""

from collections.abc import Iterator, Sequence

from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.engine.engine import Engine
from xconda_core.engine.requests import ChangeRequest
from xconda_core.errors import XcondaError
from xconda_core.events import Reporter
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.transaction.plan import Plan
from xconda_core.values import Slotted, dataclass, replace


@dataclass(frozen=True, slots=True)
class Attempt(Slotted):
    """What one way to ask would come to: a plan, or the reason why there is none.

    Attributes:
        specs: What was asked for, as the user wrote it.
        plan: What would change; None where it cannot be had.
        refusal: Why it cannot be had; None where it can.
    """

    specs: tuple[str, ...]
    plan: Plan | None = None
    refusal: XcondaError | None = None

    @property
    def named(self) -> tuple[PackageRecord, ...]:
        """The records that the plan brings of what was named, in the order of the words."""
        if self.plan is None:
            return ()
        new = {step.name: step.new for step in self.plan.operations}
        found = (new.get(MatchSpec.parse(text).name) for text in self.specs)
        return tuple(record for record in found if record is not None)


def attempts(
    engine: Engine,
    request: ChangeRequest,
    ways: Sequence[tuple[str, ...]],
    report: Reporter,
    cancel: CancelToken,
) -> Iterator[Attempt]:
    """Yield what each of ``ways`` to ask would come to; nothing is changed or fetched.

    Args:
        engine: Solves.
        request: All that the ways have in common.
        ways: The packages that each one asks for.
        report: Told of each solve.
        cancel: Stops it.

    Raises:
        Cancelled: somebody asked to stop.
    """
    for specs in ways:
        try:
            yield Attempt(specs, engine.plan(replace(request, specs=specs), report, cancel))
        except Cancelled:
            raise
        except XcondaError as refusal:
            yield Attempt(specs, refusal=refusal)
