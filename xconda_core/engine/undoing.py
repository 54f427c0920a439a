"""``undo`` and ``redo`` as a planner's decision: gathers what it takes. Layer: engine."""

from collections.abc import Iterator, Sequence
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
from xconda_core.environment.history import Revision, logical_revision
from xconda_core.environment.prefix import read_history
from xconda_core.environment.revisions import installers_after, kept_after
from xconda_core.events import Noticed, PhaseStarted, Reporter
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.python_package import KeptPython
from xconda_core.repodata.index import Index
from xconda_core.transaction.kept_python import find_kept
from xconda_core.values import replace


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
        PackageOfRevisionLost, ChangedByAnotherTool, KeptPythonLost: it cannot be.
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

    for text in _staying(prefix, revisions, target):
        report(Noticed("warning", text))
    find = FoundRecords(prefix, state, settings.channel_alias, load)
    wanted = earlier_state(state, revisions, target, request.command, find)
    return replace(wanted, python_restored=_coming_back(prefix, state, target, report))


def _staying(prefix: Path, revisions: Sequence[Revision], target: int) -> Iterator[str]:
    """Yield what is to be said of those plugins that installed something since ``target``."""
    number = logical_revision(revisions, target)
    for name in installers_after(prefix, number, len(revisions) - 1):
        yield f"what {name} installed after revision {number} stays: that cannot be undone"


def _coming_back(
    prefix: Path, state: EnvironmentState, target: int, report: Reporter
) -> tuple[KeptPython, ...]:
    """Return the Python projects that were there at ``target`` and were taken away since."""
    then = kept_after(prefix, target)
    found = []
    for name, number in sorted(kept_after(prefix, state.revision).items()):
        if then.get(name) == number:
            continue
        present = state.python_packages.get(name)
        if present:
            text = f"{present.project} {present.version} of pip is there, and stays as it is."
            report(Noticed("info", text))
        else:
            found.append(find_kept(prefix, name, number))
    return tuple(found)
