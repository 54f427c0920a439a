"""Which packages the search chooses. Universes are tiny and written out; see ``readable``."""

import pytest

from tests.solver.readable import (
    answer,
    ask,
    machine,
    record,
    records,
    shown,
    solved,
    specs,
    universe,
)
from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.events import SolveAdvanced, silent
from xconda_core.models.package_record import PackageRecord
from xconda_core.repodata.memory_index import MemoryIndex
from xconda_core.solver.problem import SolveProblem
from xconda_core.solver.search import solve
from xconda_core.solver.unsatisfiable import Unsatisfiable

CASES = {
    "the newest version": ("a 1.0\n a 1.10\n a 1.9", ["a"], ["a 1.10"]),
    "the highest build number": ("a 1.0 x_0\n a 1.0 b_2\n a 1.0 z_1", ["a"], ["a 1.0 b_2"]),
    "what it needs, and no more": (
        "a 1.0 needs b\n b 1.0\n c 1.0",
        ["a"],
        ["a 1.0", "b 1.0"],
    ),
    "an older version where the newest cannot be": (
        "a 2.0 needs missing\n a 1.0",
        ["a"],
        ["a 1.0"],
    ),
    "older builds for an older Python": (
        """
        numpy 2.0 py312_0 needs python 3.12.*
        numpy 2.0 py311_0 needs python 3.11.*
        python 3.12
        python 3.11
        """,
        ["numpy", "python=3.11"],
        ["numpy 2.0 py311_0", "python 3.11"],
    ),
    "of equal builds the one for the newest Python": (
        """
        numpy 2.0 py311_0 needs python 3.11.*
        numpy 2.0 py312_0 needs python 3.12.*
        numpy 2.0 py310_0 needs python 3.10.*
        python 3.10
        python 3.12
        python 3.11
        """,
        ["numpy"],
        ["numpy 2.0 py312_0", "python 3.12"],
    ),
    "tracked features last": ("a 2.0 [track_features]\n a 1.0", ["a"], ["a 1.0"]),
    "tracked features where nothing else is left": (
        "a 2.0 [track_features]\n a 1.0",
        ["a>1"],
        ["a 2.0"],
    ),
    "what two packages can share": (
        """
        a 1.0 needs c >=1
        b 1.0 needs c <2
        c 2.0
        c 1.0
        """,
        ["a", "b"],
        ["a 1.0", "b 1.0", "c 1.0"],
    ),
    "the first request newest where both cannot be": (
        """
        a 2.0 needs c 2.*
        a 1.0 needs c 1.*
        b 2.0 needs c 1.*
        b 1.0 needs c 2.*
        c 2.0
        c 1.0
        """,
        ["a", "b"],
        ["a 2.0", "b 1.0", "c 2.0"],
    ),
    "nothing that a constraint excludes": (
        "a 1.0 needs b allows c <2\n b 1.0 needs c\n c 2.0\n c 1.0",
        ["a"],
        ["a 1.0", "b 1.0", "c 1.0"],
    ),
    "nothing for a constraint alone": ("a 1.0 allows b <2\n b 1.0", ["a"], ["a 1.0"]),
    "cycles": ("a 1.0 needs b\n b 1.0 needs a", ["b"], ["a 1.0", "b 1.0"]),
    "a package that needs itself": ("a 1.0 needs a", ["a"], ["a 1.0"]),
    "no package that excludes itself": ("a 2.0 needs a <2\n a 1.0", ["a"], ["a 1.0"]),
    "either version of an alternative": (
        "a 1.0 needs b 1.0|3.0\n b 3.0\n b 2.0",
        ["a"],
        ["a 1.0", "b 3.0"],
    ),
    "the build that is asked for": (
        "a 1.0 mkl_0\n a 1.0 openblas_0",
        ["a=*=*mkl*"],
        ["a 1.0 mkl_0"],
    ),
    "no candidate with a dependency that cannot be read": (
        "a 2.0 needs b ==>1\n a 1.0\n b 1.0",
        ["a"],
        ["a 1.0"],
    ),
    "a candidate that wants a group which nobody has": (
        "a 2.0 needs b[extras=[x]]\n a 1.0\n b 1.0",
        ["a"],
        ["a 2.0", "b 1.0"],
    ),
    "a conditional dependency where its condition holds": (
        'a 1.0 needs b[when="python <3.12"] and python\n b 1.0\n python 3.11',
        ["a"],
        ["a 1.0", "b 1.0", "python 3.11"],
    ),
    "no conditional dependency where its condition does not hold": (
        'a 1.0 needs b[when="python <3.12"] and python\n b 1.0\n python 3.12',
        ["a"],
        ["a 1.0", "python 3.12"],
    ),
    "a conditional dependency of joined conditions": (
        'a 1.0 needs b[when="(c and d >=2) or e"] and c and d\n b 1.0\n c 1.0\n d 2.0\n e 1.0',
        ["a"],
        ["a 1.0", "b 1.0", "c 1.0", "d 2.0"],
    ),
    "a wish with a condition where it holds": (
        "b 2.0\n b 1.0\n python 3.12",
        ["python", 'b <2[when="python>=3.10"]'],
        ["b 1.0", "python 3.12"],
    ),
    "nothing for a wish whose condition does not hold": (
        "b 1.0\n python 3.9",
        ["python", 'b[when="python>=3.10"]', 'missing[when="python>=3.10"]'],
        ["python 3.9"],
    ),
    "what is newer although it makes a condition hold": (
        "b 1.0 needs c\n c 1.0\n python 3.12\n python 3.9",
        ['b[when="python>=3.10 and __linux"]', "python"],
        ["b 1.0", "c 1.0", "python 3.12"],
    ),
    "what is older where a condition could not be met": (
        "python 3.12\n python 3.9",
        ['missing[when="python>=3.10"]', "python"],
        ["python 3.9"],
    ),
    "somebody of those that a pattern means": (
        "lib-one 1.0 needs missing\n lib-two 1.0",
        ["lib-*"],
        ["lib-two 1.0"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_search_chooses(name: str) -> None:
    text, wanted, expected = CASES[name]

    assert solved(ask(universe(text), *wanted, virtual=["__linux 6.1"])) == expected


MACHINE_CASES = {
    "what the machine can run": (("__glibc 2.17",), ["a 1.0"]),
    "what is newer where the machine can": (("__glibc 2.40",), ["a 2.0"]),
}


@pytest.mark.parametrize("name", MACHINE_CASES)
def test_the_search_chooses_by_facts_of_the_machine(name: str) -> None:
    facts, expected = MACHINE_CASES[name]
    index = universe("a 2.0 needs __glibc >=2.28\n a 1.0 needs __glibc >=2.12")

    assert solved(ask(index, "a", virtual=facts)) == expected


def test_a_constraint_on_a_fact_counts_only_where_the_machine_has_it() -> None:
    index = universe("a 2.0 allows __cuda >=12\n a 1.0")

    assert solved(ask(index, "a")) == ["a 2.0"]
    assert solved(ask(index, "a", virtual=["__cuda 11.8"])) == ["a 1.0"]


def test_a_pin_holds_where_the_package_comes_in_and_does_not_bring_it_in() -> None:
    index = universe("a 1.0 needs b\n b 2.0\n b 1.0\n c 1.0")
    pinned = specs("b=1")

    assert solved(SolveProblem(index=index, specs=specs("a"), pins=pinned)) == ["a 1.0", "b 1.0"]
    assert solved(SolveProblem(index=index, specs=specs("c"), pins=pinned)) == ["c 1.0"]


def test_a_pin_with_a_condition_holds_where_that_does() -> None:
    index = universe("b 2.0\n b 1.0\n python 3.12\n python 3.9")
    pins = specs('b <2[when="python<3.10"]')

    new, old = (
        solved(SolveProblem(index=index, specs=specs(python, "b"), pins=pins))
        for python in ("python", "python=3.9")
    )

    assert (new, old) == (["b 2.0", "python 3.12"], ["b 1.0", "python 3.9"])


def test_what_is_installed_stays_although_there_is_newer() -> None:
    index = universe("a 1.0 needs b\n b 2.0\n b 1.0")
    problem = SolveProblem(
        index=index, specs=specs("a"), installed={"b": record("b 1.0")}, kept_names=("b",)
    )

    assert solved(problem) == ["a 1.0", "b 1.0"]


def test_what_is_installed_moves_where_the_request_needs_it_to() -> None:
    index = universe("a 1.0 needs b >=2\n b 3.0\n b 2.0\n b 1.0")
    problem = SolveProblem(
        index=index, specs=specs("a"), installed={"b": record("b 1.0")}, kept_names=("b",)
    )

    assert solved(problem) == ["a 1.0", "b 3.0"]


def test_what_is_installed_goes_where_nothing_lets_it_stay() -> None:
    index = universe("a 1.0 allows b <1\n b 1.0")
    problem = SolveProblem(
        index=index, specs=specs("a"), installed={"b": record("b 1.0")}, kept_names=("b",)
    )

    assert solved(problem) == ["a 1.0"]


def test_an_installed_package_that_no_channel_has_can_stay_and_be_needed() -> None:
    index = universe("a 1.0 needs local >=5")
    problem = SolveProblem(index=index, specs=specs("a"), installed={"local": record("local 5.1")})

    assert solved(problem) == ["a 1.0", "local 5.1"]


def test_an_update_does_not_take_a_newer_local_build_for_older() -> None:
    index = universe("a 2.0\n a 1.0")
    problem = SolveProblem(
        index=index,
        specs=specs("a"),
        installed={"a": record("a 3.0")},
        updates=frozenset({"a"}),
    )

    assert solved(problem) == ["a 3.0"]


def test_an_update_moves_what_it_names_and_leaves_the_rest() -> None:
    index = universe("a 2.0\n a 1.0\n b 2.0\n b 1.0")
    problem = SolveProblem(
        index=index,
        specs=specs("a"),
        installed={each.name: each for each in records("a 1.0\n b 1.0")},
        kept_names=("b",),
        updates=frozenset({"a"}),
    )

    assert solved(problem) == ["a 2.0", "b 1.0"]


def test_what_the_channel_says_of_an_installed_archive_now_counts() -> None:
    index = universe("a 1.0 needs b\n b 1.0")
    problem = SolveProblem(index=index, specs=specs("a"), installed={"a": record("a 1.0")})

    assert solved(problem) == ["a 1.0", "b 1.0"]


def test_a_companion_comes_along_if_it_can_and_harms_nobody_if_it_cannot() -> None:
    with_pip = universe("python 3.12\n pip 24.0 needs python")
    hopeless = universe("python 3.12\n pip 24.0 needs python <3")
    companions = {"python": "pip"}

    assert solved(SolveProblem(index=with_pip, specs=specs("python"), companions=companions)) == [
        "pip 24.0",
        "python 3.12",
    ]
    assert solved(SolveProblem(index=hopeless, specs=specs("python"), companions=companions)) == [
        "python 3.12"
    ]
    assert solved(
        SolveProblem(index=universe("a 1.0"), specs=specs("a"), companions=companions)
    ) == ["a 1.0"]


def test_a_channel_in_a_request_is_obeyed() -> None:
    index = MemoryIndex(
        [
            *records("a 2.0", channel="https://example.org/main"),
            *records("a 1.0", channel="https://example.org/extra"),
        ],
        channels=["main", "extra"],
        priority="flexible",
    )

    assert solved(ask(index, "a")) == ["a 2.0"]
    assert solved(ask(index, "extra::a")) == ["a 1.0"]


def test_dependencies_do_not_lure_away_from_the_channel_of_higher_priority() -> None:
    index = MemoryIndex(
        [
            *records("a 1.0 low_0 needs b 1.*"),
            *records("a 1.0 high_0 needs b 2.*", channel="https://example.org/extra"),
            *records("b 1.0\n b 2.0"),
        ],
        channels=["main", "extra"],
        priority="flexible",
    )

    assert solved(ask(index, "a")) == ["a 1.0 low_0", "b 1.0"]


def test_digests_in_a_request_are_obeyed() -> None:
    wanted = PackageRecord(name="a", version="1.0", build="0", channel="main", md5="1" * 32)
    newer = PackageRecord(name="a", version="2.0", build="0", channel="main", md5="2" * 32)
    index = MemoryIndex([wanted, newer], channels=["main"])

    assert solved(ask(index, f"a[md5={'1' * 32}]")) == ["a 1.0"]


def test_one_conflict_rules_out_every_candidate_with_the_same_dependency() -> None:
    old = "\n".join(f"a {number}.0 needs python <3" for number in range(1, 200))
    index = universe(f"{old}\n b 1.0 needs python >=3\n python 3.12\n python 2.7")

    with pytest.raises(Unsatisfiable) as refusal:
        solve(ask(index, "a", "b"), silent, CancelToken())

    assert len(refusal.value.facts) == 4


def test_a_thousand_names_in_a_chain_need_no_recursion() -> None:
    chain = "\n".join(f"p{number} 1.0 needs p{number + 1}" for number in range(3000))

    found = answer(ask(universe(f"{chain}\n p3000 1.0"), "p0"))

    assert len(found.records) == 3001


def test_a_cancelled_search_stops() -> None:
    token = CancelToken()
    token.cancel()

    with pytest.raises(Cancelled):
        solve(ask(universe("a 1.0"), "a"), silent, token)


def test_a_long_search_tells_how_far_it_is() -> None:
    chain = "\n".join(f"p{n} 1.0 needs p{n + 1}\n p{n} 2.0 needs p{n + 1}" for n in range(600))
    told: list[object] = []

    solve(ask(universe(f"{chain}\n p600 1.0"), "p0"), told.append, CancelToken())

    assert SolveAdvanced(decisions=256, conflicts=0) in told


def test_a_solution_lists_names_in_order_and_no_facts_of_the_machine() -> None:
    index = universe("b 1.0 needs a\n a 1.0 needs __linux")

    found = answer(ask(index, "b", virtual=["__linux 6.1"]))

    assert shown(found.records) == ["a 1.0", "b 1.0"]


def test_a_request_about_the_machine_is_met_by_its_facts() -> None:
    assert solved(ask(universe("a 1.0"), "a", "__linux>=5", virtual=["__linux 6.1"])) == ["a 1.0"]


def test_two_facts_of_one_name_are_the_last_of_them() -> None:
    index = universe("a 1.0 needs __cuda >=12")

    problem = SolveProblem(
        index=index, specs=specs("a"), virtual_packages=machine("__cuda 11.0", "__cuda 12.0")
    )

    assert solved(problem) == ["a 1.0"]


def test_an_installed_package_whose_version_cannot_be_read_stays_and_disturbs_nobody() -> None:
    index = universe("a 1.0 needs b\n b 1.0")
    problem = SolveProblem(
        index=index,
        specs=specs("a"),
        installed={"local": record("local 1..0")},
        kept_names=("local",),
    )

    assert solved(problem) == ["a 1.0", "b 1.0", "local 1..0"]


def test_an_unreadable_version_meets_no_constraint_on_it() -> None:
    index = universe("a 1.0 needs b >=0\n b 1.0")
    problem = SolveProblem(index=index, specs=specs("a"), installed={"b": record("b ==")})

    assert solved(problem) == ["a 1.0", "b 1.0"]
