from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from xconda_core.environment.history import (
    dist_text,
    drift_text,
    entry_text,
    history_states,
    logical_revision,
    parse_history,
    requested_specs,
    states_held,
)
from xconda_core.models.package_record import PackageRecord
from xconda_core.transaction.plan import HistoryEntry

NOW = datetime(2026, 11, 20, 5, 30, 0)  # noqa: DTZ001 (the history is in local time)


def a_section(
    command: str = "xconda install a",
    *,
    added: tuple[str, ...] = (),
    removed: tuple[str, ...] = (),
    update: tuple[str, ...] = (),
    remove: tuple[str, ...] = (),
    reverts_to: int | None = None,
) -> str:
    entry = HistoryEntry(
        command=command, update_specs=update, remove_specs=remove, reverts_to=reverts_to
    )
    return entry_text(
        entry, now=NOW, version="0.1", conda_version="26.7.1", removed=removed, added=added
    )


def test_a_section_reads_as_conda_writes_it() -> None:
    section = a_section(added=("c/noarch::b-1-0", "c/noarch::a-1-0"), update=("a >=1",))
    assert section == (
        "==> 2026-11-20 05:30:00 <==\n"
        "# cmd: xconda install a\n"
        "# conda version: 26.7.1\n"
        "# xconda version: 0.1\n"
        "+c/noarch::a-1-0\n"
        "+c/noarch::b-1-0\n"
        "# update specs: ['a >=1']\n"
    )


def test_a_command_of_several_lines_stays_on_one() -> None:
    assert "# cmd: xconda install a b\n" in a_section("xconda install a\n  b")


def test_lines_before_the_first_header_are_no_part_of_the_history() -> None:
    assert parse_history("# stray\n+x-1-0\n") == ()


def test_what_is_written_is_read_back() -> None:
    (revision,) = parse_history(
        a_section(added=("c/noarch::a-1-0",), removed=("c/noarch::b-1-0",), remove=("b",))
    )
    assert revision.added == ("c/noarch::a-1-0",)
    assert revision.removed == ("c/noarch::b-1-0",)
    assert revision.remove_specs == ("b",)
    assert revision.command == "xconda install a"


def test_a_later_request_for_the_same_name_replaces_the_earlier() -> None:
    history = parse_history(a_section(update=("a=1",)) + a_section(update=("a >=2",)))
    assert requested_specs(history, ["a"]) == {"a": "a >=2"}


def test_a_removed_request_is_gone() -> None:
    history = parse_history(a_section(update=("a", "b")) + a_section(remove=("a",)))
    assert requested_specs(history, ["a", "b"]) == {"b": "b"}


def test_a_request_for_a_package_that_is_not_there_has_lapsed() -> None:
    assert requested_specs(parse_history(a_section(update=("a",))), []) == {}


def test_an_unreadable_spec_of_old_still_names_its_package() -> None:
    history = parse_history(a_section(update=("a ==1=2=3=4",)))
    assert list(requested_specs(history, ["a"])) == ["a"]


def test_a_list_that_does_not_parse_asks_for_nothing() -> None:
    text = a_section() + "# update specs: ['a', \n"
    assert requested_specs(parse_history(text), ["a"]) == {}


def test_an_empty_list_takes_nothing_away_from_what_its_section_asked_for() -> None:
    text = "==> d <==\n# update specs: ['a']\n# install specs: []\n"
    assert parse_history(text)[0].update_specs == ("a",)


def test_a_full_state_of_old_conda_starts_over() -> None:
    text = "==> 1 <==\n+a-1-0\n==> 2 <==\nb-1-0\nc-1-0\n"
    assert history_states(parse_history(text))[-1] == {"b-1-0", "c-1-0"}


def test_what_is_removed_by_another_name_of_its_channel_is_gone() -> None:
    text = "==> 1 <==\n+defaults::a-1-0\n+defaults::b-1-0\n==> 2 <==\n-https://x/main::a-1-0\n"
    assert states_held(parse_history(text))[-1] == {"defaults::b-1-0"}
    assert history_states(parse_history(text))[-1] == {"defaults::a-1-0", "defaults::b-1-0"}


def test_a_package_that_comes_again_from_another_channel_is_there_once() -> None:
    text = "==> 1 <==\n+one::a-1-0\n==> 2 <==\n-one::a-1-0\n+other::a-1-0\n"
    assert states_held(parse_history(text))[-1] == {"other::a-1-0"}


def test_the_logical_revision_looks_through_undos() -> None:
    history = parse_history(
        a_section() + a_section() + a_section(reverts_to=0) + a_section() + a_section(reverts_to=2)
    )
    assert [logical_revision(history, number) for number in range(5)] == [0, 1, 0, 3, 0]


def test_a_history_that_reverts_to_its_future_is_not_followed() -> None:
    history = parse_history(a_section(reverts_to=7) + a_section(reverts_to=1))
    assert [logical_revision(history, number) for number in range(2)] == [0, 1]


def test_a_channel_below_the_alias_is_called_by_its_name() -> None:
    record = PackageRecord(
        name="a", version="1", build="0", subdir="noarch", channel="https://alias/x/conda-forge"
    )
    assert dist_text(record, "https://alias/x") == "conda-forge/noarch::a-1-0"
    assert dist_text(record, "https://other") == "https://alias/x/conda-forge/noarch::a-1-0"


dists = st.frozensets(st.sampled_from([f"c/noarch::{name}-1-0" for name in "abcdef"]))


@given(states=st.lists(dists, max_size=6))
def test_the_states_written_are_the_states_read(states: list[frozenset[str]]) -> None:
    text, before = "", frozenset[str]()
    for state in states:
        text += a_section(added=tuple(state - before), removed=tuple(before - state))
        before = state
    assert list(states_held(parse_history(text))) == states
    assert list(history_states(parse_history(text))) == states


def test_what_was_found_changed_reads_as_a_revision_without_a_command() -> None:
    text = drift_text(
        now=NOW, version="0.1", removed=["c/noarch::a-1-0"], added=["c/noarch::a-2-0"]
    )
    (revision,) = parse_history(text)
    assert (revision.command, revision.added) == ("", ("c/noarch::a-2-0",))
    assert revision.removed == ("c/noarch::a-1-0",)
