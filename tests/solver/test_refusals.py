"""What a refusal says, in tiny universes; real ones are in ``test_real_conflicts``."""

import json

import pytest

from tests.solver.readable import ask, records, specs, universe
from xconda_core.cancel import CancelToken
from xconda_core.events import silent
from xconda_core.repodata.index import Withheld
from xconda_core.repodata.memory_index import MemoryIndex
from xconda_core.solver.not_found import PackagesNotFound
from xconda_core.solver.problem import SolveProblem
from xconda_core.solver.search import solve
from xconda_core.solver.unsatisfiable import Unsatisfiable


def refusal(problem: SolveProblem) -> Unsatisfiable:
    with pytest.raises(Unsatisfiable) as refused:
        solve(problem, silent, CancelToken())
    return refused.value


EXCLUDING = "these exclude each other:"
IN_VAIN = "it needs what cannot be had:"


def why(text: str, *wanted: str, heading: str = EXCLUDING) -> list[str]:
    head, *lines = refusal(ask(universe(text), *wanted)).why.split("\n    ")
    assert head == heading
    return lines


def test_a_chain_is_told_from_the_request_down() -> None:
    assert why("a 1.0 needs b\n b 1.0 needs c <2\n c 2.0\n c 1.0", "a", "c=2") == [
        "you ask for a",
        "  a 1.0 needs b",
        "    b 1.0 needs c <2",
        "you ask for c=2",
    ]


def test_alike_builds_are_one_line() -> None:
    assert why(
        """
        a 1.0 x_0 needs python 3.10.*
        a 1.0 y_0 needs python 3.11.*
        a 1.0 z_0 needs python 3.12.*
        python 3.9
        python 3.10
        python 3.11
        python 3.12
        python 3.13
        """,
        "a",
        "python=3.9",
    ) == ["you ask for a", "  a 1.0 needs python 3.10 to 3.12", "you ask for python=3.9"]


def test_a_dependency_that_nobody_has_is_named() -> None:
    assert why("a 1.0 needs ghost >=1", "a", heading=IN_VAIN) == [
        "you ask for a",
        "  a 1.0 needs ghost >=1, which no channel has",
    ]


def test_a_version_that_nobody_has_is_held_against_those_there_are() -> None:
    assert why("a 1.0 needs b >=3\n b 1.0\n b 2.0", "a", heading=IN_VAIN) == [
        "you ask for a",
        "  a 1.0 needs b >=3, but there is only 1.0 to 2.0",
    ]


def test_a_fact_that_the_machine_lacks_is_named_with_the_way_out() -> None:
    refused = refusal(ask(universe("a 1.0 needs __cuda >=12"), "a"))

    assert "a 1.0 needs __cuda >=12, which this machine lacks" in refused.why
    assert "CONDA_OVERRIDE_CUDA" in refused.fix


def test_a_dependency_that_cannot_be_honoured_is_named() -> None:
    assert why("a 1.0 needs b*\n b 1.0", "a", heading=IN_VAIN) == [
        "you ask for a",
        "  a 1.0 needs 'b*', which xconda cannot honour",
    ]


def test_a_constraint_reads_as_one() -> None:
    assert why("a 1.0 allows b <2\n b 2.0", "a", "b") == [
        "you ask for a",
        "  a 1.0 allows only b <2",
        "you ask for b",
    ]


def test_two_wishes_about_one_package_can_exclude_each_other() -> None:
    assert why("a 1.0\n a 2.0", "a=1", "a>=2") == ["you ask for a=1", "you ask for a>=2"]


def test_requests_that_have_no_part_in_it_are_not_mentioned() -> None:
    refused = refusal(
        ask(universe("a 1.0 needs c 1.*\n b 1.0\n c 1.0\n c 2.0"), "b", "a", "c=2", "b>=1")
    )

    assert refused.what == "a and c=2 cannot be installed together."
    assert refused.conflict.requests() == ("a", "c=2")


def test_what_must_go_and_is_needed_is_told() -> None:
    problem = SolveProblem(
        index=universe("a 1.0 needs b\n b 1.0"), specs=specs("a"), absent=frozenset({"b"})
    )

    assert "you ask for b to go" in refusal(problem).why


def test_a_pin_is_named_with_the_way_out() -> None:
    problem = SolveProblem(
        index=universe("a 1.0 needs b >=2\n b 1.0\n b 2.0"), specs=specs("a"), pins=specs("b=1")
    )

    assert "b=1 is pinned" in refusal(problem).why
    assert refusal(problem).fix == "change the pin b=1."


def test_a_long_chain_stays_under_thirty_lines() -> None:
    chain = "\n".join(f"p{number} 1.0 needs p{number + 1} 1.*" for number in range(100))

    refused = refusal(ask(universe(f"{chain}\n p100 2.0"), "p0"))

    assert len(str(refused).splitlines()) < 30
    assert "more lines" in refused.why


def test_a_refusal_is_data_too() -> None:
    refused = refusal(ask(universe("a 1.0 needs b <2\n b 2.0"), "a", "b>=2"))

    document = json.loads(json.dumps(refused.to_json()))

    assert document["code"] == "unsatisfiable"
    claims = document["facts"]["conflict"]["claims"]
    assert [claim["kind"] for claim in claims] == ["request", "depends"]
    assert claims[1]["name"] == "a"
    assert claims[1]["target"] == "b"


def not_found(index: MemoryIndex, *wanted: str) -> PackagesNotFound:
    with pytest.raises(PackagesNotFound) as refused:
        solve(ask(index, *wanted), silent, CancelToken())
    return refused.value


def test_a_misspelt_name_meets_its_neighbours_and_the_channels_searched() -> None:
    refused = not_found(universe("numpy 1.0\n scipy 1.0"), "nunpy")

    assert refused.what == "No package matches 'nunpy'."
    assert refused.why == "in main, no package is named nunpy."
    assert refused.fix == "did you mean numpy? Or name a channel that has it with -c CHANNEL."


def test_a_missing_version_meets_those_there_are() -> None:
    versions = "\n".join(f"a 1.{minor}" for minor in range(8))

    refused = not_found(universe(versions), "a=2")

    assert refused.why == "in main, a has 8 versions, 1.0 to 1.7; next to that is 1.7."
    assert refused.fix == "ask for a=1.7, or leave the version out."
    assert refused.missing[0].version_count == 8


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("a=1.5", ("1.4", "1.6")),
        ("a>1.4,<1.6", ("1.4", "1.6")),
        ("a<1.2", ("1.2",)),
        ("a=1.5|=1.9", ("1.4",)),
        ("a=1.5*=x_0", ("1.4", "1.6")),
    ],
)
def test_the_versions_next_to_a_missing_one_are_named(asked: str, near: tuple[str, ...]) -> None:
    refused = not_found(universe("a 1.2\n a 1.4\n a 1.6\n a 1.7"), asked)

    assert refused.missing[0].next_versions == near
    assert all(f"a={version}" in refused.fix for version in near)


def test_of_a_pattern_the_newest_versions_are_named() -> None:
    versions = "\n".join(f"a 1.{minor}" for minor in range(8))

    assert (
        not_found(universe(versions), "a ^9.*$").why
        == "in main, the versions of a are 1.7, 1.6, 1.5, 1.4, 1.3 and 3 older, down to 1.0."
    )


def test_the_only_version_is_named_as_such() -> None:
    assert not_found(universe("a 1.0"), "a=2").why == "in main, the only version of a is 1.0."


def test_a_missing_build_meets_those_there_are() -> None:
    refused = not_found(universe("a 1.0 x_0\n a 1.0 y_0"), "a=1.0=z*")

    assert refused.why == "in main, a of that version has other builds only, such as y_0, x_0."


def test_a_fact_that_the_machine_lacks_is_not_looked_for_in_channels() -> None:
    lacking = not_found(universe("a 1.0"), "__cuda>=12")
    other = refused_by_machine("__cuda 11.4", "__cuda>=12")

    assert lacking.why == "__cuda is a fact of the machine, and this machine has none."
    assert other.why == "__cuda is a fact of the machine, and this machine has 11.4."
    assert lacking.fix == other.fix
    assert "CONDA_OVERRIDE_CUDA" in other.fix


def refused_by_machine(fact: str, wanted: str) -> PackagesNotFound:
    with pytest.raises(PackagesNotFound) as refused:
        solve(ask(universe("a 1.0"), wanted, virtual=(fact,)), silent, CancelToken())
    return refused.value


def test_several_unknown_names_are_told_at_once_and_each_with_its_neighbours() -> None:
    refused = not_found(universe("numpy 1.0\n scipy 1.0"), "nunpy", "zzz", "scipy=2")

    assert refused.why == (
        "in main, no package is named nunpy or zzz; the only version of scipy is 1.0."
    )
    assert refused.fix.split("\n    ") == [
        "for each of them:",
        "nunpy: did you mean numpy?",
        "scipy=2: ask for scipy=1.0, or leave the version out.",
        "or name a channel that has nunpy and zzz with -c CHANNEL.",
    ]
    unheard = not_found(universe("numpy 1.0"), "xxx", "zzz").fix
    assert unheard == "name a channel that has xxx and zzz with -c CHANNEL."


def test_several_missing_requests_are_told_together() -> None:
    refused = not_found(MemoryIndex(records("a 1.0"), ["main"]), "b", "c=1")

    assert refused.what == "No package matches 'b' or 'c=1'."
    assert [each.name for each in refused.missing] == ["b", "c"]
    assert json.dumps(refused.to_json())


def test_without_channels_that_is_said() -> None:
    assert "in no channel at all" in not_found(MemoryIndex([]), "a").why


class _PartlyFetched(MemoryIndex):
    """What is here of a channel that lists ``openssl``, offline."""

    def withheld(self, name: str) -> tuple[Withheld, ...]:
        return (Withheld("forge", "", "", "offline"),) if name == "openssl" else ()


def test_what_is_only_listed_offline_is_not_said_to_be_unknown() -> None:
    index = _PartlyFetched(records("numpy 1.0\n a 1.0 needs openssl"))
    words = "only listed by forge: the rest was never fetched, and xconda is offline"

    asked = not_found(index, "openssl>=3")
    needed = refusal(ask(index, "a"))

    assert asked.why == f"openssl is {words}."
    assert asked.fix == "ask for openssl once with a network, without `--offline`."
    assert needed.why.endswith(f"a 1.0 needs openssl; {words}")
