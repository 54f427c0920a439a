"""Constraints: which versions they allow, and which texts they are not."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.models.strategies import clauses, constraints, literals, versions
from xconda_core.models.version import Version
from xconda_core.models.version_spec import InvalidVersionSpec, VersionSpec

ALLOWED = [
    ("1.2", "1.2.0 1.2"), ("==1.2", "1.2"), ("=1.2", "1.2 1.2.3 1.2a"), ("1.2*", "1.2.9"),
    ("1.2.*", "1.2 1.2dev 1.2.9"), ("!=1.2", "1.2.1 1.3"), ("!=1.2.*", "1.3 1.20"),
    (">=1.2", "1.2 1.20 2021"), (">1.2", "1.2.0.1 1.2post"), ("<2", "2a1 1.9"), ("<=2", "2.0"),
    ("~=1.4.2", "1.4.2 1.4.9"), ("~=1.4", "1.4 1.9"), ("~=1", "1 7"), (">=1,<2", "1 1.5"),
    ("<1|>2", "0.9 3"), (">=1,<2|3.*", "1.5 3.1"), ("(>=1,<1.5)|2", "1.1 2"), ("*", "0 1!9"),
    (">=1.8.*", "1.8 2"), ("2013a.*", "2013a 2013ab"), ("1.*.3", "1.7.3 1.0.0.3"), ("*.*", "1.0"),
    ("^1\\.[78]\\..*$", "1.7.0 1.8.x"), ("1.7|^0.*$", "1.7 0.9"), ("1.0.0*", "1.0"),
    (">=2.7, !=3.0.*, !=3.1.*", "2.7 3.2"), ("1.8 | 1.9", "1.8 1.9"), ("1.2+3.*", "1.2+3.4"),
    (">=1.0.1*.vc11", "1.0.1a.vc11"), ("2025.2.14.*", "2025.02.14"), ("!=1.*.3", "1.7.4"),
]  # fmt: skip
FORBIDDEN = [
    ("1.2", "1.2.1 1.2a"), ("=1.2", "1.20 1.3 1!1.2"), ("!=1.2", "1.2.0"), ("!=1.2.*", "1.2 1.2.5"),
    (">1.2", "1.2 1.2.0"), ("<2", "2 2post"), ("~=1.4.2", "1.4.1 1.5 1.4.2a"), ("~=1", "0.9 1!1"),
    (">=1,<2", "2 0.9"), ("<1|>2", "1 2"), ("1.7,1.8", "1.7 1.8"), ("1.*.3", "1.3 1.7.3.4"),
    ("*.*", "3"), ("2013a.*", "2013b"), ("1.2+3.*", "1.2 1.2+4"), ("!=1.*.3", "1.7.3"),
]  # fmt: skip


@pytest.mark.parametrize(("constraint", "allowed"), ALLOWED)
def test_a_constraint_allows_what_it_describes(constraint: str, allowed: str) -> None:
    spec = VersionSpec.parse(constraint)
    assert [text for text in allowed.split() if not spec.matches(Version.parse(text))] == []


@pytest.mark.parametrize(("constraint", "forbidden"), FORBIDDEN)
def test_a_constraint_forbids_everything_else(constraint: str, forbidden: str) -> None:
    spec = VersionSpec.parse(constraint)
    assert [text for text in forbidden.split() if spec.matches(Version.parse(text))] == []


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0), ("  ", 0), (",", 0), ("|", 0), (">=1.0,,<2", 6), (">=1.0|", 6), ("1.5||1.6", 4),
        ("(1.5", 4), ("1.5)", 3), ("()", 1), ("1.5(", 3), ("(1)(2)", 3), (">=", 0), ("!", 0),
        (">=1,<<2", 4), ("<=>1", 0), ("~>1.0", 0), ("<1.0>", 0), ("^1.0", 0), ("^(1.0$", 0),
        (">= 1.7", 0), (">=1.0 <2.0", 0), ("1.8 1.9", 0), ("~=1.8.*", 0), ("<*", 0), ("1..0", 0),
        (">=1.2,<é", 6), ("1.2+", 0), ("1;2", 0), ("^1\\1$", 0),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_place(text: str, position: int) -> None:
    with pytest.raises(InvalidVersionSpec) as refusal:
        VersionSpec.parse(text)
    assert refusal.value.position == position


def test_a_refusal_marks_the_place() -> None:
    with pytest.raises(InvalidVersionSpec) as refusal:
        VersionSpec.parse(">=1.2,<=")
    assert str(refusal.value) == (
        "'>=1.2,<=' is not a version constraint.\n"
        "  why: at '>=1.2,⟨here⟩<=': it is empty.\n"
        "  try: write clauses such as 1.2.*, >=1.2, !=1.3 with , for and, | for or."
    )


def test_five_thousand_parentheses_are_refused_in_words() -> None:
    with pytest.raises(InvalidVersionSpec, match=r"longer than|parentheses are open"):
        VersionSpec.parse("(" * 5000 + "1" + ")" * 5000)
    with pytest.raises(InvalidVersionSpec, match="64 parentheses are open"):
        VersionSpec.parse("(" * 1000 + "1" + ")" * 1000)


def test_sixty_parentheses_are_read() -> None:
    assert VersionSpec.parse("(" * 60 + ">1" + ")" * 60) == VersionSpec.parse(">1")


@pytest.mark.parametrize("constraint", ["^(a+)+$", "^(a|a)*b$", "*a" * 30, "^" + "a*" * 60 + "b$"])
def test_no_expression_takes_longer_than_its_text(constraint: str) -> None:
    spec, version = VersionSpec.parse(constraint), Version.parse("a" * 120)
    start = time.perf_counter()
    spec.matches(version)
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (">=1.0", ">=1"), ("1.2.*", "=1.2"), ("1.2*", "1.2.*"), ("==1", "1.0"), (">1,>2", ">2"),
        ("<1|>=1", "*"), ("1,2", "3,4"), ("!=1.2.*", "!=1.2*"), ("(>1)", ">1"),
    ],
)  # fmt: skip
def test_constraints_that_mean_the_same_are_equal(one: str, other: str) -> None:
    assert VersionSpec.parse(one) == VersionSpec.parse(other)
    assert hash(VersionSpec.parse(one)) == hash(VersionSpec.parse(other))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("1.7*", "1.7.*"), ("=1.7", "1.7.*"), ("==1.7", "1.7"), (">=1 , <2", ">=1,<2"),
        ("1.6*|1.8*", "1.6.*|1.8.*"), ("=1.8.*", "1.8.*"), ("*.7.*", "*.7.*"),
        ("=0.*,>=0.4", "=0.*,>=0.4"),
    ],
)  # fmt: skip
def test_one_meaning_has_one_spelling(text: str, printed: str) -> None:
    assert str(VersionSpec.parse(text)) == printed


@given(constraints)
def test_a_printed_constraint_is_read_back_as_itself(text: str) -> None:
    spec = VersionSpec.parse(text)
    assert VersionSpec.parse(str(spec)) == spec
    assert str(VersionSpec.parse(str(spec))) == str(spec)


@given(constraints, constraints, versions)
def test_a_comma_means_and_a_bar_means_or(one: str, other: str, version: Version) -> None:
    first, second = (VersionSpec.parse(text).matches(version) for text in (one, other))
    assert VersionSpec.parse(f"({one}),({other})").matches(version) is (first and second)
    assert VersionSpec.parse(f"({one})|({other})").matches(version) is (first or second)


@given(literals, versions)
def test_relations_follow_the_order(text: str, version: Version) -> None:
    literal = Version.parse(text)
    for operator, expected in [
        ("==", version == literal), ("!=", version != literal), ("<", version < literal),
        ("<=", version <= literal), (">", version > literal), (">=", version >= literal),
        ("=", version.startswith(literal)), ("", version == literal),
    ]:  # fmt: skip
        assert VersionSpec.parse(operator + text).matches(version) is expected


@given(st.lists(versions, max_size=20), clauses)
def test_the_switches_answer_for_versions_in_order(some: list[Version], text: str) -> None:
    spec = VersionSpec.parse(text)
    assert list(spec.switches) == sorted(spec.switches)
    assert [version for version in some if spec.matches(version)] == [
        version for version in some if sum(key <= version.key for key in spec.switches) % 2
    ]


def test_a_constraint_shows_what_it_is() -> None:
    assert repr(VersionSpec.parse(">=1, <2")) == "VersionSpec('>=1,<2')"


def test_a_constraint_of_endless_length_is_refused_at_once() -> None:
    with pytest.raises(InvalidVersionSpec, match="longer than"):
        VersionSpec.parse("1 ," * 5000)
