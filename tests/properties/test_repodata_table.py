"""Laws of the table of a channel: however it is served, kept, or damaged, it is the plain one.

The plain one is worked out here from the documents, record by record, with nothing but the order of
versions in common with what is tested.
"""

import json
import os
from collections.abc import Iterable
from functools import cmp_to_key
from hashlib import sha256
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from xconda_core.cancel import CancelToken
from xconda_core.models.channel import Channel
from xconda_core.models.version import Version
from xconda_core.net.local import LocalFetcher
from xconda_core.repodata.channel_index import ChannelIndex
from xconda_core.repodata.source import load

SUBDIRS = ("linux-64", "noarch")
NAMES = ("a", "b", "c")
Table = list[tuple[Any, ...]]

good_values: dict[str, st.SearchStrategy[Any]] = {
    "version": st.sampled_from(["1.0", "1", "1.0a1", "2.0", "2!0.1", "1.10", "0.9_1", "1.0+local"]),
    "build": st.sampled_from(["0", "py311_0", "py312_1", ""]),
    "build_number": st.integers(0, 3) | st.just(2**40),
    "depends": st.lists(
        st.sampled_from(["b", "python >=3.11,<3.12", "c 1.*", "ü", 'x"\\']), max_size=3
    ),
}
other_values: dict[str, st.SearchStrategy[Any]] = {
    "constrains": st.none() | st.lists(st.sampled_from(["b", "c <2"]), max_size=2),
    "track_features": st.sampled_from([None, "", "slow", ["slow"]]),
    "timestamp": st.sampled_from([None, 0, 1_500_000_000, 1_600_000_000_000, 1.5e12]),
    "size": st.sampled_from([None, 10, 2**50, 7.0]),
    "md5": st.none() | st.just("0" * 32),
    "license": st.none() | st.sampled_from(["MIT", "", "{}},{"]),
    "noarch": st.sampled_from([None, "python", "generic", True]),
    "unknown": st.sampled_from([1, {"x": [{}]}, "name"]),
}
bad_values: dict[str, list[Any]] = {
    "version": ["", 7, "not one!", " ", "1/2", None],
    "build": ["a/b", "x y", 3],
    "build_number": [-1, "1", 1.5],
    "depends": [None, "b", [1], {}],
    "constrains": ["b", [None]],
    "track_features": [5, [5]],
    "timestamp": [-1, 0.5, "0"],
    "size": [-1, 1.5, "1"],
    "md5": [5, []],
    "license": [["MIT"]],
    "noarch": ["no"],
}
spoilt = st.sampled_from(sorted(bad_values)).flatmap(
    lambda key: st.tuples(st.just(key), st.sampled_from(bad_values[key]))
)


@st.composite
def archives(draw: st.DrawFn) -> tuple[str, str, dict[str, Any], bool]:
    """Return a section, a file name, its record, and whether the record is a good one."""
    name = draw(st.sampled_from(NAMES))
    record = {"name": name} | draw(st.fixed_dictionaries(good_values, optional=other_values))
    ending = draw(st.sampled_from([".conda", ".conda", ".tar.bz2"]))
    stem = f"{name}-{record['version']}-{record['build']}"
    stem = draw(st.sampled_from([stem, stem, stem, f"odd-{draw(st.integers(0, 9))}"]))
    is_good = draw(st.integers(0, 7)) > 0
    if not is_good:
        key, value = draw(spoilt)
        record[key] = value
    return "packages.conda" if ending == ".conda" else "packages", stem + ending, record, is_good


folders = st.lists(archives(), max_size=25, unique_by=lambda archive: archive[1])
removed = st.lists(st.sampled_from(["odd-1.conda", "a-1.0-0.conda", "odd-2.tar.bz2"]), max_size=2)


@given(
    folders=st.tuples(folders, folders),
    removed=removed,
    form=st.sampled_from(["json", "pretty", "zst", "shards"]),
    seed=st.integers(0, 2**32),
)
@settings(max_examples=60, deadline=None)
def test_a_table_is_the_plain_one_first_again_and_after_damage(
    folders: Any, removed: list[str], form: str, seed: int
) -> None:
    wanted = {name: plain_table(folders, removed, name) for name in NAMES}
    with TemporaryDirectory() as place:
        channel, cache, random = Path(place) / "channel", Path(place) / "cache", Random(seed)
        for subdir, found in zip(SUBDIRS, folders, strict=True):
            publish(channel / subdir, found, removed, form)

        assert tables(loaded(channel, cache), NAMES) == wanted
        assert tables(loaded(channel, cache), reversed(NAMES)) == wanted
        for _ in range(3):
            for path in cache.glob("index/*"):
                path.write_bytes(damaged(path.read_bytes(), random))
            assert tables(loaded(channel, cache), NAMES) == wanted


def plain_table(folders: Any, removed: list[str], name: str) -> Table:
    """Return what the documents say of ``name``, best first."""
    rows: list[dict[str, Any]] = []
    for subdir, archives in zip(SUBDIRS, folders, strict=True):
        good = {
            fn: record
            for _, fn, record, is_good in archives
            if record["name"] == name and fn not in removed and is_good
        }
        for fn, record in good.items():
            twin = fn.removesuffix(".tar.bz2") + ".conda"
            if not (fn.endswith(".tar.bz2") and twin in good):
                rows.append(record | {"fn": fn, "subdir": subdir})
    rows.sort(key=cmp_to_key(compared), reverse=True)
    return [
        (
            row["subdir"],
            row["fn"],
            row["version"],
            row["build"],
            row["build_number"],
            set(row["depends"]),
            set(row.get("constrains") or ()),
            row.get("license"),
            row.get("unknown"),
        )
        for row in rows
    ]


def compared(first: dict[str, Any], second: dict[str, Any]) -> int:
    """Return a number above 0 where ``first`` is better than ``second``."""
    one, two = (Version.parse(row["version"]) for row in (first, second))
    has_features = bool(second.get("track_features")) - bool(first.get("track_features"))
    if has_features or one != two:
        return has_features or (1 if one > two else -1)

    def rest(row: dict[str, Any]) -> tuple[Any, ...]:
        time = row.get("timestamp") or 0
        milliseconds = time if time > 253_402_300_799 else time * 1000
        return row["build_number"], row["subdir"] != "noarch", milliseconds, row["fn"]

    return 1 if rest(first) > rest(second) else -1


def tables(index: ChannelIndex, names: Iterable[str]) -> dict[str, Table]:
    """Return what ``index`` says, and keep it."""
    found = {name: table(index, name) for name in names}
    index.keep()
    return found


def table(index: ChannelIndex, name: str) -> Table:
    """Return what ``index`` says of ``name``, in the order in which it says it."""
    candidates = index.candidates(name)
    if candidates is None:
        return []
    rows: Table = []
    for at in range(len(candidates.versions)):
        texts = [
            {text for text, mask in part if mask >> at & 1}
            for part in (candidates.depends, candidates.constrains)
        ]
        record = candidates.record(at)
        rows.append(
            (
                record.subdir,
                record.fn,
                candidates.versions[at],
                candidates.builds[at],
                candidates.build_numbers[at],
                *texts,
                record.license,
                record.extra.get("unknown"),
            )
        )
        assert (record.version, record.build) == (candidates.versions[at], candidates.builds[at])
    return rows


def publish(folder: Path, archives: Any, removed: list[str], form: str) -> None:
    """Write the document of one platform folder, long enough ago to be believed."""
    folder.mkdir(parents=True)
    document: dict[str, Any] = {"packages": {}, "packages.conda": {}, "removed": removed}
    for section, fn, record, _ in archives:
        document[section][fn] = record
    if form == "shards":
        write_shards(folder, document)
    else:
        text = json.dumps(document, indent=2 if form == "pretty" else None).encode()
        if form == "zst":
            (folder / "repodata.json.zst").write_bytes(zstandard.compress(text))
        else:
            (folder / "repodata.json").write_bytes(text)
    for path in folder.iterdir():
        os.utime(path, (1_600_000_000, 1_600_000_000))


def write_shards(folder: Path, document: dict[str, Any]) -> None:
    """Write the document as CEP 16 wants it."""
    digests = {}
    for name in NAMES:
        shard: dict[str, Any] = {"removed": document["removed"]}
        for section in ("packages", "packages.conda"):
            records = document[section].items()
            shard[section] = {fn: record for fn, record in records if record["name"] == name}
        if shard["packages"] or shard["packages.conda"]:
            content = zstandard.compress(msgspec.msgpack.encode(shard))
            digests[name] = sha256(content).digest()
            (folder / f"{digests[name].hex()}.msgpack.zst").write_bytes(content)
    index = {"version": 1, "info": {}, "shards": digests}
    content = zstandard.compress(msgspec.msgpack.encode(index))
    (folder / "repodata_shards.msgpack.zst").write_bytes(content)


def loaded(channel: Path, cache: Path) -> ChannelIndex:
    """Return the index of ``channel`` as a new process would."""
    return load(
        [Channel.parse(channel.as_uri())],
        SUBDIRS,
        LocalFetcher(),
        cache,
        ttl=1,
        offline=False,
        report=lambda event: None,
        cancel=CancelToken(),
        threads=2,
        priority="strict",
        use_only_tar_bz2=False,
    )


def damaged(content: bytes, random: Random) -> bytes:
    """Return ``content`` with a few bits changed, or cut off."""
    if not content or not random.randrange(5):
        return content[: random.randrange(len(content) + 1)]
    changed = bytearray(content)
    for _ in range(random.randrange(1, 4)):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)
