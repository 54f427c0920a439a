"""Undo, redo, jumps and differences in a real environment."""

import pytest

from tests.engine.session import OpenEngine, Session
from xconda_core.engine import questions
from xconda_core.engine.revision_unknown import RevisionUnknown
from xconda_core.engine.undo import NothingToRedo
from xconda_core.environment.places import NotAnEnvironment

FIRST = {"app": "1.0", "lib": "1.0"}
SECOND = {"app": "2.0", "lib": "2.0"}
THIRD = {**SECOND, "tool": "1.0"}


@pytest.fixture
def three(run: Session) -> Session:
    """An environment of three revisions."""
    run("create", "app=1", "lib=1")
    run("install", "app=2", "lib=2")
    run("install", "tool")
    return run


def test_undo_and_redo_walk_along_the_states(three: Session) -> None:
    seen = []
    for verb in ("undo", "undo", "redo", "redo"):
        three(verb)
        seen.append(three.versions)

    assert seen == [SECOND, FIRST, SECOND, THIRD]


def test_a_redo_brings_the_requests_back_too(three: Session) -> None:
    asked = three.state.requested
    three("undo", revision=0)
    assert three.state.requested == {"app": "app=1", "lib": "lib=1"}

    three("redo")

    assert three.state.requested == asked
    assert three.versions == THIRD


def test_after_a_change_there_is_nothing_to_redo(three: Session) -> None:
    three("undo")
    three("install", "old", "lib=1", "app=1")

    with pytest.raises(NothingToRedo, match="changed after that"):
        three("redo")


def test_where_nothing_was_undone_there_is_nothing_to_redo(three: Session) -> None:
    with pytest.raises(NothingToRedo):
        three("redo")


def test_an_undo_to_where_one_is_does_nothing(three: Session) -> None:
    plan = three.plan("undo", revision=2)

    assert plan.changes_nothing


def test_a_revision_that_changed_no_package_can_be_undone_as_well(three: Session) -> None:
    three("install", "lib")
    assert three.state.requested["lib"] == "lib"

    three("undo")

    assert three.state.requested["lib"] == "lib=2"
    assert three.versions == THIRD


def test_the_result_says_which_revision_was_made(three: Session, open_engine: OpenEngine) -> None:
    engine = open_engine()

    assert engine.execute(three.plan("undo")).revision == 3
    assert engine.execute(three.plan("redo")).revision == 4
    assert engine.execute(three.plan("install", "tool")).revision is None


def test_a_difference_is_the_same_whichever_way_the_states_were_reached(
    three: Session, open_engine: OpenEngine
) -> None:
    three("undo", revision=0)
    three("redo")
    engine = open_engine()

    one = questions.difference(engine, three.prefix, 0, 2)
    other = questions.difference(engine, three.prefix, 3, 4)

    assert one.packages == other.packages
    assert [(each.name, each.movement) for each in one.packages] == [
        ("app", "upgrade"),
        ("lib", "upgrade"),
        ("tool", "install"),
    ]
    assert [(each.name, each.old, each.new) for each in one.requests] == [
        ("app", "app=1", "app=2"),
        ("lib", "lib=1", "lib=2"),
        ("tool", None, "tool"),
    ]


def test_without_numbers_a_difference_is_what_others_did_since(
    three: Session, open_engine: OpenEngine
) -> None:
    assert not questions.difference(open_engine(), three.prefix)
    (three.prefix / "conda-meta" / "tool-1.0-0.json").unlink()

    found = questions.difference(open_engine(), three.prefix)

    assert [(each.name, each.movement) for each in found.packages] == [("tool", "remove")]


def test_a_difference_from_no_revision_is_refused(three: Session, open_engine: OpenEngine) -> None:
    with pytest.raises(RevisionUnknown, match="0 to 2"):
        questions.difference(open_engine(), three.prefix, 0, 3)
    with pytest.raises(NotAnEnvironment):
        open_engine().history(three.prefix / "nowhere")
