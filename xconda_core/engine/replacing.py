"""``create`` where something stands already, as a planner's decision. Layer: engine.

An environment that is there is replaced by one transaction, as a revision of its own history: its
packages leave, even those that come back, and ``undo`` brings them back. Nothing of it has a say in
what comes. What no package owns stays, in an environment as in any folder.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.config.settings import Settings
from xconda_core.engine.in_use import refuse_in_use
from xconda_core.engine.planning import Decide
from xconda_core.engine.refusals import holds_something
from xconda_core.engine.requests import ChangeRequest
from xconda_core.engine.unowned_files import python_files, unowned_files
from xconda_core.engine.wanted_state import WantedState
from xconda_core.engine.wiring import Wiring
from xconda_core.events import Reporter
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.match_spec import MatchSpec
from xconda_core.values import replace

_OF_THE_OLD: Final = (".condarc", "conda-meta/pinned", "conda-meta/state")
"""What an environment says of itself besides its packages: a new one does not inherit it."""


def onto(decide: Decide, environ: Mapping[str, str]) -> Decide:
    """Return ``decide`` for where something may stand; it raises ``EnvironmentInUse``, too."""

    def decided(
        request: ChangeRequest,
        state: EnvironmentState,
        settings: Settings,
        wiring: Wiring,
        report: Reporter,
        cancel: CancelToken,
    ) -> WantedState:
        prefix = Path(request.prefix)
        is_environment = state.exists or bool(state.installed)
        if is_environment:
            refuse_in_use(prefix, settings, environ, "replaced")
        nothing = EnvironmentState(prefix=prefix)
        wanted = decide(request, nothing, settings, wiring, report, cancel)
        if is_environment:
            return _replacing(wanted, prefix, state)
        if not holds_something(prefix):
            return wanted
        names = tuple(sorted(path.name for path in prefix.iterdir() if path.name != "conda-meta"))
        return replace(wanted, onto="folder", foreign=names)

    return decided


def _replacing(wanted: WantedState, prefix: Path, state: EnvironmentState) -> WantedState:
    asked = {MatchSpec.parse(text).name for text in wanted.entry.update_specs}
    lapsed = tuple(name for name in state.requested if name not in asked)
    of_python = python_files(prefix, state)
    return replace(
        wanted,
        entry=replace(wanted.entry, remove_specs=lapsed),
        reinstalled=frozenset(state.installed),
        python_removed=tuple(state.python_packages.values()),
        onto="environment",
        dropped=tuple(path for path in _OF_THE_OLD if (prefix / path).is_file()),
        foreign=tuple(path for path in unowned_files(prefix, state) if path not in of_python),
    )
