"""One change of an environment as revisions in its history, inside its transaction. Layer: engine.

What another tool did since the last revision comes first, as a section of its own (conda writes it
so too): a revision then says what its command did, and going back takes back that and no more.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from xconda_core import __version__
from xconda_core.environment.history import (
    Revision,
    dist_text,
    drift_text,
    entry_text,
    states_held,
)
from xconda_core.environment.prefix import HISTORY, read_history
from xconda_core.environment.revisions import kept_after, snapshot_bytes, snapshot_path
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_record import PackageRecord
from xconda_core.system.virtual_packages import CONDA_VERSION
from xconda_core.transaction.kept_python import kept_python
from xconda_core.transaction.plan import Plan
from xconda_core.transaction.prefix_writer import PrefixWriter
from xconda_core.values import Slotted, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift(Slotted):
    """How what is installed differs from what the history says.

    Attributes:
        added: Records that no revision tells of.
        removed: Distributions of the last revision, as written there, that are gone.
    """

    added: tuple[PackageRecord, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


def drift_of(state: EnvironmentState, revisions: Sequence[Revision]) -> Drift:
    """Return what happened in an environment that its history does not know.

    Tools spell channels in their own ways, so ``name-version-build`` is what is compared.
    """
    told = states_held(revisions)[-1] if revisions else frozenset[str]()
    known = {dist.rpartition("::")[2] for dist in told}
    present = {p.record.dist_name: p.record for p in state.installed.values()}
    return Drift(
        added=tuple(record for name, record in present.items() if name not in known),
        removed=tuple(sorted(d for d in told if d.rpartition("::")[2] not in present)),
    )


def write_revision(
    plan: Plan, before: EnvironmentState, writer: PrefixWriter, channel_alias: str
) -> int:
    """Append to the history what ``plan`` did, keep its records, and return the revision's number.

    Args:
        plan: What was carried out.
        before: What was there, read under the prefix's lock.
        writer: Writes inside the transaction.
        channel_alias: Base URL of channels that go by their name.
    """
    revisions = read_history(Path(plan.prefix))
    now = datetime.now().astimezone()
    number, text = len(revisions), ""
    drift = drift_of(before, revisions)
    told = states_held(revisions)[-1] if revisions else frozenset[str]()
    # conda takes a line back that is spelled the same: installers say ``defaults``, records a URL.
    spelled = {dist.rpartition("::")[2]: dist for dist in told}
    if drift:
        added = [dist_text(record, channel_alias) for record in drift.added]
        text = drift_text(now=now, version=__version__, removed=drift.removed, added=added)
        kept = kept_after(Path(plan.prefix), before.revision)
        writer.write(snapshot_path(number), snapshot_bytes(number, (), drift.added, kept))
        number += 1
    unlinked = [step.old.record for step in plan.operations if step.old]
    linked = [step.new for step in plan.operations if step.new]
    text += entry_text(
        plan.history,
        now=now,
        version=__version__,
        conda_version=CONDA_VERSION,
        removed=[
            spelled.get(record.dist_name) or dist_text(record, channel_alias) for record in unlinked
        ],
        added=[dist_text(record, channel_alias) for record in linked],
    )
    writer.append(HISTORY, text.encode())
    installers = [each.installer for each in plan.sections]
    snapshot = snapshot_bytes(number, unlinked, linked, _kept(plan, before), installers)
    writer.write(snapshot_path(number), snapshot)
    return number


def _kept(plan: Plan, before: EnvironmentState) -> dict[str, int]:
    """Return the Python projects whose files are kept after ``plan``."""
    prefix = Path(plan.prefix)
    back = {kept.name for kept in plan.python_restored}
    kept = kept_after(prefix, before.revision)
    number = before.revision + 1
    now = dict.fromkeys(kept_python(prefix, number), number)
    return {name: each for name, each in kept.items() if name not in back} | now
