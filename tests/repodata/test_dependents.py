"""Who depends on a name: the same from memory and from channels, kept, and right after a change."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.orchard import Orchard, an_orchard
from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.events import Event, Noticed
from xconda_core.models.package_record import PackageRecord
from xconda_core.repodata.dependents import DependentsFile, Everything, dependents_among
from xconda_core.repodata.index import TurnableIndex
from xconda_core.repodata.memory_index import MemoryIndex
from xconda_core.repodata.store_file import StoreFile
from xconda_core.testing.simulator import a_channel, a_package

GO = CancelToken()


def the_index(
    orchard: Orchard, events: list[Event] | None = None, **settings: object
) -> TurnableIndex:
    heard: list[Event] = [] if events is None else events
    wiring = orchard.engine(**settings).wiring
    return wiring.index((orchard.channel,), heard.append, CancelToken(), whole=True)


def names(dependents: object) -> list[str]:
    return [name for name, _ in dependents]  # type: ignore[attr-defined]


@pytest.fixture
def orchard(tmp_path: Path) -> Orchard:
    return an_orchard(tmp_path)


def test_every_package_with_a_version_that_needs_it_is_told_with_its_best_one(
    orchard: Orchard,
) -> None:
    assert the_index(orchard).dependents("numpy", GO) == (
        ("pandas", (("numpy", "2.2", "0"), ("numpy <2", "2.1", "0"))),
        ("scipy", (("numpy", "1.15", "0"),)),
    )
    assert the_index(orchard).dependents("nothing", GO) == ()


def test_what_was_read_once_is_not_read_again(orchard: Orchard) -> None:
    first: list[Event] = []
    second: list[Event] = []

    the_index(orchard, first).dependents("numpy", GO)
    found = the_index(orchard, second).dependents("blas", GO)

    assert names(found) == ["numpy", "scipy"]
    assert any(isinstance(event, Noticed) and "reading what each" in event.text for event in first)
    assert not any(isinstance(event, Noticed) for event in second)


def test_a_change_of_the_channel_is_seen_and_only_that_is_read(
    orchard: Orchard, monkeypatch: pytest.MonkeyPatch
) -> None:
    the_index(orchard).dependents("numpy", GO)
    packages = (a_package("pandas", "3.0", depends=["numpy"]), a_package("numpy", "2.3"))
    a_channel(orchard.home / "channel", packages, subdirs=("linux-64", "osx-arm64", "noarch"))

    index = the_index(orchard)
    read: list[str] = []
    says = index._says  # type: ignore[attr-defined]

    def noting(name: str) -> object:
        read.append(name)
        return says(name)

    monkeypatch.setattr(index, "_says", noting)
    found = index.dependents("numpy", GO)

    assert found == (("pandas", (("numpy", "3.0", "0"),)),)
    assert read == ["numpy", "pandas"]


def test_a_later_question_goes_through_no_names(tmp_path: Path) -> None:
    file = DependentsFile(tmp_path / "file", "of a test")
    said = (("b", "1", "0"),)
    everything = Everything(b"m" * 32, lambda: ["a"], lambda _: b"a", lambda _: said, print)
    file.dependents("b", everything, GO)

    again = everything._replace(names=lambda: pytest.fail("every name was asked for"))

    assert names(file.dependents("b", again, GO)) == ["a"]


def test_a_damaged_file_is_made_again(orchard: Orchard) -> None:
    the_index(orchard).dependents("numpy", GO)
    [path] = (orchard.home / "pkgs").rglob("*.dependents")
    path.write_bytes(path.read_bytes()[:-9])

    assert names(the_index(orchard).dependents("numpy", GO)) == ["pandas", "scipy"]


def test_newer_packages_than_are_wanted_do_not_count(orchard: Orchard) -> None:
    packages = (
        a_package("old", "1.0", depends=["seed"], timestamp=1_500_000_000_000),
        a_package("new", "1.0", depends=["seed"], timestamp=1_700_000_000_000),
    )
    a_channel(orchard.home / "channel", packages)

    assert names(the_index(orchard).dependents("seed", GO)) == ["new", "old"]
    limited = the_index(orchard, exclude_newer="2020-01-01")
    assert names(limited.dependents("seed", GO)) == ["old"]


def test_it_can_be_cancelled(tmp_path: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    file = DependentsFile(tmp_path / "file", "of a test")
    everything = Everything(
        b"m" * 32, lambda: ["a"], lambda _: b"m" * 32, lambda _: (), lambda _: None
    )

    with pytest.raises(Cancelled):
        file.dependents("a", everything, cancel)
    assert not (tmp_path / "file").exists()


def test_what_is_not_known_for_certain_is_not_kept(tmp_path: Path) -> None:
    file = DependentsFile(tmp_path / "file", "of a test")
    said = (("b", "1", "0"),)
    everything = Everything(b"m" * 32, lambda: ["a"], lambda _: b"", lambda _: said, lambda _: None)

    assert names(file.dependents("b", everything, GO)) == ["a"]
    assert StoreFile.open(tmp_path / "file", "of a test") is None


package_names = st.sampled_from("abcd")
universes = st.lists(st.tuples(package_names, st.sampled_from("123"), st.lists(package_names)))


@given(universe=universes, name=package_names)
def test_turned_round_twice_it_is_what_it_was(
    universe: list[tuple[str, str, list[str]]], name: str
) -> None:
    records = [
        PackageRecord(name=one, version=version, build=str(at), depends=tuple(needs), channel="c")
        for at, (one, version, needs) in enumerate(universe)
    ]

    found = names(MemoryIndex(records).dependents(name, GO))

    assert found == sorted({record.name for record in records if name in record.depends})


def test_a_name_that_another_begins_with_is_another() -> None:
    said = [("a", (("numpy-base", "1", "0"), ("numpy>=1", "1", "0")))]

    assert dependents_among("numpy", said)[0][1] == (("numpy>=1", "1", "0"),)
