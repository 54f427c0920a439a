"""Which keys have signed a document. Layer: trust. Pure.

Source: conda-content-trust: plain Ed25519 signatures, and those that an OpenPGP card makes (RFC
4880bis, 5.2.4), of which nothing counts but the key: OpenPGP's own rules for keys do not.
"""

import re
import struct
from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import Final

from xconda_core.errors import Json
from xconda_core.trust.canonical import canonical
from xconda_core.trust.ed25519 import Verify

_KEY: Final = re.compile(r"[0-9a-f]{64}")
_SIGNATURE: Final = re.compile(r"[0-9a-f]{128}")
_HEADERS: Final = re.compile(r"(?:[0-9a-f]{2}){6,1024}")
_OPENPGP: Final = bytes.fromhex("04001608")  # version 4, of a document, EdDSA, SHA-256


def is_key(value: object) -> bool:
    """Whether ``value`` is a public key as metadata writes it: 64 digits, none in upper case."""
    return isinstance(value, str) and _KEY.fullmatch(value) is not None


def signers(
    signed: Json, signatures: Mapping[str, Json], authorised: Collection[str], verify: Verify
) -> frozenset[str]:
    """Return those of the keys ``authorised`` that have signed ``signed``, each once.

    Args:
        signed: What the signatures are over.
        signatures: Public key to its signature. What is none, or is of another key, is passed over.
        authorised: The keys that may sign.
        verify: Checks one signature.
    """
    data = canonical(signed)
    return frozenset(
        key
        for key in {*authorised}
        if is_key(key) and _has_signed(key, signatures.get(key), data, verify)
    )


def _has_signed(key: str, signature: Json, data: bytes, verify: Verify) -> bool:
    if not isinstance(signature, dict):
        return False
    value, headers = signature.get("signature"), signature.get("other_headers")
    if not isinstance(value, str) or not _SIGNATURE.fullmatch(value):
        return False
    message = data if headers is None else _openpgp_digest(data, headers)
    return message is not None and verify(bytes.fromhex(key), bytes.fromhex(value), message)


def _openpgp_digest(data: bytes, headers: Json) -> bytes | None:
    """Return what an OpenPGP card signs for ``data``; None where ``headers`` are none."""
    if not isinstance(headers, str) or not _HEADERS.fullmatch(headers):
        return None
    hashed = bytes.fromhex(headers)
    (length,) = struct.unpack_from(">H", hashed, 4)
    if not hashed.startswith(_OPENPGP) or len(hashed) != 6 + length:
        return None
    return sha256(data + hashed + b"\x04\xff" + struct.pack(">I", len(hashed))).digest()
