"""``remove --all``, as a planner's decision: no package stays. Layer: engine."""

from xconda_core.cancel import CancelToken
from xconda_core.config.settings import Settings
from xconda_core.engine.requests import ChangeRequest
from xconda_core.engine.wanted_state import WantedState
from xconda_core.engine.wiring import Wiring
from xconda_core.events import Reporter
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.transaction.plan import HistoryEntry


def emptied(
    request: ChangeRequest,
    state: EnvironmentState,
    settings: Settings,
    wiring: Wiring,
    report: Reporter,
    cancel: CancelToken,
) -> WantedState:
    """Return nothing: neither packages nor Python projects."""
    del settings, wiring, report, cancel
    entry = HistoryEntry(command=request.command, remove_specs=tuple(state.requested))
    python = tuple(state.python_packages.values())
    return WantedState(records={}, entry=entry, python_removed=python)
