"""Dependencies come first; circles and forgetful packages do not matter."""

from hypothesis import given
from hypothesis import strategies as st

from xconda_core.models.package_record import PackageRecord
from xconda_core.transaction.link_order import link_order


def records(**depends: str) -> dict[str, PackageRecord]:
    return {
        name: PackageRecord(name=name, version="1", build="0", depends=tuple(needs.split("|")))
        for name, needs in depends.items()
    }


def test_a_dependency_is_found_in_every_spelling() -> None:
    found = records(a="b >=1,<2|c>=1|channel::d", b="E 1.* *_0", c="", d="", e="")

    assert link_order(found) == ("e", "b", "c", "d", "a")


def test_noarch_python_follows_python_even_unasked() -> None:
    pure = PackageRecord(name="a", version="1", build="0", noarch="python")

    assert link_order({"a": pure, **records(python="")}) == ("python", "a")


def test_a_circle_is_cut_by_the_alphabet() -> None:
    assert link_order(records(a="b", b="c", c="a")) == ("c", "b", "a")


def test_a_chain_longer_than_pythons_stack_is_no_trouble() -> None:
    chain = records(**{f"p{n:05}": f"p{n + 1:05}" for n in range(5000)})

    assert link_order(chain)[0] == "p04999"


names = st.sampled_from("abcdef")
graphs = st.dictionaries(names, st.sets(names).map(lambda needs: "|".join(sorted(needs))))


@given(graphs)
def test_each_package_comes_once_and_after_what_it_needs_unless_they_form_a_circle(
    graph: dict[str, str],
) -> None:
    found = records(**graph)

    order = link_order(found)

    assert sorted(order) == sorted(found)
    assert order == link_order(dict(reversed(found.items())))
    for name in order:
        for need in found[name].depends:
            if need in found and name not in _reached(found, need):
                assert order.index(need) < order.index(name)


def _reached(found: dict[str, PackageRecord], start: str) -> set[str]:
    seen: set[str] = set()
    todo = [start]
    while todo:
        name = todo.pop()
        if name in found and name not in seen:
            seen.add(name)
            todo += found[name].depends
    return seen
