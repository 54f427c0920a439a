"""Who needs whom, and walks through it: cycles end, nothing is told twice, every way is found."""

from collections.abc import Mapping
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from xconda_core.errors import Json
from xconda_core.models.package_record import PackageRecord
from xconda_core.solver.need_graph import NeedGraph, TreeLine, shortest_chains, tree_lines


def a_graph(needs: Mapping[str, str], requested: Mapping[str, str] | None = None) -> NeedGraph:
    """Return the graph of packages whose dependencies are the words of a text."""
    records = {
        name: PackageRecord(name=name, version="1", build="0", depends=tuple(text.split("; ")))
        if text
        else PackageRecord(name=name, version="1", build="0")
        for name, text in needs.items()
    }
    return NeedGraph.of(records, requested or {})


def drawn(lines: list[TreeLine]) -> list[str]:
    return [
        "." * line.depth + line.name + "*" * line.is_repeated + "+" * line.is_cut for line in lines
    ]


def test_every_shortest_way_is_found_and_no_longer_one() -> None:
    graph = a_graph(
        {"top": "left; right; far", "left": "low", "right": "low", "far": "left", "low": ""}
    )

    assert list(shortest_chains(graph, "top", "low")) == [
        ("top", "left", "low"),
        ("top", "right", "low"),
    ]


def test_there_is_no_way_to_what_nothing_needs() -> None:
    assert list(shortest_chains(a_graph({"a": "", "b": ""}), "a", "b")) == []


def test_the_words_of_a_dependency_are_kept_and_several_are_joined() -> None:
    graph = a_graph({"a": "b >=1; b <3", "b": ""})

    assert graph.needs["a"] == {"b": "b >=1 and b <3"}


def test_what_is_not_there_is_lacked_but_for_facts_of_the_machine() -> None:
    graph = a_graph({"a": "gone >=1; __glibc >=2"})

    assert graph.lacks == {"a": ("gone >=1",)}


def test_a_condition_that_does_not_hold_needs_nothing() -> None:
    graph = a_graph({"a": 'b[when="c >=2"]; d[when="c >=1"]', "b": "", "c": "", "d": ""})

    assert set(graph.needs["a"]) == {"d"}


def test_an_optional_dependency_counts_where_its_group_was_asked_for() -> None:
    extra: dict[str, Json] = {"extra-depends": {"fast": ["b"]}}
    records = {
        "a": PackageRecord(name="a", version="1", build="0", extra=extra),
        "b": PackageRecord(name="b", version="1", build="0"),
    }

    assert NeedGraph.of(records, {"a": "a[extras=[fast]]"}).needs["a"] == {"b": "b"}
    assert NeedGraph.of(records, {"a": "a"}).needs["a"] == {}


def test_one_of_those_that_need_only_each_other_is_a_top() -> None:
    graph = a_graph({"a": "b", "b": "a", "c": "d", "d": ""})

    assert graph.tops() == ("a", "c")


def test_a_tree_tells_once_what_hangs_on_a_package() -> None:
    graph = a_graph({"a": "b; c", "b": "c", "c": "d", "d": ""})
    below = graph.needs.__getitem__

    assert drawn(list(tree_lines(["a"], below))) == ["a", ".b", "..c", "...d", ".c*"]
    assert drawn(list(tree_lines(["a"], below, repeat=False))) == ["a", ".b", "..c", "...d"]
    assert drawn(list(tree_lines(["a"], below, depth=1))) == ["a", ".b+", ".c+"]


def test_a_tree_of_a_cycle_ends() -> None:
    graph = a_graph({"a": "b", "b": "a"})

    assert drawn(list(tree_lines(["a"], graph.needs.__getitem__))) == ["a", ".b", "..a*"]


names = st.sampled_from("abcdef")
graphs = st.dictionaries(names, st.lists(names, unique=True), min_size=1).map(
    lambda needs: a_graph(
        {name: "; ".join(n for n in to if n in needs) for name, to in needs.items()}
    )
)


@given(graph=graphs, start=names, target=names)
def test_every_chain_is_a_way_and_all_are_of_one_length(
    graph: NeedGraph, start: str, target: str
) -> None:
    chains = list(shortest_chains(graph, start, target)) if target in graph.needs else []

    assert len({len(chain) for chain in chains}) <= 1
    assert len(set(chains)) == len(chains)
    assert all(b in graph.needs[a] for chain in chains for a, b in pairwise(chain))
    assert bool(chains) == (target in graph.needs and target in graph.reached([start]))


@given(graph=graphs)
def test_the_tops_reach_everything_and_a_tree_of_them_names_it_all(graph: NeedGraph) -> None:
    tops = graph.tops()

    assert graph.reached(tops) == set(graph.needs)
    told = [line for line in tree_lines(tops, graph.needs.__getitem__) if not line.is_repeated]
    assert {line.name for line in told} == set(graph.needs)
    once = [line.name for line in tree_lines(tops, graph.needs.__getitem__, repeat=False)]
    assert sorted(once) == sorted(graph.needs)
