"""What is kept of a channel between runs is what the channel says, or it is not used."""

import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xconda_core.errors import Json
from xconda_core.events import Event
from xconda_core.repodata.channel_index import ChannelIndex, ChannelRecords
from xconda_core.repodata.documents import RepodataDocument, parse_repodata
from xconda_core.repodata.index import Candidates
from xconda_core.repodata.index_store import IndexStore
from xconda_core.repodata.offers import offers
from xconda_core.repodata.published import Folder
from xconda_core.repodata.store_candidates import StoredCandidates

SUBDIRS = ("linux-64", "noarch")
URL = "https://channels.example/demo"
CHANNELS = Path(__file__).parents[2].parent / "shared" / "data" / "channels"
Documents = dict[str, dict[str, dict[str, Any]]]  # platform -> file name -> record

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
versions = st.sampled_from(["1.0", "1.0.0", "1.0a1", "2.0", "2!0.1", "1.10", "0.9_1", "1.0+local"])
records = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["a", "b"]),
        "version": versions,
        "build": st.sampled_from(["0", "py311_0", "py312_1", ""]),
        "build_number": st.integers(0, 3) | st.just(2**40),
        "depends": st.lists(st.sampled_from(["b", "python >=3.11,<3.12", "c 1.*"]) | texts),
    },
    optional={
        "constrains": st.lists(texts),
        "track_features": st.sampled_from(["", "slow", "slow other"]),
        "timestamp": st.integers(0, 2_000_000_000_000),
        "size": st.integers(0, 2**50) | st.floats(0, 2.0**50) | st.sampled_from([None, 2**63]),
        "noarch": st.sampled_from(["python", "generic"]),
        "license": texts,
        "unknown": texts,
    },
)
documents: st.SearchStrategy[Documents] = st.fixed_dictionaries(
    {
        subdir: st.lists(st.tuples(records, st.sampled_from([".conda", ".tar.bz2"]))).map(
            lambda found: {f"{at}{ending}": record for at, (record, ending) in enumerate(found)}
        )
        for subdir in SUBDIRS
    }
)


def a_record(name: str, version: str = "1.0", **fields: Json) -> dict[str, Any]:
    return {"name": name, "version": version, "build": "0", "build_number": 0} | fields


@dataclass
class Kept:
    """A channel and the folder in which its candidates are kept."""

    place: Path
    published: Documents
    events: list[Event] = field(default_factory=list)

    def index(self) -> ChannelIndex:
        """Return an index as a new process would."""
        folders = tuple(self.folder(subdir) for subdir in SUBDIRS)
        store = IndexStore(self.place, URL, SUBDIRS, "")
        return ChannelIndex([ChannelRecords("demo", folders, store)], "strict", self.events.append)

    def plain(self) -> ChannelIndex:
        """Return an index that keeps nothing."""
        folders = tuple(self.folder(subdir) for subdir in SUBDIRS)
        return ChannelIndex([ChannelRecords("demo", folders)], "strict", self.events.append)

    def folder(self, subdir: str) -> RepodataDocument:
        """Return what one platform folder offers."""
        folder = Folder("demo", URL, subdir)
        content = json.dumps({"packages": self.published[subdir]}).encode()
        return parse_repodata(content, folder.url, folder, False, lambda fn, why: None)

    def kept_names(self) -> list[str]:
        """Return the names that a new process finds in order."""
        folders = tuple(self.folder(subdir) for subdir in SUBDIRS)
        records = ChannelRecords("demo", folders, IndexStore(self.place, URL, SUBDIRS, ""))
        return [name for name in ("a", "b", "c") if records.has_stored(name)]

    def run(self, *names: str) -> list[Candidates | None]:
        """Ask for names and keep what was put in order."""
        index = self.index()
        found: list[Candidates | None] = [index.candidates(name) for name in names]
        index.keep()
        return found


def contents(found: Candidates | None) -> object:
    """Return everything that is known of candidates."""
    if found is None:
        return None
    whole = [found.record(position) for position in range(len(found.versions))]
    return (
        found.name,
        tuple(found.versions),
        tuple(found.builds),
        tuple(found.build_numbers),
        tuple(found.version_runs.masks()),
        sorted(found.depends),  # the order in which a channel lists them means nothing
        sorted(found.constrains),
        [found.traits(position) for position in range(len(whole))],
        [(record, record.extra) for record in whole],
    )


def listed(found: Candidates | None) -> object:
    """Return what a list shows of candidates; it is what their records say."""
    if found is None:
        return None
    places = range(len(found.versions))
    shown = offers(found, places)
    for offer, record in zip(shown, map(found.record, places), strict=True):
        for name in (*offer._fields, "channel_name", "dist_name"):
            assert getattr(offer, name) == getattr(record, name)
    return shown


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    noarch = {"a-2.0-0.conda": a_record("a", "2.0", noarch="generic")}
    arch = {
        "a-1.0-0.conda": a_record("a", depends=["b", "c >=1"]),
        "b-1.0-0.conda": a_record("b"),
    }
    return Kept(tmp_path, {"linux-64": arch, "noarch": noarch})


@given(documents)
@settings(max_examples=150, deadline=None)
def test_what_is_kept_is_what_the_channel_says(published: Documents) -> None:
    with TemporaryDirectory() as place:
        kept = Kept(Path(place), published)
        kept.run("a", "b")
        again, plain = kept.index(), kept.plain()
        for name in ("a", "b"):
            assert contents(again.candidates(name)) == contents(plain.candidates(name))
            assert listed(again.candidates(name)) == listed(plain.candidates(name))


@pytest.mark.shared
@pytest.mark.parametrize("channel", ["conda-forge", "robostack-jazzy"])
def test_a_real_channel_is_kept_as_it_is(channel: str, tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    if not (CHANNELS / channel).is_dir():
        pytest.skip("the shared channels are not here")
    published: Documents = {}
    for subdir in SUBDIRS:
        with (CHANNELS / channel / subdir / "repodata.json.zst").open("rb") as file:
            document = json.load(zstandard.ZstdDecompressor().stream_reader(file))
        published[subdir] = document["packages"] | document["packages.conda"]
    kept = Kept(tmp_path, published)
    names = sorted(kept.index().names())[::7]
    kept.run(*names)
    again, plain = kept.index(), kept.plain()
    stored = 0
    for name in names:
        found = again.candidates(name)
        stored += isinstance(found, StoredCandidates)
        assert contents(found) == contents(plain.candidates(name))
    assert stored >= len(names) * 0.9


def test_what_was_asked_for_is_kept_and_nothing_else(kept: Kept) -> None:
    assert kept.kept_names() == []
    kept.run("a")
    assert kept.kept_names() == ["a"]


def test_names_are_added_to_those_kept_before(kept: Kept) -> None:
    kept.run("a")
    kept.run("b")
    assert kept.kept_names() == ["a", "b"]


def test_only_what_changed_is_put_in_order_again(kept: Kept) -> None:
    kept.run("a", "b")
    kept.published["noarch"]["a-3.0-0.conda"] = a_record("a", "3.0", noarch="generic")
    assert kept.kept_names() == ["b"]
    (found,) = kept.run("a")
    assert found is not None
    assert found.versions == ("3.0", "2.0", "1.0")
    assert kept.kept_names() == ["a", "b"]


def test_what_is_gone_from_the_channel_is_dropped_from_the_store(kept: Kept) -> None:
    kept.run("a", "b")
    before = _only_file(kept.place).stat().st_size
    kept.published["linux-64"] = {"c-1.0-0.conda": a_record("c")}
    assert kept.run("b", "c")[0] is None
    assert _only_file(kept.place).stat().st_size < before


def test_a_bad_record_is_told_of_each_time(kept: Kept) -> None:
    kept.published["noarch"]["a-9-0.conda"] = a_record("a", "not a version!")
    kept.published["linux-64"]["a-8-0.conda"] = a_record("a", depends=8)
    kept.run("a")
    said = [*kept.events]
    kept.events.clear()
    assert kept.kept_names() == ["a"]
    kept.run("a")
    assert kept.events == said
    assert len(said) == 2


def test_damage_anywhere_is_never_believed_and_soon_mended(kept: Kept) -> None:
    plain = kept.plain()
    wanted = [contents(plain.candidates(name)) for name in ("a", "b")]
    kept.run("a", "b")
    path = _only_file(kept.place)
    whole = path.read_bytes()
    for content in _damaged(whole, Random(7)):
        path.write_bytes(content)
        assert [contents(found) for found in kept.run("a", "b")] == wanted
        assert kept.kept_names() == ["a", "b"]


def test_processes_that_keep_at_the_same_time_do_not_disturb_each_other(kept: Kept) -> None:
    with ProcessPoolExecutor(4) as pool:
        for found in pool.map(_run_often, [kept] * 4, ["a", "b", "a", "b"]):
            assert found
    assert [path.suffix for path in kept.place.iterdir()] == [".index"]


def test_a_cache_that_cannot_be_written_is_no_failure(kept: Kept) -> None:
    kept.place = kept.place / "file"
    kept.place.write_bytes(b"")
    assert kept.run("b")[0] is not None


def test_what_could_not_be_reached_offline_is_not_taken_for_all_there_is(bench: Any) -> None:
    fn, a = "a-1.0-0.conda", a_record("a")
    bench.publish("shards", linux_64=[(fn, a)], noarch=[("a-2.0-0.conda", a_record("a", "2.0"))])
    bench.load().candidates("a")
    newest = max(bench.cache.glob("shards/*/*"), key=lambda path: path.stat().st_size)
    content = newest.read_bytes()
    newest.unlink()
    index = bench.load(offline=True)
    assert len(index.candidates("a").versions) == 1
    index.keep()
    newest.write_bytes(content)
    assert bench.load(offline=True).candidates("a").versions == ("2.0", "1.0")


def test_a_name_that_is_kept_needs_neither_network_nor_shards(bench: Any) -> None:
    bench.publish("shards", linux_64=[("a-1.0-0.conda", a_record("a"))])
    index = bench.load()
    index.candidates("a")
    index.keep()
    for path in bench.cache.glob("shards/*/*"):
        path.unlink()
    bench.asked()
    found = bench.load().candidates("a")
    assert found.record(0).url == f"{bench.server.url}/linux-64/a-1.0-0.conda"
    assert bench.asked() == []


def test_a_text_with_a_line_break_is_not_kept(kept: Kept) -> None:
    kept.published["linux-64"]["b-1.0-0.conda"] = a_record("b", depends=["c\nd"])
    for _ in range(2):
        (found,) = kept.run("b")
        assert found is not None
        assert [*found.depends] == [("c\nd", 1)]


def _run_often(kept: Kept, name: str) -> bool:
    wanted = contents(kept.plain().candidates(name))
    return all(contents(kept.run(name)[0]) == wanted for _ in range(15))


def _only_file(place: Path) -> Path:
    (path,) = place.glob("*.index")
    return path


def _damaged(whole: bytes, random: Random) -> Iterator[bytes]:
    """Return the bytes with one bit changed, cut off, or longer, in many places."""
    for at in sorted(random.sample(range(len(whole)), min(len(whole), 250))):
        yield whole[:at] + bytes([whole[at] ^ 1 << random.randrange(8)]) + whole[at + 1 :]
    for at in range(0, len(whole), 50):
        yield whole[:at]
    yield whole + b"x"
