"""Versions in few words: ``3.9 to 3.11, 3.12.1``. Layer: solver. Pure.

Ranges run over the versions that exist. ``3.9`` stands for all there is of the series 3.9.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from xconda_core.models.version import Version
from xconda_core.solver.package_table import PackageTable

MAX_RANGES: Final = 4


def version_ranges(table: PackageTable, mask: int) -> str:
    """Return the versions of some candidates as ranges."""
    return _ranges(table.versions_of(table.present), table.versions_of(mask))


def short_ranges(versions: Sequence[Version]) -> str:
    """Return versions, ascending and without gaps that matter, as ranges."""
    return _ranges(versions, versions)


def _ranges(existing: Sequence[Version], meant: Sequence[Version]) -> str:
    wanted = {version.key for version in meant}
    runs: list[list[Version]] = []
    for is_wanted, run in groupby(existing, key=lambda version: version.key in wanted):
        if is_wanted:
            runs.append(list(run))
    series = {name: [v.key for v in versions] for name, versions in groupby(existing, _series)}
    ranges = [_range(run, series) for run in runs]
    if len(ranges) > MAX_RANGES:
        return f"{', '.join(ranges[:2])}, …, {ranges[-1]}"
    return ", ".join(ranges)


def has_every_version(table: PackageTable, mask: int) -> bool:
    """Whether candidates of every version there is are among them."""
    return len(table.versions_of(mask)) == len(table.versions_of(table.present))


def _series(version: Version) -> str:
    return ".".join(version.text.split(".")[:2])


def _range(run: list[Version], series: dict[str, list[str]]) -> str:
    keys = {version.key for version in run}

    def short(version: Version) -> str:
        name = _series(version)
        members = series.get(name, [])
        return name if len(members) > 1 and keys.issuperset(members) else version.text

    first, last = short(run[0]), short(run[-1])
    return first if first == last else f"{first} to {last}"
