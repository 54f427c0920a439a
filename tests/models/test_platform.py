"""Platforms, and the facts of a machine that packages can depend on."""

import pytest

from xconda_core.models.platform import KNOWN_SUBDIRS, subdir_of
from xconda_core.models.virtual_package import VirtualPackage


@pytest.mark.parametrize(
    ("system", "machine", "subdir"),
    [
        ("Linux", "x86_64", "linux-64"), ("Linux", "aarch64", "linux-aarch64"),
        ("Linux", "arm64", "linux-aarch64"), ("Linux", "ppc64le", "linux-ppc64le"),
        ("Linux", "i686", "linux-32"), ("Darwin", "arm64", "osx-arm64"),
        ("Darwin", "x86_64", "osx-64"), ("Windows", "AMD64", "win-64"),
        ("Windows", "ARM64", "win-arm64"), ("FreeBSD", "amd64", "freebsd-64"),
    ],
)  # fmt: skip
def test_a_machine_has_the_platform_that_conda_calls_it(
    system: str, machine: str, subdir: str
) -> None:
    assert subdir_of(system, machine) == subdir
    assert subdir in KNOWN_SUBDIRS


@pytest.mark.parametrize(("system", "machine"), [("Haiku", "x86_64"), ("Linux", "alpha")])
def test_a_machine_without_a_name_is_refused(system: str, machine: str) -> None:
    with pytest.raises(ValueError, match=f"{system} on {machine}"):
        subdir_of(system, machine)


def test_a_virtual_package_is_written_like_a_record() -> None:
    assert str(VirtualPackage("__glibc", "2.39")) == "__glibc=2.39=0"
