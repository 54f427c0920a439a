"""Names of packages and of their archives."""

import pytest

from xconda_core.models.archive_name import (
    ArchiveName,
    InvalidArchiveName,
    names_archive,
    read_archive_address,
)
from xconda_core.models.package_name import InvalidPackageName, normalise_name


@pytest.mark.parametrize(
    "name", ["numpy", "7zip", "_r-mutex", "__glibc", "zope.int", "a_b-c.d", "x_"]
)
def test_a_name_stays_as_it_is(name: str) -> None:
    assert normalise_name(name) == name


def test_a_name_is_lowered() -> None:
    assert normalise_name("PyYAML") == "pyyaml"


@pytest.mark.parametrize(
    "name",
    ["", "-a", ".a", "a--b", "a._b", "___a", "a b", "a/b", "../a", "naïve", "a" * 65, "\u212a"],
)
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidPackageName):
        normalise_name(name)


def test_an_archive_tells_name_version_and_build() -> None:
    assert ArchiveName.parse("python-dateutil-2.9.0-pyhd8ed1ab_0.conda") == ArchiveName(
        "python-dateutil", "2.9.0", "pyhd8ed1ab_0", ".conda"
    )


@pytest.mark.parametrize("name", ["numpy-1.0.conda", "numpy-1.0-0.zip", "-1-0.conda", "x"])
def test_what_is_no_archive_is_refused(name: str) -> None:
    with pytest.raises(InvalidArchiveName):
        ArchiveName.parse(name)


@pytest.mark.parametrize("mark", ["#", "#sha256=", "#sha256:"])
def test_a_longer_digest_behind_an_address_is_a_sha256(mark: str) -> None:
    address = read_archive_address(f"https://x.example/c/noarch/a-1-0.conda{mark}{'0A' * 32}")
    assert (address.sha256, address.md5) == ("0a" * 32, None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("c/noarch/a-1-0.conda", "absolute"), ("https://x.example/a?b=c/a-1-0.conda", "follows \\?")],
)
def test_an_address_that_leads_to_no_archive_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidArchiveName, match=reason):
        read_archive_address(text)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("numpy-2.0-0.conda", True), ("./a-1-0.tar.bz2#md5", True), ("https://x/a-1-0.conda", True),
        ("packages.tar", True), ("numpy", False), ("c::a-1-0.conda", False),
        ("a[fn=a-1-0.conda]", False), ("a.conda >=1", False),
    ],
)  # fmt: skip
def test_a_word_is_an_archive_or_a_spec(word: str, expected: bool) -> None:
    assert names_archive(word) is expected
