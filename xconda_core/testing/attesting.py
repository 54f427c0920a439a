"""Attest archives as their publishers do (CEP 27), with certificates of nobody's. Layer: testing.

Source: in-toto Statement 1, DSSE 1, Sigstore bundle 0.3. The certificates look like Fulcio's and
are signed by themselves: whoever looked them up would find nothing. Needs the extra ``trust``.
"""

import json
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

WORKFLOW: Final = "https://github.com/orchard/pear/.github/workflows/release.yml@refs/tags/v1"
ISSUER: Final = "https://token.actions.githubusercontent.com"
_ISSUER: Final = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.8")


def a_statement(file: str, sha256: str, channel: str | None = None) -> dict[str, Any]:
    """Return what CEP 27 has a publisher say of an archive."""
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": file, "digest": {"sha256": sha256}}],
        "predicateType": "https://schemas.conda.org/attestations-publish-1.schema.json",
        "predicate": {"targetChannel": channel} if channel else None,
    }


def a_bundle(statement: object, signer: str = WORKFLOW) -> dict[str, Any]:
    """Return a Sigstore bundle of ``statement``, signed by a new key for ``signer``."""
    key = ec.generate_private_key(ec.SECP256R1())
    payload, kind = json.dumps(statement).encode(), "application/vnd.in-toto+json"
    message = b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)
    signature = key.sign(message, ec.ECDSA(hashes.SHA256()))
    return {
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {
            "certificate": {"rawBytes": _text(_certificate(key, signer))},
            "tlogEntries": [{"logIndex": "7", "integratedTime": "1700000000"}],
        },
        "dsseEnvelope": {
            "payload": _text(payload),
            "payloadType": kind,
            "signatures": [{"sig": _text(signature)}],
        },
    }


def _certificate(key: ec.EllipticCurvePrivateKey, signer: str) -> bytes:
    name = x509.UniformResourceIdentifier(signer) if "://" in signer else x509.RFC822Name(signer)
    issuer = ISSUER.encode()
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(x509.Name([]))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2023, 11, 14, tzinfo=UTC))
        .not_valid_after(datetime(2023, 11, 15, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([name]), critical=True)
        .add_extension(
            x509.UnrecognizedExtension(_ISSUER, bytes([12, len(issuer)]) + issuer), critical=False
        )
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.DER)
    )


def _text(content: bytes) -> str:
    return b64encode(content).decode()
