"""``undo`` and ``redo`` as a planner's decision: gathers what it takes. Layer: engine."""

from pathlib import Path

from xconda_core.cancel import CancelToken
from xconda_core.config.settings import Settings
from xconda_core.engine.found_records import FoundRecords
from xconda_core.engine.requests import ChangeRequest
from xconda_core.engine.revision import drift_of
from xconda_core.engine.undo import (
    earlier_state,
    refuse_drift,
    revision_to_redo,
    revision_to_undo_to,
)
from xconda_core.engine.wanted_state import WantedState
from xconda_core.engine.wiring import Wiring
from xconda_core.environment.prefix import read_history
from xconda_core.events import PhaseStarted, Reporter
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.repodata.index import Index


def earlier(
    request: ChangeRequest,
    state: EnvironmentState,
    settings: Settings,
    wiring: Wiring,
    report: Reporter,
    cancel: CancelToken,
) -> WantedState:
    """Return the state of the revision that ``request`` goes back to.

    Raises:
        NothingToUndo, NothingToRedo, RevisionUnknown: there is none.
        PackageOfRevisionLost, ChangedByAnotherTool: it cannot be.
        XcondaError: a channel that is needed cannot be read.
    """
    prefix = Path(request.prefix)
    revisions = read_history(prefix)
    if request.revision is None:
        refuse_drift(prefix, drift_of(state, revisions), revisions)
    if request.verb == "redo":
        target = revision_to_redo(prefix, revisions)
    else:
        target = revision_to_undo_to(prefix, revisions, request.revision)
    names = wiring.chosen_channels(request.channels, request.override_channels)

    def load() -> Index:
        report(PhaseStarted("index"))
        return wiring.index(names, report, cancel)

    find = FoundRecords(prefix, state, settings.channel_alias, load)
    return earlier_state(state, revisions, target, request.command, find)
