"""What is attested of an archive, as lines for people. Layer: cli. Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime

from xconda_core.cli.console import Text
from xconda_core.engine.attesting import Attested
from xconda_core.trust.attestation import Attestation

_UNREAD = "who signed was not read: that needs the library `cryptography`"


def attestation_lines(found: Attested) -> Iterator[Text]:
    """Yield what is attested, what of it was checked, and what was not."""
    if found.problem:
        yield Text(f"  attestations: {found.problem}", "warning")
    elif not found.attestations:
        yield Text("  attestations: none are served")
    for each in found.attestations:
        yield from _lines(each, found)


def _lines(attestation: Attestation, found: Attested) -> Iterator[Text]:
    pin = "as the package list pins it" if found.is_pinned else "served beside the archive"
    yield Text(f"  attestation, {pin}")
    if attestation.file:
        place = f" for {attestation.channel}" if attestation.channel else ""
        yield Text(f"    says      published {attestation.file}{place}")
    if attestation.signer:
        by = f", known to {attestation.issuer}" if attestation.issuer else ""
        yield Text(f"    signed by {attestation.signer}{by}")
    if attestation.logged is not None:
        when = datetime.fromtimestamp(attestation.logged, UTC)
        yield Text(f"    logged    {when:%Y-%m-%d %H:%M:%S} UTC, it says")
    for fault in attestation.faults:
        yield Text(f"    WRONG     {fault}", "danger")
    for note in attestation.notes:
        yield Text(f"    note      {note}, not for this channel")
    if not attestation.faults:
        yield Text(f"    checked   {_checked(attestation)}", "good")
    unread = "" if found.with_certificates else f"{_UNREAD}; "
    yield Text(f"    unchecked {unread}whether Sigstore knows that signer, and logged it")


def _checked(attestation: Attestation) -> str:
    fits = attestation.signature == "fits"
    signature = ", and the signature is of the key in it" if fits else ""
    return f"it is about this archive, by file name and sha256{signature}"
