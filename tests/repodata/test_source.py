"""Loading channels from a real server: forms, caching, failures."""

import hashlib
import json
import threading
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard

from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.events import IndexAdvanced
from xconda_core.net.failures import HttpRefused, NetworkFailed
from xconda_core.repodata.channel_index import ChannelIndex
from xconda_core.repodata.folder_source import RepodataNotCached
from xconda_core.repodata.forms import ListForms, ListRules
from xconda_core.repodata.not_repodata import NotRepodata
from xconda_core.repodata.source import ChannelNotFound
from xconda_core.testing.channel_server import Fault

Bench = Any  # the bench of conftest


def publish_third_revision(folder: Path, form: str, third: dict[str, dict[str, Any]]) -> None:
    """Write ``third`` as the ``v3`` of a folder; one shard holds the records of one name."""
    (folder / "shards").mkdir(parents=True)
    if form == "json":
        (folder / "repodata.json").write_text(json.dumps({"info": {}, "v3": third}))
        return
    names = {row["name"] for rows in third.values() for row in rows.values()}
    digests = {}
    for name in names:
        own = {
            ending: {stem: row for stem, row in rows.items() if row["name"] == name}
            for ending, rows in third.items()
        }
        content = zstandard.compress(msgspec.msgpack.encode({"v3": own}))
        digest = hashlib.sha256(content)
        (folder / "shards" / f"{digest.hexdigest()}.msgpack.zst").write_bytes(content)
        digests[name] = digest.digest()
    info = {"base_url": "", "shards_base_url": "./shards/"}
    index = {"version": 1, "info": info, "shards": digests}
    content = zstandard.compress(msgspec.msgpack.encode(index))
    (folder / "repodata_shards.msgpack.zst").write_bytes(content)


PLAIN = ["/linux-64/repodata.json", "/noarch/repodata.json"]


def versions(index: ChannelIndex, name: str = "numpy") -> list[str]:
    found = index.candidates(name)
    return list(found.versions) if found else []


def test_platform_and_noarch_are_one_list(bench: Bench, record: Any) -> None:
    bench.publish(linux_64=[record("numpy", "1.0")], noarch=[record("numpy", "2.0")])
    index = bench.load()
    assert versions(index) == ["2.0", "1.0"]
    assert list(index.names()) == ["numpy"]
    assert index.candidates("pandas") is None


@pytest.mark.parametrize("form", ["shards", "json"])
def test_a_name_that_has_wheels_only_is_named_once_and_hides_no_other_channel(
    bench: Bench, record: Any, form: str
) -> None:
    bench.publish("json", linux_64=[record("numpy"), record("pandas")])
    second = bench.server.url.replace("127.0.0.1", "localhost")
    wheels = {"whl": {"numpy-9-py3-none-any": record("numpy", "9")[1]}}
    wheels["whl"] |= {"other-9-py3-none-any": record("other", "9")[1]}
    third = bench.folder / "wheels"
    publish_third_revision(third / "noarch", form, wheels)

    index = bench.load(f"{bench.server.url}/wheels", second)

    assert versions(index, "numpy") == ["1.0"]
    assert versions(index, "numpy") == ["1.0"]
    assert versions(index, "other") == []
    notices = bench.notices()
    assert len(notices) == 2
    assert notices[0].endswith(
        "/wheels/noarch: numpy is there only as numpy-9-py3-none-any.whl,"
        " which xconda cannot install yet."
    )


def test_records_of_the_third_revision_come_in_shards_with_their_dependencies(
    bench: Bench, record: Any
) -> None:
    depends = ["zlib[version='>=1',when=__unix]"]
    third = {"conda": {"numpy-2.0-0": record("numpy", "2.0", depends=depends)[1]}}
    publish_third_revision(bench.folder / "linux-64", "shards", third)

    found = bench.load().candidates("numpy")

    assert found is not None
    assert found.record(0).fn == "numpy-2.0-0.conda"
    assert found.record(0).depends == tuple(depends)


@pytest.mark.parametrize("form", ["shards", "zst", "json"])
def test_every_form_gives_the_same_record(bench: Bench, record: Any, form: str) -> None:
    depends = ["python >=3.11", "zlib"]
    bench.publish(form, linux_64=[record("numpy", depends=depends, extra_field={"a": [1]})])
    found = bench.load().candidates("numpy")
    assert found is not None
    whole = found.record(0)
    assert whole.depends == tuple(depends)
    assert whole.sha256 == "ab" * 32
    assert whole.url == f"{bench.server.url}/linux-64/numpy-1.0-0.conda"
    assert whole.extra == {"extra_field": {"a": [1]}}


def test_shards_are_preferred_and_only_the_asked_names_travel(bench: Bench, record: Any) -> None:
    bench.publish(linux_64=[record("numpy"), record("pandas")])
    index = bench.load()
    assert all("repodata_shards" in request for request in bench.asked())
    versions(index)
    assert len(bench.asked()) == 1


def test_what_a_name_depends_on_is_fetched_ahead_through_all_levels(
    bench: Bench, record: Any
) -> None:
    chain = [record(f"p{n}", depends=[f"p{n + 1} >=1"]) for n in range(20)] + [record("other")]
    bench.publish(linux_64=chain)
    index = bench.load()
    bench.asked()
    assert versions(index, "p0") == ["1.0"]
    assert versions(index, "p19") == ["1.0"]  # fetched already, or on its way behind the others
    assert len([request for request in bench.asked() if "/shards/" in request]) <= 20


def test_a_shard_is_fetched_once_for_good(bench: Bench, record: Any) -> None:
    bench.publish(linux_64=[record("numpy"), record("pandas")])
    versions(bench.load())
    bench.asked()
    bench.publish(linux_64=[record("numpy"), record("pandas", "2.0")])
    bench.now += 3600
    assert versions(bench.load()) == ["1.0"]
    assert [request for request in bench.asked() if "/shards/" in request] == []


def test_a_damaged_shard_in_the_cache_is_fetched_again(bench: Bench, record: Any) -> None:
    bench.publish(linux_64=[record("numpy")])
    versions(bench.load())
    for shard in bench.cache.glob("shards/*/*"):
        shard.write_bytes(b"damaged")
    assert versions(bench.load()) == ["1.0"]


def test_a_fresh_list_is_used_without_asking(bench: Bench, record: Any) -> None:
    bench.publish("json", linux_64=[record("numpy")])
    bench.load()
    bench.asked()
    bench.now += 59  # the server says max-age=60
    assert versions(bench.load()) == ["1.0"]
    assert bench.asked() == []


def test_a_stale_list_is_confirmed_and_not_sent_again(bench: Bench, record: Any) -> None:
    bench.publish("json", linux_64=[record("numpy")])
    bench.load()
    bench.asked()
    bench.now += 61
    assert versions(bench.load()) == ["1.0"]
    assert bench.asked() == [f"304 {path}" for path in PLAIN]
    bench.now += 59  # confirmed a minute ago
    bench.load()
    assert bench.asked() == []


def test_a_changed_list_is_fetched(bench: Bench, record: Any) -> None:
    bench.publish("json", linux_64=[record("numpy")])
    bench.load()
    bench.publish("json", linux_64=[record("numpy"), record("numpy", "2.0")])
    bench.now += 61
    assert versions(bench.load()) == ["2.0", "1.0"]
    assert len(list(bench.cache.glob("*.json"))) == 4  # two documents, two states: no leftovers


def test_a_whole_list_and_one_of_shards_are_kept_beside_each_other(
    bench: Bench, record: Any
) -> None:
    bench.publish(linux_64=[record("numpy")], noarch=[])
    whole = ListRules(ListForms(shards=False))
    for rules in (ListRules(), whole):
        assert versions(bench.load(rules=rules)) == ["1.0"]
    bench.asked()

    for rules in (ListRules(), whole) * 2:
        assert versions(bench.load(rules=rules)) == ["1.0"]

    assert bench.asked() == []


def test_a_whole_list_that_is_here_is_not_fetched_again_to_read_all_of_it(
    bench: Bench, record: Any
) -> None:
    bench.publish("zst", "json", linux_64=[record("numpy")], noarch=[])
    bench.load()
    bench.asked()
    assert versions(bench.load(rules=ListRules(ListForms(shards=False)))) == ["1.0"]
    assert bench.asked() == []


@pytest.mark.parametrize(("ttl", "later", "asks"), [(0, 1, 2), (600, 599, 0), (600, 601, 2)])
def test_the_time_to_live_can_be_set(
    bench: Bench, record: Any, ttl: int, later: int, asks: int
) -> None:
    bench.publish("json", linux_64=[record("numpy")])
    bench.load()
    bench.asked()
    bench.now += later
    bench.load(ttl=ttl)
    assert len(bench.asked()) == asks


def test_a_form_that_a_server_lacks_is_not_asked_for_again_for_a_day(
    bench: Bench, record: Any
) -> None:
    bench.publish("json", linux_64=[record("numpy")])
    bench.load()
    assert len(bench.asked()) == 6
    bench.now += 3600
    bench.load()
    assert len(bench.asked()) == 2
    bench.publish(linux_64=[record("numpy")])
    bench.now += 90_000
    bench.load()
    assert all("repodata_shards" in request for request in bench.asked())


def test_a_server_that_takes_a_form_away_is_asked_for_the_next(bench: Bench, record: Any) -> None:
    bench.publish(linux_64=[record("numpy")])
    bench.load()
    bench.publish("json", linux_64=[record("numpy", "2.0")])
    bench.now += 3600
    assert versions(bench.load()) == ["2.0"]


def test_a_damaged_list_in_the_cache_is_fetched_again(bench: Bench, record: Any) -> None:
    bench.publish("json", linux_64=[record("numpy")])
    bench.load()
    for path in bench.cache.rglob("*.*"):
        path.write_bytes(b"x" * path.stat().st_size)
    assert versions(bench.load()) == ["1.0"]


def test_a_list_of_the_right_length_and_wrong_bytes_is_fetched_again(
    bench: Bench, record: Any
) -> None:
    bench.publish("json", linux_64=[record("numpy")])
    bench.load()
    for path in bench.cache.glob("*-*.json"):
        path.write_bytes(bytes(path.stat().st_size))
    assert versions(bench.load()) == ["1.0"]
    bench.now += 61
    for path in bench.cache.glob("*-*.json"):
        path.write_bytes(bytes(path.stat().st_size))
    assert versions(bench.load()) == ["1.0"]


def test_a_list_that_breaks_off_is_fetched_again_and_never_kept_in_part(
    bench: Bench, record: Any
) -> None:
    bench.publish("json", linux_64=[record("numpy")])
    bench.faults["/linux-64/repodata.json"] = Fault(cut_after=20)
    assert versions(bench.load()) == ["1.0"]
    bench.faults["*"] = Fault(cut_after=20)
    bench.now += 61
    bench.publish("json", linux_64=[record("numpy", "2.0")])
    with pytest.raises(NetworkFailed, match="--offline") as failure:
        bench.load()
    assert versions(bench.load(offline=True)) == ["1.0"]
    assert "proxy settings" in failure.value.fix  # its own advice stays


@pytest.mark.parametrize("content", [b"<html>welcome</html>", b""])
def test_a_server_that_answers_everything_with_a_web_page_or_nothing_still_gives_its_plain_list(
    bench: Bench, record: Any, content: bytes
) -> None:
    bench.publish("json", linux_64=[record("numpy")])
    for folder in ("linux-64", "noarch"):
        for name in ("repodata_shards.msgpack.zst", "repodata.json.zst"):
            (bench.folder / folder / name).write_bytes(content)
    assert versions(bench.load()) == ["1.0"]


def test_a_web_page_instead_of_a_list_is_told_with_its_address(bench: Bench) -> None:
    for folder in ("linux-64", "noarch"):
        (bench.folder / folder).mkdir()
        (bench.folder / folder / "repodata.json").write_bytes(b"<html>log in</html>")
    with pytest.raises(NotRepodata, match="it is a web page"):
        bench.load()


def test_an_empty_file_is_an_empty_list_and_is_told(bench: Bench) -> None:
    (bench.folder / "noarch").mkdir()
    (bench.folder / "noarch/repodata.json").touch()
    assert list(bench.load().names()) == []
    (notice,) = bench.notices()
    assert notice.endswith(
        "/noarch: the package list is empty (0 bytes): nothing comes from there."
    )


@pytest.mark.parametrize("missing", ["linux-64", "noarch"])
def test_one_platform_folder_may_be_missing(bench: Bench, record: Any, missing: str) -> None:
    bench.publish("json", linux_64=[record("numpy")], noarch=[record("numpy")])
    (bench.folder / missing / "repodata.json").unlink()
    assert versions(bench.load()) == ["1.0"]


def test_an_address_without_any_folder_is_no_channel(bench: Bench) -> None:
    with pytest.raises(ChannelNotFound) as failure:
        bench.load()
    assert bench.server.url in str(failure.value)
    assert "linux-64/repodata.json or noarch/repodata.json" in str(failure.value)


@pytest.mark.parametrize(("status", "words"), [(401, "token"), (403, "login")])
def test_a_channel_that_wants_a_login_says_so(
    bench: Bench, record: Any, status: int, words: str
) -> None:
    bench.publish(linux_64=[record("numpy")])
    bench.faults["*"] = Fault(status=status)
    with pytest.raises(HttpRefused, match=words):
        bench.load()


def test_a_busy_server_is_asked_again(bench: Bench, record: Any) -> None:
    bench.publish("json", linux_64=[record("numpy")])
    bench.faults["/linux-64/repodata.json"] = Fault(status=503, retry_after=1)
    assert versions(bench.load()) == ["1.0"]


def test_offline_uses_what_is_kept_and_says_how_old_it_is(bench: Bench, record: Any) -> None:
    bench.publish("json", linux_64=[record("numpy")])
    bench.load()
    bench.asked()
    bench.now += 3 * 86_400
    assert versions(bench.load(offline=True)) == ["1.0"]
    assert bench.asked() == []
    assert any("3 days ago" in notice for notice in bench.notices())


def test_offline_without_anything_kept_is_told(bench: Bench, record: Any) -> None:
    bench.publish(linux_64=[record("numpy")])
    with pytest.raises(RepodataNotCached, match="--offline"):
        bench.load(offline=True)
    assert bench.asked() == []


def test_offline_a_name_whose_shard_was_never_fetched_is_left_out_and_named(
    bench: Bench, record: Any
) -> None:
    bench.publish(linux_64=[record("numpy"), record("pandas")])
    versions(bench.load())
    index = bench.load(offline=True)
    assert versions(index) == ["1.0"]
    assert versions(index, "pandas") == []
    assert any("pandas was left out" in notice for notice in bench.notices())
    assert [each.why for each in index.withheld("pandas")] == ["offline"]
    assert index.withheld("numpy") == ()


def test_a_cache_that_cannot_be_written_costs_only_time(bench: Bench, record: Any) -> None:
    bench.publish(linux_64=[record("numpy")])
    bench.cache.write_text("not a folder")
    assert versions(bench.load()) == ["1.0"]
    assert any("could not be kept" in notice for notice in bench.notices())


def test_credentials_are_sent_and_neither_kept_nor_shown(bench: Bench, record: Any) -> None:
    bench.publish("json", linux_64=[record("numpy")])
    url = bench.server.url.replace("http://", "http://me:secret-word@") + "/sub"
    (bench.folder / "sub").mkdir()
    for folder in ("linux-64", "noarch"):
        (bench.folder / folder).rename(bench.folder / "sub" / folder)
    index = bench.load(url)
    found = index.candidates("numpy")
    assert found is not None
    shown = [found.record(0).url, found.record(0).channel, *index.channels, *map(str, bench.events)]
    kept = [path.read_bytes().decode(errors="replace") for path in bench.cache.rglob("*.*")]
    assert not any("secret-word" in text for text in shown + kept)
    assert "Authorization" in bench.server.requests[0].headers


@pytest.mark.parametrize("place", ["host.example:1:99999", "host.example:99999", "[::1"])
def test_an_address_that_is_none_is_a_failure_in_words_and_without_its_login(
    bench: Bench, place: str
) -> None:
    with pytest.raises(NetworkFailed, match="not an address that can be fetched") as failure:
        bench.load(f"http://me:secret-word@{place}/c")
    assert "secret-word" not in str(failure.value) + str(failure.value.to_json())


def test_progress_ends_at_the_size_of_each_list(bench: Bench, record: Any) -> None:
    bench.publish("json", linux_64=[record("numpy")])
    bench.load()
    size = (bench.folder / "linux-64/repodata.json").stat().st_size
    ends = [e for e in bench.events if isinstance(e, IndexAdvanced) and e.subdir == "linux-64"]
    assert (ends[-1].done, ends[-1].total) == (size, size)


def test_a_bad_record_is_named_once_and_the_rest_lives(bench: Bench, record: Any) -> None:
    bench.publish(linux_64=[record("numpy"), record("numpy", "1.1", size=-1)])
    assert versions(bench.load()) == ["1.0"]
    assert [notice for notice in bench.notices() if "numpy-1.1-0.conda was left out" in notice]


@pytest.mark.parametrize("form", ["shards", "zst", "json"])
def test_packages_for_newer_clients_are_told_of_whenever_a_list_is_used(
    bench: Bench, record: Any, form: str
) -> None:
    bench.publish(form, linux_64=[record("numpy")])
    declare_revision(next((bench.folder / "linux-64").glob("repodata*")), form)
    for _ in range(2):
        assert versions(bench.load(ttl=60)) == ["1.0"]
        told = [notice for notice in bench.notices() if "v4 was left out (2 packages" in notice]
        assert len(told) == 1
        assert "the channel says: Hello" in told[0]
        bench.events.clear()


def declare_revision(path: Path, form: str) -> None:
    content = path.read_bytes()
    plain = content if form == "json" else zstandard.decompress(content)
    codec = msgspec.msgpack if form == "shards" else msgspec.json
    document = codec.decode(plain)
    document["info"]["repodata_revisions"] = {"v4": {"n_packages": 2, "message": "Hello"}}
    changed = codec.encode(document)
    path.write_bytes(changed if form == "json" else zstandard.compress(changed))


def test_a_version_that_is_none_is_named_and_the_rest_lives(bench: Bench, record: Any) -> None:
    bench.publish("json", linux_64=[record("numpy"), record("numpy", "1..1")])
    assert versions(bench.load()) == ["1.0"]
    assert [notice for notice in bench.notices() if "1..1" in notice]


def test_cancelling_while_a_server_is_slow_ends_at_once(bench: Bench, record: Any) -> None:
    bench.publish(linux_64=[record("numpy")])
    bench.faults["*"] = Fault(delay=3.0)
    cancel = CancelToken()
    threading.Timer(0.1, cancel.cancel).start()
    with pytest.raises(Cancelled):
        bench.load(cancel=cancel)
