"""Put the records of one name in order of preference. Layer: repodata. Pure.

The order is conda's: no ``track_features``, version, build number, platform folder before
``noarch``, timestamp; then the file name, so that it is total. Without channel priority, versions
are compared across channels first, and builds inside one channel only, for build numbers of
different channels do not compare.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from xconda_core.config.settings import ChannelPriority
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.version import InvalidVersion, Version
from xconda_core.repodata.listing import Dropped, Row, dependency_name

Masks = tuple[tuple[str, int], ...]


class SortedCandidates:
    """All records of one name, best first; see the ``Candidates`` Protocol of ``index``."""

    __slots__ = ("_rows", "build_numbers", "builds", "constrains", "depends", "name", "versions")

    def __init__(self, name: str, rows: Sequence[Row]) -> None:
        """Take ``rows`` as they are ordered."""
        self._rows: Final = tuple(rows)
        listings = [row.listing for row in rows]
        self.name: Final = name
        self.versions: Final = tuple([listing.version for listing in listings])
        self.builds: Final = tuple([listing.build for listing in listings])
        self.build_numbers: Final = tuple([listing.build_number for listing in listings])
        self.depends: Final = _masks(listing.depends for listing in listings)
        self.constrains: Final = _masks(listing.constrains or () for listing in listings)

    @property
    def needed_names(self) -> Iterable[str]:
        """The package names that dependencies begin with."""
        return {dependency_name(text) for text, _ in self.depends}

    @property
    def sources(self) -> Sequence[Callable[[], PackageRecord]]:
        """What decodes the record of each candidate."""
        return [row.whole for row in self._rows]

    def record(self, position: int) -> PackageRecord:
        """Return the whole record of one candidate (decoded when asked for)."""
        return self._rows[position].whole()

    def __len__(self) -> int:
        return len(self._rows)


def arrange(
    name: str,
    channels: Sequence[Sequence[Row]],
    priority: ChannelPriority,
    dropped: Dropped,
) -> SortedCandidates | None:
    """Return the candidates of ``name``, or None where there are none.

    Args:
        name: The package name.
        channels: Its rows in each channel, highest priority first.
        priority: ``strict`` takes the first channel that has the name, ``flexible`` puts one
            channel after the other, ``disabled`` lets the versions of all channels compete.
        dropped: Told of records whose version is none.
    """
    keys, invalid = _version_keys(row.listing.version for rows in channels for row in rows)
    for row in (row for rows in channels for row in rows if row.listing.version in invalid):
        dropped(row.fn, invalid[row.listing.version])
    kept = [[row for row in rows if row.listing.version in keys] for rows in channels]
    kept = [rows for rows in kept if rows]
    if not kept:
        return None
    if priority == "strict":
        del kept[1:]
    if priority == "disabled":
        mixed = [(_key(row, keys, -place), row) for place, rows in enumerate(kept) for row in rows]
        return SortedCandidates(name, _descending(mixed))
    ordered: list[Row] = []
    for rows in kept:
        ordered += _descending([(_key(row, keys, 0), row) for row in rows])
    return SortedCandidates(name, ordered)


def _version_keys(literals: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return by what each version literal is ordered, and why some are no versions."""
    keys: dict[str, str] = {}
    invalid: dict[str, str] = {}
    for literal in set(literals):
        try:
            keys[literal] = Version.parse(literal).key
        except InvalidVersion as error:
            invalid[literal] = error.what
    return keys, invalid


def _key(row: Row, keys: dict[str, str], channel: int) -> tuple[Any, ...]:
    """Return what two candidates are compared by; greater is better."""
    listing = row.listing
    return (
        not listing.track_features,
        keys[listing.version],
        channel,
        listing.build_number,
        not row.is_noarch,
        listing.milliseconds,
        row.fn,
    )


def _descending(keyed: list[tuple[tuple[Any, ...], Row]]) -> list[Row]:
    keyed.sort(key=lambda pair: pair[0], reverse=True)
    return [row for _, row in keyed]


def _masks(texts_of_candidates: Iterable[Sequence[str]]) -> Masks:
    """Return each distinct text once, in order of appearance, with the mask of its candidates."""
    masks: dict[str, int] = {}
    for position, texts in enumerate(texts_of_candidates):
        bit = 1 << position
        for text in texts:
            masks[text] = masks.get(text, 0) | bit
    return tuple(masks.items())
