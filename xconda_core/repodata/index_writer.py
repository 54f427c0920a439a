"""Write what a channel says about its packages, in each form that clients read. Layer: repodata.

Source: CEP 36 (``repodata.json``, its ``.zst``, ``current_repodata.json``), CEP 16 (shards), CEP 12
(``run_exports.json``) and 21 (the same in shards), CEP 48 (what older clients would misread is in a
revision of its own). Each file appears whole or not at all, those that others name before those
that name them; files whose bytes do not change are left alone, so that their modification time, and
with it what servers answer, stays.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

import msgspec
import zstandard

from xconda_core.errors import Json
from xconda_core.files.atomic import write_bytes
from xconda_core.repodata.zstd import decompressed
from xconda_core.values import Slotted, dataclass

Record = Mapping[str, Json]
Entry = TypeVar("Entry")

SHARDS: Final = "repodata_shards.msgpack.zst"
INDEXED: Final = "indexed_timestamp"  # CEP 47
_ZSTD_LEVEL: Final = 10
_KEYS: Final = {".conda": "packages.conda", ".tar.bz2": "packages"}
_REVISION: Final = 3  # from this ``schema_version`` on, older clients misread a record
_LARGEST_INDEX: Final = 1 << 28  # bytes; conda-forge's is 0.7 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderContent(Slotted):
    """What one platform folder of a channel has.

    Attributes:
        subdir: Its platform.
        packages: Records by the file names of their archives.
        removed: Names of archives that clients are no longer offered.
        current: The part of ``packages`` for ``current_repodata.json``; None: it is not written.
        run_exports: By file name of an archive; None: they are not written.
    """

    subdir: str
    packages: Mapping[str, Record]
    removed: tuple[str, ...] = ()
    current: Mapping[str, Record] | None = None
    run_exports: Mapping[str, Json] | None = None


def write_index(channel: Path, records: Mapping[str, Iterable[tuple[str, Record]]]) -> None:
    """Write plain, compressed and sharded lists of every platform folder of ``channel``.

    ``records`` maps a subdir to (file name, record) pairs. ``noarch`` is always written, since a
    channel without it is none (CEP 26).
    """
    for subdir in {"noarch", *records}:
        content = FolderContent(subdir=subdir, packages=dict(records.get(subdir, ())))
        write_folder(channel / subdir, content)


def write_folder(folder: Path, content: FolderContent) -> tuple[str, ...]:
    """Write every list of one platform folder, and return the names of those that changed.

    Raises:
        OSError: the disk refused; what is not written yet is as it was.
    """
    # A form older than the plain one counts as forgotten where the folder is read in place.
    names = _write_list(folder, "repodata.json", _repodata(content, content.packages))
    if _write_shards(folder, content):
        names.append(SHARDS)
    elif names:
        (folder / SHARDS).touch()
    if content.current is not None:
        names += _write_list(folder, "current_repodata.json", _repodata(content, content.current))
    if content.run_exports is not None:
        info = {"subdir": content.subdir, "version": 1}
        entries = {fn: {"run_exports": said} for fn, said in content.run_exports.items()}
        document = {"info": info, **_by_format(entries)}
        names += _write_list(folder, "run_exports.json", document)
    return tuple(names)


def _repodata(content: FolderContent, packages: Mapping[str, Record]) -> Mapping[str, object]:
    usual, revised = _by_revision(packages)
    revision = {"v3": _by_ending(revised)} if revised else {}
    return {
        "info": {"subdir": content.subdir, **_revisions(revised)},
        "removed": [*sorted(content.removed)],
        "repodata_version": 1,
        **_by_format(usual),
        **revision,
    }


def _by_revision(packages: Mapping[str, Record]) -> tuple[dict[str, Record], dict[str, Record]]:
    """Return the records that every client reads, and those of the revision ``v3`` (CEP 48)."""
    usual: dict[str, Record] = {}
    revised: dict[str, Record] = {}
    for fn, record in packages.items():
        schema = record.get("schema_version")
        is_new = isinstance(schema, int) and schema >= _REVISION
        (revised if is_new else usual)[fn] = dict(record)
    return usual, revised


def _revisions(revised: Mapping[str, Record]) -> dict[str, Json]:
    """Return what the information about a list says of its revisions (CEP 48)."""
    if not revised:
        return {}
    about: dict[str, Json] = {"n_packages": len(revised)}
    times = [time for each in revised.values() if isinstance(time := each.get(INDEXED), int)]
    if times:
        about |= {"oldest": min(times), "newest": max(times)}
    return {"repodata_revisions": {"v3": about}}


def _by_ending(entries: Mapping[str, Entry]) -> dict[str, dict[str, Entry]]:
    """Return entries as a revision has them: by ending without its dot, then by stem."""
    return {
        ending[1:]: {
            fn.removesuffix(ending): entry for fn, entry in entries.items() if fn.endswith(ending)
        }
        for ending in _KEYS
    }


def _by_format(entries: Mapping[str, Entry]) -> dict[str, dict[str, Entry]]:
    return {
        key: {name: entry for name, entry in entries.items() if name.endswith(suffix)}
        for suffix, key in _KEYS.items()
    }


def _write_list(folder: Path, name: str, document: Mapping[str, object]) -> list[str]:
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False).encode()
    if not _write(folder / name, text) and (folder / f"{name}.zst").is_file():
        return []
    _write(folder / f"{name}.zst", _compressed(text))
    return [name, f"{name}.zst"]


def _write_shards(folder: Path, content: FolderContent) -> bool:
    """Write shards, then their index; return whether that changed.

    Shards that neither the new index nor the one before names are removed: a client may still
    hold the one before.
    """
    shards: dict[str, bytes] = {}
    exports = content.run_exports or {}
    listed = {
        fn: {**record, "run_exports": exports[fn]} if fn in exports else record
        for fn, record in content.packages.items()
    }
    for name, packages in _by_name(listed).items():
        packed = _compressed(msgspec.msgpack.encode(_shard(packages, content.removed)))
        digest = hashlib.sha256(packed)
        _write(folder / "shards" / _shard_name(digest.digest()), packed)
        shards[name] = digest.digest()
    before = _named_by(folder / SHARDS)
    _, revised = _by_revision(content.packages)
    index = {
        "version": 1,
        "info": {
            "subdir": content.subdir,
            **_revisions(revised),
            "base_url": "./",
            "shards_base_url": "./shards/",
            "created_at": _newest(content.packages.values()),
        },
        "shards": shards,
    }
    if not _write(folder / SHARDS, _compressed(msgspec.msgpack.encode(index))):
        return False
    named = {_shard_name(digest) for digest in (*before, *shards.values())}
    for path in (folder / "shards").glob("*.msgpack.zst"):
        if path.name not in named:
            path.unlink(missing_ok=True)
    return True


def _shard_name(digest: bytes) -> str:
    return f"{digest.hex()}.msgpack.zst"


def _named_by(index: Path) -> list[bytes]:
    """Return the digests in a list of shards, none where it is not there or is none."""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        plain = decompressed(index.read_bytes(), _LARGEST_INDEX)
        shards = msgspec.msgpack.decode(plain)["shards"]
        return [digest for digest in shards.values() if isinstance(digest, bytes)]
    return []


def _newest(records: Iterable[Record]) -> str:
    """Return when the newest package was built: the same packages give the same bytes."""
    times = (record.get("timestamp") for record in records)
    newest = max((time for time in times if isinstance(time, int)), default=0)
    return datetime.fromtimestamp(newest / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _by_name(packages: Mapping[str, Record]) -> dict[str, dict[str, Record]]:
    found: dict[str, dict[str, Record]] = {}
    for fn, record in sorted(packages.items()):
        found.setdefault(str(record["name"]), {})[fn] = record
    return dict(sorted(found.items()))


def _shard(packages: Mapping[str, Record], removed: Iterable[str]) -> dict[str, object]:
    starts = tuple({f"{record['name']}-" for record in packages.values()})
    gone = [fn for fn in sorted(removed) if fn.startswith(starts)]
    usual, revised = (
        {
            fn: {field: _in_shard(field, record[field]) for field in sorted(record)}
            for fn, record in part.items()
        }
        for part in _by_revision(packages)
    )
    revision = {"v3": _by_ending(revised)} if revised else {}
    return {**_by_format(usual), "removed": gone, **revision}


def _in_shard(field: str, value: Json) -> object:
    return bytes.fromhex(str(value)) if field in {"md5", "sha256"} else value


def _compressed(content: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(content)


def _write(path: Path, content: bytes) -> bool:
    """Write ``content`` unless it is there; a power cut may take it: it can be made anew."""
    with suppress(FileNotFoundError):
        if path.read_bytes() == content:
            return False
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, content, durable=False)
    return True
