"""What a wheel requires, said in conda's words, lets the same versions through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from xconda_core.models.version import Version
from xconda_core.models.version_spec import VersionSpec
from xconda_core.testing.requirements import (
    RequirementNotUnderstood,
    conda_constraint,
    conda_name,
    conda_requirements,
)

LINUX = {"sys_platform": "linux", "python_version": "3.11", "platform_system": "Linux"}


@pytest.mark.parametrize(
    ("pep440", "conda"),
    [
        ("", ""),
        (">=1.2", ">=1.2"),
        ("<2", "<2.0a0"),
        ("<2.0", "<2.0a0"),
        ("<2.0rc1", "<2.0rc1"),
        ("~=1.4.2", ">=1.4.2,1.4.*"),
        ("~=2.2", ">=2.2,2.*"),
        ("==1.4.*", "1.4.*"),
        ("==1.4", "==1.4"),
        ("===1.4", "==1.4"),
        ("!=3.9.0,>=3.8", ">=3.8,!=3.9.0"),
        ("!=6.0.*,>=5.1", ">=5.1,!=6.0.*"),
        ("<4,>=2", ">=2,<4.0a0"),
    ],
)
def test_a_pep_440_specifier_has_a_conda_spelling(pep440: str, conda: str) -> None:
    assert conda_constraint(pep440) == conda


releases = st.lists(st.integers(0, 3), min_size=1, max_size=3).map(
    lambda parts: ".".join(map(str, parts))
)
clauses = st.one_of(
    st.tuples(st.sampled_from([">=", "<=", "==", "!=", "<", ">"]), releases).map("".join),
    releases.map(lambda release: f"=={release}.*"),
    releases.map(lambda release: f"!={release}.*"),
    releases.map(lambda release: f"~={release}.1"),
)


@given(constraint=st.lists(clauses, min_size=1, max_size=3).map(",".join), release=releases)
def test_both_spellings_let_the_same_releases_through(constraint: str, release: str) -> None:
    translated = VersionSpec.parse(conda_constraint(constraint))

    assert translated.matches(Version.parse(release)) is SpecifierSet(constraint).contains(release)


@pytest.mark.parametrize(
    ("project", "package"),
    [
        ("Typing_Extensions", "typing_extensions"),
        ("jupyter-client", "jupyter_client"),
        ("tzdata", "python-tzdata"),
        ("ruamel.yaml", "ruamel.yaml"),
        ("NumPy", "numpy"),
    ],
)
def test_a_project_is_called_what_conda_forge_calls_it(project: str, package: str) -> None:
    assert conda_name(project) == package


def test_requirements_of_other_platforms_and_extras_are_left_out() -> None:
    lines = [
        "numpy>=1.26",
        'colorama; sys_platform == "win32"',
        'tomli>=1; python_version < "3.11"',
        'pytest; extra == "test"',
        'typing-extensions~=4.6; python_version < "3.12"',
        "urllib3[socks]<3,>=1.26",
    ]

    assert conda_requirements(lines, LINUX) == [
        "numpy >=1.26",
        "typing_extensions >=4.6,4.*",
        "urllib3 >=1.26,<3.0a0",
    ]


def test_two_lines_of_one_project_both_hold() -> None:
    assert conda_requirements(["a>=1", "b", "a<3"], LINUX) == ["a >=1,<3.0a0", "b"]


@pytest.mark.parametrize("line", ["", "a b c", "a>=>1"])
def test_what_is_no_requirement_is_refused_by_name(line: str) -> None:
    with pytest.raises(RequirementNotUnderstood, match="is no requirement"):
        conda_requirements([line], LINUX)
