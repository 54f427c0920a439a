"""Every real channel at hand loads whole, in the order that users expect."""

import json
from pathlib import Path

import pytest

from xconda_core.cancel import CancelToken
from xconda_core.events import Event, Noticed
from xconda_core.models.channel import Channel
from xconda_core.models.version import Version
from xconda_core.net.fetcher import DeferredFetcher, Fetcher
from xconda_core.repodata.channel_index import ChannelIndex
from xconda_core.repodata.source import load
from xconda_core.repodata.zstd import decompressed

CHANNELS = Path(__file__).parents[2].parent / "shared" / "data" / "channels"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not CHANNELS.exists(), reason="the sampled channels are not here"),
]


def no_network() -> Fetcher:
    raise AssertionError("a channel on this machine needs no fetcher")


def loaded(folder: Path, cache: Path, events: list[Event]) -> ChannelIndex:
    return load(
        [Channel.parse(folder.as_uri())],
        ["linux-64", "noarch"],
        DeferredFetcher(no_network),
        cache,
        ttl=1,
        offline=False,
        report=events.append,
        cancel=CancelToken(),
        threads=2,
        priority="strict",
        use_only_tar_bz2=False,
    )


def published(folder: Path) -> int:
    """Count the archives of a channel; the two formats of one package are one."""
    archives = set()
    for subdir in ("linux-64", "noarch"):
        path = folder / subdir / "repodata.json.zst"
        if path.exists():
            document = json.loads(decompressed(path.read_bytes(), 1 << 30))
            for fn in document.get("packages", {}) | document.get("packages.conda", {}):
                archives.add((subdir, fn.removesuffix(".conda").removesuffix(".tar.bz2")))
    return len(archives)


def folders() -> list[Path]:
    return sorted({path.parent.parent for path in CHANNELS.rglob("repodata.json.zst")})


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_every_record_of_a_real_channel_is_offered_and_decodes(
    folder: Path, tmp_path: Path
) -> None:
    events: list[Event] = []
    index = loaded(folder, tmp_path, events)
    seen: set[tuple[str, str]] = set()
    for name in index.names():
        found = index.candidates(name)
        assert found is not None
        records = [found.record(position) for position in range(len(found))]
        seen |= {(record.subdir, record.fn) for record in records}
        assert {record.name for record in records} == {name}
        plain = [Version.parse(record.version) for record in records if not record.track_features]
        assert plain == sorted(plain, reverse=True)
        for text, mask in found.depends:
            carriers = [position for position in range(len(found)) if mask >> position & 1]
            assert carriers == [p for p, record in enumerate(records) if text in record.depends]
    assert len(seen) == published(folder)
    assert [event for event in events if isinstance(event, Noticed)] == []


def test_the_newest_numpy_of_the_sample_comes_first(tmp_path: Path) -> None:
    found = loaded(CHANNELS / "conda-forge", tmp_path, []).candidates("numpy")
    assert found is not None
    assert Version.parse(found.versions[0]) == max(map(Version.parse, found.versions))
    assert all(mask for _, mask in found.depends)
