"""Ed25519 by the library ``cryptography``, loaded when a signature is checked. Layer: trust.

Source: RFC 8032. The library is the extra ``trust``: it is large, built in Rust and C, and nobody
needs it who checks no signatures.
"""

import sys
from collections.abc import Callable
from typing import ClassVar

from xconda_core.errors import XcondaError

Verify = Callable[[bytes, bytes, bytes], bool]
"""(public key, 32 bytes; signature, 64 bytes; message) -> whether the key signed the message."""


class CryptographyMissing(XcondaError):
    """Signatures are to be checked, and the library for it is not installed.

    Attributes:
        python: The Python that misses it.
    """

    code: ClassVar[str] = "cryptography-missing"

    def __init__(self) -> None:
        super().__init__()
        self.python = sys.executable
        self.what = "Nothing was changed: signatures cannot be checked without `cryptography`."
        self.why = (
            "extra_safety_checks and signing_metadata_url_base ask for signed packages, and the "
            "library that checks them, an extra, is not installed beside xconda."
        )
        self.fix = (
            f"`{sys.executable} -m pip install cryptography`; or set extra_safety_checks to false."
        )


def ed25519() -> Verify:
    """Return what checks signatures.

    Raises:
        CryptographyMissing: the library is not installed.
    """
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        raise CryptographyMissing from None

    def verify(key: bytes, signature: bytes, message: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    return verify
