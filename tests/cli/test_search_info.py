"""``search --info`` through the program itself, before a channel with run exports."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import a_channel, a_package

SAID = {"weak": ["pear >=1,<2"], "strong": ["seed"]}


def search(home: Path, url: str, *words: str) -> str:
    environ = {"HOME": str(home), "PATH": "/usr/bin:/bin", "NO_PROXY": "127.0.0.1"}
    environ |= {"CONDA_ROOT_PREFIX": str(home / "root"), "CONDA_SUBDIR": "linux-64"}
    done = subprocess.run(
        [sys.executable, "-m", "xconda_core", "search", "pear", "-O", "-c", url, *words],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def channel(tmp_path: Path) -> Path:
    folder = a_channel(tmp_path / "channel", [a_package("pear")])
    entries = {"pear-1.0-0.conda": {"run_exports": SAID}}
    (folder / "noarch" / "run_exports.json").write_text(json.dumps({"packages.conda": entries}))
    return folder


def test_run_exports_are_shown_with_everything_else_and_fetched_only_then(
    channel: Path, tmp_path: Path
) -> None:
    with serve(channel) as server:
        plain = json.loads(search(tmp_path, server.url, "--json"))
        assert "run_exports" not in plain["pear"][0]
        assert not any("run_exports" in path for path in server.paths())
        document = json.loads(search(tmp_path, server.url, "--info", "--json"))
        assert document["pear"][0]["run_exports"] == SAID
        words = search(tmp_path, server.url, "--info")
    assert "  run exports, weak\n    pear >=1,<2\n" in words
    assert "  run exports, strong\n    seed\n" in words
