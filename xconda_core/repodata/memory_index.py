"""An index made of records that are already in memory. Layer: repodata.

For tests, for records of the package cache, and for whoever has records and no channel.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.config.settings import ChannelPriority
from xconda_core.models.package_record import PackageRecord
from xconda_core.repodata.candidates import SortedCandidates, arrange
from xconda_core.repodata.dependents import dependents_among, sayings
from xconda_core.repodata.index import Dependent, Withheld
from xconda_core.repodata.listing import Listing
from xconda_core.repodata.rows import Rows
from xconda_core.values import Slotted, dataclass


class MemoryIndex:
    """The ``Index`` of given records.

    Attributes:
        records: Package name to all records of it, hidden ones too.
        priority: How channels that have the same name compete.
    """

    def __init__(
        self,
        records: Iterable[PackageRecord],
        channels: Sequence[str] = (),
        priority: ChannelPriority = "strict",
    ) -> None:
        """Take ``records``.

        Args:
            records: What there is.
            channels: Names (or addresses) of channels, highest priority first. Channels of records
                that it does not list follow, in order of appearance.
            priority: How channels that have the same name compete.

        A record whose version is none raises ``ValueError`` when its name is asked for.
        """
        self.priority: Final[ChannelPriority] = priority
        by_name: defaultdict[str, list[PackageRecord]] = defaultdict(list)
        order = list(channels)
        for record in records:
            by_name[record.name].append(record)
            if record.channel not in order and record.channel_name not in order:
                order.append(record.channel_name)
        self._order = {channel: place for place, channel in enumerate(order)}
        self.records: Final = dict(by_name)
        self._candidates: dict[str, SortedCandidates | None] = {}
        self.channels: Sequence[str] = tuple(order)

    def candidates(self, name: str) -> SortedCandidates | None:
        """Return the candidates of ``name``, or None where no record has it."""
        if name not in self._candidates:
            self._candidates[name] = self._arranged(name)
        return self._candidates[name]

    def names(self) -> Iterable[str]:
        """Return every package name."""
        return self.records.keys()

    def dependents(self, name: str, cancel: CancelToken) -> Sequence[Dependent]:
        """Return every package of which a candidate depends on ``name``, in order of names."""
        cancel.check()
        found = ((each, self.candidates(each)) for each in sorted(self.records))
        return dependents_among(name, ((each, sayings(have)) for each, have in found if have))

    def _arranged(self, name: str) -> SortedCandidates | None:
        channels: list[list[Rows]] = [[] for _ in self._order]
        for record in self.records.get(name, ()):
            place = self._order.get(record.channel)
            if place is None:
                place = self._order[record.channel_name]
            channels[place].append(_row(record))
        return arrange(name, map(Rows.joined, channels), self.priority, _refuse)

    def withheld(self, name: str) -> tuple[Withheld, ...]:
        """Return nothing: all that there is are candidates."""
        del name
        return ()


@dataclass(frozen=True, slots=True)
class _Given(Slotted):
    """The ``Source`` of records that are there already."""

    is_noarch: bool

    def record(self, published: PackageRecord, fn: str) -> PackageRecord:  # noqa: ARG002
        """Return the record."""
        return published


def _row(record: PackageRecord) -> Rows:
    listing = Listing(
        name=record.name,
        version=record.version,
        build=record.build,
        build_number=record.build_number,
        track_features=record.track_features,
        timestamp=record.timestamp,
    )
    fn = record.fn or f"{record.dist_name}.conda"
    source = _Given(record.subdir == "noarch")
    return Rows([fn], [listing], [record.depends], [record.constrains], [source], [record])


def _refuse(fn: str, why: str) -> None:
    raise ValueError(f"{fn}: {why}")
