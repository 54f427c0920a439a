"""Which root and which key manager are believed now. Layer: engine. See docs/trust.md.

The first root is a file that somebody put down on this machine; whatever else is kept or served is
checked from there on, each time. What was believed is kept, so that nobody can go back behind it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.config.redaction import redacted
from xconda_core.files.atomic import write_bytes
from xconda_core.net.failures import HttpRefused, NetworkFailed
from xconda_core.net.fetcher import Fetcher
from xconda_core.net.small_document import small_document
from xconda_core.trust.canonical import LARGEST
from xconda_core.trust.chain import key_manager, next_root, require_current, require_own_signatures
from xconda_core.trust.ed25519 import Verify
from xconda_core.trust.metadata import Kind, Metadata, MetadataRefused, file_name, read_metadata
from xconda_core.values import Slotted, dataclass

_ROOT: Final = re.compile(r"([0-9]{1,9})\.root\.json")
_MOST_ROOTS: Final = 256  # that follow each other; a server must not keep us busy for ever
_KEY_MANAGER: Final = "key_mgr.json"
_ANEW: Final = "put it down anew, as the channel's owner gave it to you (docs/trust.md)."
_NOTHING: Final = frozenset({404, 410})

Serve = Callable[[str], bytes | None]
"""(name of a document) -> its content; None where the server has none, or may not be asked."""


@dataclass(frozen=True, slots=True)
class KeyPlaces(Slotted):
    """Where documents about keys are.

    Attributes:
        base: ``signing_metadata_url_base``.
        first_roots: Folders that a first root may be in; the first that has one has the one
            that counts.
        kept: The folder that keeps what was believed.
    """

    base: str
    first_roots: Sequence[Path]
    kept: Path


@dataclass(frozen=True, slots=True)
class TrustedKeys(Slotted):
    """What is believed.

    Attributes:
        root: The newest root; None where nothing is believed.
        key_manager: What it says of the keys that sign packages; None where nothing is believed.
        refusal: Why nothing is believed; None: it is.
        notes: What else is to be said, in sentences without their points.
    """

    root: Metadata | None
    key_manager: Metadata | None
    refusal: MetadataRefused | None = None
    notes: tuple[str, ...] = ()


def first_root_folders(root_prefix: Path, home: Path) -> tuple[Path, Path]:
    """Return where a first root may be: the user's own folder, then the installation's, conda's."""
    return home / ".conda" / "trust", root_prefix / "etc" / "conda"


def kept_folder(state_dir: Path, base: str) -> Path:
    """Return the folder that keeps what was believed of ``base``."""
    return state_dir / "trust" / sha256(base.rstrip("/").encode()).hexdigest()[:16]


def served(base: str, fetcher: Fetcher, cancel: CancelToken, *, as_kept: bool) -> Serve:
    """Return what brings documents from ``base``; with ``as_kept`` no server is asked."""

    def serve(name: str) -> bytes | None:
        if as_kept and not base.startswith("file:"):
            return None
        url = f"{base.rstrip('/')}/{name}"
        try:  # whoever reads one that is too long says so
            return small_document(url, fetcher, cancel, LARGEST)
        except HttpRefused as error:
            if error.status in _NOTHING:
                return None
            raise

    return serve


def trusted_keys(places: KeyPlaces, serve: Serve, now: float, verify: Verify) -> TrustedKeys:
    """Return what is believed at ``now``, in seconds since 1970.

    A root that is missing or has expired, and a server that cannot be reached, make that nothing,
    or only what is kept, is believed. Anything that looks like somebody's doing is an error.

    Raises:
        MetadataRefused: a document is not what it should be, by its signatures or its number.
        CryptographyMissing: nothing can be checked.
        Cancelled: somebody asked to stop.
    """
    keys = _Keys(places, serve, now, verify)
    root: Metadata | None = None
    try:
        root = keys.newest_root(_first_root(places.first_roots, verify))
        require_current(root, now)
        return TrustedKeys(root, keys.key_manager(root), None, tuple(keys.notes))
    except MetadataRefused as refusal:
        if refusal.reason not in {"missing", "expired"}:
            raise
        return TrustedKeys(root, None, refusal, tuple(keys.notes))


def _first_root(folders: Sequence[Path], verify: Verify) -> Metadata:
    for folder in folders:
        numbers = [int(found[1]) for name in _names(folder) if (found := _ROOT.fullmatch(name))]
        if numbers:
            path = folder / f"{max(numbers)}.root.json"
            try:
                root = read_metadata(_read(path), "root", str(path))
                require_own_signatures(root, verify)
            except MetadataRefused as error:
                why = error.why.rstrip(".")
                raise MetadataRefused(str(path), error.reason, why, _ANEW) from error
            return root
    looked = " and ".join(map(str, folders))
    raise MetadataRefused("1.root.json", "missing", f"there is no first root; looked in {looked}")


def _names(folder: Path) -> Iterator[str]:
    with suppress(OSError):
        yield from (path.name for path in folder.iterdir())


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise MetadataRefused(str(path), "damaged", f"cannot read it: {error.strerror}") from error


class _Keys:
    """One walk from the first root to the key manager."""

    def __init__(self, places: KeyPlaces, serve: Serve, now: float, verify: Verify) -> None:
        self._places, self._serve, self._now, self._verify = places, serve, now, verify
        self.notes: list[str] = []

    def newest_root(self, root: Metadata) -> Metadata:
        """Return the last of those that follow ``root``: kept ones first, then served ones."""
        for _ in range(_MOST_ROOTS):
            name = file_name("root", root.version + 1)
            kept = self._kept(name, "root")
            if kept is not None:
                with suppress(MetadataRefused):  # of a root that was replaced since
                    root = next_root(root, kept, self._verify)
                    continue
            content = self._served(name)
            if content is None:
                break
            root = next_root(root, read_metadata(content, "root", name), self._verify)
            self._keep(name, content)
        return root

    def key_manager(self, root: Metadata) -> Metadata:
        """Return the newest word of the key manager: the served one, else the kept one."""
        known = self._kept(_KEY_MANAGER, "key_mgr")
        content = self._served(_KEY_MANAGER)
        if content is not None:
            candidate = read_metadata(content, "key_mgr", _KEY_MANAGER)
        elif known is not None:
            candidate = known
        else:
            why = f"{redacted(self._places.base)} has none, and none was believed before"
            raise MetadataRefused(_KEY_MANAGER, "missing", why)
        found = key_manager(root, candidate, known, self._now, self._verify)
        if known is None or found.content != known.content:
            self._keep(_KEY_MANAGER, found.content)
        return found

    def _served(self, name: str) -> bytes | None:
        try:
            return self._serve(name)
        except (NetworkFailed, HttpRefused) as error:
            self.notes.append(f"{name} could not be asked for: {error.why.rstrip('.')}")
            return None

    def _kept(self, name: str, kind: Kind) -> Metadata | None:
        """Return what is kept under a name; what is not such a document was not kept by us."""
        path = self._places.kept / name
        if not path.exists():
            return None
        with suppress(MetadataRefused):
            return read_metadata(_read(path), kind, name)
        return None

    def _keep(self, name: str, content: bytes) -> None:
        try:
            self._places.kept.mkdir(parents=True, exist_ok=True)
            write_bytes(self._places.kept / name, content)
        except OSError as error:
            folder = self._places.kept
            note = f"{name} could not be kept in {folder} ({error.strerror})"
            self.notes.append(f"{note}, so an older one would be believed the next time")
