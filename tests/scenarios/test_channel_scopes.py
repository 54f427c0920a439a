"""``channel::package``, ``-c``, ``nodefaults``: where a package comes from is the user's word."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.config.setting_world import World
from xconda_core.engine.permissions import ChannelNotAllowed, NoChannelLeft
from xconda_core.solver.not_found import PackagesNotFound
from xconda_core.solver.request_rules import PackagesNotInstalled
from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import a_channel, a_package

ORCHARD = (a_package("apple", "2.0", depends=["seed"]), a_package("seed", "2.0"))
MARKET = (
    a_package("apple", "3.0", depends=["seed"]),
    a_package("apple", "4.0", depends=["seed"]),
    a_package("seed", "9.0"),
)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    home = tmp_path / "home"
    home.mkdir()
    channels = {"orchard": ORCHARD, "market": MARKET, "abroad/orchard": MARKET}
    for name, packages in channels.items():
        a_channel(tmp_path / "channels" / name, packages)
    with serve(tmp_path / "channels") as server:
        world = World(home, server, monkeypatch)
        world.condarc(f"channel_alias: {server.url}")
        yield world


def created(world: World, *specs: str, **words: Any) -> dict[str, str]:
    return world.plan("create", *specs, **words)


def test_a_channel_before_a_package_is_reached_for_that_package_only(world: World) -> None:
    by_address = created(world, f"{world.server.url}/market::apple")

    assert created(world, "market::apple") == {"apple": "4.0", "seed": "2.0"} == by_address
    assert created(world, "apple") == {"apple": "2.0", "seed": "2.0"}


def test_a_channel_in_brackets_is_one_too(world: World) -> None:
    assert created(world, "apple[channel=market]")["apple"] == "4.0"


def test_a_channel_that_a_stricter_one_hides_is_reached(world: World) -> None:
    words = {"channels": ("market", "orchard"), "override_channels": True}

    assert created(world, "orchard::apple", **words) == {"apple": "2.0", "seed": "9.0"}
    with pytest.raises(PackagesNotFound) as refused:
        created(world, "apple=2", **words)
    assert refused.value.why == (
        "apple 2.0 of orchard is hidden by the channel market, which comes before it: "
        "channel_priority is strict."
    )


def test_a_search_shows_what_a_stricter_channel_hides_from_a_solve(world: World) -> None:
    where = ("--override-channels", "-c", "market", "-c", "orchard")

    listed = json.loads(world.xconda("search", *where, "apple", "--json").stdout)
    shown = world.xconda("search", *where, "apple").stdout
    asked = world.xconda("repoquery", "search", *where, "apple").stdout

    assert [each["version"] for each in listed["apple"]] == ["2.0", "3.0", "4.0"]
    assert [line.split()[1] for line in shown.splitlines()[1:]] == ["2.0", "3.0", "4.0"]
    assert "orchard" not in asked

    strict = world.xconda("search", *where, "--strict-channel-priority", "apple").stdout
    assert [line.split()[1] for line in strict.splitlines()[1:]] == ["3.0", "4.0"]


def test_a_name_never_means_a_channel_of_that_name_somewhere_else(world: World) -> None:
    place = f"{world.server.url}/abroad/orchard"
    abroad: dict[str, Any] = {"channels": (place,), "override_channels": True}

    assert created(world, "apple", **abroad)["apple"] == "4.0"
    assert created(world, "orchard::apple", **abroad)["apple"] == "2.0"
    world.do("create", f"{place}::apple")
    with pytest.raises(PackagesNotInstalled):
        world.plan("remove", "orchard::apple")


def test_a_channel_that_does_not_have_it_is_named_with_the_others(world: World) -> None:
    with pytest.raises(PackagesNotFound, match="in orchard and market"):
        created(world, "market::pear")


def test_lists_of_channels_hold_for_a_single_package_too(world: World) -> None:
    alias = f"channel_alias: {world.server.url}"
    world.condarc(alias, "denylist_channels: [market]")
    with pytest.raises(ChannelNotAllowed):
        created(world, "market::apple")

    world.condarc(alias, "allowlist_channels: [orchard]")
    with pytest.raises(ChannelNotAllowed):
        created(world, "market::apple")
    assert created(world, "orchard::apple")["apple"] == "2.0"


def test_an_update_looks_where_the_user_sent_it_before(world: World) -> None:
    world.do("create", "market::apple=3", "seed")

    assert world.plan("update", update_all=True) == {"apple": "4.0"}
    assert world.plan("install", "seed", update_all=True) == {"apple": "4.0"}
    assert world.plan("update", "apple") == {"apple": "4.0"}
    assert world.plan("install", "seed") == {}


def test_an_earlier_channel_wins_over_a_later_and_both_over_configured_ones(world: World) -> None:
    assert created(world, "apple", channels=("market",))["apple"] == "4.0"
    assert created(world, "apple", channels=("orchard", "market"))["apple"] == "2.0"
    assert created(world, "apple", channels=("market", "orchard"))["apple"] == "4.0"


def test_nodefaults_takes_the_defaults_out(world: World) -> None:
    defaults = f"default_channels: ['{world.server.url}/market']"
    for channels in ("[defaults, orchard]", "[nodefaults, defaults, orchard]"):
        world.condarc(f"channels: {channels}", f"channel_alias: {world.server.url}", defaults)
        expected = "2.0" if "nodefaults" in channels else "4.0"
        assert "nodefaults" not in world.engine().settings.channels
        assert created(world, "apple")["apple"] == expected
        assert created(world, "apple", channels=("nodefaults",))["apple"] == "2.0"


def test_overriding_channels_with_none_is_a_mistake_on_every_surface(world: World) -> None:
    with pytest.raises(NoChannelLeft):
        created(world, "apple", override_channels=True)

    done = world.xconda("create", "-n", "x", "--override-channels", "apple")
    assert done.returncode == 2
    assert "leaves no channel" in done.stderr


def test_the_token_of_a_channel_for_one_package_opens_it_and_is_never_shown(
    world: World, tmp_path: Path
) -> None:
    a_channel(tmp_path / "channels" / "t" / "secret" / "closed", [a_package("apple", "5.0")])
    address = f"{world.server.url}/t/secret/closed"

    done = world.xconda("create", "-y", "-p", str(world.prefix), f"{address}::apple", "seed")

    assert done.returncode == 0, done.stderr
    assert (world.prefix / "conda-meta" / "apple-5.0-0.json").is_file()
    kept = [path.read_bytes() for path in world.home.rglob("*") if path.is_file()]
    assert "secret" not in done.stdout + done.stderr
    assert not any(b"secret" in content for content in kept)
