"""Where undo and redo lead, whatever was done before."""

from hypothesis import given
from hypothesis import strategies as st

from xconda_core.environment.history import parse_history
from xconda_core.environment.timeline import Timeline, timeline_of


def a_history(*targets: int | None) -> Timeline:
    """Read a history in which each revision is a change (None) or brings a state back."""
    back = "# xconda reverts to revision: {}\n"
    sections = (
        "==> 2026-01-02 03:04:05 <==\n" + ("" if target is None else back.format(target))
        for target in targets
    )
    return timeline_of(parse_history("".join(sections)))


def test_without_a_history_there_is_neither_undo_nor_redo() -> None:
    assert (a_history().before, a_history().after) == (None, None)


def test_the_first_state_cannot_be_undone() -> None:
    assert a_history(None).before is None


def test_an_undo_after_an_undo_goes_further_back() -> None:
    assert a_history(None, None, None, 1).before == 0


def test_a_redo_takes_the_last_undo_back_and_the_next_one_the_undo_before() -> None:
    undone_twice = a_history(None, None, None, 1, 0)
    assert undone_twice.after == 1
    assert a_history(None, None, None, 1, 0, 1).after == 2
    assert a_history(None, None, None, 1, 0, 1, 2).after is None


def test_a_redo_goes_over_as_much_as_the_undo_did() -> None:
    assert a_history(None, None, None, 0).after == 2


def test_a_change_after_an_undo_leaves_nothing_to_redo() -> None:
    place = a_history(None, None, None, 1, None)
    assert (place.line, place.after) == ((0, 1, 4), None)


def test_what_was_given_up_comes_back_as_a_new_state() -> None:
    place = a_history(None, None, None, 1, None, 2)
    assert place.line == (0, 1, 4, 2)
    assert place.before == 4


def test_a_revision_that_was_an_undo_means_the_state_it_brought_back() -> None:
    assert a_history(None, None, None, 0, None, 3).line == (0,)


def test_a_state_on_the_way_of_an_undo_can_be_reached_and_passed() -> None:
    place = a_history(None, None, None, None, 0, 2)
    assert (place.line, place.before, place.after) == ((0, 1, 2), 1, 3)


def test_a_history_that_points_ahead_of_itself_is_read_all_the_same() -> None:
    assert a_history(None, 7).line == (0, 1)


@st.composite
def walks(draw: st.DrawFn) -> tuple[int | None, ...]:
    numbers = range(1, draw(st.integers(1, 12)))
    return (None, *(draw(st.none() | st.integers(0, number - 1)) for number in numbers))


@given(walks())
def test_a_redo_is_always_the_way_back_from_an_undo(targets: tuple[int | None, ...]) -> None:
    here = a_history(*targets)
    if here.before is not None:
        undone = a_history(*targets, here.before)
        assert undone.line == here.line[:-1]
        assert undone.after is not None
        assert a_history(*targets, here.before, undone.after) == here


@given(walks())
def test_no_state_is_met_twice_on_the_line(targets: tuple[int | None, ...]) -> None:
    line = a_history(*targets).line
    assert len(set(line)) == len(line)
