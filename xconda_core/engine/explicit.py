"""Archives one by one, as a planner's decision: no solve, and no look at dependencies.

Layer: engine. What is asked for in the history is the packages' names: later commands may move
them, as they may move everything that a user asked for by name.
"""

from collections import Counter
from typing import ClassVar

from xconda_core.cancel import CancelToken
from xconda_core.config.settings import Settings
from xconda_core.engine.incomplete_records import refuse_other_platform
from xconda_core.engine.requests import ChangeRequest
from xconda_core.engine.wanted_state import WantedState, history_entry
from xconda_core.engine.wiring import Wiring
from xconda_core.errors import XcondaError
from xconda_core.events import Reporter
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.transaction.plan import HistoryEntry


class ArchiveGivenTwice(XcondaError):
    """Two archives of one package are asked for."""

    code: ClassVar[str] = "archive-given-twice"

    def __init__(self, name: str, archives: tuple[str, ...]) -> None:
        super().__init__(name, archives)
        self.name, self.archives = name, archives
        self.what = f"Nothing was changed: an environment has one {name}."
        self.why = f"{' and '.join(archives)} are asked for."
        self.fix = "leave all but one away."


def chosen(
    request: ChangeRequest,
    state: EnvironmentState,
    settings: Settings,
    wiring: Wiring,
    report: Reporter,
    cancel: CancelToken,
) -> WantedState:
    """Return what there is, with the archives of ``request`` in it; or those alone (``exact``).

    Raises:
        ArchiveGivenTwice: two of them are of one package.
        WrongPlatform: one of them is for another platform.
        ChannelNotAllowed: one of them comes from where the configuration forbids.
    """
    counts = Counter(record.name for record in request.records)
    for name, count in counts.items():
        if count > 1:
            dists = (record.dist_name for record in request.records if record.name == name)
            raise ArchiveGivenTwice(name, tuple(dists))
    for record in request.records:
        refuse_other_platform(record, settings.subdir)
    places = dict.fromkeys(record.channel for record in request.records if record.channel)
    del report
    wiring.use_channels([*places, *request.channels], cancel)
    records = {record.name: record for record in request.records}
    if not request.exact:
        records = {name: each.record for name, each in state.installed.items()} | records
    specs = request.specs or tuple(counts)
    entry = history_entry(request, specs, state)
    gone = tuple(name for name in state.requested if name not in records)
    if gone:
        entry = HistoryEntry(
            command=entry.command, update_specs=entry.update_specs, remove_specs=gone
        )
    return WantedState(records=records, entry=entry)
