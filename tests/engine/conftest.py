"""A real channel on loopback, and engines that know nothing but it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.session import OpenEngine, Session
from xconda_core import api
from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import a_channel, a_package


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[str]:
    packages = [
        a_package("app", "1.0", depends=["lib >=1"]),
        a_package("app", "2.0", depends=["lib >=2"]),
        a_package("lib", "1.0"),
        a_package("lib", "2.0"),
        a_package("tool", "1.0"),
        a_package("old", "1.0", depends=["lib <2"]),
        a_package("uno", "1.0"),
        a_package("duo", "1.0"),
    ]
    a_channel(tmp_path / "channel", packages)
    with serve(tmp_path / "channel") as server:
        yield server.url


@pytest.fixture
def environ(tmp_path: Path, channel: str) -> dict[str, str]:
    home = tmp_path / "home"
    home.mkdir()
    return {
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "CONDA_CHANNELS": channel,
        "CONDA_PKGS_DIRS": str(tmp_path / "pkgs"),
        "CONDA_ENVS_DIRS": str(tmp_path / "envs"),
    }


@pytest.fixture
def open_engine(environ: dict[str, str]) -> OpenEngine:
    return lambda: api.open_engine(environ=environ)


@pytest.fixture
def run(tmp_path: Path, open_engine: OpenEngine) -> Session:
    return Session(tmp_path / "env", open_engine)
