"""Whether a package that was chosen is the one that was signed. Layer: trust. Pure.

Source: conda-content-trust: ``signatures`` of a package list, by archive, over the archive's entry
there. conda checks the entry; here, too, that the entry is of this archive and says what was
chosen by: a good signature of another archive proves nothing.
"""

from collections.abc import Iterator
from typing import Final

from xconda_core.errors import Json
from xconda_core.models.package_record import InvalidRecord, PackageRecord
from xconda_core.models.package_trust import PackageTrust, TrustStatus
from xconda_core.trust.canonical import Ambiguous, read_signed_json
from xconda_core.trust.ed25519 import Verify
from xconda_core.trust.metadata import PACKAGES, Metadata
from xconda_core.trust.signatures import signers
from xconda_core.values import Slotted, dataclass

_ENDINGS: Final = (".conda", ".tar.bz2")
_ANY_ARCHIVE: Final = "no sha256 was signed, so that any archive would fit"
_ALWAYS_THE_SAME: Final = ("name", "version", "build", "build_number", "sha256", "md5", "size")
_SAME_IN_A_LIST: Final = (*_ALWAYS_THE_SAME, "depends", "constrains", "noarch")


@dataclass(frozen=True, slots=True)
class Listed(Slotted):
    """What a channel's list says of one archive.

    Attributes:
        entry: Its entry, as it was published; None where it is not in the list.
        signatures: The list's signatures of it, as they were published; None where it has none.
    """

    entry: bytes | None
    signatures: bytes | None


def judge(
    record: PackageRecord, listed: Listed, key_manager: Metadata, verify: Verify
) -> PackageTrust:
    """Return whether ``record`` is signed.

    Args:
        record: What was chosen.
        listed: What its channel lists under that file name.
        key_manager: Says which keys sign packages; it is believed.
        verify: Checks one signature.
    """
    if listed.entry is None:
        return verdict(record, "unsigned", "its channel does not list it")
    if not listed.signatures:
        return verdict(record, "unsigned", "its channel has no signature of it")
    delegation = key_manager.delegations.get(PACKAGES)
    if delegation is None:
        return verdict(record, "unchecked", f"{key_manager.name} names no keys for packages")
    try:
        entry = _object(listed.entry)
        keys = signers(entry, _object(listed.signatures), delegation.keys, verify)
    except Ambiguous as error:
        return verdict(record, "wrong", f"what its channel says of it cannot be right: {error}")
    fault = _too_few(len(keys), delegation.threshold) or next(_faults(record, entry), "")
    if fault:
        return verdict(record, "wrong", fault)
    if not record.sha256:
        why = "its address names no sha256 that could be held against the signed one"
        return verdict(record, "unchecked", why if entry.get("sha256") else _ANY_ARCHIVE)
    return PackageTrust(
        name=record.name, dist_name=record.dist_name, status="signed", keys=tuple(sorted(keys))
    )


def verdict(record: PackageRecord, status: TrustStatus, why: str) -> PackageTrust:
    """Return that ``record`` has ``status``, because of ``why``."""
    return PackageTrust(name=record.name, dist_name=record.dist_name, status=status, why=why)


def _object(content: bytes) -> dict[str, Json]:
    found = read_signed_json(content)
    if not isinstance(found, dict):
        raise Ambiguous("it is no object")
    return found


def _too_few(count: int, threshold: int) -> str:
    if count >= threshold:
        return ""
    if not count:
        return "none of the keys that count has signed what its channel says of it"
    return f"{count} of the keys that count signed it, and {threshold} have to"


def _faults(record: PackageRecord, entry: dict[str, Json]) -> Iterator[str]:
    """Yield how what was signed is not what was chosen."""
    try:
        signed = PackageRecord.from_json(entry)
    except InvalidRecord as error:
        yield f"what was signed is no package: {error}"
        return
    if record.fn not in {signed.dist_name + ending for ending in _ENDINGS}:
        yield f"what was signed is {signed.dist_name}, another package"
    if signed.subdir and signed.subdir != record.subdir:
        yield f"what was signed is for {signed.subdir}"
    names = _SAME_IN_A_LIST if record.is_complete else _ALWAYS_THE_SAME
    for name in names:
        chosen, said = getattr(record, name), getattr(signed, name)
        if chosen != said and not (_is_open(chosen) and not record.is_complete):
            yield f"its {name} is {_shown(chosen)}, and what was signed says {_shown(said)}"


def _is_open(value: object) -> bool:
    return value in (None, (), 0)


def _shown(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
