"""Thousands of made-up questions answered as py-rattler answers them.

Where the two are meant to differ is written in decision 0101; the questions here stay clear of it.
"""

import random
import re

import pytest

from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.version import Version
from xconda_core.models.version_spec import VersionSpec

rattler = pytest.importorskip("rattler", reason="py-rattler, the peer to compare with, is not here")

WORDS = ["a", "b", "rc", "dev", "post", "alpha", "x"]
BUILDS = ["py312_0", "py27_1", "h1_0", "x_cp312"]
BUILD_PATTERNS = ["py312_0", "py*", "*_0", "*cp3*", "h1_0", "*"]


def a_literal(choose: random.Random) -> str:
    parts = []
    for _ in range(choose.randint(1, 4)):
        tail = choose.choice(WORDS) + choose.choice(["", "1"]) if choose.random() < 0.2 else ""
        parts.append(f"{choose.randint(0, 12)}{tail}")
    epoch = "1!" if choose.random() < 0.05 else ""
    local = choose.choice(["+1", "+a.2", "+0"]) if choose.random() < 0.05 else ""
    return epoch + choose.choice([".", ".", "_"]).join(parts) + local


def one_near(literal: str, choose: random.Random) -> str:
    if choose.random() < 0.2 or "+" in literal:
        return literal
    if choose.random() < 0.5:
        return literal + choose.choice([".0", ".1", "a1", "post", "dev", "rc1", "+1", ".post1"])
    return a_literal(choose)


def a_clause(literal: str, choose: random.Random) -> str:
    operator = choose.choice(["", "==", "=", "!=", "<", "<=", ">", ">=", "~=", ">=", "<"])
    is_plain_prefix = re.search(r"[0-9]$(?<![._]0)", literal) is not None
    if (operator == "=" and not is_plain_prefix) or (operator == "~=" and "+" in literal):
        operator = "=="
    stars = operator in {"", "=", "!="} and is_plain_prefix and choose.random() < 0.4
    return operator + literal + (choose.choice([".*", "*"]) if stars else "")


def a_question(choose: random.Random) -> tuple[str, str]:
    """Return a constraint, and a version near to it."""
    literal = a_literal(choose)
    constraint = a_clause(literal, choose)
    if choose.random() < 0.4:
        constraint += choose.choice([",", "|"]) + a_clause(one_near(literal, choose), choose)
    return constraint, one_near(literal, choose)


def test_five_thousand_versions_stand_as_they_do_for_rattler() -> None:
    choose = random.Random(33)
    for _ in range(5000):
        one = a_literal(choose)
        other = one_near(one, choose)
        ours, theirs = (
            (Version.parse(text) for text in (one, other)),
            map(rattler.Version, (one, other)),
        )
        (a, b), (c, d) = ours, theirs
        assert ((a > b) - (a < b), a == b) == ((c > d) - (c < d), c == d), (one, other)


def test_five_thousand_constraints_allow_what_they_do_for_rattler() -> None:
    choose = random.Random(29)
    for _ in range(5000):
        constraint, text = a_question(choose)
        expected = rattler.VersionSpec(constraint).matches(rattler.Version(text))
        assert VersionSpec.parse(constraint).matches(Version.parse(text)) is expected, (
            constraint,
            text,
        )


def test_five_thousand_specs_match_what_they_do_for_rattler() -> None:
    choose = random.Random(26)
    for _ in range(5000):
        constraint, version = a_question(choose)
        pattern, build = choose.choice(BUILD_PATTERNS), choose.choice(BUILDS)
        number = choose.randint(0, 3)
        text = choose.choice(
            [
                f"pkg {constraint}", f"pkg {constraint} {pattern}", f"pkg[version='{constraint}']",
                f"pkg[version='{constraint}', build='{pattern}', build_number='>={number}']",
                f"pkg * {pattern}", f"pkg[build_number={number}]",
            ]
        )  # fmt: skip
        record = PackageRecord(name="pkg", version=version, build=build, build_number=1)
        theirs = rattler.PackageRecord(
            name="pkg",
            version=version,
            build=rattler.BuildString(build),
            build_number=1,
            subdir="noarch",
        )
        expected = rattler.MatchSpec(text).matches(theirs)
        assert MatchSpec.parse(text).matches(record) is expected, (text, version, build)
