"""The examples of docs/plugins.md do what the page says, on a user's command line."""

import io
import json
import re
import zipfile
from pathlib import Path

from tests.plugins.conftest import PluginWorld
from xconda_core.testing.simulator import a_channel, a_package

PAGE = (Path(__file__).parents[2] / "docs" / "plugins.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def _install(world: PluginWorld, sign: str) -> None:
    """Install the example that has ``sign`` in it."""
    (source,) = (each for each in EXAMPLES if sign in each)
    world.install("example", source)


def test_the_example_of_commands_works(world: PluginWorld) -> None:
    _install(world, '"hello", "say hello"')
    assert world.xconda("hello", "you", "there").stdout == "hello you there\n"


def test_the_example_of_commands_with_options_works(world: PluginWorld) -> None:
    _install(world, 'PluginSubcommand("greet"')
    assert world.xconda("hi", "--loud").stdout == "HELLO\n"


def test_the_example_of_before_and_after_commands_works(world: PluginWorld) -> None:
    _install(world, "PluginPostCommand")
    world.create("seed")
    said = world.xconda("install", "-p", str(world.prefix), "apple").stderr.splitlines()
    assert (said[0], said[-1]) == ("begins: install", "done: install")


def test_the_example_of_settings_works(world: PluginWorld) -> None:
    _install(world, "PluginSetting(")
    shown = world.document("config", "--show", "plugins", CONDA_PLUGINS_BANNED="a,b")
    assert (shown["plugins"]["most"], shown["plugins"]["banned"]) == (500, ["a", "b"])
    refused = world.xconda("config", "--show", "plugins", CONDA_PLUGINS_MOST="many")
    assert "it must be a whole number" in refused.stderr


def test_the_example_of_facts_of_the_machine_works(world: PluginWorld) -> None:
    _install(world, "PluginVirtualPackage")
    assert world.create("pear").returncode != 0
    assert world.create("pear", CONDA_OVERRIDE_LICENCE_SERVER="2").returncode == 0


def test_the_example_of_rules_works(world: PluginWorld) -> None:
    _install(world, "LicenceRefused")
    channel = a_channel(
        world.home / "channel",
        [a_package("free", license="MIT"), a_package("strict", license="AGPL-3.0")],
    )
    create = ("create", "-p", str(world.prefix), "-c", channel.as_uri(), "--override-channels")
    refused = world.xconda(*create, "strict")
    assert "its licence, AGPL-3.0, is not among those of the company." in refused.stderr
    assert world.xconda(*create, "free").returncode == 0


def test_the_example_of_solvers_works(world: PluginWorld) -> None:
    _install(world, "PluginSolver")
    world.create("apple", "--solver", "unpinned", CONDA_PINNED_PACKAGES="apple=1")
    assert world.installed() == ["apple 2.0", "seed 1.0"]
    pinned = ("create", "-p", str(world.home / "pinned"), "apple", "--json")
    planned = json.loads(world.xconda(*pinned, CONDA_PINNED_PACKAGES="apple=1").stdout)
    assert {each["version"] for each in planned["actions"]["LINK"]} == {"1.0"}


def test_the_example_of_errors_works(world: PluginWorld) -> None:
    _install(world, "PluginErrorHint")
    done = world.create("apple", CONDA_CHANNELS="http://127.0.0.1:9/none")
    assert "hint: Is the VPN up?" in done.stderr
    assert re.search(r"^NetworkFailed 1 create ", done.stderr, re.MULTILINE)


def test_the_example_of_headers_works(world: PluginWorld) -> None:
    _install(world, "X-Reason")
    world.create("apple")
    reasons = {
        each.path.rpartition(".")[2]
        for each in world.server.requests
        if each.headers.get("X-Reason") == "archive"
    }
    assert reasons == {"conda"}


def test_the_example_of_health_checks_works(world: PluginWorld) -> None:
    _install(world, "PluginHealthCheck")
    world.create("seed")
    doctor = ("doctor", "-p", str(world.prefix))
    assert "there is no licence.txt" in world.xconda(*doctor).stdout
    world.xconda(*doctor, "--fix")
    assert (world.prefix / "licence.txt").read_text() == "MIT"


def test_the_example_of_actions_works(world: PluginWorld) -> None:
    _install(world, "TakeStock")
    world.create("apple")
    assert (world.prefix / "share/stock.txt").read_text() == "apple\nseed"


def test_the_example_of_kinds_of_files_works(
    world: PluginWorld,
) -> None:
    _install(world, "tomllib")
    file = world.home / "env.toml"
    world.create("apple=1")
    assert world.xconda("export", "-p", str(world.prefix), "--file", str(file)).returncode == 0
    twin = world.home / "twin"
    made = world.xconda("env", "create", "-p", str(twin), "--file", str(file))
    assert made.returncode == 0
    listed = world.document("list", "-p", str(twin))
    assert [each["version"] for each in listed] == ["1.0", "1.0"]


def test_the_example_of_sections_and_loaders_works(
    world: PluginWorld,
) -> None:
    _install(world, "SectionInstaller")
    file = world.home / "environment.yml"
    file.write_text("dependencies: [seed, shelf: [book==2]]\n")
    done = world.xconda("env", "create", "-p", str(world.prefix), "--file", str(file))
    assert "1 things are on the shelf" in done.stdout
    assert world.installed() == ["book 2", "seed 1.0"]


def test_the_example_of_progress_works(world: PluginWorld) -> None:
    _install(world, "class Dots")
    assert ".." in world.create("apple", "--console", "dots").stderr.splitlines()


def test_the_example_of_logins_works(world: PluginWorld) -> None:
    _install(world, "class Company")
    world.condarc(f"channel_settings: [{{channel: '{world.server.url}/*', auth: company}}]")
    world.create("apple", COMPANY_KEY="sesame")
    assert {each.headers["X-Api-Key"] for each in world.server.requests} == {"sesame"}


def test_the_example_of_other_archives_works(world: PluginWorld) -> None:
    _install(world, "PluginPackageExtractor")
    buffer = io.BytesIO()
    index = {"name": "plum", "version": "1.0", "build": "0", "build_number": 0, "depends": []}
    with zipfile.ZipFile(buffer, "w") as box:
        box.writestr("info/index.json", json.dumps(index))
        box.writestr("info/paths.json", json.dumps({"paths": [], "paths_version": 1}))
    archive = world.home / "plum-1.0-0.box"
    archive.write_bytes(buffer.getvalue())
    assert world.create(str(archive)).returncode == 0
    assert world.installed() == ["plum 1.0"]


def test_every_example_is_tried_here() -> None:
    signs = re.findall(r"_install\(world, (.+)\)\n", Path(__file__).read_text(encoding="utf-8"))
    assert len(signs) == len(EXAMPLES)
