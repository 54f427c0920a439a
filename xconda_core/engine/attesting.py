"""Attestations of archives, where their channels serve them. Layer: engine.

Sources: CEP 27 (what they say); the draft of conda/ceps#142 (``attestations`` of a package's entry
pins ``ARCHIVE.sigs``, a list of bundles); prefix.dev (``ARCHIVE.v0.sigs``, the same, not pinned).
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.errors import Json
from xconda_core.models.package_record import PackageRecord
from xconda_core.net.failures import HttpRefused, NetworkFailed
from xconda_core.net.fetcher import Fetcher
from xconda_core.net.small_document import small_document
from xconda_core.trust.attestation import Attestation, Identify, read_attestations
from xconda_core.trust.canonical import Ambiguous
from xconda_core.values import Slotted, dataclass

PINNED: Final = ".sigs"
BESIDE: Final = ".v0.sigs"
_LARGEST: Final = 4 << 20  # bytes; a bundle has about ten thousand
_NOTHING: Final = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Attested(Slotted):
    """What was found of one archive.

    Attributes:
        attestations: In the order in which the channel serves them.
        problem: Why they could not be read; empty: they were, or there are none.
        is_pinned: The package list says which ones they are; else they are only served beside.
        with_certificates: It was read who signed; the library for that is an extra.
    """

    attestations: tuple[Attestation, ...] = ()
    problem: str = ""
    is_pinned: bool = False
    with_certificates: bool = True


def attested(
    records: Sequence[PackageRecord],
    fetcher: Fetcher,
    cancel: CancelToken,
    identify: Identify | None,
) -> dict[str, Attested]:
    """Return what is attested of ``records``, by their addresses; each is asked for.

    Args:
        records: Archives of any channels.
        fetcher: Opens addresses.
        cancel: Looked at between chunks.
        identify: Reads certificates; None: they are not read.

    Raises:
        Cancelled: somebody asked to stop.
    """
    return {record.url: _attested(record, fetcher, cancel, identify) for record in records}


def _attested(
    record: PackageRecord, fetcher: Fetcher, cancel: CancelToken, identify: Identify | None
) -> Attested:
    pin = record.extra.get("attestations")
    is_pinned, reads = isinstance(pin, dict), identify is not None
    try:
        content = _fetched(record.url + (PINNED if is_pinned else BESIDE), fetcher, cancel)
        if content is None:
            problem = "its channel announces attestations and does not have them"
            return Attested((), problem if is_pinned else "", is_pinned, reads)
        if isinstance(pin, dict):
            _require(content, pin)
        found = read_attestations(content, record, identify)
        return Attested(found, "", is_pinned, reads)
    except (NetworkFailed, HttpRefused) as error:
        return Attested((), error.why.rstrip("."), is_pinned, reads)
    except Ambiguous as error:
        return Attested((), f"what its channel serves cannot be read: {error}", is_pinned, reads)


def _fetched(url: str, fetcher: Fetcher, cancel: CancelToken) -> bytes | None:
    try:
        content = small_document(url, fetcher, cancel, _LARGEST)
    except HttpRefused as error:
        if error.status in _NOTHING:
            return None
        raise
    if len(content) > _LARGEST:
        raise Ambiguous(f"it is longer than {_LARGEST} bytes")
    return content


def _require(content: bytes, pin: dict[str, Json]) -> None:
    if len(content) != pin.get("size") or sha256(content).hexdigest() != pin.get("sha256"):
        raise Ambiguous("it is not what the package list pins, by its size and sha256")
