"""conda works on the same package cache, and unpacks packages again that are being linked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.session import Session
from xconda_core.package_cache.package_writer import PackageFile
from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import a_channel, a_package
from xconda_core.transaction.contents import BadPackage


@pytest.fixture
def trouble(tmp_path: Path) -> Path:
    """A script that runs after the packages were looked at and before they are linked."""
    return tmp_path / "trouble.sh"


@pytest.fixture
def channel(tmp_path: Path, trouble: Path) -> Iterator[str]:
    script = f"#!/bin/sh\nsh {trouble}\n".encode()
    run = PackageFile(path="bin/.tool-pre-unlink.sh", content=script, executable=True)
    files = [PackageFile(path="share/tool", content=b"tool 2")]
    packages = [a_package("tool", "1", files=[run]), a_package("tool", "2", files=files)]
    a_channel(tmp_path / "served", packages)
    with serve(tmp_path / "served") as server:
        yield server.url


def test_a_package_that_vanishes_while_it_is_linked_is_brought_anew(
    run: Session, tmp_path: Path, trouble: Path
) -> None:
    run("create", "tool=1")
    trouble.write_text(f"rm -f {tmp_path}/pkgs/tool-2-0/share/tool; : > {trouble}\n")

    run("install", "tool=2")

    assert run.versions == {"tool": "2"}
    assert (run.prefix / "share/tool").read_text() == "tool 2"


def test_a_package_that_vanishes_again_and_again_leaves_the_environment_as_it_was(
    run: Session, tmp_path: Path, trouble: Path
) -> None:
    run("create", "tool=1")
    trouble.write_text(f"rm -f {tmp_path}/pkgs/tool-2-0/share/tool\n")

    with pytest.raises(BadPackage):
        run("install", "tool=2")

    assert run.versions == {"tool": "1"}
