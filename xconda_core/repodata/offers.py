"""What a list shows of packages, without reading their records whole. Layer: repodata.

A name has thousands of records, and decoding one takes ten times what one of its fields does.
"""

from collections.abc import Iterable

from xconda_core.models.package_record import PackageRecord
from xconda_core.repodata.index import Candidates
from xconda_core.repodata.store_candidates import Offer, StoredCandidates


def offers(candidates: Candidates, positions: Iterable[int]) -> list[Offer]:
    """Return what a list shows of the candidates at ``positions``, in this order."""
    if isinstance(candidates, StoredCandidates):
        return candidates.offers(positions)
    return [_offer(candidates.record(position)) for position in positions]


def _offer(record: PackageRecord) -> Offer:
    return Offer(
        record.name, record.version, record.build, record.channel, record.subdir, record.size
    )
