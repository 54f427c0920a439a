"""Several specs of one package as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.models.strategies import builds, constraints, versions
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.match_spec_merge import ConflictingSpecs, merge_specs
from xconda_core.models.version import Version


def merged(*texts: str) -> list[str]:
    return [str(spec) for spec in merge_specs(MatchSpec.parse(text) for text in texts)]


@pytest.mark.parametrize(
    ("texts", "one"),
    [
        (["a", "a 1.2.3 1", "a >1.0,<2"], "a[version='1.2.3,>1.0,<2',build=1]"),
        (["a >=1.0,<2.0", "a >=1.5", "a <=1.8"], "a[version='<=1.8,>=1.0,<2.0,>=1.5']"),
        (["a 1|2", "a 2|3"], "a[version='(1|2),(2|3)']"),
        (["c/linux-64::a", "c::a 1"], "c/linux-64::a==1"),
        (["a 1 b*", "a 1 bl*"], "a==1[build=bl*]"),
        (["a 1 *red*", "a 1 red_*"], "a==1[build='^(?=.*red.*)(?:red_.*)$']"),
        (["a 1 *_2", "a 1 red*"], "a==1[build='^(?=.*_2$)(?:red.*)$']"),
        (["a 1 *_2", "a 1 x_2"], "a==1=x_2"),
        (["a[build='^(?=x.*)(?:.*y.*)$']", "a * *_2"], "a[build='^(?=.*_2$)(?=x.*)(?:.*y.*)$']"),
        (["a[extras=[x]]", "a[extras=[y]]"], "a[extras=['x', 'y']]"),
    ],
)  # fmt: skip
def test_specs_of_one_name_become_one(texts: list[str], one: str) -> None:
    assert merged(*texts) == [one]


def test_specs_of_other_names_and_of_any_name_stay() -> None:
    assert merged("a 1", "b", "*[md5=ab]", "*[md5=cd]") == ["a==1", "b", "*[md5=ab]", "*[md5=cd]"]


@pytest.mark.parametrize(
    "texts",
    [("a 1 x", "a 1 y"), ("a 1", "a 2"), ("a<1", "a>1"), ("c::a", "d::a"), ("a 1 x*", "a 1 y*"),
     ("a[md5=ab]", "a[md5=cd]"), ("a[build_number=1]", "a[build_number='>1']"), ("a[when=b]", "a")],
)  # fmt: skip
def test_specs_that_exclude_each_other_are_refused(texts: tuple[str, str]) -> None:
    with pytest.raises(ConflictingSpecs):
        merged(*texts)


some_builds = st.sampled_from(["py312_0", "py27_1", "h1_0", "0", "x_cp312", "mkl_py3_0"])


@given(constraints, builds, constraints, builds, versions, some_builds)
def test_the_one_asks_for_all_that_both_ask_for(
    constraint: str, build: str, other: str, other_build: str, version: Version, its_build: str
) -> None:
    specs = [
        MatchSpec.parse(f"a {constraint} {build}"),
        MatchSpec.parse(f"a {other} {other_build}"),
    ]
    both = all(spec.matches_parts("a", version, its_build, 0) for spec in specs)
    try:
        (one,) = merge_specs(specs)
    except ConflictingSpecs:
        assert not both
    else:
        assert one.matches_parts("a", version, its_build, 0) is both
