"""Put the records of one name in order of preference. Layer: repodata. Pure.

The order is conda's: no ``track_features``, version, build number, platform folder before
``noarch``, timestamp; then the file name, so that it is total. Without channel priority, versions
are compared across channels first, and builds inside one channel only, for build numbers of
different channels do not compare.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from xconda_core.config.settings import ChannelPriority
from xconda_core.models.package_record import PackageRecord
from xconda_core.repodata.index import Traits
from xconda_core.repodata.listing import LAST_SECOND, Dropped, dependency_name
from xconda_core.repodata.masked_texts import MaskedTexts
from xconda_core.repodata.rows import Rows, Texts
from xconda_core.repodata.version_runs import VersionRuns, version_keys
from xconda_core.values import NamedTuple


class SortedCandidates:
    """All records of one name, best first; see the ``Candidates`` Protocol of ``index``."""

    __slots__ = (
        *("build_numbers", "builds", "constrains", "depends"),
        *("name", "rows", "version_runs", "versions"),
    )

    def __init__(self, name: str, rows: Rows, keys: Mapping[str, str]) -> None:
        """Take ``rows`` as they are ordered, and by what their versions are."""
        self.rows: Final = rows
        self.name: Final = name
        self.versions: Final = tuple([listing.version for listing in rows.listings])
        self.version_runs: Final = VersionRuns.of(self.versions, keys)
        self.builds: Final = tuple([listing.build for listing in rows.listings])
        self.build_numbers: Final = tuple([listing.build_number for listing in rows.listings])
        self.depends: Final = MaskedTexts.of(_masks(rows.depends))
        self.constrains: Final = MaskedTexts.of(_masks(rows.constrains))

    @property
    def needed_names(self) -> Iterable[str]:
        """The package names that dependencies begin with."""
        return {dependency_name(text) for text in self.depends.texts}

    def traits(self, position: int) -> Traits:
        """Return what of one candidate counts beside others of its version and build number."""
        return Traits.of(self.record(position))

    def record(self, position: int) -> PackageRecord:
        """Return the whole record of one candidate (decoded when asked for)."""
        return self.rows.record(position)

    def __len__(self) -> int:
        return len(self.rows)


def arrange(
    name: str,
    channels: Iterable[Rows],
    priority: ChannelPriority,
    dropped: Dropped,
    *,
    ignore_timestamps: bool = False,
) -> SortedCandidates | None:
    """Return the candidates of ``name``, or None where there are none.

    Args:
        name: The package name.
        channels: Its rows in each channel, highest priority first.
        priority: ``strict`` takes the first channel that has the name, ``flexible`` puts one
            channel after the other, ``disabled`` lets the versions of all channels compete.
        dropped: Told of records whose version is none.
        ignore_timestamps: The time of a build does not count.
    """
    channels = [*channels]
    keys, invalid = version_keys(
        {listing.version for rows in channels for listing in rows.listings}
    )
    if invalid:
        channels = [_valid(rows, invalid, dropped) for rows in channels]
    kept = [rows for rows in channels if rows]
    if not kept:
        return None
    if priority == "strict":
        del kept[1:]
    order = _Order(keys, not ignore_timestamps)
    if priority == "disabled":
        places = [-place for place, rows in enumerate(kept) for _ in rows.fns]
        return SortedCandidates(name, order.of(Rows.joined(kept), places), keys)
    ordered = (order.of(rows, [0] * len(rows)) for rows in kept)
    return SortedCandidates(name, Rows.joined(ordered), keys)


def _valid(rows: Rows, invalid: dict[str, str], dropped: Dropped) -> Rows:
    kept = []
    for at, listing in enumerate(rows.listings):
        if listing.version in invalid:
            dropped(rows.fns[at], invalid[listing.version])
        else:
            kept.append(at)
    return rows.chosen(kept)


class _Order(NamedTuple):
    """What makes one row better than another.

    Attributes:
        keys: By what each version literal is ordered.
        times: Whether the time of a build counts.
    """

    keys: dict[str, str]
    times: bool

    def of(self, rows: Rows, channels: Sequence[int]) -> Rows:
        """Return ``rows`` best first, given a number for the channel of each; greater is better."""
        listings = rows.listings
        times = [listing.timestamp or 0 for listing in listings] if self.times else [0] * len(rows)
        greater_is_better: zip[tuple[Any, ...]] = zip(
            [not listing.track_features for listing in listings],
            [self.keys[listing.version] for listing in listings],
            channels,
            [listing.build_number for listing in listings],
            [not source.is_noarch for source in rows.sources],
            [time if time > LAST_SECOND else time * 1000 for time in times],
            rows.fns,
            range(0, -len(rows), -1),
            strict=True,
        )
        return rows.chosen([-key[-1] for key in sorted(greater_is_better, reverse=True)])


def _masks(lists: Sequence[Texts]) -> Iterable[tuple[str, int]]:
    """Return each distinct text once, in order of appearance, with the mask of its candidates.

    Candidates of one name often share a list, so what is the same object is put together first.
    """
    of_list: dict[int, int] = {}
    bit = 1
    for key in map(id, lists):
        of_list[key] = of_list.get(key, 0) | bit
        bit <<= 1
    distinct = {id(texts): texts for texts in lists}
    masks: dict[str, int] = {}
    for key, mask in of_list.items():
        for text in distinct[key]:
            masks[text] = masks.get(text, 0) | mask
    return masks.items()
