"""Regular expressions: as Python finds them, in linear time, or refused."""

import re
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xconda_core.models.expression import Expression, InvalidExpression

atoms = st.sampled_from(
    ["a", "b", "B", ".", "[ab]", "[^a]", "[a-c1]", "\\d", "\\w", "\\W", "\\.", "1", "_", "^", "$"]
)
marks = st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{1,2}", "{0,}", "*?", "+?"])
expressions = st.recursive(
    st.builds(str.__add__, atoms, marks),
    lambda inner: st.one_of(
        st.builds(str.__add__, inner, inner),
        st.builds("{}|{}".format, inner, inner),
        st.builds("({}){}".format, inner, marks),
        st.builds("(?:{}){}".format, inner, marks),
    ),
    max_leaves=8,
)


@given(expressions, st.text("abAB1._c", max_size=8))
def test_an_expression_finds_what_python_finds(expression: str, text: str) -> None:
    try:
        python = re.compile(expression, re.IGNORECASE | re.ASCII)
        ours = Expression.parse(expression)
    except (re.error, InvalidExpression):
        assume(False)
    assert ours.matches(text) is (python.search(text) is not None)


@pytest.mark.parametrize(
    "expression", ["^(a+)+$", "^(a|aa)*$", "^(a*)*b$", "^" + "a?" * 150 + "a" * 150 + "$"]
)
def test_an_expression_made_to_hang_does_not(expression: str) -> None:
    start = time.perf_counter()
    Expression.parse(expression).matches("a" * 400 + "!")
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize(
    "expression",
    [
        "^(a$", "^a)$", "^[a$", "^a**$", "^(?<=a)b$", "^(?!a)b$", "^(a)\\1$", "^(?i)a$",
        "^a{2,1}$", "^a{}$",
        "^\\bx$", "^(a{900}){900}$", "^" + "(" * 99 + "$", "^a(?=b)$", "^(?=a)b|c$", "^[b-a]$",
        "^+$", "a\\",
        "^a]$", "^[a\\D]$", "^" + "(a{99}){19}" * 3 + "$", "^(a{99}){19}(b{99}){19}$",
        "a" * 600, "^(?P<n>a)$", "^a++$", "^(?=(?=a)b)c$",
    ],
)  # fmt: skip
def test_what_the_engine_does_not_run_is_refused(expression: str) -> None:
    with pytest.raises(InvalidExpression):
        Expression.parse(expression)


@pytest.mark.parametrize(
    ("expression", "text", "expected"),
    [
        ("^(?=.*red.*)(?:red_.*)$", "red_1", True), ("^(?=.*red.*)(?:red_.*)$", "blue_red", False),
        ("^(?=.*_2$)(?=.*r.*)(?:red.*)$", "red_2", True), ("^(?=.*_2$)(?:red.*)$", "red_2x", False),
        ("^[\\d_x]+$", "1_x", True), ("^[\\d_x]+$", "1_y", False),
        ("^py(27|3\\d+)_.$", "PY312_0", True), ("^1\\.[78]\\..*$", "1.9.0", False),
    ],
)  # fmt: skip
def test_what_conda_and_packages_write_is_run(expression: str, text: str, expected: bool) -> None:
    assert Expression.parse(expression).matches(text) is expected
