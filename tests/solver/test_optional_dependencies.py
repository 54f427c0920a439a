"""Groups of optional dependencies (CEP 44), in requests and in dependencies."""

from dataclasses import replace

import pytest

from tests.solver.readable import asking, environment, fulfilled, records, shown
from xconda_core.cancel import CancelToken
from xconda_core.errors import Json
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.repodata.memory_index import MemoryIndex
from xconda_core.solver import sat
from xconda_core.solver.request_rules import problem_for
from xconda_core.solver.unsatisfiable import Unsatisfiable

NEW = environment("")
PLAIN = """
    app 1.0 needs ray[extras=[serve]]
    tool 2.0
    tool 1.0
    other 1.0
    strict 1.0 allows tool <2
    conditional 1.0 needs ray[extras=[serve], when="other"]
"""
GROUPS: dict[str, Json] = {
    "2.0": {"serve": ["tool >=2"], "all": ["ray[extras=[serve]]", "other"], "lost": ["ghost"]},
    "1.0": {"serve": ["tool 1.*"]},
}


def ray(version: str) -> PackageRecord:
    (record,) = records(f"ray {version}")
    return replace(record, extra={"extra-depends": GROUPS[version]})


INDEX = MemoryIndex([*records(PLAIN), ray("2.0"), ray("1.0")], channels=["main"])


def there(*wanted: str, state: EnvironmentState = NEW) -> list[str]:
    return fulfilled(asking(INDEX, state, *wanted))


def test_a_group_brings_what_it_lists_and_is_no_package_itself() -> None:
    assert there("ray") == ["ray 2.0"]
    assert there("ray[extras=[serve]]") == ["ray 2.0", "tool 2.0"]
    assert there("ray=1[extras=[serve]]") == ["ray 1.0", "tool 1.0"]


def test_a_group_can_want_a_group() -> None:
    assert there("ray[extras=[all]]") == ["other 1.0", "ray 2.0", "tool 2.0"]


def test_a_dependency_can_want_a_group() -> None:
    assert there("app") == ["app 1.0", "ray 2.0", "tool 2.0"]


def test_a_group_wanted_on_a_condition_counts_where_that_holds() -> None:
    assert there("conditional") == ["conditional 1.0"]
    assert there("conditional", "other") == ["conditional 1.0", "other 1.0", "ray 2.0", "tool 2.0"]


def test_a_group_that_a_version_does_not_have_asks_for_nothing() -> None:
    assert there("ray=1[extras=[all]]") == ["ray 1.0"]
    assert there("ray[extras=[nowhere]]") == ["ray 2.0"]


def test_the_version_is_chosen_with_its_group_in_mind() -> None:
    assert there("ray[extras=[serve]]", "strict") == ["ray 1.0", "strict 1.0", "tool 1.0"]


def test_a_group_that_cannot_be_had_is_told_with_what_it_needs() -> None:
    with pytest.raises(Unsatisfiable) as refusal:
        there("ray=2[extras=[lost]]")

    assert "you ask for ray=2[extras=[lost]]" in refusal.value.why
    assert "needs ghost, which no channel has" in refusal.value.why


def test_a_group_asked_for_earlier_still_counts() -> None:
    installed = {
        each.name: PrefixRecord(record=each) for each in [ray("2.0"), *records("tool 2.0")]
    }
    state = replace(NEW, installed=installed, requested={"ray": "ray[extras=[serve]]"})

    assert "tool 2.0" in there("other", state=state)
    with pytest.raises(Unsatisfiable, match="you asked for ray"):
        there("strict", state=replace(state, pinned=("ray 2.*",)))


@pytest.mark.parametrize("wanted", [("ray=2[extras=[all]]",), ("app", "ray=2"), ("strict", "app")])
def test_the_second_solver_agrees(wanted: tuple[str, ...]) -> None:
    pytest.importorskip("pycosat")

    found = sat.solve(problem_for(asking(INDEX, NEW, *wanted)), CancelToken())

    assert found is not None
    assert shown(found.records) == there(*wanted)
