"""Each setting that claims an effect has one here that is gone when the setting is."""

import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.config.activation_settings import ACTIVATION
from tests.config.console_setting import console
from tests.config.linking_settings import LINKING
from tests.config.list_settings import LISTS
from tests.config.plugin_settings import PLUGINS
from tests.config.setting_world import NOWHERE, World, build_channels
from tests.config.solving_settings import SOLVING
from xconda_core import api
from xconda_core.config.definitions import USED
from xconda_core.engine.permissions import ChannelNotAllowed, OverrideNotAllowed
from xconda_core.engine.protection import EnvironmentFrozen
from xconda_core.environment.registry import registered
from xconda_core.solver.unsatisfiable import Unsatisfiable
from xconda_core.testing.channel_server import Fault, serve


@pytest.fixture(scope="module")
def channels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_channels(tmp_path_factory.mktemp("channels"))


@pytest.fixture
def world(
    tmp_path: Path,
    channels: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[World]:
    home = tmp_path / "home"
    home.mkdir()
    faults: dict[str, Fault] = {}

    def fault(path: str, times: int) -> Fault | None:
        return next((each for end, each in faults.items() if path.endswith(end)), None)

    with serve(channels, faults=fault) as server:
        world = World(home, server, monkeypatch, faults)
        world.condarc()
        yield world


def finds(world: World, name: str) -> bool:
    """Whether the configured channels have ``name``."""
    try:
        return bool(world.plan("create", name))
    except api.XcondaError:
        return False


def root_prefix(world: World) -> None:
    world.condarc("root_prefix: ~/elsewhere")
    environ = {name: text for name, text in world.environ.items() if "ROOT" not in name}
    settings = api.open_engine(environ=environ).settings
    assert api.target("base", None, {}, settings).prefix == world.home / "elsewhere"


def envs_dirs(world: World) -> None:
    world.condarc("envs_dirs: [~/mine]")
    settings = world.engine().settings
    assert api.new_target("demo", None, {}, settings).prefix == world.home / "mine" / "demo"


def pkgs_dirs(world: World) -> None:
    world.condarc("pkgs_dirs: [~/cache]")
    world.do("create", "pear")
    assert (world.home / "cache" / "pear-1.0-0").is_dir()


def register_envs(world: World) -> None:
    world.condarc("register_envs: no")
    world.do("create", "pear")
    assert registered(world.home) == ()


def subdir(world: World) -> None:
    assert world.plan("create", "native") == {"native": "1.0"}
    world.condarc("subdir: osx-arm64")
    assert world.plan("create", "native") == {"native": "2.0"}


def subdirs(world: World) -> None:
    world.condarc("subdirs: [noarch]")
    assert not finds(world, "native")
    assert finds(world, "pear")


def channels_(world: World) -> None:
    world.condarc(f"channels: [{world.server.url}/garden, {world.orchard}]")
    assert world.plan("create", "apple")["apple"] == "3.0"


def default_channels(world: World) -> None:
    world.condarc("channels: [defaults]", f"default_channels: [{world.orchard}]")
    assert finds(world, "pear")


def custom_multichannels(world: World) -> None:
    world.condarc("channels: [ours]", f"custom_multichannels: {{ours: [{world.orchard}]}}")
    assert finds(world, "pear")


def channel_alias(world: World) -> None:
    world.condarc("channels: [orchard]", f"channel_alias: {world.server.url}")
    assert finds(world, "pear")


def custom_channels(world: World) -> None:
    world.condarc("channels: [orchard]", f"custom_channels: {{orchard: {world.server.url}}}")
    assert finds(world, "pear")


def migrated_custom_channels(world: World) -> None:
    world.condarc(
        f"channels: [{NOWHERE}/orchard]",
        f"migrated_custom_channels: {{orchard: {NOWHERE}}}",
        f"channel_alias: {world.server.url}",
    )
    assert finds(world, "pear")


def migrated_channel_aliases(world: World) -> None:
    world.condarc(
        f"channels: [{NOWHERE}/orchard]",
        f"migrated_channel_aliases: [{NOWHERE}]",
        f"channel_alias: {world.server.url}",
    )
    assert finds(world, "pear")


def allowlist_channels(world: World) -> None:
    world.condarc(f"allowlist_channels: [{world.orchard}]")
    assert finds(world, "pear")
    with pytest.raises(ChannelNotAllowed, match="allowlist_channels does not name it"):
        world.plan("create", "pear", channels=(f"{world.server.url}/garden",))


def denylist_channels(world: World) -> None:
    world.condarc(f"denylist_channels: [{world.orchard}]")
    with pytest.raises(ChannelNotAllowed, match="denylist_channels names it"):
        world.plan("create", "pear")
    assert world.engine().facts()["channel_names"] == [world.orchard]  # looking is not using


def override_channels_enabled(world: World) -> None:
    world.condarc("override_channels_enabled: no")
    with pytest.raises(OverrideNotAllowed):
        world.plan("create", "pear", channels=(world.orchard,), override_channels=True)


def exclude_newer(world: World) -> None:
    world.condarc("exclude_newer: '2022-01-01'")
    assert world.plan("create", "apple") == {"apple": "1.0", "seed": "1.0"}


def exclude_newer_package(world: World) -> None:
    world.condarc("exclude_newer_package: {apple: '2022-01-01'}")
    assert world.plan("create", "apple") == {"apple": "1.0", "seed": "2.0"}


def channel_settings(world: World) -> None:
    world.condarc(
        f"channel_settings: [{{channel: '{world.orchard}', exclude_newer: '2022-01-01'}}]"
    )
    assert world.plan("create", "apple") == {"apple": "1.0", "seed": "1.0"}


def channel_relations_max_depth(world: World) -> None:
    world.condarc(f"channels: [{world.server.url}/meadow]")
    assert world.plan("create", "clover") == {"clover": "1.0", "seed": "2.0"}
    world.condarc(f"channels: [{world.server.url}/meadow]", "channel_relations_max_depth: 0")
    assert not finds(world, "clover")


def channel_priority(world: World) -> None:
    both = f"channels: [{world.orchard}, {world.server.url}/garden]"
    world.condarc(both)
    assert world.plan("create", "apple")["apple"] == "2.0"
    world.condarc(both, "channel_priority: disabled")
    assert world.plan("create", "apple")["apple"] == "3.0"


def use_only_tar_bz2(world: World) -> None:
    world.condarc("use_only_tar_bz2: yes")
    assert not finds(world, "pear")


def offline(world: World) -> None:
    world.condarc("offline: yes")
    assert not finds(world, "pear")
    assert world.server.requests == []


def sent(world: World, *lines: str) -> Mapping[str, Any]:
    """Return how the first request for a channel leaves this program."""
    words: list[Mapping[str, Any]] = []

    def send(_self: object, request: object, **given: Any) -> None:
        words.append(given)
        raise requests.ConnectionError(request=request)  # type: ignore[arg-type]

    world.condarc("remote_max_retries: 0", *lines)
    before = set(threading.enumerate())
    with world.monkeypatch.context() as patch:
        patch.setattr(requests.adapters.HTTPAdapter, "send", send)
        assert not finds(world, "pear")
        for thread in set(threading.enumerate()) - before:
            thread.join(2)  # none is left that could send in the name of an earlier configuration
    return words[0]


def ssl_verify(world: World) -> None:
    assert sent(world)["verify"] is not False
    assert sent(world, "ssl_verify: no")["verify"] is False


def client_ssl_cert(world: World) -> None:
    assert sent(world, "client_ssl_cert: ~/me.pem")["cert"] == f"{world.home}/me.pem"


def client_ssl_cert_key(world: World) -> None:
    lines = ("client_ssl_cert: ~/me.pem", "client_ssl_cert_key: ~/key.pem")
    assert sent(world, *lines)["cert"] == (f"{world.home}/me.pem", f"{world.home}/key.pem")


def proxy_servers(world: World) -> None:
    assert sent(world, "proxy_servers: {http: 'http://p:1'}")["proxies"]["http"] == "http://p:1"


def remote_connect_timeout_secs(world: World) -> None:
    assert sent(world, "remote_connect_timeout_secs: 1.5")["timeout"][0] == 1.5


def remote_read_timeout_secs(world: World) -> None:
    assert sent(world, "remote_read_timeout_secs: 2.5")["timeout"][1] == 2.5


def remote_max_retries(world: World) -> None:
    world.faults["linux-64/repodata_shards.msgpack.zst"] = Fault(status=503)
    world.condarc("remote_max_retries: 2", "remote_backoff_factor: 0")
    finds(world, "pear")
    assert world.asked("linux-64/repodata_shards.msgpack.zst") == 3


def remote_backoff_factor(world: World) -> None:
    world.faults["repodata_shards.msgpack.zst"] = Fault(status=503)
    waited: list[float] = []
    world.monkeypatch.setattr(api.CancelToken, "wait", lambda _self, secs: waited.append(secs))
    sums = []
    for factor in (0, 2):
        world.condarc("remote_max_retries: 2", f"remote_backoff_factor: {factor}")
        finds(world, "pear")
        sums.append(sum(waited))
        waited.clear()
    assert sums[0] == 0 < sums[1]


def local_repodata_ttl(world: World) -> None:
    index = "noarch/repodata_shards.msgpack.zst"
    asked = []
    for ttl in (3600, 3600, 0):
        world.condarc(f"local_repodata_ttl: {ttl}")
        finds(world, "pear")
        asked.append(world.asked(index))
    assert asked[0] == asked[1] < asked[2]


def repodata_threads(world: World) -> None:
    assert world.waits_beside("repodata_shards.msgpack.zst", "repodata_threads") == (1, 2)


def fetch_threads(world: World) -> None:
    one, four = world.waits_beside(".conda", "fetch_threads")
    assert one == 1 < four


def default_threads(world: World) -> None:
    one, four = world.waits_beside(".conda", "default_threads")
    assert one == 1 < four


def always_copy(world: World) -> None:
    assert (world.do("create", "pear") / "share/pear.txt").stat().st_nlink == 2
    world.condarc("always_copy: yes")
    assert (world.do("install", "seed") / "share/seed.txt").stat().st_nlink == 1


def always_softlink(world: World) -> None:
    world.condarc("always_softlink: yes")
    assert (world.do("create", "pear") / "share/pear.txt").is_symlink()


def allow_softlinks(world: World) -> None:
    elsewhere = Path("/dev/shm")
    if not elsewhere.is_dir() or elsewhere.stat().st_dev == world.home.stat().st_dev:
        pytest.skip("this machine has one file system only")
    pkgs = elsewhere / f"xconda-test-{os.getpid()}"
    try:
        world.condarc("allow_softlinks: yes", f"pkgs_dirs: [{pkgs}]")
        assert (world.do("create", "pear") / "share/pear.txt").is_symlink()
    finally:
        shutil.rmtree(pkgs, ignore_errors=True)


def always_yes(world: World) -> None:
    world.condarc("always_yes: yes")
    assert world.xconda("create", "-p", str(world.prefix), "pear").returncode == 0


def json_(world: World) -> None:
    world.condarc("json: yes")
    assert "envs" in json.loads(world.xconda("env", "list").stdout)
    assert "pear" in json.loads(world.xconda("search", "pear").stdout)
    assert json.loads(world.xconda("repoquery", "search", "pear").stdout)["result"]["pkgs"]


def quiet(world: World) -> None:
    world.condarc("quiet: yes", "always_yes: yes")
    done = world.xconda("create", "-p", str(world.prefix), "pear")
    assert (done.stdout, done.stderr) == ("", "")


def verbosity(world: World) -> None:
    assert "INFO" not in world.xconda("search", "pear").stderr
    world.condarc("verbosity: 2")
    log = world.xconda("search", "pear").stderr
    assert "INFO xconda_core" in log
    assert "DEBUG" not in log


def debug(world: World) -> None:
    world.condarc("debug: yes")
    log = world.xconda("search", "pear").stderr
    assert "DEBUG xconda_core" in log
    assert "DEBUG urllib3" not in log


def trace(world: World) -> None:
    world.condarc("trace: yes")
    assert "DEBUG urllib3" in world.xconda("search", "pear").stderr


def dry_run(world: World) -> None:
    world.condarc("dry_run: yes")
    assert world.xconda("create", "-p", str(world.prefix), "pear").returncode == 0
    assert not world.prefix.exists()


def env_prompt(world: World) -> None:
    assert prompt_in(world, "env_prompt: '<{default_env}> '") == f"<{world.prefix}> "


def changeps1(world: World) -> None:
    assert prompt_in(world) == f"({world.prefix}) "
    assert prompt_in(world, "changeps1: no") == ""


def prompt_in(world: World, *lines: str) -> str:
    if not world.prefix.exists():
        world.do("create", "pear")
    world.condarc(*lines)
    variables = world.xconda("run", "-p", str(world.prefix), "env").stdout.splitlines()
    return next(each.partition("=")[2] for each in variables if each.startswith("CONDA_PROMPT"))


def list_fields(world: World) -> None:
    prefix = str(world.do("create", "pear"))
    world.condarc("list_fields: [version, name]")
    assert world.xconda("list", "-p", prefix).stdout.splitlines()[-1].split() == ["1.0", "pear"]


def show_channel_urls(world: World) -> None:
    prefix = str(world.do("create", "pear"))
    shown = []
    for value in ("yes", "no", "none"):
        world.condarc(f"show_channel_urls: {value}")
        shown.append(world.xconda("list", "-p", prefix).stdout.splitlines()[-1].split()[3:])
    assert shown == [[world.orchard], [], ["orchard"]]


def protect_frozen_envs(world: World) -> None:
    (world.do("create", "pear") / "conda-meta" / "frozen").touch()
    with pytest.raises(EnvironmentFrozen):
        world.plan("install", "seed")
    world.condarc("protect_frozen_envs: no")
    assert world.plan("install", "seed") == {"seed": "2.0"}


def environment_specifier(world: World) -> None:
    wish = world.home / "wish"
    wish.write_text("pear\n", encoding="utf-8")
    words = ("create", "-p", str(world.prefix), "--dry-run", "--json", "--file", str(wish))
    assert json.loads(world.xconda(*words).stdout)["code"] == "format-unclear"
    world.condarc("environment_specifier: requirements")
    plan = json.loads(world.xconda(*words).stdout)["actions"]["LINK"]
    assert [each["name"] for each in plan] == ["pear"]
    world.condarc("environment_specifier: nonsense")
    assert json.loads(world.xconda(*words).stdout)["code"] == "format-unknown"


def export_platforms(world: World) -> None:
    def exported() -> str:
        done = world.xconda("export", "-p", str(world.prefix), "--format", "conda-lock")
        return done.stdout

    world.do("create", "pear")
    assert "platform: osx-arm64" not in exported()
    world.condarc("export_platforms: [linux-64, osx-arm64]")
    assert "platform: osx-arm64" in exported()


def pinned_packages(world: World) -> None:
    world.condarc("pinned_packages: [seed 1.*]")
    assert world.plan("create", "apple")["seed"] == "1.0"


def ignore_pinned(world: World) -> None:
    (world.do("create", "pear") / "conda-meta" / "pinned").write_text("seed 1.*\n")
    assert world.plan("install", "seed") == {"seed": "1.0"}
    world.condarc("ignore_pinned: yes", "pinned_packages: [seed 1.*]")
    assert world.plan("install", "seed") == {"seed": "2.0"}


def disallowed_packages(world: World) -> None:
    world.condarc("disallowed_packages: [seed 2.*]")
    assert world.plan("create", "apple")["seed"] == "1.0"
    with pytest.raises(Unsatisfiable, match=r"seed=2 may not be installed, says .*\.condarc"):
        world.plan("create", "seed=2")


def create_default_packages(world: World) -> None:
    world.condarc("create_default_packages: [pear]")
    assert world.plan("create", "seed") == {"pear": "1.0", "seed": "2.0"}


def add_pip_as_python_dependency(world: World) -> None:
    assert "pip" in world.plan("create", "python")
    world.condarc("add_pip_as_python_dependency: no")
    assert world.plan("create", "python") == {"python": "3.12.1"}


def prefix_data_interoperability(world: World) -> None:
    prefix = world.do("create", "python")
    folder = prefix / "lib" / "python3.12" / "site-packages" / "seed-7.0.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text("Name: seed\nVersion: 7.0\n", encoding="utf-8")
    assert world.plan("install", "apple") == {"apple": "2.0", "seed": "2.0"}
    world.condarc("pip_interop_enabled: yes")
    assert world.plan("install", "apple") == {"apple": "2.0"}
    assert world.plan("install", "seed") == {"seed": "2.0"}


def override_virtual_packages(world: World) -> None:
    world.condarc("override_virtual_packages: {cuda: none}")
    assert not finds(world, "drone")
    world.condarc("override_virtual_packages: {cuda: '12.4'}")
    assert finds(world, "drone")


SCENARIOS: dict[str, Callable[[World], None]] = {
    each.__name__.rstrip("_"): each
    for each in (
        root_prefix, envs_dirs, pkgs_dirs, register_envs, subdir, subdirs, channels_,
        default_channels, custom_multichannels, channel_alias, custom_channels,
        migrated_custom_channels, migrated_channel_aliases, allowlist_channels, denylist_channels,
        override_channels_enabled, exclude_newer, exclude_newer_package, channel_settings,
        channel_relations_max_depth, channel_priority, use_only_tar_bz2, offline, ssl_verify,
        client_ssl_cert, client_ssl_cert_key, proxy_servers, remote_connect_timeout_secs,
        remote_read_timeout_secs,
        remote_max_retries, remote_backoff_factor, local_repodata_ttl, default_threads,
        repodata_threads, fetch_threads, always_copy, allow_softlinks, always_softlink, always_yes,
        json_, quiet, console, verbosity, debug, trace, dry_run, env_prompt, changeps1,
        show_channel_urls, list_fields,
        protect_frozen_envs, environment_specifier, export_platforms,
        pinned_packages, ignore_pinned, disallowed_packages,
        create_default_packages, add_pip_as_python_dependency, override_virtual_packages,
        prefix_data_interoperability, *SOLVING, *LISTS, *LINKING, *ACTIVATION, *PLUGINS,
    )
}  # fmt: skip


@pytest.mark.parametrize("setting", SCENARIOS)
def test_the_setting_has_its_effect(setting: str, world: World) -> None:
    SCENARIOS[setting](world)


def test_every_setting_that_claims_an_effect_has_a_scenario() -> None:
    assert {each.name for each in USED} == SCENARIOS.keys()
