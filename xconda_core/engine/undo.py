"""What going back to an earlier revision means: which records, and which requests. Layer: engine.

No solve is needed: the history says which distributions the environment held, and snapshots (or the
channels) say where they come from. The requests of that revision come back too, so that the next
update does not undo the undo. Pure but for the ``find`` it is given.
"""

from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import ClassVar

from xconda_core.engine.revision import Drift
from xconda_core.engine.wanted_state import WantedState
from xconda_core.environment.history import (
    Revision,
    history_states,
    logical_revision,
    requested_specs,
)
from xconda_core.errors import XcondaError
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_record import PackageRecord
from xconda_core.transaction.plan import HistoryEntry


class NothingToUndo(XcondaError):
    """There is no revision before the one the environment is at."""

    code: ClassVar[str] = "nothing-to-undo"

    def __init__(self, prefix: PurePath, revision: int) -> None:
        super().__init__(prefix, revision)
        self.prefix, self.revision = prefix, revision
        self.what = f"There is nothing to undo in {prefix}."
        self.why = (
            f"it is at revision {revision}, the first one."
            if revision >= 0
            else "it has no history."
        )
        self.fix = "to make it anew, remove the environment and create it again."


class RevisionUnknown(XcondaError):
    """The history has no revision of that number."""

    code: ClassVar[str] = "revision-unknown"

    def __init__(self, prefix: PurePath, revision: int, last: int) -> None:
        super().__init__(prefix, revision, last)
        self.prefix, self.revision, self.last = prefix, revision, last
        self.what = f"{prefix} has no revision {revision}."
        self.why = f"its history knows revisions 0 to {last}."
        self.fix = "`xconda list --revisions` shows them."


class PackageOfRevisionLost(XcondaError):
    """A package of the earlier revision is in no snapshot and in no channel."""

    code: ClassVar[str] = "package-of-revision-lost"

    def __init__(self, revision: int, dist: str) -> None:
        super().__init__(revision, dist)
        self.revision, self.dist = revision, dist
        self.what = f"Revision {revision} cannot be brought back; nothing was changed."
        self.why = f"its package {dist} is neither in a snapshot nor in the configured channels."
        self.fix = "add the channel it came from with `-c`, or go back to another revision."


class ChangedByAnotherTool(XcondaError):
    """Since the last revision somebody else changed the environment: what undo means is unclear."""

    code: ClassVar[str] = "changed-by-another-tool"

    def __init__(self, prefix: PurePath, drift: Drift, last: int) -> None:
        super().__init__(prefix, drift, last)
        self.prefix, self.last = prefix, last
        self.added = tuple(record.dist_name for record in drift.added)
        self.removed = tuple(dist.rpartition("::")[2] for dist in drift.removed)
        changes = [*(f"+{name}" for name in self.added), *(f"-{name}" for name in self.removed)]
        shown = ", ".join(changes[:6]) + (" ..." if len(changes) > 6 else "")
        self.what = f"Nothing was undone in {prefix}."
        self.why = f"since its revision {last} another tool changed it: {shown}."
        self.fix = (
            f"`xconda undo --revision {last}` takes those changes back, an earlier number more; "
            "`xconda list --revisions` shows them."
        )


Find = Callable[[str], PackageRecord | None]  # distribution as the history writes it -> its record


def refuse_drift(prefix: PurePath, drift: Drift, revisions: Sequence[Revision]) -> None:
    """Return if the history knows all that is installed, or nothing: then undo is unambiguous.

    Raises:
        ChangedByAnotherTool: it does not.
    """
    if drift and revisions:
        raise ChangedByAnotherTool(prefix, drift, len(revisions) - 1)


def revision_to_undo_to(prefix: PurePath, revisions: Sequence[Revision], asked: int | None) -> int:
    """Return the revision that ``undo`` means: the one asked for, or the one before the current.

    An undo is a revision too; undoing again goes on from the state that it brought back.

    Raises:
        NothingToUndo: the environment is at its first revision.
        RevisionUnknown: ``asked`` is not in the history.
    """
    last = len(revisions) - 1
    if asked is None:
        here = logical_revision(revisions, last) if revisions else -1
        if here < 1:
            raise NothingToUndo(prefix, here)
        return logical_revision(revisions, here - 1)
    if not 0 <= asked <= last:
        raise RevisionUnknown(prefix, asked, last)
    return asked


def earlier_state(
    state: EnvironmentState, revisions: Sequence[Revision], target: int, command: str, find: Find
) -> WantedState:
    """Return the state of revision ``target`` of an environment.

    Raises:
        PackageOfRevisionLost: ``find`` does not know one of its packages.
    """
    records = {}
    for dist in sorted(history_states(revisions)[target]):
        record = find(dist)
        if record is None:
            raise PackageOfRevisionLost(target, dist)
        records[record.name] = record
    then = requested_specs(revisions[: target + 1], records)
    entry = HistoryEntry(
        command=command,
        update_specs=tuple(
            text for name, text in then.items() if state.requested.get(name) != text
        ),
        remove_specs=tuple(name for name in state.requested if name not in then),
        reverts_to=target,
    )
    return WantedState(records=records, entry=entry)
