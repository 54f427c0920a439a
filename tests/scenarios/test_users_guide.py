"""`alias conda=xconda`: the commands of conda's user guide, in order, in one shell of one user."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from tests.scenarios.guide_session import Shell
from tests.scenarios.users_guide import ELSEWHERE, PACKAGES, ROWS, SUBSTITUTES, Row
from xconda_core.cancel import CancelToken
from xconda_core.engine.channel_indexing import index_channel
from xconda_core.events import silent
from xconda_core.repodata.index_writer import INDEXED
from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import a_channel, a_package, written

pytestmark = pytest.mark.slow


def substituted(command: str) -> str:
    """Return the command with the names and versions that the channel has."""
    known = sorted(SUBSTITUTES, key=len, reverse=True)
    words = "|".join(map(re.escape, known))
    return re.sub(rf"(?<![\w:/=-])(?:{words})(?![\w=-])|(?<=::)scipy", _substitute, command)


def _substitute(found: re.Match[str]) -> str:
    return SUBSTITUTES[found[0]]


@pytest.fixture(scope="module")
def shell(demo_channel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    folder = tmp_path_factory.mktemp("guide")
    channels = folder / "channels"
    lists = shutil.ignore_patterns("*repodata*", "shards", "channel.json")
    shutil.copytree(demo_channel, channels / "main", copy_function=os.link, ignore=lists)
    for package in PACKAGES:
        written(channels / "main" / package.metadata.subdir, package)
    for subdir in ("linux-64", "osx-64", "noarch"):  # as if it had been there for years
        _listed_in_2020(channels / "main" / subdir)
    index_channel(channels / "main", threads=2, cancel=CancelToken(), report=silent)
    (channels / "conda-forge").symlink_to("main")
    a_channel(channels / "bioconda", ELSEWHERE)
    a_channel(channels / "new_channel", [])
    mine = a_channel(folder / "mine", [a_package("pear", "9.9", subdir="linux-64")])
    home = folder / "home"
    home.mkdir()
    with serve(channels) as server:
        (home / ".condarc").write_text(
            f"channel_alias: {server.url}\ndefault_channels: [{server.url}/main]\n"
            "channels:\n  - defaults\n"
        )
        environ = {"CONDA_ALWAYS_YES": "true", "MY_CHANNEL": mine.as_uri(), "LANG": "C.UTF-8"}
        environ |= {"CONDA_SUBDIR": "linux-64", "CONDA_ENVS_DIRS": str(home / "envs")}
        typist = Shell(home, environ | {"CONDA_PKGS_DIRS": str(home / "pkgs")})
        yield typist
        typist.leave()


def _listed_in_2020(folder: Path) -> None:
    archives = [path for path in folder.iterdir() if path.name.endswith((".conda", ".tar.bz2"))]
    digests = {path.name: sha256(path.read_bytes()).hexdigest() for path in archives}
    listed = {name: {"sha256": text, INDEXED: 1_600_000_000_000} for name, text in digests.items()}
    (folder / "repodata.json").write_text(json.dumps({"packages.conda": listed}), encoding="utf-8")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.command.replace("::", " of "))
def test_a_command_of_the_guide_does_what_the_guide_says(shell: Shell, row: Row) -> None:
    if row.before:
        done = shell.type(row.before)
        assert done.code == 0, done.err

    typed = shell.type(substituted(row.command))

    assert typed.code == row.ends_with, typed.out + typed.err
    row.check(typed)


def test_the_script_has_sixty_commands_of_every_part_of_the_guide() -> None:
    assert len({row.command for row in ROWS}) >= 60
    assert len({row.page for row in ROWS}) >= 9
