"""Logins of plugins: which requests get them, and which do not."""

import pytest

from tests.plugins.conftest import PluginWorld
from xconda_core.testing.channel_server import Fault, serve

LOGIN = """
from requests.auth import AuthBase


class Company(AuthBase):
    def __init__(self, channel):
        self.channel = channel

    def __call__(self, request):
        request.headers["X-Api-Key"] = "sesame for " + self.channel
        request.headers["Authorization"] = "Bearer sesame"
        return request


@plugins.hookimpl
def xconda_auth_handlers():
    yield plugins.PluginAuth("company", Company)
"""


def _choose(world: PluginWorld, channel: str, auth: str = "Company") -> None:
    world.condarc("channel_settings:", f"  - channel: '{channel}'", f"    auth: {auth}")


def _keys(world: PluginWorld) -> set[str | None]:
    return {each.headers.get("X-Api-Key") for each in world.server.requests}


def test_all_requests_to_the_chosen_channel_have_the_login(world: PluginWorld) -> None:
    world.install("company", LOGIN)
    channel = f"{world.server.url}/orchard"
    _choose(world, channel)
    assert world.create("apple").returncode == 0
    assert _keys(world) == {f"sesame for {channel}"}
    assert any(each.path.endswith(".conda") for each in world.server.requests)
    assert {each.headers["Authorization"] for each in world.server.requests} == {"Bearer sesame"}


@pytest.mark.parametrize(("pattern", "fits"), [("*/orchard/*", True), ("*/garden/*", False)])
def test_channels_are_chosen_by_patterns(world: PluginWorld, pattern: str, fits: bool) -> None:
    world.install("company", LOGIN)
    _choose(world, pattern)
    assert world.create("apple").returncode == 0
    assert _keys(world) == {f"sesame for {pattern}" if fits else None}


def test_another_channel_of_the_same_server_has_no_login(world: PluginWorld) -> None:
    world.install("company", LOGIN)
    _choose(world, f"{world.server.url}/orch")
    assert world.create("apple").returncode == 0
    assert _keys(world) == {None}


def test_a_login_does_not_follow_to_another_server(world: PluginWorld) -> None:
    world.install("company", LOGIN)
    other = world.server
    front = world.home / "front"
    front.mkdir()
    elsewhere = other.url.replace("127.0.0.1", "localhost")

    def away(path: str, _times: int) -> Fault:
        return Fault(redirect=elsewhere + path)

    with serve(front, faults=away) as first:
        _choose(world, f"{first.url}/orchard")
        variables = {"CONDA_CHANNELS": f"{first.url}/orchard", "NO_PROXY": "127.0.0.1,localhost"}
        assert world.create("apple", **variables).returncode == 0
        keys = {each.headers.get("X-Api-Key") for each in first.requests}
    assert keys == {f"sesame for {first.url}/orchard"}
    assert _keys(world) == {None}
    assert not any("Authorization" in each.headers for each in other.requests)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("self.channel = channel", "1 / 0"),
        ("return request", "return None"),
        ('request.headers["Authorization"]', "request.nothing.x"),
    ],
)
def test_a_login_that_breaks_is_named_and_requests_go_on_without(
    world: PluginWorld, old: str, new: str
) -> None:
    world.install("company", LOGIN.replace(old, new))
    _choose(world, f"{world.server.url}/orchard")
    done = world.create("apple")
    assert (done.returncode, "the plugin company broke" in done.stderr) == (0, True)
    assert _keys(world) == {None}
    assert "sesame" not in done.stderr


def test_a_login_that_refuses_ends_the_command(world: PluginWorld) -> None:
    refusal = "raise plugins.XcondaError('The key has expired.')"
    world.install("company", LOGIN.replace("self.channel = channel", refusal))
    _choose(world, f"{world.server.url}/orchard")
    done = world.create("apple")
    assert (done.returncode, "The key has expired." in done.stderr) == (1, True)


def test_a_login_that_nobody_offers_is_said(world: PluginWorld) -> None:
    world.install("company", LOGIN)
    _choose(world, f"{world.server.url}/orchard", "other")
    done = world.create("apple")
    assert "warning: no plugin offers the login other, so http" in done.stderr
    assert done.returncode == 0


def test_without_plugins_a_login_that_is_chosen_is_said_as_well(world: PluginWorld) -> None:
    _choose(world, f"{world.server.url}/orchard")
    assert "no plugin offers the login company" in world.create("apple").stderr
