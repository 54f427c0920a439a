"""A job's state is the fold of its events."""

import dataclasses
from collections.abc import Iterable
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.engine.job_state import Amount, JobState, size_words, total_of
from xconda_core.events import (
    DownloadAdvanced,
    Event,
    IndexAdvanced,
    JobFinished,
    Noticed,
    PackageExtracted,
    PackageLinked,
    PackageUnlinked,
    PhaseStarted,
    PlanReady,
    SolveAdvanced,
)

NEW = JobState()
A_PLAN = PlanReady(installs=2, changes=1, removes=0, download_bytes=3_000_000, disk_bytes=9)
A_WHOLE_JOB: tuple[Event, ...] = (
    PhaseStarted("index"),
    IndexAdvanced("demo", "linux-64", 500, 1000),
    IndexAdvanced("demo", "linux-64", 1000, 1000),
    PhaseStarted("solve"),
    SolveAdvanced(10, 0),
    A_PLAN,
    PhaseStarted("download"),
    DownloadAdvanced("pandas", 1_000_000, 2_000_000),
    DownloadAdvanced("pandas", 2_000_000, 2_000_000),
    DownloadAdvanced("pytz", 1_000_000, 1_000_000),
    PhaseStarted("extract"),
    PackageExtracted("pandas", 1, 2),
    PackageExtracted("pytz", 2, 2),
    PhaseStarted("link"),
    PackageUnlinked("numpy", 1, 4),
    PackageLinked("numpy", 2, 4),
    PackageLinked("pandas", 3, 4),
    PackageLinked("pytz", 4, 4),
    JobFinished("succeeded"),
)


def fold(events: Iterable[tuple[float, Event]], state: JobState = NEW) -> JobState:
    return reduce(lambda reached, each: reached.after(each[1], each[0]), events, state)


def folded(*events: Event) -> JobState:
    return fold((float(second), event) for second, event in enumerate(events))


def test_a_new_job_has_reached_nothing_and_says_it_is_starting() -> None:
    state = JobState()
    assert (state.fraction, state.words, state.is_finished) == (0.0, "Starting", False)


def test_a_whole_job_ends_at_exactly_one() -> None:
    assert folded(*A_WHOLE_JOB).fraction == 1.0


def test_the_words_carry_the_numbers_of_each_phase() -> None:
    words = [folded(*A_WHOLE_JOB[: count + 1]).words for count in range(len(A_WHOLE_JOB))]
    assert words == [
        "Reading channels",
        "Reading channels · 500 B of 1.0 kB",
        "Reading channels · 1.0 kB of 1.0 kB",
        "Choosing packages",
        "Choosing packages (10 decisions)",
        "Choosing packages (10 decisions)",
        "Downloading · 0 B of 3.0 MB",
        "Downloading · 1.0 MB of 3.0 MB",
        "Downloading · 2.0 MB of 3.0 MB",
        "Downloading · 3.0 MB of 3.0 MB",
        "Extracting",
        "Extracting pandas (1 of 2)",
        "Extracting pytz (2 of 2)",
        "Linking",
        "Linking numpy (1 of 4)",
        "Linking numpy (2 of 4)",
        "Linking pandas (3 of 4)",
        "Linking pytz (4 of 4)",
        "Done",
    ]


def test_phases_remember_when_they_began_and_the_job_how_long_it_took() -> None:
    state = folded(*A_WHOLE_JOB)
    assert dict(state.phase_started) == {
        "index": 0.0,
        "solve": 3.0,
        "download": 6.0,
        "extract": 10.0,
        "link": 13.0,
    }
    assert state.seconds == 18.0


def test_a_failed_job_says_why_and_keeps_the_fraction_it_had_reached() -> None:
    before = folded(*A_WHOLE_JOB[:9])
    after = before.after(JobFinished("failed", "The disk is full."), at=99.0)
    assert (after.words, after.fraction) == ("The disk is full.", before.fraction)


def test_an_unknown_size_is_shown_as_what_has_come_so_far() -> None:
    state = folded(PhaseStarted("index"), IndexAdvanced("demo", "noarch", 2048, 0))
    assert state.words == "Reading channels · 2.0 kB"


def test_while_downloads_go_on_extracting_counts_only_what_is_there() -> None:
    overlapping = folded(
        A_PLAN,
        PhaseStarted("download"),
        DownloadAdvanced("pandas", 500_000, 2_000_000),
        PhaseStarted("extract"),
        PackageExtracted("pytz", 1, 2),
    )
    assert overlapping.fraction < 0.5


def test_notices_are_kept_in_order() -> None:
    first, second = Noticed("info", "one"), Noticed("warning", "two")
    assert folded(first, second).notices == (first, second)


def test_the_total_is_unknown_when_one_part_is() -> None:
    assert total_of([Amount(1, 2), Amount(3, 0)]) == Amount(4, 0)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (2_500_000_000, "2.5 GB"),
        (7_000_000_000_000, "7.0 TB"),
    ],
)
def test_sizes_read_as_people_write_them(size: int, words: str) -> None:
    assert size_words(size) == words


def test_folding_leaves_the_earlier_state_as_it_was() -> None:
    before = folded(*A_WHOLE_JOB[:8])
    copy = dataclasses.replace(before)
    before.after(DownloadAdvanced("scipy", 1, 2), at=9.0)
    assert before == copy


counts = st.integers(min_value=0, max_value=2_000_000)
names = st.sampled_from(["numpy", "pandas"])
events = st.one_of(
    st.sampled_from(["index", "solve", "download", "extract", "link"]).map(PhaseStarted),  # type: ignore[arg-type]
    st.builds(IndexAdvanced, names, names, counts, counts),
    st.builds(DownloadAdvanced, names, counts, counts),
    st.builds(PackageExtracted, names, counts, counts),
    st.builds(PackageLinked, names, counts, counts),
    st.just(A_PLAN),
)


@given(st.lists(events, max_size=20))
def test_the_fraction_never_falls_and_stays_within_bounds(happened: list[Event]) -> None:
    state, last = JobState(), 0.0
    for second, event in enumerate(happened):
        state = state.after(event, float(second))
        assert last <= state.fraction < 1.0 + 1e-9
        last = state.fraction


@given(st.lists(events, max_size=10), st.lists(events, max_size=10))
def test_folding_in_two_goes_is_folding_in_one(first: list[Event], second: list[Event]) -> None:
    timed = [(float(at), event) for at, event in enumerate(first + second)]
    cut = len(first)
    assert fold(timed[cut:], fold(timed[:cut])) == fold(timed)
