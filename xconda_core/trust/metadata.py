"""The documents that say which keys count: ``N.root.json``, ``key_mgr.json``. Layer: trust. Pure.

Source: conda-content-trust's metadata 0.6. A document that is not wholly as it should be says
nothing: there is no guessing about keys.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import ClassVar, Final, Literal

from xconda_core.errors import Json, XcondaError
from xconda_core.trust.canonical import LARGEST, Ambiguous, read_signed_json
from xconda_core.trust.signatures import is_key
from xconda_core.values import Slotted, dataclass

Kind = Literal["root", "key_mgr"]
Reason = Literal["missing", "damaged", "signatures", "older", "expired", "skipped"]
KNOWN_SPECIFICATION: Final = "0"  # the first of the three numbers of metadata_spec_version
PACKAGES: Final = "pkg_mgr"  # who signs packages, by the key manager's leave


class MetadataRefused(XcondaError):
    """A document about keys is not believed.

    Attributes:
        document: What it is called: ``2.root.json``.
        reason: ``missing``, ``damaged`` (not what such a document is), ``signatures`` (too few of
            those that count), ``older`` (an earlier one was believed already), ``skipped`` (one
            between is missing) or ``expired``.
    """

    code: ClassVar[str] = "trust-metadata-refused"

    def __init__(self, document: str, reason: Reason, why: str, fix: str = "") -> None:
        super().__init__(document, reason, why, fix)
        self.document, self.reason = document, reason
        self.what = f"{document} is not believed."
        self.why = f"{why}."
        self.fix = fix or _FIXES[reason]


_AGAIN: Final = "run it again; if it repeats, tell those who sign the channel: somebody may lie."
_FIXES: Final[Mapping[Reason, str]] = {
    "missing": "put the root that the channel's owner gave you where docs/trust.md says.",
    "damaged": "check signing_metadata_url_base; a proxy or a login page may have answered for it.",
    "signatures": _AGAIN,
    "older": _AGAIN,
    "skipped": _AGAIN,
    "expired": "ask those who sign the channel for a newer one; docs/trust.md says where it goes.",
}


@dataclass(frozen=True, slots=True)
class Delegation(Slotted):
    """Who may sign for a role, and how many of them have to.

    Attributes:
        keys: Public keys in hexadecimal, each once.
        threshold: How many different ones of them have to sign, at least 1.
    """

    keys: frozenset[str]
    threshold: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata(Slotted):
    """One document about keys, read but not yet believed.

    Attributes:
        kind: Which of the two it is.
        version: Its number; 0 for a key manager's that has none.
        timestamp: When it was made, in seconds since 1970; 0 where it does not say.
        expiration: From when on it counts no more, in seconds since 1970.
        delegations: Role to who may sign for it.
        signed: What its signatures are over.
        signatures: Public key to signature.
        content: The document as it came.
    """

    kind: Kind
    version: int
    timestamp: float
    expiration: float
    delegations: Mapping[str, Delegation]
    signed: Mapping[str, Json]
    signatures: Mapping[str, Json]
    content: bytes

    @property
    def name(self) -> str:
        """What it is called where it is served."""
        return file_name(self.kind, self.version)

    @property
    def expires_on(self) -> str:
        """The day on which it expires (UTC)."""
        return datetime.fromtimestamp(self.expiration, UTC).strftime("%Y-%m-%d")


def file_name(kind: Kind, version: int) -> str:
    """Return what such a document is called where it is served."""
    return f"{version}.root.json" if kind == "root" else "key_mgr.json"


def read_metadata(content: bytes, kind: Kind, name: str) -> Metadata:
    """Return what ``content`` says, believed by nobody yet.

    Args:
        content: The document.
        kind: What it should be.
        name: What it is called, for errors.

    Raises:
        MetadataRefused: it is not such a document.
    """
    try:
        return _read(content, kind)
    except (Ambiguous, ValueError, TypeError, KeyError, AttributeError) as error:
        why = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        raise MetadataRefused(name, "damaged", why.rstrip(".")) from error


def _read(content: bytes, kind: Kind) -> Metadata:
    if len(content) > LARGEST:
        raise ValueError(f"it has {len(content)} bytes, and such a document has a few thousand")
    document = _map(read_signed_json(content), "it")
    if document.keys() != {"signatures", "signed"}:
        raise ValueError("it must have `signatures` and `signed`, and nothing else")
    signed = _map(document["signed"], "signed")
    if signed["type"] != kind:
        raise ValueError(f"it is of type {signed['type']!r}, not {kind!r}")
    specification = signed["metadata_spec_version"]
    if str(specification).partition(".")[0] != KNOWN_SPECIFICATION:
        raise ValueError(f"it is written by version {specification} of the rules; 0.6 is known")
    if "version" not in signed and (kind == "root" or "timestamp" not in signed):
        raise ValueError("it has no version")
    roles = _map(signed["delegations"], "delegations")
    return Metadata(
        kind=kind,
        version=_whole(signed["version"], "version") if "version" in signed else 0,
        timestamp=_moment(signed["timestamp"]) if "timestamp" in signed else 0.0,
        expiration=_moment(signed["expiration"]),
        delegations={role: _delegation(value) for role, value in roles.items()},
        signed=signed,
        signatures=_map(document["signatures"], "signatures"),
        content=content,
    )


def _delegation(value: Json) -> Delegation:
    value = _map(value, "a delegation")
    keys = value["pubkeys"]
    if not isinstance(keys, list) or not all(map(is_key, keys)):
        raise ValueError("pubkeys must be a list of keys, 64 lower-case hexadecimal digits each")
    return Delegation(frozenset(map(str, keys)), _whole(value["threshold"], "threshold"))


def _map(value: Json, name: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise TypeError(f"{name} must be an object")
    return value


def _whole(value: Json, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{name} must be a whole number of 1 or more, not {value!r}")
    return value


def _moment(value: Json) -> float:
    try:
        return datetime.strptime(f"{value} +0000", "%Y-%m-%dT%H:%M:%SZ %z").timestamp()
    except (ValueError, OverflowError):
        raise ValueError(f"{value!r} is no moment like 2027-01-31T12:00:00Z") from None
