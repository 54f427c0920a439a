"""Parts of a solution: what is named without what it needs, or the other way round.

Layer: solver. Pure.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from xconda_core.models.package_record import PackageRecord, same_archive
from xconda_core.repodata.index import Candidates, Index, Traits, Withheld
from xconda_core.repodata.masked_texts import MaskedTexts
from xconda_core.repodata.version_runs import VersionRuns
from xconda_core.solver.needs import needs_of
from xconda_core.solver.request import Request
from xconda_core.values import Slotted, dataclass, replace

Records = Mapping[str, PackageRecord]


def named_only(named: Collection[str], installed: Records, solved: Records) -> Records:
    """Return what is installed, with what is named as the solution has it."""
    moved = {
        name: solved[name]
        for name in named
        if name in solved
        and not (name in installed and same_archive(installed[name], solved[name]))
    }
    return {**installed, **moved}


def dependencies_only(
    named: Collection[str], installed: Records, solved: Records
) -> tuple[Records, frozenset[str]]:
    """Return a solution without what is named, and the names taken out.

    What something else in it needs stays: of ``python`` and ``flask`` only ``flask`` is taken out.
    What is installed already stays as it is.
    """
    needed = {other for others in needs_of(solved).values() for other in others}
    taken = frozenset(name for name in named if name in solved and name not in needed)
    left = {name: record for name, record in solved.items() if name not in taken}
    stays = {name: installed[name] for name in taken if name in installed}
    return {**left, **stays}, taken


def needing_nothing(request: Request) -> Request:
    """Return the same request where no package needs or excludes another."""
    state = request.state
    installed = {
        name: replace(prefix, record=replace(prefix.record, depends=(), constrains=()))
        for name, prefix in state.installed.items()
    }
    return replace(
        request, index=_WithoutNeeds(request.index), state=replace(state, installed=installed)
    )


@dataclass(frozen=True, slots=True)
class _WithoutNeeds(Slotted):
    """An index whose packages need nothing."""

    index: Index

    @property
    def channels(self) -> Sequence[str]:
        return self.index.channels

    def names(self) -> Iterable[str]:
        return self.index.names()

    def withheld(self, name: str) -> Sequence[Withheld]:
        return self.index.withheld(name)

    def candidates(self, name: str) -> Candidates | None:
        found = self.index.candidates(name)
        return None if found is None else _Needless(found)


_NOTHING: Final = MaskedTexts.of(())


@dataclass(frozen=True, slots=True)
class _Needless(Slotted):
    """Candidates that need nothing; their records are as they were."""

    candidates: Candidates

    @property
    def name(self) -> str:
        return self.candidates.name

    @property
    def versions(self) -> Sequence[str]:
        return self.candidates.versions

    @property
    def version_runs(self) -> VersionRuns:
        return self.candidates.version_runs

    @property
    def builds(self) -> Sequence[str]:
        return self.candidates.builds

    @property
    def build_numbers(self) -> Sequence[int]:
        return self.candidates.build_numbers

    @property
    def depends(self) -> MaskedTexts:
        return _NOTHING

    @property
    def constrains(self) -> MaskedTexts:
        return _NOTHING

    def traits(self, position: int) -> Traits:
        return self.candidates.traits(position)

    def record(self, position: int) -> PackageRecord:
        return self.candidates.record(position)
