"""Write what a channel says about its packages, in each form that clients read. Layer: testing.

Source: CEP 36 (``repodata.json``, ``.zst``), CEP 16 (shards).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
import zstandard

from xconda_core.errors import Json

Record = Mapping[str, Json]

_ZSTD_LEVEL: Final = 10
_KEYS: Final = {".conda": "packages.conda", ".tar.bz2": "packages"}


def write_index(channel: Path, records: Mapping[str, Iterable[tuple[str, Record]]]) -> None:
    """Write the index of every platform folder of ``channel``.

    ``records`` maps a subdir to (file name, record) pairs. ``noarch`` is always written, since a
    channel without it is none (CEP 26). Files whose bytes do not change are left alone, so that
    their modification time, and with it what servers answer, stays.
    """
    for subdir in {"noarch", *records}:
        folder = channel / subdir
        packages = dict(sorted(records.get(subdir, ()), key=lambda pair: pair[0]))
        document: dict[str, Json] = {
            "info": {"subdir": subdir},
            "packages": {},
            "packages.conda": {},
            "removed": [],
            "repodata_version": 1,
        }
        document.update(_by_format(packages))
        text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False).encode()
        _write(folder / "repodata.json", text)
        _write(folder / "repodata.json.zst", _compressed(text))
        _write_shards(folder, subdir, packages)


def _by_format(packages: Mapping[str, Record]) -> dict[str, Json]:
    return {
        key: {name: dict(record) for name, record in packages.items() if name.endswith(suffix)}
        for suffix, key in _KEYS.items()
    }


def _write_shards(folder: Path, subdir: str, packages: Mapping[str, Record]) -> None:
    shards: dict[str, bytes] = {}
    for name in sorted({str(record["name"]) for record in packages.values()}):
        mine = {fn: record for fn, record in packages.items() if record["name"] == name}
        content = _compressed(msgspec.msgpack.encode(_shard(mine)))
        digest = hashlib.sha256(content)
        _write(folder / "shards" / f"{digest.hexdigest()}.msgpack.zst", content)
        shards[name] = digest.digest()
    newest = max((_timestamp(record) for record in packages.values()), default=0)
    index = {
        "version": 1,
        "info": {
            "subdir": subdir,
            "base_url": "./",
            "shards_base_url": "./shards/",
            "created_at": datetime.fromtimestamp(newest / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
        "shards": shards,
    }
    _write(folder / "repodata_shards.msgpack.zst", _compressed(msgspec.msgpack.encode(index)))


def _timestamp(record: Record) -> int:
    value = record.get("timestamp")
    return value if isinstance(value, int) else 0


def _shard(packages: Mapping[str, Record]) -> dict[str, object]:
    shard: dict[str, object] = {"packages": {}, "packages.conda": {}, "removed": []}
    for suffix, key in _KEYS.items():
        shard[key] = {
            name: {field: _in_shard(field, value) for field, value in record.items()}
            for name, record in packages.items()
            if name.endswith(suffix)
        }
    return shard


def _in_shard(field: str, value: Json) -> object:
    return bytes.fromhex(str(value)) if field in {"md5", "sha256"} else value


def _compressed(content: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(content)


def _write(path: Path, content: bytes) -> None:
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(content)
    partial.replace(path)
