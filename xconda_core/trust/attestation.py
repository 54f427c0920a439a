"""What those who published an archive say of it (CEP 27), read from Sigstore bundles. Layer: trust.

Pure. It is read, held against the archive, and shown. Who signed is what the certificate in the
bundle says; whether Sigstore gave that certificate away, and wrote it into its public log, is not
looked at, for that takes Sigstore's own roots. Sources: CEP 27, in-toto Statement 1, DSSE 1,
Sigstore bundle 0.3.
"""

import binascii
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from typing import Final, Literal

from xconda_core.errors import Json
from xconda_core.models.package_record import PackageRecord
from xconda_core.trust.canonical import Ambiguous, read_signed_json
from xconda_core.values import Slotted, dataclass, replace

STATEMENT: Final = "https://in-toto.io/Statement/v1"
PREDICATE: Final = "https://schemas.conda.org/attestations-publish-1.schema.json"
PAYLOAD: Final = "application/vnd.in-toto+json"
_LONGEST: Final = 300  # characters of a stranger's text

Fit = Literal["fits", "wrong", "unchecked"]


@dataclass(frozen=True, slots=True)
class Identity(Slotted):
    """What a certificate says of who signed.

    Attributes:
        signer: Whom it was given to: an address of a workflow, or of a person.
        issuer: Who had vouched for that.
        signature: Whether the signature was made with the certificate's key.
    """

    signer: str
    issuer: str
    signature: Fit


Identify = Callable[[bytes, bytes, bytes], Identity]
"""(certificate in DER, what was signed, signature) -> who signed; ValueError: it is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation(Slotted):
    """One statement that an archive was published.

    Attributes:
        file: The archive that it is about.
        sha256: Of that archive.
        channel: Where it was published to; empty where that is not said.
        signer: Who signed, as the certificate in the bundle says; empty where it was not read.
        issuer: Who had vouched for the signer.
        signature: Whether the signature was made with that certificate's key.
        logged: When it says to have been logged, in seconds since 1970; None: it does not say.
        faults: How it is not what CEP 27 wants, or not about this archive; empty: it is.
        notes: What else is to be known.
    """

    file: str = ""
    sha256: str = ""
    channel: str = ""
    signer: str = ""
    issuer: str = ""
    signature: Fit = "unchecked"
    logged: int | None = None
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_attestations(
    content: bytes, record: PackageRecord, identify: Identify | None
) -> tuple[Attestation, ...]:
    """Return what is said of ``record``; a bundle that cannot be read has that as its fault.

    Args:
        content: A list of Sigstore bundles as JSON.
        record: The archive that they should be about.
        identify: Reads certificates; None: they are not read.

    Raises:
        Ambiguous: it is no such list.
    """
    bundles = read_signed_json(content)
    if not isinstance(bundles, list):
        raise Ambiguous("it is no list")
    return tuple(_attestation(bundle, record, identify) for bundle in bundles)


def _attestation(bundle: Json, record: PackageRecord, identify: Identify | None) -> Attestation:
    try:
        return _read(bundle, record, identify)
    except (ValueError, TypeError, KeyError, IndexError) as error:
        why = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        return Attestation(faults=(_shown(f"it cannot be read: {why}"),))


def _read(bundle: Json, record: PackageRecord, identify: Identify | None) -> Attestation:
    document = _map(bundle, "a bundle")
    envelope = _map(document["dsseEnvelope"], "dsseEnvelope")
    if envelope["payloadType"] != PAYLOAD:
        raise ValueError(f"what is signed is {envelope['payloadType']}, not a statement")
    payload = _bytes(envelope["payload"])
    statement = _map(read_signed_json(payload), "the statement")
    found = _said(statement, record)
    material = _map(document["verificationMaterial"], "verificationMaterial")
    found = replace(found, logged=_logged(material))
    if identify is None:
        return found
    signature = _bytes(_map(_first(envelope["signatures"]), "a signature")["sig"])
    identity = identify(_certificate(material), _message(payload), signature)
    faults = found.faults
    if identity.signature == "wrong":
        faults = (*faults, "the key of the certificate in it has not signed it")
    return replace(
        found,
        signer=_shown(identity.signer),
        issuer=_shown(identity.issuer),
        signature=identity.signature,
        faults=faults,
    )


def _said(statement: Mapping[str, Json], record: PackageRecord) -> Attestation:
    subjects = statement["subject"]
    subject = _map(_first(subjects), "subject")
    digests = _map(subject["digest"], "digest")
    file, sha256 = _shown(str(subject["name"])), _shown(str(digests.get("sha256", "")))
    predicate = statement.get("predicate")
    target = predicate.get("targetChannel") if isinstance(predicate, dict) else None
    faults = list(_faults(statement, digests))
    if isinstance(subjects, list) and len(subjects) > 1:
        faults.append(f"it is about {len(subjects)} archives, and must be about one")
    if file != record.fn:
        faults.append(f"it is about {file}")
    if record.sha256 is None:
        faults.append("the channel does not say this archive's sha256")
    elif sha256 != record.sha256:
        faults.append(f"it is about an archive with the sha256 {sha256 or '(none)'}")
    channel = _shown(target) if isinstance(target, str) else ""
    notes = [f"it was published for {channel}"] if channel and channel != record.channel else []
    return Attestation(
        file=file, sha256=sha256, channel=channel, faults=tuple(faults), notes=tuple(notes)
    )


def _faults(statement: Mapping[str, Json], digests: Mapping[str, Json]) -> Iterator[str]:
    """Yield what CEP 27 demands of every statement, and this one has not."""
    if statement["_type"] != STATEMENT:
        yield _shown(f"it is a statement of the type {statement['_type']}")
    if statement["predicateType"] != PREDICATE:
        yield _shown(f"it says something else than CEP 27: {statement['predicateType']}")
    if digests.keys() != {"sha256"}:
        yield "it must have a sha256 and no other digest"
    predicate = statement.get("predicate")
    target = predicate.get("targetChannel") if isinstance(predicate, dict) else predicate
    is_address = isinstance(target, str) and "://" in target and not target.endswith("/")
    if statement["predicateType"] == PREDICATE and predicate is not None and not is_address:
        yield "its targetChannel is no address without a slash at its end"


def _message(payload: bytes) -> bytes:
    """Return what DSSE signs for ``payload``."""
    return b"DSSEv1 %d %s %d %s" % (len(PAYLOAD), PAYLOAD.encode(), len(payload), payload)


def _certificate(material: Mapping[str, Json]) -> bytes:
    if "certificate" in material:
        return _bytes(_map(material["certificate"], "certificate")["rawBytes"])
    chain = _map(material["x509CertificateChain"], "x509CertificateChain")
    return _bytes(_map(_first(chain["certificates"]), "a certificate")["rawBytes"])


def _logged(material: Mapping[str, Json]) -> int | None:
    entries = material.get("tlogEntries")
    first = entries[0] if isinstance(entries, list) and entries else None
    time = first.get("integratedTime") if isinstance(first, dict) else None
    text = str(time) if isinstance(time, str | int) else ""
    return int(text) if text.isdecimal() and len(text) < 12 and int(text) else None


def _map(value: Json, name: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise TypeError(f"{name} must be an object")
    return value


def _first(value: Json) -> Json:
    if not isinstance(value, list) or not value:
        raise TypeError("a list is empty, or none")
    return value[0]


def _bytes(value: Json) -> bytes:
    if not isinstance(value, str):
        raise TypeError("what should be base64 is no text")
    try:
        return b64decode(value, validate=True)
    except binascii.Error as error:
        raise ValueError(f"what should be base64 is not: {error}") from error


def _shown(text: str) -> str:
    """Return a stranger's text as a terminal may show it."""
    plain = "".join(each for each in text if each.isprintable())
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]} ..."
