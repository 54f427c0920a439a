"""What the package cache holds, beside what channels say of it: offline, and after a hotfix."""

import json
import shutil
from pathlib import Path

import pytest

from xconda_core import api
from xconda_core.events import Event, Noticed
from xconda_core.package_cache.package_writer import ArchiveFormat
from xconda_core.repodata.folder_source import RepodataNotCached
from xconda_core.testing.channel_server import ChannelServer, serve
from xconda_core.testing.simulator import a_channel, a_package

FRUIT = (a_package("apple", depends=["seed"]), a_package("seed"), a_package("pear"))


class Garden:
    """A home, and a channel over HTTP."""

    def __init__(self, home: Path) -> None:
        self.home, self.events = home, list[Event]()
        self.channel = a_channel(home / "channel", FRUIT, subdirs=("linux-64", "noarch"))
        self.pkgs = home / "root" / "pkgs"

    def engine(self, url: str, **overrides: object) -> api.Engine:
        environ = {"HOME": str(self.home), "NO_PROXY": "127.0.0.1", "CONDA_CHANNELS": url}
        environ |= {"CONDA_ROOT_PREFIX": str(self.home / "root"), "CONDA_SUBDIR": "linux-64"}
        environ |= {"CONDA_LOCAL_REPODATA_TTL": "0", "CONDA_REMOTE_MAX_RETRIES": "0"}
        return api.open_engine(overrides=overrides, environ=environ)

    def do(self, url: str, name: str, *specs: str, **overrides: object) -> list[str]:
        """Make the environment ``name``; return what is in it."""
        engine, prefix = self.engine(url, **overrides), self.home / name
        request = api.ChangeRequest(verb="create", prefix=prefix, specs=specs)
        engine.execute(engine.plan(request, self.events.append))
        return sorted(path.stem for path in (prefix / "conda-meta").glob("*.json"))

    def publish(self, name: str, **changes: object) -> None:
        """Change what the channel says of an archive, which stays as it is."""
        path = self.channel / "noarch" / "repodata.json"
        document = json.loads(path.read_text(encoding="utf-8"))
        document["packages.conda"][f"{name}-1.0-0.conda"] |= changes
        for form in path.parent.glob("repodata*"):
            form.unlink()
        path.write_text(json.dumps(document), encoding="utf-8")

    def notices(self) -> str:
        return "\n".join(event.text for event in self.events if isinstance(event, Noticed))


@pytest.fixture
def garden(tmp_path: Path) -> Garden:
    return Garden(tmp_path)


def gone(server_of: Garden, *names: str) -> str:
    """Cache ``names`` from a server that is gone afterwards; return its address."""
    with serve(server_of.channel) as server:
        server_of.do(server.url, "first", *names)
        return server.url


def test_offline_without_a_list_the_cached_packages_are_the_index(garden: Garden) -> None:
    url = gone(garden, "apple")
    shutil.rmtree(garden.pkgs / "cache")
    assert garden.do(url, "second", "apple", offline=True) == ["apple-1.0-0", "seed-1.0-0"]
    assert (
        "noarch: offline, and its package list is not here: packages that are cached"
        in garden.notices()
    )
    with pytest.raises(api.XcondaError, match="pear"):
        garden.do(url, "third", "pear", offline=True)


def test_offline_a_name_whose_shard_is_gone_is_taken_from_the_cached_packages(
    garden: Garden,
) -> None:
    url = gone(garden, "apple")
    shutil.rmtree(garden.pkgs / "cache" / "shards")
    shutil.rmtree(garden.pkgs / "cache" / "index")
    assert garden.do(url, "second", "apple", offline=True) == ["apple-1.0-0", "seed-1.0-0"]
    assert "not in the cache" not in garden.notices()


@pytest.mark.parametrize("ending", [".conda", ".tar.bz2"])
def test_offline_archives_that_nobody_has_unpacked_count_too(
    garden: Garden, ending: ArchiveFormat
) -> None:
    a_channel(garden.channel, FRUIT, (ending,), subdirs=("linux-64", "noarch"))
    url = gone(garden, "apple")
    shutil.rmtree(garden.pkgs / "cache")
    for name in ("apple", "seed"):
        shutil.rmtree(garden.pkgs / f"{name}-1.0-0")
        assert (garden.pkgs / f"{name}-1.0-0{ending}").is_file()
    (garden.pkgs / f"pear-1.0-0{ending}").write_bytes(b"damaged")
    with (garden.pkgs / "urls.txt").open("a", encoding="utf-8") as urls:
        urls.write(f"{url}/noarch/pear-1.0-0{ending}\n")
    assert garden.do(url, "second", "apple", offline=True) == ["apple-1.0-0", "seed-1.0-0"]
    with pytest.raises(api.XcondaError, match="pear"):
        garden.do(url, "third", "pear", offline=True)


def test_offline_packages_of_another_channel_do_not_count(garden: Garden) -> None:
    gone(garden, "apple")
    with pytest.raises(RepodataNotCached):
        garden.do("http://127.0.0.1:9/other", "second", "apple", offline=True)


def test_what_was_offline_is_not_remembered_of_the_channel(garden: Garden) -> None:
    with serve(garden.channel) as server:
        garden.do(server.url, "first", "apple")
        shutil.rmtree(garden.pkgs / "cache")
        garden.do(server.url, "second", "apple", offline=True)
        assert garden.do(server.url, "third", "pear") == ["pear-1.0-0"]


def record_of(prefix: Path, name: str) -> dict[str, object]:
    document: dict[str, object] = json.loads(
        (prefix / "conda-meta" / f"{name}-1.0-0.json").read_text(encoding="utf-8")
    )
    return document


def archives(server: ChannelServer) -> list[str]:
    return [path for path in server.paths() if path.endswith(".conda")]


def test_what_the_channel_says_now_decides_and_not_what_an_unpacked_package_says(
    garden: Garden,
) -> None:
    """conda does so too: a channel's patch counts, and the archive is not fetched again."""
    with serve(garden.channel) as server:
        garden.do(server.url, "first", "apple", "pear")
        fetched = archives(server)
        garden.publish("apple", depends=["seed", "pear"], license="MIT")
        assert garden.do(server.url, "second", "apple") == [
            "apple-1.0-0",
            "pear-1.0-0",
            "seed-1.0-0",
        ]
        assert archives(server) == fetched
    assert record_of(garden.home / "second", "apple")["depends"] == ["seed", "pear"]
    assert record_of(garden.home / "second", "apple")["license"] == "MIT"
    assert record_of(garden.home / "first", "apple")["depends"] == ["seed"]


def test_what_the_channel_says_now_decides_of_what_is_installed_too(garden: Garden) -> None:
    """conda does so too: an installed package gets what a patch says it needs, and stays."""
    with serve(garden.channel) as server:
        garden.do(server.url, "first", "apple")
        garden.publish("apple", depends=["seed", "pear"])
        request = api.ChangeRequest(verb="update", prefix=garden.home / "first", specs=("apple",))
        plan = garden.engine(server.url).plan(request)
    assert [(step.name, step.kind) for step in plan.operations] == [("pear", "install")]


def test_another_archive_of_the_same_name_is_fetched_whatever_is_unpacked(garden: Garden) -> None:
    with serve(garden.channel) as server:
        garden.do(server.url, "first", "pear")
        other = a_package("pear", files={"share/pear.txt": b"another"})
        a_channel(garden.channel, (*FRUIT[:2], other), subdirs=("linux-64", "noarch"))
        garden.do(server.url, "second", "pear")
        assert len(archives(server)) == 2
    assert (garden.home / "second" / "share" / "pear.txt").read_bytes() == b"another"
