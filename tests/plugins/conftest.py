"""Plugins that are installed for real: a module, and a dist-info with its entry point."""

import json
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from xconda_core.testing.channel_server import ChannelServer, serve
from xconda_core.testing.simulator import a_channel, a_package

Done = subprocess.CompletedProcess[str]


@dataclass
class PluginWorld:
    """A home, a channel, a folder with plugins, and a user who types commands."""

    home: Path
    server: ChannelServer

    @property
    def site(self) -> Path:
        return self.home / "site"

    @property
    def prefix(self) -> Path:
        return self.home / "env"

    def install(self, name: str, source: str, *, project: str = "", group: str = "xconda") -> None:
        """Install a project with one plugin ``name``, made of ``source``."""
        project = project or f"xconda_{name}"
        self.site.mkdir(exist_ok=True)
        text = "from xconda_core import plugins\n" + textwrap.dedent(source)
        (self.site / f"{project}_module.py").write_text(text, encoding="utf-8")
        facts = self.site / f"{project}-1.5.dist-info"
        facts.mkdir()
        (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project}\nVersion: 1.5\n")
        (facts / "entry_points.txt").write_text(f"[{group}]\n{name} = {project}_module\n")

    def condarc(self, *lines: str) -> None:
        """Write settings."""
        (self.home / ".condarc").write_text("\n".join([*lines, ""]), encoding="utf-8")

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables of every command."""
        return {
            "HOME": str(self.home),
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(self.site),
            "CONDA_ROOT_PREFIX": str(self.home / "root"),
            "CONDA_CHANNELS": f"{self.server.url}/orchard",
            "CONDA_SUBDIR": "linux-64",
            "CONDA_ALWAYS_YES": "true",
            "CONDA_REMOTE_MAX_RETRIES": "0",
            "NO_PROXY": "127.0.0.1",
        }

    def xconda(self, *words: str, **environ: str) -> Done:
        """Run a command as a user does."""
        return subprocess.run(
            [sys.executable, "-m", "xconda_core", *words],
            env={**self.variables, **environ},
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def create(self, *specs: str, **environ: str) -> Done:
        """Make the environment."""
        return self.xconda("create", "-p", str(self.prefix), *specs, **environ)

    def document(self, *words: str, **environ: str) -> Any:
        """Return what a command answers with ``--json``: one document, whatever plugins print."""
        return json.loads(self.xconda(*words, "--json", **environ).stdout)

    def installed(self) -> list[str]:
        """Return the packages of the environment as ``name version``."""
        return [
            "{name} {version}".format(**each)
            for each in self.document("list", "-p", str(self.prefix))
        ]


@pytest.fixture(scope="session")
def plugin_channel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plugin-channel")
    a_channel(
        folder / "orchard",
        (
            a_package("apple", "1.0", depends=["seed"]),
            a_package("apple", "2.0", depends=["seed"]),
            a_package("seed", "1.0"),
            a_package("pear", "1.0", depends=["__licence_server >=2"]),
        ),
    )
    return folder


@pytest.fixture
def world(tmp_path: Path, plugin_channel: Path) -> Iterator[PluginWorld]:
    with serve(plugin_channel) as server:
        yield PluginWorld(tmp_path, server)
