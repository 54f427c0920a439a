"""Names of packages and of their archives."""

import pytest

from xconda_core.models.archive_name import ArchiveName, InvalidArchiveName
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
