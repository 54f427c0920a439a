"""What going to another revision means: which records, and which requests. Layer: engine.

No solve is needed: the history says which distributions the environment held, and snapshots (or the
channels) say where they come from. The requests of that revision come back too, so that the next
update does not undo the undo. Pure but for the ``find`` it is given.
"""

from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import ClassVar

from xconda_core.engine.revision import Drift
from xconda_core.engine.revision_unknown import RevisionUnknown
from xconda_core.engine.wanted_state import WantedState
from xconda_core.environment.history import (
    Revision,
    logical_revision,
    requested_specs,
    states_held,
)
from xconda_core.environment.timeline import timeline_of
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


class NothingToRedo(XcondaError):
    """No undo is there to be taken back."""

    code: ClassVar[str] = "nothing-to-redo"

    def __init__(self, prefix: PurePath, revision: int) -> None:
        super().__init__(prefix, revision)
        self.prefix, self.revision = prefix, revision
        self.what = f"There is nothing to redo in {prefix}."
        self.why = "nothing was undone in it, or it was changed after that."
        self.fix = "`xconda history` shows its revisions; `xconda undo --revision N` goes to any."


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
            "`xconda diff` shows them."
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
        place = timeline_of(revisions)
        if place.before is None:
            raise NothingToUndo(prefix, place.line[-1] if place.line else -1)
        return place.before
    if not 0 <= asked <= last:
        raise RevisionUnknown(prefix, asked, last)
    return asked


def revision_to_redo(prefix: PurePath, revisions: Sequence[Revision]) -> int:
    """Return the revision that was left by the last undo.

    Raises:
        NothingToRedo: there was none, or a change came after it.
    """
    target = timeline_of(revisions).after
    if target is None:
        raise NothingToRedo(prefix, len(revisions) - 1)
    return target


def earlier_state(
    state: EnvironmentState, revisions: Sequence[Revision], target: int, command: str, find: Find
) -> WantedState:
    """Return the state of revision ``target`` of an environment.

    Raises:
        PackageOfRevisionLost: ``find`` does not know one of its packages.
    """
    records = {}
    for dist in sorted(states_held(revisions)[target]):
        record = find(dist)
        if record is None:
            raise PackageOfRevisionLost(target, dist)
        records[record.name] = record
    then = requested_specs(revisions[: target + 1], records)
    here, wanted = timeline_of(revisions).line[-1:], logical_revision(revisions, target)
    stays = here == (wanted,) and {r.dist_name for r in records.values()} == {
        each.record.dist_name for each in state.installed.values()
    }
    entry = HistoryEntry(
        command=command,
        update_specs=tuple(
            text for name, text in then.items() if state.requested.get(name) != text
        ),
        remove_specs=tuple(name for name in state.requested if name not in then),
        reverts_to=None if stays else target,
    )
    return WantedState(records=records, entry=entry)
