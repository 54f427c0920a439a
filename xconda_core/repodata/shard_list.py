"""The list of shards of one platform folder: the digest of each name's. Layer: repodata.

Source: CEP 16. conda-forge's has 28,000 names, of which a run asks for a few hundred, mostly for
those that the runs before asked for. So what was asked for is kept beside the index, and the list
itself is read only when a name comes up that is not there.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

import msgspec

from xconda_core import __version__
from xconda_core.digests import sha256
from xconda_core.repodata.not_repodata import NotRepodata, RepodataTooNew, unread_revisions
from xconda_core.repodata.relations import Relations
from xconda_core.repodata.store_file import ABSENT, Payload, StoreFile, write_store
from xconda_core.repodata.zstd import decompressed
from xconda_core.values import NamedTuple

LARGEST_LIST: Final = 1 << 28  # bytes after decompression; conda-forge's is 1 MB

MOST_KEPT: Final = 4000  # names; all that are kept are checked whenever one of them is asked for

_DIGEST_BYTES: Final = 32
_VERSION: Final = 1


class ListHead(NamedTuple):
    """What a list says beside its digests.

    Attributes:
        base_url: Where the archives are, as declared.
        shards_base_url: Where the shards are, as declared.
        relations: Which channels it wants beside it.
        length: How many names it has.
        mark: 32 bytes that change when any digest does; none as long as nobody asked for them.
        left_out: Revisions that are not known here, and why their packages are left out.
    """

    base_url: str
    shards_base_url: str
    relations: Relations
    length: int
    mark: bytes = b""
    left_out: Sequence[tuple[str, str]] = ()

    def shards_url(self, url: str) -> str:
        """Return where the shards of the list at ``url`` are, with a slash at its end.

        Raises:
            ValueError: what is declared is no address.
        """
        base = self.shards_base_url
        return urljoin(url, f"{base.rstrip('/')}/" if base else "./")


Digests = Mapping[str, bytes]
ReadList = Callable[[], tuple[ListHead, Digests]]


class ShardList:
    """The digests of one list, read when a name is asked for that no run before asked for.

    Attributes:
        head: What else the list says.
    """

    def __init__(
        self,
        path: Path,
        document: str,
        kept: StoreFile | None,
        read: ReadList,
        read_anew: ReadList,
    ) -> None:
        """Take what is kept of a list, or read the list.

        Args:
            path: The file that is kept.
            document: What no other list of this folder is called; empty: nothing is to be kept.
            kept: What :func:`kept_digests` found.
            read: Reads the list.
            read_anew: Reads it from where it came, if it is gone when a name is looked for.

        Raises:
            as ``read`` does.
        """
        self._path, self._is_kept = path, bool(document)
        self._document = document
        self._read, self._read_anew = read, read_anew
        self._kept = kept
        self._asked: dict[str, bytes] = {}
        self._whole: Digests | None = None
        if self._kept is None:
            self.head, self._whole = read()
        else:
            self.head = _read_info(self._kept.about)

    @property
    def digests(self) -> Digests:
        """The digest of every name.

        Raises:
            as reading the list does, and fetching it where it is gone.
        """
        if self._whole is None:
            try:
                _, self._whole = self._read()
            except (FileNotFoundError, NotRepodata):
                self._is_kept = False  # for what comes may be a newer list
                with suppress(OSError):
                    self._path.unlink()
                _, self._whole = self._read_anew()
        return self._whole

    @property
    def mark(self) -> bytes:
        """32 bytes that change when any digest does.

        Raises:
            as reading the list does.
        """
        if not self.head.mark:
            mark = sha256(b"".join(self.digests.values())).digest()
            self.head = self.head._replace(mark=mark)
        return self.head.mark

    def digest(self, name: str) -> bytes | None:
        """Return the digest of the shard of ``name``; None where there is none.

        Raises:
            as reading the list does.
        """
        digest = self._asked.get(name)
        if digest is None:
            kept = self._kept.mark(name) if self._kept else b""
            digest = self._asked[name] = kept or self.digests.get(name, ABSENT)
        return None if digest == ABSENT else digest

    def keep(self) -> None:
        """Write what was asked for, if the list had to be read for it.

        It only saves time, so a cache that cannot be written is no failure.
        """
        if self._whole is None or not self._is_kept:
            return
        about = msgspec.json.encode(self.head)
        if self._kept and self._kept.about == about and all(map(self._kept.mark, self._asked)):
            return
        kept = {each.name: each.mark for each in self._kept.payloads()} if self._kept else {}
        names = islice({**self._asked, **kept}.items(), MOST_KEPT)
        payloads = (Payload(name, mark, b"") for name, mark in names)
        with suppress(OSError):
            write_store(self._path, _identity(self._document), payloads, about)


def kept_digests(path: Path, document: str) -> StoreFile | None:
    """Return what is kept at ``path`` of the list that is called ``document``."""
    return StoreFile.open(path, _identity(document)) if document else None


def _identity(document: str) -> str:
    return f"digests {__version__} {document}"


class _Information(msgspec.Struct, gc=False):
    base_url: Any = ""
    shards_base_url: Any = ""
    channel_relations: Any = None
    repodata_revisions: Any = None


class _List(msgspec.Struct, gc=False):
    shards: dict[str, Any]
    info: _Information = msgspec.field(default_factory=_Information)
    version: int = 1


_read_info = msgspec.json.Decoder(ListHead).decode
_read_list = msgspec.msgpack.Decoder(_List).decode


def read_shard_list(content: bytes, url: str) -> tuple[ListHead, Digests]:
    """Read ``repodata_shards.msgpack.zst``.

    Args:
        content: The file as it is served.
        url: Where it came from, for errors.

    Raises:
        NotRepodata: it is none.
        RepodataTooNew: it is of a version that is not known.
    """
    try:
        found = _read_list(decompressed(content, LARGEST_LIST))
    except (ValueError, RecursionError) as error:
        raise NotRepodata(url, str(error)) from error
    if found.version != _VERSION:
        raise RepodataTooNew(url, found.version, _VERSION)
    info = ListHead(
        _address(found.info.base_url),
        _address(found.info.shards_base_url),
        Relations.read(found.info.channel_relations),
        len(found.shards),
        left_out=unread_revisions(found.info.repodata_revisions),
    )
    return info, _digests(found.shards, url)


def _address(declared: Any) -> str:
    return declared if isinstance(declared, str) else ""


def _digests(given: dict[str, Any], url: str) -> Digests:
    """Return the digests as bytes; raises :class:`NotRepodata` where one is none."""
    # There are 30,000 of them, so the usual case is left to the interpreter.
    if {*map(type, given.values())} <= {bytes} and {*map(len, given.values())} <= {_DIGEST_BYTES}:
        return given
    return {name: _digest(name, digest, url) for name, digest in given.items()}


def _digest(name: str, digest: object, url: str) -> bytes:
    """Return a digest that may be written in hexadecimal."""
    if isinstance(digest, str) and digest.isalnum():
        with suppress(ValueError):
            digest = bytes.fromhex(digest)
    if isinstance(digest, bytes) and len(digest) == _DIGEST_BYTES:
        return digest
    raise NotRepodata(url, f"the digest of {name!r} is not a sha256")
