"""What an environment should hold after a request, and how the history tells it. Layer: engine."""

from collections.abc import Mapping
from typing import Final

from xconda_core.config.settings import Settings
from xconda_core.engine.requests import ChangeRequest
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.python_package import KeptPython, PythonPackage
from xconda_core.solver.newness import Newness
from xconda_core.solver.request import DepsRule, RequestRules, UpdateRule
from xconda_core.transaction.plan import HistoryEntry, Onto
from xconda_core.values import Slotted, dataclass

# conda's names of the settings
_UPDATES: Final[Mapping[str, UpdateRule]] = {
    "update_specs": "specs",
    "update_deps": "deps",
    "update_all": "all",
    "freeze_installed": "frozen",
    "specs_satisfied_skip_solve": "skip-satisfied",
}
_DEPS: Final[Mapping[str, DepsRule]] = {"not_set": "all", "no_deps": "none", "only_deps": "only"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedState(Slotted):
    """The other end of a plan.

    Attributes:
        records: Package name to the record that should be there.
        entry: What the history will say.
        reinstalled: Names of packages to be linked again although they stay.
        python_removed: Python projects, not of conda, that the user wants to go.
        python_restored: Such projects that come back.
        newness: Of what was named, whether it could be newer; where that was to be proven.
        repodata_fn: The package list that it was chosen from; empty where none was asked.
        onto: What stands where an environment is to be made, as a plan says it.
        dropped: Files that go with the environment that is replaced.
        foreign: What stands there and stays.
    """

    records: Mapping[str, PackageRecord]
    entry: HistoryEntry
    reinstalled: frozenset[str] = frozenset()
    python_removed: tuple[PythonPackage, ...] = ()
    python_restored: tuple[KeptPython, ...] = ()
    newness: tuple[Newness, ...] = ()
    repodata_fn: str = ""
    onto: Onto = ""
    dropped: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()


def asked_specs(request: ChangeRequest, default_packages: tuple[str, ...]) -> tuple[str, ...]:
    """Return the specs of ``request``; those of ``create_default_packages`` join a creation.

    Raises:
        InvalidMatchSpec: one of them cannot be read.
    """
    if request.verb != "create" or not request.default_packages:
        return request.specs
    named = {MatchSpec.parse(text).name for text in request.specs}
    joining = [text for text in default_packages if MatchSpec.parse(text).name not in named]
    return (*request.specs, *joining)


def request_rules(request: ChangeRequest, settings: Settings) -> RequestRules:
    """Return how far ``request`` reaches under the configuration."""
    return RequestRules(
        update="all" if request.update_all else _UPDATES[settings.update_modifier],
        deps=_DEPS[settings.deps_modifier],
        reinstall=settings.force_reinstall,
        prune=request.prune,
        force=settings.force_remove,
    )


def history_entry(
    request: ChangeRequest,
    specs: tuple[str, ...],
    state: EnvironmentState,
    neutered: tuple[str, ...] = (),
) -> HistoryEntry:
    """Return what the history will say of ``request``; empty of specs where nothing is new.

    Specs are written in their canonical form, which every conda tool reads back.
    """
    if request.verb == "remove":
        return HistoryEntry(command=request.command, remove_specs=specs)
    texts = {MatchSpec.parse(text).name: str(MatchSpec.parse(text)) for text in specs}
    news = tuple(text for name, text in texts.items() if state.requested.get(name) != text)
    return HistoryEntry(command=request.command, update_specs=news, neutered_specs=neutered)


def requested_after(state: EnvironmentState, entry: HistoryEntry) -> dict[str, str]:
    """Return the requests, by package name, once ``entry`` is in the history."""
    requested = dict(state.requested)
    for text in entry.remove_specs:
        requested.pop(MatchSpec.parse(text).name, None)
    for text in (*entry.update_specs, *entry.neutered_specs):
        requested[MatchSpec.parse(text).name] = text
    return requested
