"""Scenarios of the settings that say which package lists are read, and from where."""

from pathlib import Path
from urllib.parse import quote_plus

import pytest

from tests.config.setting_world import NOWHERE, World
from xconda_core import api
from xconda_core.repodata.folder_source import RepodataNotCached
from xconda_core.repodata.source import ChannelNotFound
from xconda_core.testing.simulator import a_channel, a_package


def repodata_fns(world: World) -> None:
    """The list of current packages has apple 2.0 only; what it cannot answer the whole one does."""
    whole = "hill/noarch/repodata.json"
    world.condarc(f"channels: [{world.hill}]", "repodata_fns: [current_repodata.json]")
    assert world.plan("create", "apple") == {"apple": "2.0"}
    assert world.asked(whole) == 0
    assert world.plan("create", "apple=1") == {"apple": "1.0"}
    assert world.asked(whole) == 1


def repodata_use_shards(world: World) -> None:
    world.condarc("repodata_use_shards: no")
    assert world.plan("create", "pear")
    assert world.asked(".msgpack.zst") == 0
    assert world.asked("noarch/repodata.json.zst") == 1


def repodata_use_zst(world: World) -> None:
    world.condarc("repodata_use_shards: no", "repodata_use_zst: no")
    assert world.plan("create", "pear")
    assert world.asked(".zst") == 0
    assert world.asked("noarch/repodata.json") == 1


def use_index_cache(world: World) -> None:
    lists = "repodata_shards.msgpack.zst"
    world.condarc("use_index_cache: yes")
    with pytest.raises(RepodataNotCached, match="use-index-cache"):
        world.plan("create", "pear")
    assert world.server.requests == []
    world.condarc("local_repodata_ttl: 0")
    world.plan("create", "pear")
    before = world.asked(lists)
    world.plan("create", "pear")
    assert world.asked(lists) == 2 * before
    world.condarc("local_repodata_ttl: 0", "use_index_cache: yes")
    world.do("create", "pear")
    assert world.asked(lists) == 2 * before
    assert world.asked("pear-1.0-0.conda") == 1  # archives still come from the network


def add_anaconda_token(world: World) -> None:
    folder = world.home / ".config" / "binstar"
    folder.mkdir(parents=True)
    (folder / f"{quote_plus(world.server.url)}.token").write_text("secret-1\n")
    for line, count in (("add_anaconda_token: no", 0), ("add_anaconda_token: yes", 1)):
        world.condarc(line, "local_repodata_ttl: 0")
        world.xconda("search", "apple")
        sent = [path for path in world.server.paths() if path.startswith("/t/secret-1/orchard/")]
        assert bool(sent) is bool(count)


def number_channel_notices(world: World) -> None:
    told = []
    for limit in (0, 2, 5):
        world.condarc(f"channels: [{world.hill}]", f"number_channel_notices: {limit}")
        state = str(world.home / f"state-{limit}")  # nobody is told the same twice
        done = world.xconda("create", "-n", f"e{limit}", "-y", "plum", XDG_STATE_HOME=state)
        told.append(done.stdout.count("news"))
    assert told == [0, 2, 3]


def notify_outdated_conda(world: World) -> None:
    a_channel(world.home / "made", [a_package("xconda", "99.0")])
    channels = f"channels: [{world.orchard}, {(world.home / 'made').as_uri()}]"
    for line, told in (("notify_outdated_conda: no", False), ("notify_outdated_conda: yes", True)):
        world.condarc(channels, line)
        name = line.rpartition(" ")[2]
        done = world.xconda("create", "-n", name, "-y", "pear")
        assert done.returncode == 0, done.stderr
        assert ("xconda 99.0 is there" in done.stderr) is told


def experimental(world: World) -> None:
    """The server has no patches, and is asked for them once it has given a list."""
    for line, asked in (("experimental: []", 0), ("experimental: [jlap]", 1)):
        world.condarc(f"channels: [{world.hill}]", "local_repodata_ttl: 0", line)
        world.plan("create", "apple")
        world.plan("create", "apple")
        assert world.asked("hill/noarch/repodata.jlap") == asked


def allow_non_channel_urls(world: World) -> None:
    desert = f"channels: [{world.server.url}/desert, {world.orchard}]"
    world.condarc(desert)
    with pytest.raises(ChannelNotFound):
        world.plan("create", "pear")
    world.condarc(desert, "allow_non_channel_urls: yes")
    assert world.plan("create", "pear") == {"pear": "1.0"}


def built(folder: Path) -> Path:
    """Write what conda-build leaves of one package."""
    return a_channel(folder, [a_package("pear", "99")], subdirs=("linux-64", "noarch"))


def use_local(world: World) -> None:
    built(world.home / "conda-bld")
    assert world.plan("create", "pear") == {"pear": "1.0"}
    world.condarc("use_local: yes")
    assert world.plan("create", "pear") == {"pear": "99"}
    words = {"channels": (world.orchard,), "override_channels": True}
    assert world.plan("create", "pear", **words) == {"pear": "99"}


def croot(world: World) -> None:
    world.condarc("use_local: yes", f"croot: {built(world.home / 'made')}")
    assert world.plan("create", "pear") == {"pear": "99"}


def bld_path(world: World) -> None:
    world.condarc("use_local: yes", f"bld_path: {built(world.home / 'made')}")
    assert world.plan("create", "pear") == {"pear": "99"}


def solver_ignore_timestamps(world: World) -> None:
    """Builds a and b of plum differ in nothing else, and a was built later."""
    world.condarc(f"channels: [{world.hill}]")
    assert world.builds("plum") == ["a"]
    world.condarc(f"channels: [{world.hill}]", "solver_ignore_timestamps: yes")
    assert world.builds("plum") == ["b"]


def mirrored_channels(world: World) -> None:
    """Nobody answers at the first mirror; a record still names the channel itself."""
    mirrors = f"mirrored_channels: {{'{NOWHERE}/orchard': [{NOWHERE}/x, {world.orchard}]}}"
    world.condarc(f"channels: [{NOWHERE}/orchard]", "remote_max_retries: 0")
    with pytest.raises(api.XcondaError):
        world.plan("create", "pear")
    world.condarc(f"channels: [{NOWHERE}/orchard]", "remote_max_retries: 0", mirrors)
    prefix = world.do("create", "pear")
    record = (prefix / "conda-meta" / "pear-1.0-0.json").read_text(encoding="utf-8")
    assert f'"{NOWHERE}/orchard/noarch/pear-1.0-0.conda"' in record
    assert world.server.url not in record


LISTS = (
    repodata_fns,
    repodata_use_shards,
    repodata_use_zst,
    use_index_cache,
    add_anaconda_token,
    number_channel_notices,
    notify_outdated_conda,
    experimental,
    allow_non_channel_urls,
    use_local,
    croot,
    bld_path,
    solver_ignore_timestamps,
    mirrored_channels,
)
