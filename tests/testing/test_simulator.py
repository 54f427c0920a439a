"""A simulated channel says the same in each form of its index, and other clients read it."""

import asyncio
import hashlib
import json
from pathlib import Path

import msgspec
import pytest
import rattler
import zstandard

from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import a_channel, a_package

PACKAGES = (
    a_package("a", "1.0", depends=["b >=2"], subdir="linux-64"),
    a_package("a", "2.0", depends=["b >=3"], subdir="linux-64"),
    a_package("b", "2.5"),
    a_package("b", "3.5"),
    a_package("c", "1.0", noarch="python", files={"site-packages/c.py": b"x = 1\n"}),
)


def decompressed(path: Path) -> bytes:
    return zstandard.ZstdDecompressor().decompress(path.read_bytes())


def test_repodata_lists_each_archive_that_is_there(tmp_path: Path) -> None:
    channel = a_channel(tmp_path, PACKAGES, formats=(".conda", ".tar.bz2"))

    document = json.loads((channel / "linux-64" / "repodata.json").read_bytes())

    assert sorted(document["packages.conda"]) == ["a-1.0-0.conda", "a-2.0-0.conda"]
    assert sorted(document["packages"]) == ["a-1.0-0.tar.bz2", "a-2.0-0.tar.bz2"]
    for name, record in {**document["packages"], **document["packages.conda"]}.items():
        content = (channel / "linux-64" / name).read_bytes()
        assert record["sha256"] == hashlib.sha256(content).hexdigest()


def test_compressed_and_sharded_repodata_say_the_same(tmp_path: Path) -> None:
    folder = a_channel(tmp_path, PACKAGES) / "linux-64"
    plain = json.loads((folder / "repodata.json").read_bytes())

    index = msgspec.msgpack.decode(decompressed(folder / "repodata_shards.msgpack.zst"))
    digest = index["shards"]["a"].hex()
    shard_file = folder / index["info"]["shards_base_url"] / f"{digest}.msgpack.zst"
    shard = msgspec.msgpack.decode(decompressed(shard_file))
    for record in shard["packages.conda"].values():
        record.update(md5=record["md5"].hex(), sha256=record["sha256"].hex())

    assert json.loads(decompressed(folder / "repodata.json.zst")) == plain
    assert shard["packages.conda"] == plain["packages.conda"]
    assert hashlib.sha256(shard_file.read_bytes()).hexdigest() == digest


def test_a_channel_always_has_noarch(tmp_path: Path) -> None:
    channel = a_channel(tmp_path, [a_package("a", subdir="linux-64")])

    assert json.loads((channel / "noarch" / "repodata.json").read_bytes())["packages.conda"] == {}


@pytest.mark.parametrize("sharded", [True, False])
def test_an_independent_client_solves_from_the_served_channel(
    tmp_path: Path, sharded: bool
) -> None:
    a_channel(tmp_path / "channel", PACKAGES)

    with serve(tmp_path / "channel") as server:
        records = asyncio.run(solved(server.url, "a", tmp_path / "cache", sharded=sharded))
        paths = server.paths()

    assert records == ["a-2.0", "b-3.5"]
    assert any("/shards/" in path for path in paths) is sharded


async def solved(url: str, spec: str, cache: Path, *, sharded: bool) -> list[str]:
    config = rattler.SourceConfig(sharded_enabled=sharded)
    gateway = rattler.Gateway(cache_dir=cache, default_config=config)
    records = await rattler.solve([url], [spec], gateway=gateway, platforms=["linux-64", "noarch"])
    return sorted(f"{record.name.normalized}-{record.version}" for record in records)
