"""Candidates that no channel lists: what is installed, and what the machine itself is.

Layer: solver. Pure. Both are shaped as the index shapes its own, so the search sees one kind.
"""

from collections.abc import Sequence
from typing import Final, TypeVar

from xconda_core.models.package_record import PackageRecord, same_archive
from xconda_core.models.version import InvalidVersion, Version
from xconda_core.models.virtual_package import VirtualPackage
from xconda_core.repodata.index import Candidates, Traits
from xconda_core.repodata.masked_texts import MaskedTexts
from xconda_core.repodata.version_runs import VersionRuns, version_keys

Item = TypeVar("Item")


class RecordCandidates:
    """Candidates made of a few whole records, best first."""

    def __init__(self, name: str, records: Sequence[PackageRecord]) -> None:
        """Take ``records`` in the order given."""
        self.name: Final = name
        self.versions: Final = tuple([record.version for record in records])
        self.version_runs: Final = _runs(self.versions)
        self.builds: Final = tuple([record.build for record in records])
        self.build_numbers: Final = tuple([record.build_number for record in records])
        self.depends: Final = _masked([record.depends for record in records])
        self.constrains: Final = _masked([record.constrains for record in records])
        self._records = tuple(records)

    def traits(self, position: int) -> Traits:
        """Return what of one record counts beside others of its version and build number."""
        return Traits.of(self._records[position])

    def record(self, position: int) -> PackageRecord:
        """Return one record."""
        return self._records[position]


class WithInstalled:
    """The candidates of a channel, and among them one installed record that it does not list."""

    def __init__(self, listed: Candidates, installed: PackageRecord, position: int) -> None:
        """Put ``installed`` in at ``position``."""
        self.name: Final = listed.name
        self.versions: Final = _inserted(listed.versions, position, installed.version)
        self.version_runs: Final = _runs(self.versions, listed.version_runs)
        self.builds: Final = _inserted(listed.builds, position, installed.build)
        self.build_numbers: Final = _inserted(
            listed.build_numbers, position, installed.build_number
        )
        self.depends: Final = _shifted(listed.depends, position, installed.depends)
        self.constrains: Final = _shifted(listed.constrains, position, installed.constrains)
        self._listed = listed
        self._installed = installed
        self._position = position

    def traits(self, position: int) -> Traits:
        """Return what of one record counts beside others of its version and build number."""
        if position == self._position:
            return Traits.of(self._installed)
        return self._listed.traits(position - (position > self._position))

    def record(self, position: int) -> PackageRecord:
        """Return one record."""
        if position == self._position:
            return self._installed
        return self._listed.record(position - (position > self._position))


def with_installed(
    listed: Candidates | None, installed: PackageRecord, *, as_given: bool = False
) -> tuple[Candidates, int]:
    """Return the candidates with the installed one among them, and its position.

    Where a channel lists the same archive, what the channel says of it now counts: dependencies
    are corrected after publication; ``as_given``: not here. An installed record that no channel
    lists goes before the first candidate that is older, so that an update does not take it for the
    worst.
    """
    if listed is None:
        return RecordCandidates(installed.name, [installed]), 0
    for position, version in enumerate(() if as_given else listed.versions):
        same_build = (version, listed.builds[position]) == (installed.version, installed.build)
        if same_build and same_archive(installed, listed.record(position)):
            return listed, position
    position = _place_of(installed, listed)
    return WithInstalled(listed, installed, position), position


def virtual_candidates(name: str, facts: Sequence[VirtualPackage]) -> Candidates:
    """Return the one candidate that a fact of the machine is, or none."""
    records = [
        PackageRecord(name=fact.name, version=fact.version, build=fact.build)
        for fact in facts
        if fact.name == name
    ]
    return RecordCandidates(name, records[-1:])


def _place_of(installed: PackageRecord, listed: Candidates) -> int:
    try:
        version = Version.parse(installed.version)
    except InvalidVersion:
        return len(listed.versions)
    own = (version, installed.build_number)
    for position, text in enumerate(listed.versions):
        if (Version.parse(text), listed.build_numbers[position]) < own:
            return position
    return len(listed.versions)


def _masked(texts: Sequence[tuple[str, ...]]) -> MaskedTexts:
    masks: dict[str, int] = {}
    for position, row in enumerate(texts):
        for text in row:
            masks[text] = masks.get(text, 0) | 1 << position
    return MaskedTexts.of(masks.items())


def _runs(versions: Sequence[str], known: VersionRuns | None = None) -> VersionRuns:
    """Return the runs of ``versions``, with the keys that are known of them."""
    keys = dict(zip(known.literals, known.keys, strict=True)) if known else {}
    unknown, _ = version_keys({*versions} - keys.keys())
    return VersionRuns.of(versions, keys | unknown)


def _inserted(items: Sequence[Item], position: int, item: Item) -> tuple[Item, ...]:
    return (*items[:position], item, *items[position:])


def _shifted(rows: MaskedTexts, position: int, own: Sequence[str]) -> MaskedTexts:
    """Make room for one candidate at ``position`` in every mask, and add what it says."""
    below = (1 << position) - 1
    masks = {text: mask & below | (mask & ~below) << 1 for text, mask in rows}
    for text in own:
        masks[text] = masks.get(text, 0) | 1 << position
    return MaskedTexts.of(masks.items())
