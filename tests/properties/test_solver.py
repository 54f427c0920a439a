"""Laws of the search on small random universes, with pycosat for oracle and a plain judge."""

import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.solver.readable import machine, record, specs, violations
from xconda_core.cancel import CancelToken
from xconda_core.events import silent
from xconda_core.models.package_record import PackageRecord
from xconda_core.repodata.memory_index import MemoryIndex
from xconda_core.solver import sat
from xconda_core.solver.not_found import PackagesNotFound
from xconda_core.solver.problem import Solution, SolveProblem
from xconda_core.solver.proof import contradiction
from xconda_core.solver.search import solve
from xconda_core.solver.unsatisfiable import Unsatisfiable

pytest.importorskip("pycosat", reason="pycosat is the oracle here")

NAMES = ("a", "b", "c", "d", "e", "f")
VERSIONS = ("1.0", "2.0", "3.0")

constraints = st.sampled_from(
    ("", " 1.*", " 2.*", " 3.*", " >=2", " <3", " <2", " !=2.0", " *  1_1")
)
wishes = st.builds("{}{}".format, st.sampled_from((*NAMES, "missing", "__gpu")), constraints)
about_others = st.builds("{}{}".format, st.sampled_from((*NAMES, "__gpu")), constraints)
conditional = st.builds('{}[when="{}"]'.format, st.sampled_from(NAMES), about_others)
lines = st.builds(
    PackageRecord,
    name=st.sampled_from(NAMES),
    version=st.sampled_from(VERSIONS),
    build=st.sampled_from(("0_0", "1_1")),
    depends=st.lists(wishes | about_others | conditional, max_size=3).map(tuple),
    constrains=st.lists(about_others, max_size=2).map(tuple),
)


def _distinct(found: list[PackageRecord]) -> list[PackageRecord]:
    return [
        PackageRecord(
            name=each.name,
            version=each.version,
            build=each.build,
            build_number=int(each.build[-1]),
            depends=each.depends,
            constrains=each.constrains,
            channel="main",
            subdir="linux-64",
            fn=f"{each.dist_name}.conda",
        )
        for each in {each.dist_name: each for each in found}.values()
    ]


universes = st.lists(lines, min_size=3, max_size=24).map(_distinct)
some = st.builds("{}{}".format, st.sampled_from(NAMES), constraints)
any_of_all = constraints.map("*{}".format)
named_requests = st.lists(some, min_size=1, max_size=3)
requests = st.lists(some | any_of_all, min_size=1, max_size=3)


@st.composite
def problems(draw: st.DrawFn) -> SolveProblem:
    found = draw(universes)
    installed = draw(st.lists(st.sampled_from(found), max_size=4))
    extra = draw(st.lists(lines, max_size=2).map(_distinct))  # installed, and in no channel
    return SolveProblem(
        index=MemoryIndex(found, channels=["main"]),
        specs=specs(*draw(requests)),
        kept_specs=specs(*draw(st.lists(st.sampled_from(NAMES), max_size=1))),
        pins=specs(*draw(st.lists(about_others, max_size=2))),
        installed={each.name: each for each in [*installed, *extra]},
        kept_names=tuple(draw(st.lists(st.sampled_from(NAMES), max_size=3))),
        updates=draw(st.frozensets(st.sampled_from(NAMES), max_size=3)),
        absent=draw(st.frozensets(st.sampled_from(NAMES), max_size=1)),
        virtual_packages=machine(*draw(st.sampled_from([(), ("__gpu 2.0",)]))),
    )


def outcome(problem: SolveProblem) -> Solution | Unsatisfiable | PackagesNotFound:
    try:
        return solve(problem, silent, CancelToken())
    except (Unsatisfiable, PackagesNotFound) as refusal:
        return refusal


@settings(max_examples=500, deadline=None)
@given(problems())
def test_search_and_pycosat_agree_and_a_judge_who_knows_neither_finds_no_fault(
    problem: SolveProblem,
) -> None:
    found = outcome(problem)

    second_opinion = sat.solve(problem, CancelToken())

    assert isinstance(found, Solution) == (second_opinion is not None)
    if isinstance(found, Solution):
        assert second_opinion is not None
        assert violations(found.records, problem) == []
        assert violations(second_opinion.records, problem) == []


@settings(max_examples=150, deadline=None)
@given(problems())
def test_the_facts_of_a_conflict_exclude_each_other_and_each_is_needed(
    problem: SolveProblem,
) -> None:
    found = outcome(problem)

    if isinstance(found, Unsatisfiable):
        facts, sizes = found.facts, found.sizes
        assert not sat.can_hold(facts, sizes, CancelToken())
        assert all(
            sat.can_hold(fewer, sizes, CancelToken())
            for fewer in combinations(facts, len(facts) - 1)
        )
        assert contradiction(facts, sizes, CancelToken()) is not None
        assert len(str(found).splitlines()) < 30


@settings(max_examples=150, deadline=None)
@given(universes, requests, st.randoms(use_true_random=False))
def test_the_answer_does_not_depend_on_the_order_of_what_comes_in(
    found: list[PackageRecord], wanted: list[str], shuffle: random.Random
) -> None:
    shuffled = [_shuffled(each, shuffle) for each in found]
    shuffle.shuffle(shuffled)

    one = outcome(SolveProblem(index=MemoryIndex(found, ["main"]), specs=specs(*wanted)))
    other = outcome(SolveProblem(index=MemoryIndex(shuffled, ["main"]), specs=specs(*wanted)))

    if isinstance(one, Solution):
        assert isinstance(other, Solution)
        assert [each.dist_name for each in one.records.values()] == [
            each.dist_name for each in other.records.values()
        ]
    else:
        assert str(one) == str(other)


def _shuffled(each: PackageRecord, shuffle: random.Random) -> PackageRecord:
    depends, constrains = list(each.depends), list(each.constrains)
    shuffle.shuffle(depends)
    shuffle.shuffle(constrains)
    return PackageRecord(
        **{
            **{name: getattr(each, name) for name in each.__slots__},
            "depends": tuple(depends),
            "constrains": tuple(constrains),
        }
    )


@settings(max_examples=150, deadline=None)
@given(universes, named_requests)
def test_packages_that_nobody_can_need_change_nothing(
    found: list[PackageRecord], wanted: list[str]
) -> None:
    strangers = [record("stranger 1.0 needs a >=2"), record("stranger 2.0 allows a <2")]

    alone = outcome(SolveProblem(index=MemoryIndex(found, ["main"]), specs=specs(*wanted)))
    among = outcome(
        SolveProblem(index=MemoryIndex([*strangers, *found], ["main"]), specs=specs(*wanted))
    )

    assert str(alone) == str(among)


@settings(max_examples=150, deadline=None)
@given(problems())
def test_what_was_installed_and_still_fits_is_a_solution_that_is_kept(
    problem: SolveProblem,
) -> None:
    found = outcome(problem)
    if not isinstance(found, Solution):
        return
    again = SolveProblem(
        index=problem.index,
        specs=problem.specs,
        kept_specs=problem.kept_specs,
        pins=problem.pins,
        installed=found.records,
        kept_names=tuple(found.records),
        absent=problem.absent,
        virtual_packages=problem.virtual_packages,
    )

    kept = outcome(again)

    assert isinstance(kept, Solution)
    assert kept.records == found.records
