"""Shards that lie, burst, or are no shards."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event as Flag
from threading import Timer
from typing import Any

import msgspec
import pytest
import zstandard

from xconda_core.cancel import CancelToken
from xconda_core.models.channel import without_credentials
from xconda_core.net.failures import DownloadDamaged, HttpRefused, NetworkFailed
from xconda_core.net.fetcher import Response
from xconda_core.net.workers import Workers
from xconda_core.repodata.not_repodata import NotRepodata
from xconda_core.repodata.published import Folder
from xconda_core.repodata.shard_list import ListHead, ShardList, read_shard_list
from xconda_core.repodata.shards import ShardedFolder, ShardStore

FOLDER = Folder("forge", "https://host/forge", "linux-64")
URL = FOLDER.url + "repodata_shards.msgpack.zst"


def packed(document: object) -> bytes:
    return zstandard.ZstdCompressor().compress(msgspec.msgpack.encode(document))


def a_shard(*versions: str, name: str = "numpy", **extra: object) -> bytes:
    records = {
        f"{name}-{version}-0.conda": {
            "name": name,
            "version": version,
            "build": "0",
            "build_number": 0,
            "depends": ["python"],
            "sha256": bytes(32),
            "legacy_bz2_md5": bytes(16),
        }
        for version in versions
    }
    return packed({"packages": {}, "packages.conda": records, "removed": []} | extra)


class Shelf:
    """A fetcher over a dict of addresses; counts what is opened."""

    def __init__(self, contents: Mapping[str, bytes | Exception]) -> None:
        self.contents, self.opened = contents, list[str]()
        self.gate = Flag()
        self.gate.set()

    @contextmanager
    def open(self, url: str, headers: Mapping[str, str] | None = None) -> Iterator[Response]:
        self.opened.append(url)
        self.gate.wait(5)
        content = self.contents.get(url)
        if isinstance(content, Exception):
            raise content
        if content is None:
            yield Response(status=404, url=url, chunks=iter(()))
        else:
            yield Response(status=200, url=url, chunks=iter((content,)))


def opened(
    tmp_path: Path, shelf: Shelf, index: Any, offline: bool = False, url: str = URL
) -> ShardedFolder:
    content = index if isinstance(index, bytes) else packed(index)
    store = ShardStore(shelf, tmp_path, Workers(3), CancelToken(), offline)

    def read() -> tuple[ListHead, Mapping[str, bytes]]:
        return read_shard_list(content, without_credentials(url))

    listed = ShardList(tmp_path / "digests", "", None, read, read)
    return ShardedFolder(FOLDER, url, listed, store, only_tar_bz2=False)


def an_index(info: object = None, **shards: bytes) -> dict[str, object]:
    digests = {name: hashlib.sha256(shard).digest() for name, shard in shards.items()}
    return {"version": 1, "info": info or {}, "shards": digests}


def address(shard: bytes, base: str = FOLDER.url) -> str:
    return f"{base}{hashlib.sha256(shard).hexdigest()}.msgpack.zst"


def rows(folder: ShardedFolder, name: str = "numpy") -> dict[str, str]:
    found = folder.rows(name, lambda fn, why: None)
    return {fn: found.record(at).url for at, fn in enumerate(found.fns)}


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        (None, FOLDER.url),
        ("", FOLDER.url),
        ("./shards/", FOLDER.url + "shards/"),
        ("shards", FOLDER.url + "shards/"),
        ("https://cdn/s/", "https://cdn/s/"),
        ("/all", "https://host/all/"),
    ],
)
def test_shards_lie_where_the_index_says(tmp_path: Path, base: Any, expected: str) -> None:
    shard = a_shard("1.0")
    shelf = Shelf({address(shard, expected): shard})
    index = an_index({"shards_base_url": base, "base_url": "../files/"}, numpy=shard)
    found = rows(opened(tmp_path, shelf, index))
    assert found == {"numpy-1.0-0.conda": "https://host/forge/files/numpy-1.0-0.conda"}


def test_digests_of_a_shard_are_hexadecimal_in_a_record(tmp_path: Path) -> None:
    shard = a_shard("1.0")
    folder = opened(tmp_path, Shelf({address(shard): shard}), an_index(numpy=shard))
    record = folder.rows("numpy", lambda fn, why: None).record(0)
    assert record.sha256 == "00" * 32
    assert record.extra == {"legacy_bz2_md5": "00" * 16}


def test_a_shard_with_other_bytes_is_refused(tmp_path: Path) -> None:
    shard = a_shard("1.0")
    folder = opened(tmp_path, Shelf({address(shard): a_shard("2.0")}), an_index(numpy=shard))
    with pytest.raises(DownloadDamaged, match="sha256"):
        rows(folder)
    assert list(tmp_path.rglob("*.zst")) == []


def test_a_shard_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(HttpRefused, match="404"):
        rows(opened(tmp_path, Shelf({}), an_index(numpy=b"x")))


def test_a_shard_that_bursts_is_refused(tmp_path: Path) -> None:
    bomb = zstandard.ZstdCompressor().compress(bytes(1 << 28))
    folder = opened(tmp_path, Shelf({address(bomb): bomb}), an_index(numpy=bomb))
    with pytest.raises(NotRepodata, match="more than"):
        rows(folder)


@pytest.mark.parametrize("document", [[], 7, {"packages": []}, {"packages": {"a": 1}}])
def test_a_shard_that_is_none_is_refused_or_empty(tmp_path: Path, document: object) -> None:
    shard = packed(document)
    folder = opened(tmp_path, Shelf({address(shard): shard}), an_index(numpy=shard))
    with suppress(NotRepodata):
        assert rows(folder) == {}


def test_a_record_of_another_name_or_removed_is_left_out(tmp_path: Path) -> None:
    shard = a_shard("1.0", "2.0", removed=["numpy-2.0-0.conda"])
    other = a_shard("1.0", name="evil")
    shelf = Shelf({address(shard): shard, address(other): other})
    folder = opened(tmp_path, shelf, an_index(numpy=shard, pandas=other))
    assert set(rows(folder)) == {"numpy-1.0-0.conda"}
    assert rows(folder, "pandas") == {}


@pytest.mark.parametrize(
    "content",
    [
        b"<html>",
        b"",
        packed([]),
        packed({"version": 1}),
        packed({"version": 2, "shards": {}}),
        packed({"version": 1, "shards": {"numpy": b"short"}}),
        packed({"version": 1, "shards": {"numpy": "../../../../../../etc/passwd"}}),
    ],
)
def test_what_is_no_shard_index_is_refused_with_its_address(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(NotRepodata) as failure:
        opened(tmp_path, Shelf({}), content)
    assert failure.value.url == URL


def test_a_token_in_the_address_reaches_the_shards_and_nobody_else(tmp_path: Path) -> None:
    shard = a_shard("1.0")
    secret = "https://host/t/sekret/forge/linux-64/"
    shelf = Shelf({address(shard, secret): shard})
    url = secret + "repodata_shards.msgpack.zst"
    found = rows(opened(tmp_path, shelf, an_index(numpy=shard), url=url))
    assert "sekret" not in str(found)


def test_a_prefetch_that_fails_is_told_only_to_whoever_asks(tmp_path: Path) -> None:
    shard = a_shard("1.0")
    shelf = Shelf({address(shard): NetworkFailed("https://host", "gone")})
    folder = opened(tmp_path, shelf, an_index(numpy=shard))
    folder.prefetch("numpy", lambda names: None)
    with pytest.raises(NetworkFailed, match="gone"):
        rows(folder)


def test_a_transfer_that_breaks_off_is_tried_again(tmp_path: Path) -> None:
    shard = a_shard("1.0")
    shelf = Shelf({address(shard): NetworkFailed("https://host", "broke", broke_off=True)})
    with pytest.raises(NetworkFailed):
        rows(opened(tmp_path, shelf, an_index(numpy=shard)))
    assert len(shelf.opened) == 3


def test_a_prefetched_shard_is_not_fetched_twice_and_tells_its_dependencies(
    tmp_path: Path,
) -> None:
    shard = a_shard("1.0")
    shelf = Shelf({address(shard): shard})
    folder = opened(tmp_path, shelf, an_index(numpy=shard))
    shelf.gate.clear()
    told, names = Flag(), list[str]()

    def arrived(found: Any) -> None:
        names.extend(found)
        told.set()

    folder.prefetch("numpy", arrived)
    shelf.gate.set()
    assert set(rows(folder)) == {"numpy-1.0-0.conda"}
    assert told.wait(5)
    assert (shelf.opened, names) == ([address(shard)], ["python"])


def test_a_shard_that_is_needed_now_overtakes_what_was_prefetched(tmp_path: Path) -> None:
    shards = {f"p{number}": a_shard("1.0", name=f"p{number}") for number in range(30)}
    shelf = Shelf({address(shard): shard for shard in shards.values()})
    folder = opened(tmp_path, shelf, an_index(**shards))
    shelf.gate.clear()
    for name in shards:
        folder.prefetch(name, lambda names: None)
    Timer(0.05, shelf.gate.set).start()
    assert rows(folder, "p29")
    assert shelf.opened.index(address(shards["p29"])) < 10
