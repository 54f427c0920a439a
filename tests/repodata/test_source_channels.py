"""Several channels, platforms and credentials, channels of this machine, and what is too new."""

import json
import os
import threading
from typing import Any

import pytest

from xconda_core.models.exclude_newer import PublicationLimits
from xconda_core.repodata.channel_index import ChannelIndex

Bench = Any  # the bench of conftest


def versions(index: ChannelIndex, name: str = "numpy") -> list[str]:
    found = index.candidates(name)
    return list(found.versions) if found else []


def test_the_first_channel_that_has_a_name_is_the_one_that_counts(
    bench: Bench, record: Any
) -> None:
    bench.publish(linux_64=[record("numpy", "1.0")])
    for name, version in (("first", "1.0"), ("second", "2.0")):
        (bench.folder / name).mkdir()
        bench.folder, whole = bench.folder / name, bench.folder
        bench.publish(linux_64=[record("numpy", version), record(name)])
        bench.folder = whole
    urls = [f"{bench.server.url}/first", f"{bench.server.url}/second"]
    index = bench.load(*urls)
    assert list(index.channels) == urls
    assert versions(index) == ["1.0"]
    assert versions(index, "second") == ["1.0"]
    assert versions(bench.load(*urls, priority="flexible")) == ["1.0", "2.0"]
    assert versions(bench.load(*urls, priority="disabled")) == ["2.0", "1.0"]


def test_a_channel_with_a_platform_in_its_address_has_that_platform(
    bench: Bench, record: Any
) -> None:
    (bench.folder / "sub").mkdir()
    bench.folder /= "sub"
    bench.publish(win_64=[record("numpy", "3.0")], linux_64=[record("numpy")])
    assert versions(bench.load(f"{bench.server.url}/sub/win-64")) == ["3.0"]


def test_a_channel_named_with_two_platforms_is_one_channel(bench: Bench, record: Any) -> None:
    bench.publish(win_64=[record("numpy", "3.0")], linux_64=[record("numpy")])
    index = bench.load(f"{bench.server.url}/win-64", bench.server.url)
    assert versions(index) == ["3.0", "1.0"]
    assert list(index.channels) == [bench.server.url]


def test_credentials_and_a_platform_go_together(bench: Bench, record: Any) -> None:
    bench.folder /= "t/token-1/sub"
    bench.folder.mkdir(parents=True)
    bench.publish("json", win_64=[record("numpy", "3.0")], linux_64=[record("numpy")])
    address = bench.server.url.replace("http://", "http://me:hunter2@")

    index = bench.load(f"{address}/t/token-1/sub/win-64")

    assert versions(index) == ["3.0"]
    assert {path for path in bench.server.paths() if path.endswith("/repodata.json")} == {
        "/t/token-1/sub/win-64/repodata.json",
        "/t/token-1/sub/noarch/repodata.json",
    }
    assert "Authorization" in bench.server.requests[0].headers
    found = index.candidates("numpy")
    assert found is not None
    assert found.record(0).url == f"{bench.server.url}/sub/win-64/numpy-3.0-0.conda"
    assert not any("hunter2" in str(event) for event in bench.events)


@pytest.mark.parametrize("form", ["shards", "zst", "json"])
def test_a_channel_on_this_machine_is_read_in_place(bench: Bench, record: Any, form: str) -> None:
    bench.publish(form, linux_64=[record("numpy")])
    assert versions(bench.load(bench.folder.as_uri(), offline=True)) == ["1.0"]
    assert not bench.cache.exists()


def test_a_forgotten_form_on_this_machine_is_not_believed(bench: Bench, record: Any) -> None:
    bench.publish(linux_64=[record("numpy")])
    plain = bench.folder / "linux-64/repodata.json"
    plain.write_text(plain.read_text().replace("1.0", "9.0"))
    os.utime(plain, ns=(2**61, 2**61))
    assert versions(bench.load(bench.folder.as_uri())) == ["9.0"]


def test_many_that_load_while_a_channel_changes_see_whole_lists(bench: Bench, record: Any) -> None:
    failures: list[BaseException] = []

    def load_often() -> None:
        try:
            for _ in range(6):
                assert versions(bench.load(ttl=0))
        except BaseException as error:
            failures.append(error)

    bench.publish("json", linux_64=[record("numpy")])
    threads = [threading.Thread(target=load_often) for _ in range(5)]
    for thread in threads:
        thread.start()
    for number in range(20):
        fn, fields = record("numpy", f"1.{number}")
        new = bench.folder / "new.json"
        new.write_text(json.dumps({"packages.conda": {fn: fields}}))
        new.replace(bench.folder / "linux-64/repodata.json")
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.parametrize("form", ["shards", "json"])
def test_the_time_of_the_index_goes_before_that_of_the_build_and_no_time_is_no_hindrance(
    bench: Bench, record: Any, form: str
) -> None:
    limit = 1_700_000_000_000
    bench.publish(
        form,
        linux_64=[
            record("numpy", "1", timestamp=limit + 9, indexed_timestamp=limit),
            record("numpy", "2", timestamp=limit - 9, indexed_timestamp=limit + 1),
            record("numpy", "3"),
            record("numpy", "4", timestamp=limit // 1000),  # in seconds, as old tools wrote it
            record("numpy", "5", timestamp=limit + 1, indexed_timestamp=0),
        ],
    )
    assert versions(bench.load(limits=PublicationLimits(limit))) == ["4", "3", "1"]
    assert bench.notices() == []


def test_what_is_too_new_still_hides_what_lower_channels_have(bench: Bench, record: Any) -> None:
    bench.publish(linux_64=[record("numpy", timestamp=2_000_000_000_000)])
    elsewhere = bench.server.url.replace("127.0.0.1", "localhost")
    limits = PublicationLimits(1_900_000_000_000, [(elsewhere, None)])
    index = bench.load(bench.server.url, elsewhere, limits=limits)
    assert versions(index) == []
    assert list(index.names()) == []
    (notice,) = bench.notices()
    assert notice == (
        f"{bench.server.url}: every numpy there is newer than exclude_newer allows; "
        "the first of them was published on 2033-05-18."
    )
    options = {"priority": "flexible", "limits": limits}
    assert versions(bench.load(bench.server.url, elsewhere, **options)) == ["1.0"]
