"""Sign a channel as its owners do: keys, roots, a key manager, package lists. Layer: testing.

Source: conda-content-trust's metadata 0.6. For tests: the keys are derived from names, so they are
known to everybody. Needs the extra ``trust``.
"""

import json
import struct
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from xconda_core.errors import Json
from xconda_core.trust.canonical import canonical
from xconda_core.values import Slotted, dataclass

SPECIFICATION: Final = "0.6.0"
NEVER: Final = "2999-12-31T00:00:00Z"
PAST: Final = "2022-11-01T00:00:00Z"
CARD: Final = bytes.fromhex("04001608001d162104") + bytes(20) + bytes.fromhex("05025fac507c")


@dataclass(frozen=True, slots=True)
class Signer(Slotted):
    """A pair of keys that belongs to ``name``."""

    name: str

    @property
    def public(self) -> str:
        """The public key, as metadata writes it."""
        return self._key().public_key().public_bytes_raw().hex()

    def sign(self, value: Json) -> dict[str, Json]:
        """Return a plain signature of ``value``."""
        return {"signature": self._key().sign(canonical(value)).hex()}

    def sign_by_card(self, value: Json, hashed: bytes = CARD) -> dict[str, Json]:
        """Return a signature of ``value`` as an OpenPGP card makes it, with its own ``hashed``."""
        trailer = b"\x04\xff" + struct.pack(">I", len(hashed))
        digest = sha256(canonical(value) + hashed + trailer).digest()
        return {"other_headers": hashed.hex(), "signature": self._key().sign(digest).hex()}

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(sha256(self.name.encode()).digest())


def a_document(
    kind: str,
    version: int,
    delegations: Mapping[str, tuple[Sequence[Signer], int]],
    signers: Sequence[Signer],
    *,
    expires: str = NEVER,
    by_card: bool = False,
) -> dict[str, Json]:
    """Return a root (``root``) or a key manager's word (``key_mgr``), signed by ``signers``.

    ``delegations`` maps a role to who may sign for it, and how many of them have to.
    """
    roles: dict[str, Json] = {
        role: {"pubkeys": [each.public for each in keys], "threshold": threshold}
        for role, (keys, threshold) in delegations.items()
    }
    signed: Json = {
        "delegations": roles,
        "expiration": expires,
        "metadata_spec_version": SPECIFICATION,
        "timestamp": "2020-11-11T20:58:36Z",
        "type": kind,
        "version": version,
    }
    signatures: dict[str, Json] = {
        each.public: each.sign_by_card(signed) if by_card else each.sign(signed) for each in signers
    }
    return {"signatures": signatures, "signed": signed}


def write_document(path: Path, document: Json) -> None:
    """Write a document about keys where it is served, or put down as the first root."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(canonical(document))


def sign_list(folder: Path, signers: Sequence[Signer]) -> None:
    """Sign every archive in the package list of a platform folder, in each form but shards."""
    path = folder / "repodata.json"
    document = json.loads(path.read_bytes())
    entries = {**document.get("packages", {}), **document.get("packages.conda", {})}
    document["signatures"] = {
        fn: {each.public: each.sign(entry) for each in signers} for fn, entry in entries.items()
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    (folder / "repodata.json.zst").unlink(missing_ok=True)
