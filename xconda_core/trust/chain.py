"""From a root that is believed to the keys that sign packages. Layer: trust. Pure.

Source: conda-content-trust, after The Update Framework 1.0, 5.3: root N signs root N+1, none is
skipped, the newest must not have expired; it names the key manager's keys, whose newest word is
never older than one believed before. Attacks by name are in tests/trust.
"""

from xconda_core.trust.ed25519 import Verify
from xconda_core.trust.metadata import Delegation, Metadata, MetadataRefused
from xconda_core.trust.signatures import signers


def next_root(trusted: Metadata, candidate: Metadata, verify: Verify) -> Metadata:
    """Return ``candidate``, if it follows ``trusted`` and both their rules find it signed.

    It may have expired: one after it may not.

    Raises:
        MetadataRefused: it is not believed.
    """
    follows = f"; root {trusted.version} is believed, and {trusted.version + 1} follows it"
    if candidate.version <= trusted.version:
        why = f"it says that it is number {candidate.version}{follows}"
        raise MetadataRefused(candidate.name, "older", why)
    if candidate.version > trusted.version + 1:
        why = f"it says that it is number {candidate.version}{follows}"
        raise MetadataRefused(candidate.name, "skipped", why)
    _require_signed(candidate, trusted, "root", verify)
    _require_signed(candidate, candidate, "root", verify)
    return candidate


def require_own_signatures(root: Metadata, verify: Verify) -> None:
    """Return if ``root`` is signed as itself demands: what was put down as the first one is whole.

    Raises:
        MetadataRefused: it is not.
    """
    _require_signed(root, root, "root", verify)


def require_current(metadata: Metadata, now: float) -> None:
    """Return if ``metadata`` has not expired at ``now``, in seconds since 1970.

    Raises:
        MetadataRefused: it has.
    """
    if now >= metadata.expiration:
        raise MetadataRefused(metadata.name, "expired", f"it expired on {metadata.expires_on}")


def key_manager(
    root: Metadata, candidate: Metadata, known: Metadata | None, now: float, verify: Verify
) -> Metadata:
    """Return ``candidate``, if ``root``'s key manager has signed it and nothing newer is known.

    Args:
        root: The root that is believed; it has not expired.
        candidate: What came.
        known: The newest that was believed before. It counts as long as ``root`` stands for its
            signatures: after keys were replaced, numbers may begin anew.
        now: The time, in seconds since 1970.
        verify: Checks one signature.

    Raises:
        MetadataRefused: it is not believed.
    """
    _require_signed(candidate, root, "key_mgr", verify)
    if known is not None and is_signed(known, root, "key_mgr", verify):
        _require_not_older(candidate, known)
    require_current(candidate, now)
    return candidate


def is_signed(metadata: Metadata, by: Metadata, role: str, verify: Verify) -> bool:
    """Whether enough of the keys that ``by`` names for ``role`` have signed ``metadata``."""
    delegation = by.delegations.get(role)
    return delegation is not None and _count(metadata, delegation, verify) >= delegation.threshold


def _require_signed(metadata: Metadata, by: Metadata, role: str, verify: Verify) -> None:
    delegation = by.delegations.get(role)
    if delegation is None:
        why = f"{by.name} names nobody who may sign as {role}"
        raise MetadataRefused(metadata.name, "signatures", why)
    count = _count(metadata, delegation, verify)
    if count < delegation.threshold:
        why = (
            f"{count} of the keys that {by.name} names for {role} have signed it, and "
            f"{delegation.threshold} have to"
        )
        raise MetadataRefused(metadata.name, "signatures", why)


def _count(metadata: Metadata, delegation: Delegation, verify: Verify) -> int:
    signed = dict(metadata.signed)
    return len(signers(signed, metadata.signatures, delegation.keys, verify))


def _require_not_older(candidate: Metadata, known: Metadata) -> None:
    place, known_place = ((each.version, each.timestamp) for each in (candidate, known))
    if place < known_place:
        why = (
            f"it is number {candidate.version}, and number {known.version} was believed already"
            if candidate.version < known.version
            else "it was made before one that was believed already"
        )
        raise MetadataRefused(candidate.name, "older", why)
    if place == known_place and candidate.signed != known.signed:
        why = "it differs from what was believed under the same number"
        raise MetadataRefused(candidate.name, "older", why)
