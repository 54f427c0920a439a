"""SHA-256 without OpenSSL as long as what is digested is short. Layer: ground.

``hashlib`` loads OpenSSL (3 ms), which is quick for archives; the interpreter's own implementation,
which digests the names of a cache as well, is there at once. Source: FIPS 180-4.
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from hashlib import _Hash

_SHORT: Final = 4096  # bytes; OpenSSL is 0.02 ms quicker there
_OWN: Final = "_sha2" if sys.version_info >= (3, 12) else "_sha256"


def _own() -> Any:
    try:
        return import_module(_OWN).sha256
    except ImportError:  # built without it, as FIPS wants
        return import_module("hashlib").sha256


_sha256: Final = _own()


def sha256(content: bytes | memoryview) -> "_Hash":
    """Return the SHA-256 of ``content``, as ``hashlib.sha256`` does."""
    if len(content) > _SHORT:
        from hashlib import sha256 as quick

        return quick(content)
    own: _Hash = _sha256(content)
    return own
