"""xconda about itself: newer versions that it happens to see, and whose a package manager is."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from xconda_core.engine.newer_version import LastTold, newest_of
from xconda_core.engine.own_installation import OwnInstallation, own_installation
from xconda_core.models.package_record import PackageRecord
from xconda_core.repodata.index import Candidates
from xconda_core.repodata.memory_index import MemoryIndex
from xconda_core.testing.channel_server import ChannelServer, serve
from xconda_core.testing.simulator import a_channel, a_package

NOTE = "xconda 99.0 is there"


class Desk:
    """A user with a base environment and a channel over HTTP."""

    def __init__(self, home: Path, server: ChannelServer) -> None:
        self.home, self.server = home, server

    def xconda(self, *words: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        kept = {name: text for name, text in os.environ.items() if not name.startswith("CONDA")}
        own = {
            "HOME": str(self.home),
            "CONDA_CHANNELS": self.server.url,
            "CONDA_ROOT_PREFIX": str(self.home / "root"),
            "CONDA_SUBDIR": "linux-64",
        }
        return subprocess.run(
            [sys.executable, "-m", "xconda_core", *words],
            env={**kept, **own, **environ},
            capture_output=True,
            text=True,
            check=False,
        )

    def make(self, *words: str, **environ: str) -> None:
        done = self.xconda("create", "-y", *words, CONDA_NOTIFY_OUTDATED_CONDA="no", **environ)
        assert done.returncode == 0, done.stderr


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    names = ("tool", "other", "conda", "xconda")
    packages = [a_package(name, version) for name in names for version in ("1.0", "99.0")]
    a_channel(tmp_path / "channel", packages)
    with serve(tmp_path / "channel") as server:
        yield Desk(tmp_path, server)


WHOLE = {"CONDA_REPODATA_USE_SHARDS": "no"}


def test_a_newer_version_in_a_list_that_was_read_is_told_once_a_day(desk: Desk) -> None:
    first = desk.xconda("create", "-y", "-n", "e", "tool", **WHOLE)
    again = desk.xconda("install", "-y", "-n", "e", "other", **WHOLE)
    assert NOTE in first.stderr
    assert NOTE not in first.stdout
    assert NOTE not in again.stderr
    (told,) = desk.home.rglob("newer-version.json")
    told.write_text(json.dumps({"format": 1, "told": 0}))
    assert NOTE in desk.xconda("update", "--all", "-y", "-n", "e", **WHOLE).stderr


@pytest.mark.parametrize("word", ["--json", "--quiet", "--dry-run", "--offline"])
def test_documents_quiet_dry_and_offline_commands_do_not_tell(desk: Desk, word: str) -> None:
    desk.make("-n", "first", "tool", **WHOLE)
    done = desk.xconda("create", "-y", "-n", "e", "tool", word, **WHOLE)
    assert done.returncode == 0, done.stderr
    assert "99.0" not in done.stderr


def test_no_shard_is_fetched_to_find_a_newer_version(desk: Desk) -> None:
    first = desk.xconda("create", "-y", "-n", "e", "tool")
    shards = [path for path in desk.server.paths() if path.endswith(".msgpack.zst")]
    desk.make("-n", "other", "xconda")  # which brings the shard here
    second = desk.xconda("install", "-y", "-n", "e", "other")
    assert "99.0" not in first.stderr
    assert len([path for path in shards if "repodata_shards" not in path]) == 1
    assert NOTE in second.stderr


def a_record(version: str, channel: str) -> PackageRecord:
    name = f"xconda-{version}-0.conda"
    return PackageRecord(
        name="xconda", version=version, build="0", channel=channel, subdir="noarch", fn=name,
        url=f"{channel}/noarch/{name}",
    )  # fmt: skip


def candidates(*records: PackageRecord) -> list[Candidates]:
    found = MemoryIndex(records, priority="disabled").candidates("xconda")
    return [] if found is None else [found]


ONE, TWO = "https://one.invalid/channel", "https://two.invalid/channel"


def an_installation(version: str = "2.0", channel: str = "") -> OwnInstallation:
    return OwnInstallation(version, Path("/opt/x"), channel, "conda" if channel else "pip")


def test_only_what_is_newer_counts_and_the_newest_of_it() -> None:
    assert (
        newest_of(candidates(a_record("2.0", ONE), a_record("1.9", TWO)), an_installation()) is None
    )
    newer = newest_of(candidates(a_record("2.1", ONE), a_record("2.0.5", TWO)), an_installation())
    assert newer is not None
    assert (newer.version, newer.channel) == ("2.1", ONE)


@pytest.mark.parametrize("own", [TWO, f"{TWO}/noarch"])
def test_a_package_of_the_same_name_in_another_channel_is_not_a_newer_version(own: str) -> None:
    found = candidates(a_record("9.0", ONE), a_record("2.1", TWO))
    newer = newest_of(found, an_installation(channel=own))
    assert newer is not None
    assert newer.version == "2.1"


def test_an_installation_by_conda_is_updated_by_its_own_means(tmp_path: Path) -> None:
    (tmp_path / "conda-meta").mkdir()
    record = {"name": "xconda", "channel": f"{ONE}/"}
    (tmp_path / "conda-meta" / "xconda-1.0-0.json").write_text(json.dumps(record))
    own = own_installation(tmp_path)
    assert (own.channel, own.installer) == (ONE, "conda")
    assert f"xconda update -p {tmp_path} xconda" in own.update_words


def test_a_damaged_note_of_the_day_counts_as_none(tmp_path: Path) -> None:
    for text in ("{", "[]", '{"format": 2, "told": 1e12}', '{"format": 1}'):
        (tmp_path / "newer-version.json").write_text(text)
        assert LastTold(tmp_path).is_due(1e9)


def test_conda_is_updated_where_it_is_and_elsewhere_its_home_is_named(desk: Desk) -> None:
    base = desk.home / "root"
    desk.make("-p", str(base), "conda=1")
    desk.make("-n", "e", "tool")
    elsewhere = desk.xconda("update", "-y", "-n", "e", "conda")
    assert elsewhere.returncode == 1
    assert f"it belongs to {base}" in elsewhere.stderr
    assert "xconda update -n base conda" in elsewhere.stderr
    there = desk.xconda("update", "-y", "-n", "base", "conda")
    assert there.returncode == 0, there.stderr
    assert f"{base} is conda's own installation" in there.stderr
    assert [*base.glob("conda-meta/conda-99.0-*.json")]


def test_a_second_conda_is_installed_with_a_remark(desk: Desk) -> None:
    desk.make("-p", str(desk.home / "root"), "conda=1")
    desk.make("-n", "e", "tool")
    done = desk.xconda("install", "-y", "-n", "e", "conda")
    assert done.returncode == 0, done.stderr
    assert "conda works from base" in done.stderr


def test_without_any_conda_its_update_says_that_none_is_needed(desk: Desk) -> None:
    desk.make("-n", "e", "tool")
    done = desk.xconda("update", "-y", "-n", "e", "conda", "--json")
    document = json.loads(done.stdout)
    assert (document["code"], done.returncode) == ("package-not-installed", 1)
    assert "does not need it" in document["fix"]


def test_an_update_of_xconda_elsewhere_says_where_it_is_and_how_it_is_updated(desk: Desk) -> None:
    desk.make("-n", "e", "tool")
    done = desk.xconda("update", "-y", "-n", "e", "xconda")
    assert done.returncode == 1
    assert f"it belongs to {sys.prefix}" in done.stderr
    assert own_installation().update_words in done.stderr


def test_a_second_xconda_is_installed_and_updated_with_a_remark(desk: Desk) -> None:
    desk.make("-n", "e", "tool")
    for words in (("install", "xconda=1"), ("update", "xconda")):
        done = desk.xconda(words[0], "-y", "-n", "e", words[1])
        assert done.returncode == 0, done.stderr
        assert "another xconda" in done.stderr
