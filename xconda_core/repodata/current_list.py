"""The short list of a platform folder: what is newest, and what that needs. Layer: repodata. Pure.

Source: CEP 36, ``current_repodata.json``.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from xconda_core.errors import Json
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.match_spec_text import InvalidMatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.version import InvalidVersion, Version

Record = Mapping[str, Json]

_LOWEST: Final = Version.parse("0dev")


def current_packages(packages: Mapping[str, Record]) -> dict[str, Record]:
    """Return the newest version of every name, and older ones that these cannot do without.

    All builds of a version stay, since they differ in what they fit. A dependency that nothing
    here can meet is left to other folders and channels.

    Args:
        packages: Valid records by the file names of their archives.
    """
    by_name: dict[str, list[PackageRecord]] = {}
    for fn, document in packages.items():
        record = PackageRecord.from_json(document, fn=fn)
        by_name.setdefault(record.name, []).append(record)
    kept = {record.fn: record for each in by_name.values() for record in _newest(each)}
    waiting = list(kept.values())
    asked: set[str] = set()
    while waiting:
        for spec in _new_needs(waiting.pop(), asked):
            found = _missing_for(spec, by_name.get(spec.name, ()), kept)
            kept |= found
            waiting += found.values()
    return {fn: record for fn, record in packages.items() if fn in kept}


def _newest(records: Iterable[PackageRecord]) -> list[PackageRecord]:
    records = list(records)
    newest = max(map(_version, records))
    return [record for record in records if _version(record) == newest]


def _version(record: PackageRecord) -> Version:
    try:
        return Version.parse(record.version)
    except InvalidVersion:
        return _LOWEST


def _new_needs(record: PackageRecord, asked: set[str]) -> Iterator[MatchSpec]:
    for text in record.depends:
        if text not in asked:
            asked.add(text)
            try:
                yield MatchSpec.parse(text)
            except InvalidMatchSpec:
                continue  # a client that reads the package says so


def _missing_for(
    spec: MatchSpec, records: Iterable[PackageRecord], kept: Mapping[str, PackageRecord]
) -> dict[str, PackageRecord]:
    fitting = [record for record in records if spec.matches(record)]
    if not fitting or any(record.fn in kept for record in fitting):
        return {}
    return {record.fn: record for record in _newest(fitting)}
