"""Repodata in shards, one per package name. Layer: repodata. Sources: CEP 16 and 48.

A shard is fetched when its name is asked for, or ahead of that in the background, and kept on disk
under the digest of its bytes: what is there never has to be asked for again.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from os import getpid
from pathlib import Path
from threading import Lock, get_ident
from typing import TYPE_CHECKING, Final

import msgspec

from xconda_core.cancel import CancelToken
from xconda_core.digests import sha256
from xconda_core.models.channel import without_credentials
from xconda_core.net.failures import DownloadDamaged, HttpRefused, NetworkFailed
from xconda_core.net.fetcher import Fetcher
from xconda_core.net.workers import Workers, result_of
from xconda_core.repodata.listing import Dropped, dependency_name
from xconda_core.repodata.not_repodata import NotRepodata
from xconda_core.repodata.published import MSGPACK, Folder, Published, published, rows_of
from xconda_core.repodata.rows import Rows
from xconda_core.repodata.shard_list import ShardList
from xconda_core.repodata.store_file import ABSENT
from xconda_core.repodata.zstd import Contexts, decompressed
from xconda_core.values import NamedTuple

if TYPE_CHECKING:
    from concurrent.futures import Future

LARGEST_SHARD: Final = 1 << 26  # bytes after decompression; the largest of conda-forge is 10 MB

_log: Final = logging.getLogger(__name__)
_TRIES: Final = 3


class Shard(NamedTuple):
    """One shard: the digest of its bytes in hexadecimal, and its address."""

    digest: str
    url: str


class ShardStore:
    """The shards of all channels of one run: on disk, on the way, or still to be asked for."""

    def __init__(
        self, fetcher: Fetcher, folder: Path, workers: Workers, cancel: CancelToken, offline: bool
    ) -> None:
        self._fetcher, self._folder, self._workers = fetcher, folder, workers
        self._cancel, self._offline = cancel, offline
        self._coming: dict[str, Future[bytes]] = {}
        self._lock = Lock()

    def read(self, shard: Shard) -> bytes | None:
        """Return the bytes of ``shard``, verified; None if it is not here and we are offline.

        Raises:
            NetworkFailed, HttpRefused, DownloadDamaged: it did not arrive as it should.
            Cancelled: somebody asked to stop.
        """
        if shard.url.startswith("file:"):
            return self._fetch(shard)
        content = self._kept(shard)
        if content is not None:
            _log.debug("from the cache: %s", without_credentials(shard.url))
        if content is not None or self._offline:
            return content
        future = self._request(shard)
        self._workers.hasten(future)
        return result_of(future, self._cancel)

    def has(self, shard: Shard) -> bool:
        """Whether ``shard`` can be read without asking a server."""
        return shard.url.startswith("file:") or self._path(shard).exists()

    def prefetch(self, shard: Shard, arrived: Callable[[bytes], None]) -> None:
        """Start fetching ``shard`` unless it is here; ``arrived`` is called in another thread."""
        if self._offline or self.has(shard):
            return

        def tell(future: "Future[bytes]") -> None:
            if future.exception() is None:
                arrived(future.result())

        self._request(shard).add_done_callback(tell)

    def _request(self, shard: Shard) -> "Future[bytes]":
        with self._lock:
            future = self._coming.get(shard.digest)
            if future is None:
                future = self._workers.submit(lambda: self._fetch_and_keep(shard))
                self._coming[shard.digest] = future
            return future

    def _kept(self, shard: Shard) -> bytes | None:
        path = self._path(shard)
        with suppress(OSError):
            content = path.read_bytes()
            if sha256(content).hexdigest() == shard.digest:
                return content
            path.unlink()
        return None

    def _fetch_and_keep(self, shard: Shard) -> bytes:
        content = self._fetch(shard)
        path = self._path(shard)
        temporary = path.with_name(f".{path.name}.{getpid()}-{get_ident()}.new")
        with suppress(OSError):  # a cache that cannot be written only costs time
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(content)
            temporary.replace(path)  # not synced: the digest is checked whenever it is read
        return content

    def _fetch(self, shard: Shard) -> bytes:
        for attempt in range(1, _TRIES + 1):
            try:
                return self._fetch_once(shard)
            except NetworkFailed as error:
                if attempt == _TRIES or not error.broke_off:
                    raise
        raise AssertionError("the last try returns or raises")

    def _fetch_once(self, shard: Shard) -> bytes:
        self._cancel.check()
        with self._fetcher.open(shard.url, {"Accept-Encoding": "identity"}) as response:
            if response.status != 200:
                raise HttpRefused(response.url, response.status)
            content = b"".join(response.chunks)
        digest = sha256(content).hexdigest()
        if digest != shard.digest and response.refuse():
            return self._fetch_once(shard)
        if digest != shard.digest:
            url = without_credentials(shard.url)
            raise DownloadDamaged(url, "sha256", shard.digest, digest)
        return content

    def _path(self, shard: Shard) -> Path:
        return self._folder / shard.digest[:2] / f"{shard.digest}.msgpack.zst"


class ShardedFolder:
    """The records of one platform folder, by name.

    Attributes:
        folder: The platform folder.
        archives_url: Where its archives are, with a slash at its end.
        relations: Which channels it wants beside it.
    """

    def __init__(
        self, folder: Folder, url: str, shards: ShardList, store: ShardStore, only_tar_bz2: bool
    ) -> None:
        """Take a list of shards.

        Args:
            folder: The platform folder it describes.
            url: Where it came from, with credentials where it needs them.
            shards: The list.
            store: Where shards come from.
            only_tar_bz2: Leave ``.conda`` archives out.

        Raises:
            NotRepodata: an address in it is none.
        """
        self.folder: Final = folder
        self.relations: Final = shards.head.relations
        try:
            self._shards_url = shards.head.shards_url(url)
            self.archives_url: Final = folder.archives_url(shards.head.base_url)
        except ValueError as error:
            raise NotRepodata(without_credentials(url), str(error)) from error
        self._list = shards
        self._store, self._only_tar_bz2 = store, only_tar_bz2
        self._out_of_reach: set[str] = set()
        self._contexts = Contexts()

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._list.digest(name) is not None

    def __len__(self) -> int:
        return self._list.head.length

    def names(self) -> Iterable[str]:
        """Return every package name in it."""
        return self._list.digests.keys()

    def mark(self, name: str) -> bytes:
        """Return what changes when the records of ``name`` do: the digest of its shard."""
        return b"" if name in self._out_of_reach else self._list.digest(name) or ABSENT

    @property
    def whole_mark(self) -> bytes:
        """What changes when any shard does."""
        return b"" if self._out_of_reach else self._list.mark

    def is_here(self, name: str) -> bool:
        """Whether the shard of ``name`` is here, or on this machine."""
        shard = self._shard(name)
        return shard is not None and self._store.has(shard)

    def prefetch(self, name: str, arrived: Callable[[Iterable[str]], None]) -> None:
        """Start fetching what is said of ``name``; ``arrived`` is given the names it depends on."""
        shard = self._shard(name)
        if shard is not None:
            self._store.prefetch(shard, lambda content: arrived(_dependency_names(content)))

    def rows(self, name: str, dropped: Dropped) -> Rows:
        """Return the good records of ``name``.

        Raises:
            NotRepodata: the shard cannot be read.
            NetworkFailed, HttpRefused, DownloadDamaged: it did not arrive as it should.
            Cancelled: somebody asked to stop.
        """
        archives = self._published(name, dropped).packages.items()
        return rows_of(name, archives, MSGPACK, self.folder, self.archives_url, dropped)

    def is_out_of_reach(self, name: str) -> bool:
        """Whether the shard of ``name`` was looked for offline, and is not here."""
        return name in self._out_of_reach

    def others(self, name: str) -> Sequence[str]:
        """Return the archives of ``name`` in formats that xconda cannot install.

        Raises:
            as :meth:`rows` does.
        """
        return tuple(self._published(name, _unsaid).others)

    def keep(self) -> None:
        """Have the digests that were asked for at hand for the runs that follow."""
        self._list.keep()

    def _shard(self, name: str) -> Shard | None:
        digest = self._list.digest(name)
        if digest is None:
            return None
        return Shard(digest.hex(), f"{self._shards_url}{digest.hex()}.msgpack.zst")

    def _published(self, name: str, dropped: Dropped) -> Published:
        shard = self._shard(name)
        if shard is None:
            return Published({}, {})
        content = self._store.read(shard)
        if content is None:
            self._out_of_reach.add(name)
            dropped(name, "what is said of it is not in the cache, and xconda is offline")
            return Published({}, {})
        try:
            document = _read_shard(decompressed(content, LARGEST_SHARD, self._contexts))
        except (ValueError, RecursionError) as error:
            raise NotRepodata(without_credentials(shard.url), str(error)) from error
        return published(
            document.packages,
            document.conda,
            document.v3,
            document.removed,
            MSGPACK,
            self._only_tar_bz2,
            dropped,
        )


_EMPTY: Final = msgspec.Raw(b"\x80")


class _Shard(msgspec.Struct, gc=False):
    packages: dict[str, msgspec.Raw] = msgspec.field(default_factory=dict)
    conda: dict[str, msgspec.Raw] = msgspec.field(default_factory=dict, name="packages.conda")
    removed: msgspec.Raw = _EMPTY
    v3: msgspec.Raw = _EMPTY


class _Depending(msgspec.Struct, gc=False):
    depends: list[str] = msgspec.field(default_factory=list)


class _DependingShard(msgspec.Struct, gc=False):
    packages: dict[str, _Depending] = msgspec.field(default_factory=dict)
    conda: dict[str, _Depending] = msgspec.field(default_factory=dict, name="packages.conda")
    v3: dict[str, dict[str, _Depending]] = msgspec.field(default_factory=dict)


_read_shard: Final = msgspec.msgpack.Decoder(_Shard).decode
_read_depending: Final = msgspec.msgpack.Decoder(_DependingShard).decode


def _unsaid(fn: str, why: str) -> None:
    """Leave it to :meth:`ShardedFolder.rows` to tell."""


def _dependency_names(content: bytes) -> Iterable[str]:
    try:
        shard = _read_depending(decompressed(content, LARGEST_SHARD))
    except (ValueError, RecursionError):
        return ()  # whoever asks for it will be told
    texts = {
        text
        for part in (shard.packages, shard.conda, *shard.v3.values())
        for record in part.values()
        for text in record.depends
    }
    return {dependency_name(text) for text in texts}
