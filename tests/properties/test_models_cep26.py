"""CEP 26, sentence by sentence: names of packages, archives, channels and platforms."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.errors import Json
from xconda_core.models.archive_name import ArchiveName, InvalidArchiveName
from xconda_core.models.channel import Channel
from xconda_core.models.package_name import MAX_LENGTH, InvalidPackageName, normalise_name
from xconda_core.models.package_record import InvalidRecord, PackageRecord
from xconda_core.models.platform import KNOWN_SUBDIRS

# The two expressions of the standard.
DISTRIBUTABLE = re.compile(
    r"(([a-z0-9])|([a-z0-9_](?!_)))[._-]?([a-z0-9]+(\.|-|_|$))*", re.IGNORECASE
)
VIRTUAL = re.compile(r"__[a-z0-9][._-]?([a-z0-9]+(\.|-|_|$))*")

texts = st.text("abz019._-", max_size=12)
any_texts = st.text(max_size=12)
runs = st.text("abcxyz0189", min_size=1, max_size=6)
names = st.builds(
    str.__add__,
    st.sampled_from(["", "_", "__"]),
    st.lists(runs, min_size=1, max_size=4).flatmap(
        lambda parts: st.sampled_from(".-_").map(lambda mark: mark.join(parts))
    ),
)
versions = st.from_regex(r"[0-9][a-z0-9._+!]{0,8}", fullmatch=True)
builds = st.from_regex(r"[a-zA-Z0-9_.+]{1,12}", fullmatch=True)
# A part "t" announces a token.
path_parts = st.from_regex(r"[a-z0-9_][a-z0-9_.]{0,8}", fullmatch=True).filter("t".__ne__)


@given(names)
def test_names_of_the_standard_are_read(name: str) -> None:
    """A distributable name consists of letters, digits and single separators; a virtual one too."""
    assert normalise_name(name) == name


@given(st.one_of(texts, names, any_texts))
def test_a_name_is_what_the_expressions_of_the_standard_describe(text: str) -> None:
    """Names MUST match the regex; virtual names MUST follow theirs."""
    try:
        normalise_name(text)
    except InvalidPackageName:
        return
    assert DISTRIBUTABLE.fullmatch(text) or VIRTUAL.fullmatch(text.lower())


@given(names, st.characters().filter(lambda c: not (c.isascii() and (c.isalnum() or c in "._-"))))
def test_other_characters_stand_in_no_name(name: str, character: str) -> None:
    """Names MUST only consist of lowercase ASCII letters, numbers, -, . and _."""
    with pytest.raises(InvalidPackageName):
        normalise_name(name + character + name)


@given(st.sampled_from([".", "-"]), names)
def test_a_name_does_not_begin_with_a_period_or_hyphen(mark: str, name: str) -> None:
    """It MUST start with a letter, a number, or a single underscore."""
    with pytest.raises(InvalidPackageName):
        normalise_name(mark + name)


@given(runs, st.sampled_from([a + b for a in "._-" for b in "._-"]), runs)
def test_two_separators_do_not_stand_side_by_side(one: str, marks: str, other: str) -> None:
    """It MUST NOT include two consecutive separators."""
    with pytest.raises(InvalidPackageName):
        normalise_name(one + marks + other)


@given(st.integers(MAX_LENGTH + 1, 500))
def test_a_name_has_no_more_than_64_characters(length: int) -> None:
    """The maximum length of a package name MUST NOT exceed 64 characters."""
    assert normalise_name("a" * MAX_LENGTH) == "a" * MAX_LENGTH
    with pytest.raises(InvalidPackageName):
        normalise_name("a" * length)


@given(names)
def test_case_is_read_away(name: str) -> None:
    """... the following case-insensitive regex."""
    assert normalise_name(name.upper()) == name


@given(names, versions, builds)
def test_a_build_string_is_read_as_it_is(name: str, version: str, build: str) -> None:
    """Builds MUST only consist of letters, numbers, periods, pluses and underscores."""
    document: dict[str, Json] = {"name": name, "version": version, "build": build}
    assert PackageRecord.from_json(document).build == build


@given(names, st.sampled_from("/\\\0\n\r\t"))
def test_what_would_leave_the_folder_of_packages_is_no_build_string(
    name: str, character: str
) -> None:
    """Violations of a MUST rule MUST result in an error: here those that could do harm."""
    with pytest.raises(InvalidRecord):
        PackageRecord.from_json({"name": name, "version": "1", "build": f"..{character}0"})


@given(names, versions, builds, st.sampled_from([".conda", ".tar.bz2"]))
def test_the_name_of_an_archive_is_read_as_it_is_made(
    name: str, version: str, build: str, ending: str
) -> None:
    """A filename MUST match <name>-<version>-<build>.<extension>."""
    read = ArchiveName.parse(f"{name}-{version}-{build}{ending}")
    assert read == ArchiveName(name, version, build, ending)


@given(names, versions, builds)
def test_the_distribution_string_is_the_file_name_without_its_ending(
    name: str, version: str, build: str
) -> None:
    """A distribution string MUST match <name>-<version>-<build>."""
    record = PackageRecord(name=name, version=version, build=build)
    assert ArchiveName.parse(f"{record.dist_name}.conda").name == name


@given(names, st.sampled_from(["", ".zip", ".tar", ".CONDA", ".conda.json"]))
def test_other_endings_are_those_of_no_archive(name: str, ending: str) -> None:
    """The ecosystem recognizes two artifact extensions: tar.bz2 and conda."""
    with pytest.raises(InvalidArchiveName):
        ArchiveName.parse(f"{name}-1.0-0{ending}")


@given(st.lists(path_parts, min_size=1, max_size=3).filter(lambda p: p[-1] not in KNOWN_SUBDIRS))
def test_an_address_is_read_without_slashes_and_platform(parts: list[str]) -> None:
    """The base URL is what leads to <subdir>/repodata.json, without trailing slashes."""
    base = "https://x.example/" + "/".join(parts)
    for text in (base, f"{base}/", f"{base}/linux-64", f"{base}/noarch/"):
        assert Channel.parse(text).base_url == base


@given(path_parts.filter(lambda part: part not in KNOWN_SUBDIRS))
def test_a_name_is_joined_to_the_configured_address(name: str) -> None:
    """The tool SHOULD use a default scheme and authority, with the name as the rest of the path."""
    if name not in {"defaults", "local"}:
        assert Channel.parse(name).base_url == f"https://conda.anaconda.org/{name}"


@given(st.lists(path_parts, min_size=1, max_size=3).filter(lambda p: p[-1] not in KNOWN_SUBDIRS))
def test_a_path_is_the_address_of_files(parts: list[str]) -> None:
    r"""A name that matches ^\.{0,2}[/\\].*$ SHOULD be understood as the path of a file:// URL."""
    path = "/" + "/".join(parts)
    assert Channel.parse(path).base_url == f"file://{path}"


def test_every_platform_has_the_form_of_the_standard() -> None:
    """Subdir names MUST either be noarch or follow {os}-{arch}, 32 characters at most."""
    form = re.compile(r"noarch|[a-z0-9]+-[a-z0-9]+")
    assert [subdir for subdir in KNOWN_SUBDIRS if not form.fullmatch(subdir)] == []
    assert max(map(len, KNOWN_SUBDIRS)) <= 32
