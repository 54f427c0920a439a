"""A folder of packages becomes a channel: what is offered, what is left out, what is read again."""

import asyncio
import hashlib
import json
import os
import shutil
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
import rattler
import zstandard

from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.engine.channel_indexing import IndexedFolder, NotAChannelFolder, index_channel
from xconda_core.errors import Json
from xconda_core.events import Event, Noticed, OwnerAwaited
from xconda_core.files.locks import locked
from xconda_core.package_cache.package_writer import ArchiveFormat
from xconda_core.repodata.index_patches import PatchesNotUnderstood
from xconda_core.testing.simulator import SimulatedPackage, a_channel, a_package, written

BOTH: tuple[ArchiveFormat, ...] = (".conda", ".tar.bz2")


def put(
    channel: Path, *packages: SimulatedPackage, formats: tuple[ArchiveFormat, ...] = (".conda",)
) -> None:
    for package in packages:
        written(channel / package.metadata.subdir, package, formats)


def index(channel: Path, events: list[Event] | None = None) -> dict[str, IndexedFolder]:
    report = (events if events is not None else []).append
    folders = index_channel(channel, threads=2, cancel=CancelToken(), report=report)
    return {folder.subdir: folder for folder in folders}


def document(channel: Path, subdir: str = "noarch", name: str = "repodata.json") -> dict[str, Json]:
    return dict(json.loads((channel / subdir / name).read_bytes()))


def listed(channel: Path, subdir: str = "noarch", name: str = "repodata.json") -> list[str]:
    content = json.loads((channel / subdir / name).read_bytes())
    return sorted([*content["packages"], *content["packages.conda"]])


def unpacked(path: Path) -> Any:
    return msgspec.msgpack.decode(zstandard.ZstdDecompressor().decompress(path.read_bytes()))


def shard(channel: Path, name: str) -> Any:
    folder = channel / "noarch"
    digest = unpacked(folder / "repodata_shards.msgpack.zst")["shards"][name].hex()
    return unpacked(folder / "shards" / f"{digest}.msgpack.zst")


def records_of(listing: Any) -> dict[str, dict[str, Json]]:
    return {**listing["packages"], **listing["packages.conda"]}


def times(channel: Path) -> dict[str, int]:
    return {
        fn: int(str(each["indexed_timestamp"]))
        for fn, each in records_of(document(channel)).items()
    }


def with_run_exports(package: SimulatedPackage, exports: dict[str, Json]) -> SimulatedPackage:
    return replace(package, metadata=replace(package.metadata, run_exports=exports))


def test_both_formats_are_listed_with_digests_and_sizes(tmp_path: Path) -> None:
    put(tmp_path, a_package("a", depends=["b"], subdir="linux-64"), a_package("b"), formats=BOTH)

    folders = index(tmp_path)

    assert {subdir: folder.packages for subdir, folder in folders.items()} == {
        "linux-64": 2,
        "noarch": 2,
    }
    assert listed(tmp_path, "linux-64") == ["a-1.0-0.conda", "a-1.0-0.tar.bz2"]
    records = json.loads((tmp_path / "linux-64" / "repodata.json").read_bytes())["packages.conda"]
    content = (tmp_path / "linux-64" / "a-1.0-0.conda").read_bytes()
    record = records["a-1.0-0.conda"]
    assert record["sha256"] == hashlib.sha256(content).hexdigest()
    assert record["md5"] == hashlib.md5(content).hexdigest()
    assert (record["size"], record["depends"]) == (len(content), ["b"])


def test_the_simulator_and_the_indexer_write_the_same_bytes(tmp_path: Path) -> None:
    packages = [a_package("a", "1.0"), a_package("a", "2.0"), a_package("b", subdir="linux-64")]
    made = a_channel(tmp_path / "made", packages)
    shutil.copytree(made, tmp_path / "bare", ignore=shutil.ignore_patterns("repodata*", "shards"))

    index(tmp_path / "bare")

    ours = [document(tmp_path / "bare"), shard(tmp_path / "bare", "a")]
    for listing in ours:  # the simulator's channels have no past, and nothing is built with them
        for record in records_of(listing).values():
            del record["indexed_timestamp"]
            assert record.pop("run_exports", {}) == {}
    assert ours == [document(made), shard(made, "a")]


def test_an_archive_keeps_the_time_when_it_was_first_listed(tmp_path: Path) -> None:
    put(tmp_path, a_package("a"), a_package("b"))
    start = time.time_ns() // 1_000_000
    index(tmp_path)
    first = times(tmp_path)
    shutil.rmtree(tmp_path / "noarch" / ".cache")
    put(tmp_path, a_package("b", depends=["a"]), a_package("c"))
    time.sleep(0.01)

    index(tmp_path)

    later = times(tmp_path)
    assert min(first.values()) >= start
    assert later["a-1.0-0.conda"] == first["a-1.0-0.conda"]
    assert min(later["b-1.0-0.conda"], later["c-1.0-0.conda"]) > first["b-1.0-0.conda"]


def test_an_archive_does_not_say_itself_when_it_was_listed_nor_that_it_is_of_the_future(
    tmp_path: Path,
) -> None:
    events: list[Event] = []
    future = (int(time.time()) + 86_400) * 1000
    put(tmp_path, a_package("a", timestamp=future, extra={"indexed_timestamp": 1}))

    index(tmp_path, events)

    assert times(tmp_path)["a-1.0-0.conda"] > 1_700_000_000_000
    (warning,) = (each.text for each in events if isinstance(each, Noticed))
    assert warning.startswith("noarch/a-1.0-0.conda says that it was built later than now")


@pytest.mark.parametrize("form", ["repodata.json", "repodata_shards.msgpack.zst"])
def test_what_older_clients_would_misread_is_listed_apart(tmp_path: Path, form: str) -> None:
    needs = 'tool[when="__unix"]'
    new = a_package("a", "2.0", depends=[needs], extra={"schema_version": 3})
    put(tmp_path, a_package("a", "1.0"), new, a_package("tool"))
    index(tmp_path)

    if form == "repodata.json":
        listing = document(tmp_path)
        about: Any = listing["info"]
    else:
        listing = shard(tmp_path, "a")
        about = unpacked(tmp_path / "noarch" / form)["info"]

    assert sorted(fn for fn in records_of(listing) if fn.startswith("a-")) == ["a-1.0-0.conda"]
    revised: Any = listing["v3"]
    assert revised["tar.bz2"] == {}
    assert revised["conda"]["a-2.0-0"]["depends"] == [needs]
    first = revised["conda"]["a-2.0-0"]["indexed_timestamp"]
    assert about["repodata_revisions"] == {
        "v3": {"n_packages": 1, "oldest": first, "newest": first}
    }


@pytest.mark.parametrize("sharded", [True, False])
def test_an_independent_client_solves_from_what_was_indexed(tmp_path: Path, sharded: bool) -> None:
    put(tmp_path / "c", a_package("a", depends=["b >=2"], subdir="linux-64"), a_package("b", "2.5"))
    index(tmp_path / "c")

    async def solved() -> list[str]:
        config = rattler.SourceConfig(sharded_enabled=sharded)
        gateway = rattler.Gateway(cache_dir=tmp_path / "cache", default_config=config)
        where = [(tmp_path / "c").as_uri()]
        records = await rattler.solve(
            where, ["a"], gateway=gateway, platforms=["linux-64", "noarch"]
        )
        return sorted(f"{record.name.normalized}-{record.version}" for record in records)

    assert asyncio.run(solved()) == ["a-1.0", "b-2.5"]


def test_an_unchanged_archive_is_not_read_again_and_no_list_is_touched(tmp_path: Path) -> None:
    put(tmp_path, a_package("a"), a_package("b"))
    assert index(tmp_path)["noarch"].read == 2
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "noarch").glob("*repodata*")}
    archive = tmp_path / "noarch" / "a-1.0-0.conda"
    times = (archive.stat().st_atime_ns, archive.stat().st_mtime_ns)
    size = archive.stat().st_size
    archive.write_bytes(bytes(size))  # reading it would fail
    os.utime(archive, ns=times)

    again = index(tmp_path)["noarch"]

    assert (again.read, again.packages, again.written, again.left_out) == (0, 2, (), ())
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_a_replaced_archive_is_read_and_one_that_is_gone_is_not_listed(tmp_path: Path) -> None:
    put(tmp_path, a_package("a"), a_package("b"))
    index(tmp_path)
    (tmp_path / "noarch" / "b-1.0-0.conda").unlink()
    put(tmp_path, a_package("a", depends=["c"]))

    folder = index(tmp_path)["noarch"]

    assert (folder.read, listed(tmp_path)) == (1, ["a-1.0-0.conda"])
    packages = document(tmp_path)["packages.conda"]
    assert isinstance(packages, dict)
    assert packages["a-1.0-0.conda"]["depends"] == ["c"]  # type: ignore[call-overload,index]


def test_a_damaged_memory_of_earlier_runs_only_costs_time(tmp_path: Path) -> None:
    put(tmp_path, a_package("a"))
    index(tmp_path)
    (tmp_path / "noarch" / ".cache" / "xconda-index.json").write_text('{"version": 1, "arch')

    assert index(tmp_path)["noarch"].read == 1


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("broken-1.0-0.conda", b"no zip at all", "damaged"),
        ("broken-1.0-0.tar.bz2", b"BZh9 and no more", "damaged"),
        ("other-9-9.conda", None, "it is a-1.0-0, which its name does not say"),
    ],
)
def test_an_archive_that_cannot_be_offered_is_named_and_the_others_are_listed(
    tmp_path: Path, name: str, content: bytes | None, why: str
) -> None:
    put(tmp_path, a_package("a"))
    good = tmp_path / "noarch" / "a-1.0-0.conda"
    (tmp_path / "noarch" / name).write_bytes(content or good.read_bytes())
    events: list[Event] = []

    folder = index(tmp_path, events)["noarch"]

    assert listed(tmp_path) == ["a-1.0-0.conda"]
    assert [each.fn for each in folder.left_out] == [name]
    assert why in folder.left_out[0].why
    notices = [event.text for event in events if isinstance(event, Noticed)]
    assert len(notices) == 1
    assert f"noarch/{name} is left out: " in notices[0]


def test_an_archive_of_another_platform_is_left_out_with_the_folder_it_belongs_in(
    tmp_path: Path,
) -> None:
    put(tmp_path, a_package("a"), a_package("b", subdir="linux-64"))
    (tmp_path / "noarch" / "a-1.0-0.conda").rename(tmp_path / "linux-64" / "a-1.0-0.conda")

    folder = index(tmp_path)["linux-64"]

    assert folder.left_out[0].why == "it is for noarch, so it belongs in noarch/"
    assert listed(tmp_path, "linux-64") == ["b-1.0-0.conda"]


def test_run_exports_are_listed_for_every_archive_and_never_corrected(tmp_path: Path) -> None:
    weak = with_run_exports(a_package("a"), {"weak": ["a >=1.0,<2"]})
    put(tmp_path, weak, a_package("b"))
    correct(tmp_path, {"remove": ["a-1.0-0.conda"]})

    index(tmp_path)

    assert listed(tmp_path) == ["b-1.0-0.conda"]
    assert document(tmp_path, name="run_exports.json") == {
        "info": {"subdir": "noarch", "version": 1},
        "packages": {},
        "packages.conda": {
            "a-1.0-0.conda": {"run_exports": {"weak": ["a >=1.0,<2"]}},
            "b-1.0-0.conda": {"run_exports": {}},
        },
    }


def test_the_current_list_has_the_newest_and_older_ones_they_need(tmp_path: Path) -> None:
    put(
        tmp_path,
        a_package("app", "1.0"),
        a_package("app", "2.0", depends=["lib <2", "elsewhere"]),
        a_package("lib", "1.0"),
        a_package("lib", "1.5", depends=["base ==1"]),
        a_package("lib", "2.0"),
        a_package("base", "1"),
        a_package("base", "2"),
        a_package("base", "0.5"),
    )

    index(tmp_path)

    assert listed(tmp_path, name="current_repodata.json") == [
        "app-2.0-0.conda",
        "base-1-0.conda",
        "base-2-0.conda",
        "lib-1.5-0.conda",
        "lib-2.0-0.conda",
    ]


def correct(channel: Path, instructions: dict[str, Json]) -> None:
    text = json.dumps({"patch_instructions_version": 1} | instructions)
    (channel / "noarch" / "patch_instructions.json").write_text(text)


def test_corrections_change_fields_revoke_and_remove(tmp_path: Path) -> None:
    put(tmp_path, *map(a_package, ("a", "b", "c", "d")), formats=BOTH)
    correct(
        tmp_path,
        {
            "packages": {"a-1.0-0.tar.bz2": {"depends": ["x"]}, "gone-1-0.tar.bz2": {}},
            "packages.conda": {"d-1.0-0.conda": {"constrains": ["y"]}},
            "revoke": ["b-1.0-0.tar.bz2"],
            "remove": ["c-1.0-0.tar.bz2"],
        },
    )

    folder = index(tmp_path)["noarch"]

    content = json.loads((tmp_path / "noarch" / "repodata.json").read_bytes())
    records = {**content["packages"], **content["packages.conda"]}
    for ending in BOTH:  # what is said of the old format holds for the new
        assert records[f"a-1.0-0{ending}"]["depends"] == ["x"]
        assert records[f"b-1.0-0{ending}"]["depends"] == ["package_has_been_revoked"]
        assert records[f"b-1.0-0{ending}"]["revoked"] is True
        assert f"c-1.0-0{ending}" not in records
    assert records["d-1.0-0.conda"]["constrains"] == ["y"]
    assert records["d-1.0-0.tar.bz2"]["constrains"] == []
    assert content["removed"] == ["c-1.0-0.conda", "c-1.0-0.tar.bz2"] == [*folder.removed]


def test_corrections_of_version_2_change_run_exports_in_their_list_and_in_shards(
    tmp_path: Path,
) -> None:
    put(tmp_path, *map(a_package, ("a", "b")), formats=BOTH)
    exports: dict[str, Json] = {"run_exports": {"weak": ["a >=1"]}}
    corrections: dict[str, Json] = {"a-1.0-0.tar.bz2": {**exports, "license": "MIT"}}
    correct(tmp_path, {"patch_instructions_version": 2, "packages": corrections})

    index(tmp_path)

    said = records_of(document(tmp_path, name="run_exports.json"))
    plain = records_of(document(tmp_path))
    sharded = {**records_of(shard(tmp_path, "a")), **records_of(shard(tmp_path, "b"))}
    for ending in BOTH:
        assert said[f"a-1.0-0{ending}"] == exports
        assert said[f"b-1.0-0{ending}"] == {"run_exports": {}}
        assert sharded[f"a-1.0-0{ending}"]["run_exports"] == exports["run_exports"]
        assert sharded[f"b-1.0-0{ending}"]["run_exports"] == {}
        assert "run_exports" not in plain[f"a-1.0-0{ending}"]
        assert plain[f"a-1.0-0{ending}"]["license"] == "MIT"


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "{}",
        '{"patch_instructions_version": 3}',
        '{"patch_instructions_version": 2, "packages": {"a-1.0-0.conda": {"run_exports": 1}}}',
        '{"patch_instructions_version": 1, "remove": "a"}',
        '{"patch_instructions_version": 1, "packages.conda": {"a-1.0-0.conda": {"depends": 1}}}',
    ],
)
def test_corrections_that_cannot_be_followed_leave_the_lists_as_they_were(
    tmp_path: Path, text: str
) -> None:
    put(tmp_path, a_package("a"))
    index(tmp_path)
    before = (tmp_path / "noarch" / "repodata.json").read_bytes()
    put(tmp_path, a_package("b"))
    (tmp_path / "noarch" / "patch_instructions.json").write_text(text)

    with pytest.raises(PatchesNotUnderstood, match=r"patch_instructions\.json"):
        index(tmp_path)

    assert (tmp_path / "noarch" / "repodata.json").read_bytes() == before


def test_notices_and_other_files_of_the_channel_stay_as_they_are(tmp_path: Path) -> None:
    put(tmp_path, a_package("a"))
    others = {"notices.json": b'{"notices": []}', "index.html": b"<p>", "noarch/README": b"x"}
    for name, content in others.items():
        (tmp_path / name).write_bytes(content)

    index(tmp_path)

    assert {name: (tmp_path / name).read_bytes() for name in others} == others


def test_an_empty_folder_becomes_a_channel_with_nothing_in_it(tmp_path: Path) -> None:
    folders = index(tmp_path)

    assert folders["noarch"].packages == 0
    assert listed(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("nowhere", None, "there is no such folder"),
        ("file", "file", "it is a file"),
        ("channel", "channel/a-1-0.conda", "a-1-0.conda lies in no platform folder"),
        ("linux-64", "linux-64/a-1-0.conda", "it is a platform folder of a channel"),
    ],
)
def test_what_is_no_channel_folder_is_refused_with_what_to_do(
    tmp_path: Path, name: str, content: str | None, why: str
) -> None:
    if content:
        (tmp_path / content).parent.mkdir(exist_ok=True)
        (tmp_path / content).touch()

    with pytest.raises(NotAChannelFolder, match=why):
        index(tmp_path / name)

    assert not list(tmp_path.rglob("*repodata*"))


def test_shards_go_one_change_later_so_that_clients_that_hold_the_old_index_find_them(
    tmp_path: Path,
) -> None:
    def shards() -> set[str]:
        return {path.name for path in (tmp_path / "noarch" / "shards").iterdir()}

    def named() -> set[str]:
        packed = (tmp_path / "noarch" / "repodata_shards.msgpack.zst").read_bytes()
        there = msgspec.msgpack.decode(zstandard.ZstdDecompressor().decompress(packed))
        return {f"{digest.hex()}.msgpack.zst" for digest in there["shards"].values()}

    states = []
    for version in ("1", "2", "3"):
        put(tmp_path, a_package("a", version))
        index(tmp_path)
        states.append((named(), shards()))

    first, second, third = (names for names, _ in states)
    assert states[1][1] == first | second
    assert states[2][1] == second | third


def test_two_that_index_the_same_channel_take_turns(tmp_path: Path) -> None:
    put(tmp_path, a_package("a"))
    begun, events = threading.Event(), list[Event]()

    def other() -> None:
        lock = tmp_path / ".cache" / "xconda-index.lock"
        with locked(lock, target=tmp_path, command="other", cancel=CancelToken()):
            begun.set()
            time.sleep(0.3)

    thread = threading.Thread(target=other)
    thread.start()
    begun.wait()
    index(tmp_path, events)
    thread.join()

    assert [event.command for event in events if isinstance(event, OwnerAwaited)] == ["other"]
    assert listed(tmp_path) == ["a-1.0-0.conda"]


def test_a_cancelled_run_writes_no_list(tmp_path: Path) -> None:
    put(tmp_path, a_package("a"))
    cancel = CancelToken()
    cancel.cancel()

    with pytest.raises(Cancelled):
        index_channel(tmp_path, threads=1, cancel=cancel, report=lambda _: None)

    assert not list(tmp_path.rglob("*repodata*"))
