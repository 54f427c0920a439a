"""Lists of shards in a folder of this machine: at hand as long as they are the same."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xconda_core.cancel import CancelToken
from xconda_core.files.failures import FileOperationFailed
from xconda_core.repodata.forms import SHARDS, ListForms
from xconda_core.repodata.list_in_place import list_in_place

Bench = Any  # the bench of conftest
AGES_AGO = 1_500_000_000 * 10**9
A_TICK = 0.02  # seconds; the system's own times advance in steps of up to a hundredth


@pytest.fixture
def known(bench: Bench, record: Any) -> Bench:
    """A channel with lists of long ago, of which a run before asked for one name."""
    names = ("numpy", "pandas", "scipy")
    bench.publish("shards", linux_64=[record(name) for name in names], noarch=[])
    date(bench, AGES_AGO)
    assert versions(bench) == ["1.0"]
    return bench


def the_list(bench: Bench) -> Path:
    folder: Path = bench.folder / "linux-64"
    return folder / SHARDS


def date(bench: Bench, time: int) -> None:
    for path in bench.folder.glob("*/repodata*"):
        os.utime(path, ns=(time, time))


def versions(bench: Bench, name: str = "numpy") -> list[str]:
    index = bench.load(bench.folder.as_uri())
    found = index.candidates(name)
    index.keep()
    return [*found.versions] if found else []


def in_place(path: Path, content: bytes) -> None:
    before = path.stat()
    time.sleep(A_TICK)
    path.write_bytes(content)
    os.utime(path, ns=(before.st_mtime_ns, before.st_mtime_ns))


def by_another_of_that_time(path: Path, content: bytes) -> None:
    new = path.with_name("new")
    new.write_bytes(content)
    os.utime(new, ns=(path.stat().st_mtime_ns,) * 2)
    new.replace(path)


def by_an_older_one(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    os.utime(path, ns=(AGES_AGO - 10**9,) * 2)


def just_now(path: Path, content: bytes) -> None:
    path.write_bytes(content)


every_change = pytest.mark.parametrize(
    "change", [in_place, by_another_of_that_time, by_an_older_one, just_now]
)


@every_change
def test_a_list_that_changed_is_seen_at_once(
    known: Bench, record: Any, change: Callable[[Path, bytes], None]
) -> None:
    before = the_list(known).read_bytes()
    known.publish("shards", linux_64=[record("numpy", "2.0")], noarch=[])
    after = the_list(known).read_bytes()
    the_list(known).write_bytes(before)
    date(known, AGES_AGO)
    assert versions(known) == ["1.0"]

    change(the_list(known), after)

    assert versions(known) == ["2.0"]


def test_lists_that_follow_each_other_within_a_second_are_all_seen(
    bench: Bench, record: Any
) -> None:
    for number in range(4):
        bench.publish("shards", linux_64=[record("numpy", f"{number}.0")], noarch=[])
        for _ in range(2):
            assert versions(bench) == [f"{number}.0"]


def test_a_plain_list_that_is_newer_is_seen_at_once(known: Bench, record: Any) -> None:
    shards = the_list(known).read_bytes()
    known.publish("json", linux_64=[record("numpy", "2.0")], noarch=[])
    the_list(known).write_bytes(shards)
    date(known, AGES_AGO)
    assert versions(known) == ["1.0"]

    os.utime(the_list(known).with_name("repodata.json"), ns=(AGES_AGO + 1, AGES_AGO + 1))

    assert versions(known) == ["2.0"]


def test_a_list_that_changes_before_a_name_is_looked_up_is_read_as_it_is_then(
    known: Bench, record: Any
) -> None:
    index = known.load(known.folder.as_uri())
    known.publish("shards", linux_64=[record("scipy", "2.0")], noarch=[])

    assert [*index.candidates("scipy").versions] == ["2.0"]
    index.keep()

    date(known, AGES_AGO)
    assert [versions(known, name) for name in ("scipy", "numpy")] == [["2.0"], []]


def test_a_list_that_is_gone_before_a_name_is_looked_up_is_told(known: Bench) -> None:
    index = known.load(known.folder.as_uri(), offline=True)
    the_list(known).unlink()
    with pytest.raises(FileOperationFailed, match=r"read the package list of .*linux-64"):
        index.candidates("scipy")


def test_who_depends_on_a_name_is_known_without_the_list(known: Bench, record: Any) -> None:
    needs = record("pandas", depends=["numpy >=1"])
    known.publish("shards", linux_64=[record("numpy"), needs], noarch=[])
    date(known, AGES_AGO)
    assert [versions(known, name) for name in ("numpy", "pandas")] == [["1.0"], ["1.0"]]
    asked = known.load(known.folder.as_uri())
    first = asked.dependents("numpy", CancelToken())
    asked.keep()
    index = known.load(known.folder.as_uri())
    the_list(known).unlink()

    assert [name for name, _ in first] == ["pandas"]
    assert index.dependents("numpy", CancelToken()) == first


@every_change
def test_contents_of_one_length_have_different_names(
    tmp_path: Path, change: Callable[[Path, bytes], None]
) -> None:
    path = tmp_path / SHARDS
    path.write_bytes(b"one")
    os.utime(path, ns=(AGES_AGO, AGES_AGO))
    before = list_in_place(tmp_path, ListForms())

    change(path, b"two")

    after = list_in_place(tmp_path, ListForms())
    assert before is not None
    assert after is not None
    assert before.name != after.name


def test_what_was_just_written_has_no_name(tmp_path: Path) -> None:
    path = tmp_path / SHARDS
    path.touch()
    for age, is_certain in ((0, False), (1, False), (3, True), (-3, False)):
        when = time.time_ns() - age * 10**9
        os.utime(path, ns=(when, when))
        found = list_in_place(tmp_path, ListForms())
        assert found is not None
        assert bool(found.name) is is_certain
