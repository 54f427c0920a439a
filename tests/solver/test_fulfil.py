"""How far a request reaches, and what is conceded for it. Universes are written out."""

from typing import Any

import pytest

from tests.solver.readable import asking, environment, fulfilled, shown, universe
from xconda_core.cancel import CancelToken
from xconda_core.events import Event, Noticed, silent
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.solver.fulfil import Fulfilment, fulfil
from xconda_core.solver.search import solve
from xconda_core.solver.unsatisfiable import Unsatisfiable

CHANNEL = """
    app 2.0 needs lib >=1
    app 1.0 needs lib >=1
    lib 2.0 needs base
    lib 1.0 needs base
    base 2.0
    base 1.0
    other 2.0
    other 1.0
    modern 1.0 needs lib >=2
    openssl 3.2
    openssl 3.1
"""
INSTALLED = """
    app 1.0 needs lib >=1
    lib 1.0 needs base
    base 1.0
    other 1.0
"""


def there(state: EnvironmentState, *wanted: str, **more: Any) -> list[str]:
    return fulfilled(asking(universe(CHANNEL), state, *wanted, **more))


def old(requested: str = "app; other") -> EnvironmentState:
    return environment(INSTALLED, requested=requested)


def answered(state: EnvironmentState, *wanted: str, **more: Any) -> Fulfilment:
    return fulfil(asking(universe(CHANNEL), state, *wanted, **more), solve, silent, CancelToken())


def warned(index: str, state: EnvironmentState, *wanted: str, **more: Any) -> tuple[list[str], str]:
    """Return what is there, and the one warning that was given."""
    events: list[Event] = []
    found = fulfilled(asking(universe(index), state, *wanted, **more), events.append)
    (warning,) = [each.text for each in events if isinstance(each, Noticed)]
    return found, warning


def test_what_is_named_moves_and_nothing_else() -> None:
    assert there(old(), "app") == ["app 2.0", "base 1.0", "lib 1.0", "other 1.0"]


def test_update_deps_moves_all_that_the_named_package_needs() -> None:
    state = old("app; lib=1; other")

    assert there(state, "app", update="deps") == ["app 2.0", "base 2.0", "lib 2.0", "other 1.0"]


def test_update_all_moves_everything() -> None:
    assert there(old(), "app", update="all") == ["app 2.0", "base 2.0", "lib 2.0", "other 2.0"]


def test_frozen_packages_stay_and_a_refusal_says_which_stand_in_the_way() -> None:
    assert there(old(), "app", update="frozen") == ["app 2.0", "base 1.0", "lib 1.0", "other 1.0"]
    assert "lib 2.0" in there(old(), "modern")
    with pytest.raises(Unsatisfiable) as refusal:
        there(old(), "modern", update="frozen")
    assert "lib 1.0 is installed, and nothing that is installed may change" in refusal.value.why
    assert "leave --freeze-installed out" in refusal.value.fix


def test_nothing_is_solved_where_the_request_is_met_already() -> None:
    assert there(old(), "app>=1", update="skip-satisfied", aggressive_updates=["base"]) == [
        "app 1.0",
        "base 1.0",
        "lib 1.0",
        "other 1.0",
    ]
    assert "app 2.0" in there(old(), "app>=2", update="skip-satisfied")


def test_a_wish_is_met_already_where_its_condition_does_not_hold() -> None:
    for condition, app in (("lib>=2", "app 1.0"), ("lib<2", "app 2.0")):
        wish = f'app>=2[when="{condition}"]'
        assert app in there(old(), wish, update="skip-satisfied")


def test_without_dependencies_only_what_is_named_comes() -> None:
    assert there(environment(""), "app", deps="none") == ["app 2.0"]
    assert there(old(), "modern", deps="none") == [
        "app 1.0",
        "base 1.0",
        "lib 1.0",
        "modern 1.0",
        "other 1.0",
    ]


def test_without_dependencies_what_is_named_comes_although_it_does_not_fit() -> None:
    found, warning = warned(CHANNEL, old("app; lib=1"), "modern", deps="none")

    assert "modern 1.0" in found
    assert "lib 1.0" in found
    assert "modern cannot be installed" in warning


def test_only_dependencies_come_without_what_is_named_unless_something_needs_it() -> None:
    found = answered(environment(""), "app", "lib=1", deps="only")

    assert shown(found.records) == ["base 2.0", "lib 1.0"]
    assert found.specs == ("lib=1",)
    assert answered(environment(""), "app", deps="only").specs == ("lib",)


def test_only_dependencies_leave_what_is_named_as_it_is_where_it_is_installed() -> None:
    assert "app 1.0" in there(old(), "app", deps="only")


def test_what_is_named_is_linked_again_on_request_even_if_it_stays() -> None:
    found = answered(old(), "other=1", reinstall=True)

    assert found.reinstalled == {"other"}
    assert answered(environment(""), "other", reinstall=True).reinstalled == frozenset()


def test_pruning_leaves_what_is_named_and_what_that_needs() -> None:
    assert there(old(), "lib", prune=True) == ["base 1.0", "lib 2.0"]


def test_a_forced_removal_leaves_what_needs_the_package() -> None:
    assert there(old(), "lib", verb="remove", force=True) == ["app 1.0", "base 1.0", "other 1.0"]


def test_what_is_always_kept_up_to_date_moves_along_unless_all_is_frozen() -> None:
    state = environment(f"{INSTALLED}\n openssl 3.1", requested="app; openssl=3.1")

    assert "openssl 3.2" in there(state, "other", aggressive_updates=["openssl"])
    assert "openssl 3.1" in there(state, "other", aggressive_updates=["openssl"], update="frozen")
    assert "openssl 3.1" in there(state, "openssl=3.1", aggressive_updates=["openssl"])
    assert "openssl 3.1" in there(state, "app", verb="remove", aggressive_updates=["openssl"])
    assert not any(
        "openssl" in line for line in there(old(), "other", aggressive_updates=["openssl"])
    )


BROKEN = """
    broken 1.0 needs ghost
    lib 1.0
    app 1.0 needs lib
    app 2.0 needs lib
"""


def test_an_installed_package_that_lacks_something_is_named_and_stays_as_it_is() -> None:
    state = environment("broken 1.0 needs ghost\n lib 1.0", requested="broken; lib")

    found, warning = warned(BROKEN, state, "app")

    assert found == ["app 2.0", "broken 1.0", "lib 1.0"]
    assert "broken 1.0 (ghost)" in warning


def test_so_it_is_with_one_that_nobody_asked_for() -> None:
    state = environment("broken 1.0 needs ghost\n lib 1.0", requested="lib")

    found, warning = warned(BROKEN, state, "app")

    assert found == ["app 2.0", "broken 1.0", "lib 1.0"]
    assert "broken 1.0 (ghost)" in warning


def test_a_removal_leaves_what_was_broken_before() -> None:
    state = environment("broken 1.0 needs ghost\n lib 1.0\n app 1.0 needs lib", requested="app")

    found, warning = warned("", state, "app", verb="remove")

    assert found == ["broken 1.0"]
    assert "broken 1.0 (ghost)" in warning


def test_a_package_broken_by_a_constraint_is_worked_around_too() -> None:
    index = "a 1.0 allows b <2\n b 2.0\n c 1.0"
    state = environment("a 1.0 allows b <2\n b 2.0", requested="a; b")

    found, warning = warned(index, state, "c")

    assert found == ["a 1.0", "b 2.0", "c 1.0"]
    assert "a 1.0 (b <2)" in warning


def test_a_package_that_its_channel_corrected_since_counts_as_corrected() -> None:
    state = environment("a 1.0\n b 1.0", requested="a; b")

    found, warning = warned("a 1.0 needs ghost\n b 1.0\n c 1.0", state, "c")

    assert found == ["a 1.0", "b 1.0", "c 1.0"]
    assert "a 1.0 (ghost)" in warning


def test_what_can_be_mended_is_mended_without_a_word() -> None:
    state = environment("app 1.0 needs lib", requested="app")
    events: list[Event] = []

    found = fulfilled(asking(universe(BROKEN), state, "app=1"), events.append)

    assert found == ["app 1.0", "lib 1.0"]
    assert [each for each in events if isinstance(each, Noticed)] == []


def test_many_broken_packages_are_one_warning_each_round_at_most() -> None:
    lines = "\n".join(f"p{number} 1.0 needs ghost" for number in range(9))
    events: list[Event] = []

    found = fulfilled(
        asking(universe("c 1.0"), environment(lines, requested="p1; p3"), "c"), events.append
    )

    warnings = [each.text for each in events if isinstance(each, Noticed)]
    assert len(found) == 10
    assert len(warnings) <= 2


def test_of_what_was_asked_for_earlier_the_build_goes_before_the_version() -> None:
    index = """
        a 1.0 x_0 needs b 1.*
        a 1.0 y_0 needs b 2.*
        b 1.0
        b 2.0
    """
    state = environment("a 1.0 x_0 needs b 1.*\n b 1.0", requested="a=1.0=x_0")
    events: list[Event] = []

    found = fulfil(asking(universe(index), state, "b=2"), solve, events.append, CancelToken())

    assert shown(found.records) == ["a 1.0 y_0", "b 2.0"]
    assert found.neutered == ("a==1.0",)
    assert "you asked for a=1.0=x_0 earlier; of that only the version is kept" in str(events)


def test_a_version_asked_for_earlier_is_not_given_up() -> None:
    index = "a 1.0 needs b 1.*\n a 2.0 needs b 2.*\n b 1.0\n b 2.0"
    state = environment("a 1.0 needs b 1.*\n b 1.0", requested="a=1.0")

    with pytest.raises(Unsatisfiable, match=r"you asked for a=1\.0 earlier"):
        fulfilled(asking(universe(index), state, "b=2"))
