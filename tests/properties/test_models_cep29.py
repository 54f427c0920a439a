"""CEP 29, sentence by sentence: what a MatchSpec may say, and which records it means."""

import re
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.models.strategies import constraints, literals, specs, versions
from xconda_core.models.match_spec import InvalidMatchSpec, MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.text_pattern import TextPattern
from xconda_core.models.version import Version
from xconda_core.models.version_spec import InvalidVersionSpec, VersionSpec

names = st.sampled_from(["pkg", "numpy", "zope.interface", "_r-mutex"])
builds = st.from_regex(r"[a-zA-Z0-9_]{1,8}", fullmatch=True)
plain = st.lists(st.integers(0, 20), min_size=1, max_size=3).map(lambda p: ".".join(map(str, p)))
spaces = st.sampled_from(["", " ", "  ", "\t"])
words = st.text("abAB01_.", max_size=8)
channels = st.sampled_from(["conda-forge", "https://x.example/c", "pkgs/main"])


def parsed(text: str) -> MatchSpec:
    return MatchSpec.parse(text)


def a_record(**fields: Any) -> PackageRecord:
    return PackageRecord(**{"name": "pkg", "version": "1", "build": "0", **fields})


@given(names, literals, builds)
def test_words_may_stand_between_spaces(name: str, version: str, build: str) -> None:
    """The three expressions MUST be separated by either spaces or a single =."""
    spec = parsed(f"{name} {version} {build}")
    assert (spec.name, str(spec.version), str(spec.build)) == (name, version, build)


@given(names, plain, builds, spaces, spaces)
def test_spaces_at_both_ends_are_ignored(
    name: str, version: str, build: str, before: str, after: str
) -> None:
    """Leading and trailing spaces MUST be ignored."""
    text = f"{name} {version} {build}"
    assert parsed(before + text + after) == parsed(text)


@given(plain)
def test_a_name_that_is_not_there_is_a_star(version: str) -> None:
    """Empty names MUST be represented as *."""
    assert str(parsed(f"* {version}")).startswith("*==")
    with pytest.raises(InvalidMatchSpec):
        parsed(f" =={version}")


@given(channels, st.sampled_from(["linux-64", "noarch"]), names)
def test_a_platform_follows_its_channel_and_a_slash(channel: str, subdir: str, name: str) -> None:
    """subdir MUST be separated from channel by a single slash, and be a known identifier."""
    spec = parsed(f"{channel}/{subdir}::{name}")
    assert (spec.channel, spec.subdir, spec.name) == (channel, subdir, name)
    assert parsed(f"{channel}/linux-65::{name}").subdir is None


@given(channels, builds, names)
def test_a_namespace_is_read_and_ignored(channel: str, namespace: str, name: str) -> None:
    """This expression field MUST be parsed and ignored."""
    assert parsed(f"{channel}:{namespace}:{name}") == parsed(f"{channel}::{name}")


@given(names, plain, builds, st.sampled_from("'\""), st.sampled_from([",", ", ", " , "]))
def test_keywords_stand_in_brackets_with_commas_between(
    name: str, version: str, build: str, quote: str, comma: str
) -> None:
    """Pairs MUST be enclosed in one set of brackets, joined by =, separated by commas."""
    text = f"{name}[version={quote}{version}{quote}{comma}build={quote}{build}{quote}]"
    assert parsed(text) == parsed(f"{name} {version} {build}")


@given(names, builds, builds)
def test_there_is_one_set_of_brackets(name: str, one: str, other: str) -> None:
    """They MUST be enclosed in a single set of square brackets, after the positional ones."""
    for text in (f"{name}[build={one}][md5={other}]", f"[build={one}]{name}"):
        with pytest.raises(InvalidMatchSpec):
            parsed(text)


@given(names, st.sampled_from([",", "[", "]", " "]), builds)
def test_a_value_with_marks_in_it_is_quoted(name: str, mark: str, word: str) -> None:
    """The value MUST be quoted if it contains spaces, commas or brackets (= is unambiguous)."""
    assert parsed(f"{name}[license='{word}{mark}{word}']").fields.license is not None
    with pytest.raises(InvalidMatchSpec):
        parsed(f"{name}[license={word}{mark}{word}]")


@given(names, plain, plain, builds, builds)
def test_keywords_override_positions(name: str, a: str, b: str, one: str, other: str) -> None:
    """The keyword expressions override the positional values ..."""
    text = f"c::{name} {a} {one}[version='{b}', build={other}, channel=d]"
    assert parsed(text) == parsed(f"d::{name} {b} {other}")


@given(names, names)
def test_a_name_in_brackets_is_ignored(name: str, other: str) -> None:
    """... except for name: its keyword expression MUST be ignored."""
    assert parsed(f"{name}[name={other}]") == parsed(name)


@given(words, words)
def test_a_text_is_equal_without_regard_to_case(pattern: str, text: str) -> None:
    """Otherwise, matches MUST be tested with exact, case-insensitive string equality."""
    assume("*" not in pattern)
    assert TextPattern.parse(pattern).matches(text) is (pattern.lower() == text.lower())


@given(st.text("ab.*+[", max_size=8), st.text("abAB.+[", max_size=8))
def test_a_glob_is_the_expression_that_the_standard_makes_of_it(glob: str, text: str) -> None:
    r"""A glob MUST be converted: escape, replace \* by .*, wrap with ^ and $."""
    expression = f"^{re.escape(glob).replace(re.escape('*'), '.*')}$"
    expected = re.search(expression, text, re.IGNORECASE) is not None
    assert TextPattern.parse(glob).matches(text) is expected


@given(st.sampled_from(["a.b", "[ab]+", "(a|b)*c?", "a{2,3}", "\\d+_", ".*"]), words)
def test_an_expression_is_searched_for(body: str, text: str) -> None:
    """If it begins with ^ and ends with $, it MUST be interpreted as a regex: re.search."""
    expected = re.search(f"^{body}$", text, re.IGNORECASE) is not None
    assert TextPattern.parse(f"^{body}$").matches(text) is expected


@given(st.sampled_from(["(?<=a)b", "(?!a)b", "(a)\\1", "(?P<x>a)(?P=x)", "a(?=b)"]))
def test_expressions_that_look_around_or_back_are_refused(body: str) -> None:
    """Advanced expressions like lookaround and backreferences SHOULD NOT be allowed."""
    with pytest.raises(InvalidMatchSpec):
        parsed(f"pkg[build='^{body}$']")


@given(st.integers(0, 99), st.integers(0, 99))
def test_a_number_is_compared_as_its_text(wanted: int, number: int) -> None:
    """For int fields, the target value MUST be converted to str and handled as such."""
    spec = parsed(f"pkg[build_number={wanted}]")
    assert spec.matches(a_record(build_number=number)) is (str(wanted) == str(number))


@given(st.sampled_from(["conda-forge", "bioconda", "pkgs/main"]))
def test_a_channel_is_a_name_or_an_address(name: str) -> None:
    """The value MUST allow both names and full URLs; a name MUST be promoted to its URL."""
    address = f"https://conda.anaconda.org/{name}"
    record = a_record(channel=address)
    assert parsed(f"{address}::pkg").matches(record)
    assert parsed(f"{name}::pkg").in_channels([address]).matches(record)
    assert not parsed(f"{name}::pkg").in_channels(["https://x.example/c"]).matches(record)


@given(constraints, constraints, constraints, versions)
def test_and_binds_closer_than_or(a: str, b: str, c: str, version: Version) -> None:
    """, (AND) has higher precedence than | (OR); parentheses MAY be used to modify precedence."""
    holds = {text: VersionSpec.parse(f"({text})").matches(version) for text in (a, b, c)}
    text = f"({a})|({b}),({c})"
    assert VersionSpec.parse(text).matches(version) is (holds[a] or (holds[b] and holds[c]))
    text = f"(({a})|({b})),({c})"
    assert VersionSpec.parse(text).matches(version) is ((holds[a] or holds[b]) and holds[c])


@given(st.sampled_from(["", ",", "|", "1,,2", "1|", "|1", "1,", "()", "(1", "1)", "1 2"]))
def test_a_constraint_has_a_clause_wherever_one_is_due(text: str) -> None:
    """A version specifier MUST consist of one or more clauses, separated by operators."""
    with pytest.raises(InvalidVersionSpec):
        VersionSpec.parse(text)


@given(literals, versions)
def test_two_equal_signs_mean_equal(text: str, version: Version) -> None:
    """== MUST be interpreted as normalized version literal equality."""
    expected = Version.parse(text) == version
    assert VersionSpec.parse(f"=={text}").matches(version) is expected
    assert VersionSpec.parse(text).matches(version) is expected


@given(plain, versions)
def test_fuzzy_equality_has_four_spellings(text: str, version: Version) -> None:
    """Fuzzy equality: one = before a literal, or .* or * behind it."""
    expected = version.startswith(Version.parse(text))
    for spelling in (f"={text}", f"{text}.*", f"{text}*", f"={text}.*"):
        assert VersionSpec.parse(spelling).matches(version) is expected


@given(plain, versions)
def test_fuzzy_equality_compares_whole_segments(text: str, version: Version) -> None:
    """Comparison is only truthy when all the version segments before the glob are equal."""
    last = int(text.rpartition(".")[2])
    longer = Version.parse(f"{text}1" if last else f"{text.rpartition('.')[0] or '0'}.1")
    assert VersionSpec.parse(f"{text}.*").matches(longer) is (last == 0 and "." not in text)


@given(plain, versions)
def test_exclusion_with_a_star_negates_fuzzy_equality(text: str, version: Version) -> None:
    """!= with globs MUST be interpreted as a negated fuzzy equality."""
    allowed = VersionSpec.parse(f"!={text}.*").matches(version)
    assert allowed is not VersionSpec.parse(f"{text}.*").matches(version)


@given(literals, versions)
def test_relations_are_those_of_the_order(text: str, version: Version) -> None:
    """< and > are by position in the order; <= and >= also match normalized equality."""
    literal = Version.parse(text)
    answers = [VersionSpec.parse(f"{o}{text}").matches(version) for o in ("<", "<=", ">", ">=")]
    assert answers == [
        version < literal,
        version <= literal,
        version > literal,
        version >= literal,
    ]


@given(plain.filter(lambda text: "." in text), versions)
def test_compatible_is_at_least_and_alike_but_for_the_last(text: str, version: Version) -> None:
    """~=0.5.3 expands to >=0.5.3,0.5.*."""
    stem = text.rpartition(".")[0]
    expanded = VersionSpec.parse(f">={text},{stem}.*")
    assert VersionSpec.parse(f"~={text}") == expanded
    assert VersionSpec.parse(f"~={text}").matches(version) is expanded.matches(version)


@given(st.sampled_from(["1.*.2", "*.1", "^1.*$"]), versions)
def test_a_star_further_in_is_a_glob_on_the_text(pattern: str, version: Version) -> None:
    """String matching rules apply to a regex and to a non-trailing glob."""
    expected = TextPattern.parse(pattern).matches(version.text)
    assert VersionSpec.parse(pattern).matches(version) is expected


@given(plain, plain, spaces)
def test_spaces_in_the_version_of_a_spec_are_ignored(a: str, b: str, space: str) -> None:
    """Version expressions SHOULD NOT contain spaces between operators; they MUST be ignored."""
    assert parsed(f"pkg >={space}{a}{space},{space}<{space}{b}") == parsed(f"pkg >={a},<{b}")


@given(plain)
def test_one_equal_sign_behind_the_name_is_fuzzy(version: str) -> None:
    """{name}={version} and {name} ={version} both denote fuzzy equality."""
    expected = parsed(f"pkg[version='{version}.*']")
    assert parsed(f"pkg={version}") == parsed(f"pkg ={version}") == expected
    assert parsed(f"pkg {version}.*") == expected


@given(plain)
def test_a_version_behind_a_space_is_exact(version: str) -> None:
    """{name} {version} denotes exact equality, as does {name}=={version}."""
    expected = parsed(f"pkg[version='{version}']")
    assert parsed(f"pkg {version}") == parsed(f"pkg=={version}") == expected


@given(plain, builds)
def test_with_a_build_the_version_is_exact(version: str, build: str) -> None:
    """Four forms with a build denote exact equality."""
    expected = parsed(f"pkg[version='{version}', build={build}]")
    for text in ("pkg {} {}", "pkg =={} {}", "pkg={}={}", "pkg=={}={}"):
        assert parsed(text.format(version, build)) == expected


@given(specs)
def test_the_canonical_text_begins_with_the_place_and_the_name(text: str) -> None:
    """name is required and MUST be positional; empty names MUST be written as * (appendix A)."""
    spec = parsed(text)
    written = str(spec)
    assert written.partition("[")[0].rpartition("::")[2].startswith(spec.name)
    assert MatchSpec.parse(written) == spec


@given(names, plain, builds)
def test_exact_and_fuzzy_versions_are_written_behind_the_name(
    name: str, version: str, build: str
) -> None:
    """Exact: ==; fuzzy: = without .*; otherwise version MUST be in the brackets (appendix A)."""
    assert str(parsed(f"{name} {version} {build}")) == f"{name}=={version}={build}"
    assert str(parsed(f"{name} {version}.*")) == f"{name}={version}"
    assert str(parsed(f"{name} >={version}")) == f"{name}[version='>={version}']"
    assert str(parsed(f"{name} {version} {build}*")) == f"{name}=={version}[build={build}*]"


@given(channels, builds, names)
def test_a_namespace_is_not_written(channel: str, namespace: str, name: str) -> None:
    """The namespace field MUST NOT be represented (appendix A)."""
    assert str(parsed(f"{channel}:{namespace}:{name}")) == f"{channel}::{name}"
