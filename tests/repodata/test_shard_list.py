"""Lists of shards: what runs before asked of them is at hand, and always right."""

from pathlib import Path
from typing import Any

import pytest

from xconda_core.repodata.folder_source import RepodataNotCached
from xconda_core.repodata.relations import Relations
from xconda_core.repodata.shard_list import MOST_KEPT, ListHead, ShardList, kept_digests

Bench = Any  # the bench of conftest


@pytest.fixture
def asked_before(bench: Bench, record: Any) -> Bench:
    """A channel of three names, of which a run before asked for two, one that is not there."""
    names = ("numpy", "pandas", "scipy")
    bench.publish("shards", linux_64=[record(name) for name in names], noarch=[])
    index = bench.load()
    index.candidates("numpy")
    index.candidates("nothing")
    index.keep()
    bench.asked()
    return bench


def lists(bench: Bench) -> list[Path]:
    return [*bench.cache.glob("*.repodata_shards.msgpack.zst")]


def test_names_that_were_asked_for_before_need_no_list(asked_before: Bench) -> None:
    for path in lists(asked_before):
        path.write_bytes(b"not to be read")

    index = asked_before.load()

    assert index.candidates("numpy") is not None
    assert index.candidates("nothing") is None
    assert asked_before.asked() == []


def test_names_that_were_not_asked_for_are_looked_up_in_the_list(asked_before: Bench) -> None:
    index = asked_before.load()
    assert index.candidates("pandas") is not None
    assert [*index.names()] == ["numpy", "pandas", "scipy"]
    assert all("/shards/" in request for request in asked_before.asked())


def test_of_a_run_that_asks_for_all_names_the_first_are_kept(tmp_path: Path) -> None:
    names = [f"name{number}" for number in range(MOST_KEPT + 9)]
    digests = {name: name.encode().ljust(32) for name in names}
    path, head = tmp_path / "kept", ListHead("", "", Relations(), len(names))
    whole = ShardList(path, "a list", None, lambda: (head, digests), pytest.fail)

    assert all(map(whole.digest, names))
    whole.keep()

    kept = kept_digests(path, "a list")
    assert kept is not None
    assert [*kept.names()] == names[:MOST_KEPT]


def test_what_two_runs_asked_for_is_kept(asked_before: Bench) -> None:
    index = asked_before.load()
    index.candidates("pandas")
    index.keep()
    for path in lists(asked_before):
        path.unlink()
    asked_before.asked()

    index = asked_before.load()

    assert [index.candidates(name) is None for name in ("numpy", "pandas")] == [False, False]
    assert asked_before.asked() == []


@pytest.mark.parametrize("content", [None, b"damaged"])
def test_a_list_that_is_gone_when_a_name_is_looked_up_is_fetched_again(
    asked_before: Bench, content: bytes | None
) -> None:
    for path in lists(asked_before):
        path.unlink() if content is None else path.write_bytes(content)

    index = asked_before.load()
    assert index.candidates("scipy") is not None
    index.keep()

    assert len([each for each in asked_before.asked() if "repodata_shards" in each]) == 2
    assert asked_before.load().candidates("pandas") is not None


def test_offline_a_list_that_is_gone_is_told(asked_before: Bench) -> None:
    for path in lists(asked_before):
        path.unlink()
    with pytest.raises(RepodataNotCached):
        asked_before.load(offline=True).candidates("scipy")


def test_a_changed_list_is_asked_and_not_what_was_kept_of_the_old(
    asked_before: Bench, record: Any
) -> None:
    asked_before.publish("shards", linux_64=[record("numpy", "2.0"), record("nothing")], noarch=[])
    asked_before.now += 3600

    index = asked_before.load()

    assert [*index.candidates("numpy").versions] == ["2.0"]
    assert index.candidates("nothing") is not None


def test_damage_to_what_is_kept_is_never_believed(asked_before: Bench) -> None:
    for kept in [*asked_before.cache.glob("index/*.digests")]:
        content = kept.read_bytes()
        for at in range(0, len(content), 3):
            kept.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
            assert [*asked_before.load().candidates("numpy").versions] == ["1.0"]
        kept.write_bytes(content)
