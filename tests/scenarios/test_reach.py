"""The options that say how far a request reaches do what they say, on the command line."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.setting_world import World
from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import a_channel, a_package
from xconda_jupyter.kernel.command_line import commands_of_line
from xconda_jupyter.kernel.conversation import request_of
from xconda_jupyter.kernel.worker_process import PROTOCOL

PACKAGES = (
    a_package("apple", "1.0", depends=["seed"]),
    a_package("apple", "2.0", depends=["seed"]),
    a_package("seed", "1.0"),
    a_package("seed", "2.0"),
    a_package("pear", "1.0"),
    a_package("cider", "1.0", depends=["seed >=2"]),
)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    home = tmp_path / "home"
    home.mkdir()
    a_channel(tmp_path / "channels" / "orchard", PACKAGES, subdirs=("linux-64", "noarch"))
    with serve(tmp_path / "channels") as server:
        world = World(home, server, monkeypatch)
        world.condarc("pinned_packages: [pear 1.*]", "create_default_packages: [pear]")
        world.do("create", "apple=1", "seed=1")
        world.condarc()
        yield world


def would(world: World, verb: str, *words: str) -> dict[str, str]:
    """Return name and version of what a command would link; ``-`` for what it would take away."""
    done = world.xconda(verb, "-p", str(world.prefix), "--json", "--dry-run", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    actions = json.loads(done.stdout).get("actions", {})
    gone = {each["name"]: "-" for each in actions.get("UNLINK", ())}
    return gone | {each["name"]: each["version"] for each in actions.get("LINK", ())}


REACHES = [
    (("apple",), {"apple": "2.0"}),
    (("--update-specs", "apple"), {"apple": "2.0"}),
    (("--update-deps", "apple"), {"apple": "2.0", "seed": "2.0"}),
    (("--all", "apple"), {"apple": "2.0", "seed": "2.0"}),
    (("--freeze-installed", "apple"), {"apple": "2.0"}),
    (("--no-update-deps", "apple"), {"apple": "2.0"}),
    (("--satisfied-skip-solve", "apple"), {}),
    (("-S", "apple"), {}),
    (("--no-deps", "cider"), {"cider": "1.0"}),
    (("--only-deps", "seed=2", "cider"), {"seed": "2.0"}),
    (("--force-reinstall", "pear"), {"pear": "1.0"}),
    (("--prune", "seed=1"), {"apple": "-", "pear": "-"}),
]


@pytest.mark.parametrize(("words", "changes"), REACHES)
def test_an_install_reaches_as_far_as_its_option_says(
    world: World, words: tuple[str, ...], changes: dict[str, str]
) -> None:
    assert would(world, "install", *words) == changes


def test_prove_says_what_could_be_newer_and_at_what_price(world: World) -> None:
    pytest.importorskip("pycosat")
    words = ("create", "-p", str(world.home / "new"), "--dry-run", "--prove", "cider", "seed=1")
    refused = world.xconda(*words)
    assert "cider 1.0 needs seed >=2" in refused.stdout + refused.stderr

    pins = ("install", "-p", str(world.prefix), "--dry-run", "--prove")
    (world.prefix / "conda-meta" / "pinned").write_text("seed 1.*\n", encoding="utf-8")
    done = world.xconda(*pins, "apple", "seed")
    document = json.loads(world.xconda(*pins, "--json", "seed").stdout)

    assert "apple 2.0 is the newest there is." in done.stdout
    assert "seed 1.0 cannot be newer: 2 facts exclude it, proven by xconda and pycosat:" in (
        done.stdout
    )
    (known,) = document["plan"]["newness"] if "plan" in document else document["newness"]
    assert known["verdict"] == "proven"
    assert known["checked_by"] == ["xconda", "pycosat"]


@pytest.mark.parametrize(("words", "changes"), REACHES)
def test_an_install_from_a_cell_reaches_as_far(
    world: World, words: tuple[str, ...], changes: dict[str, str]
) -> None:
    line = f"install -p {world.prefix} --dry-run {' '.join(words)}"
    [command] = commands_of_line(line)
    wish = {"protocol": PROTOCOL, **request_of(command)}

    done = subprocess.run(
        [sys.executable, "-m", "xconda_core.worker"],
        input=json.dumps(wish) + "\n",
        env=world.environ,
        capture_output=True,
        text=True,
        check=False,
    )

    folder = Path(json.loads(done.stdout.splitlines()[0])["folder"])
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    moves = {each["name"]: each["new"] for each in plan["operations"]}
    assert {name: new["version"] if new else "-" for name, new in moves.items()} == changes


def test_update_takes_the_same_options(world: World) -> None:
    assert would(world, "update", "--update-deps", "apple") == {"apple": "2.0", "seed": "2.0"}
    assert would(world, "update", "-S", "apple") == {}


def test_a_forced_removal_leaves_what_needs_it(world: World) -> None:
    assert would(world, "remove", "seed") == {"apple": "-", "seed": "-"}
    assert would(world, "remove", "--force", "seed") == {"seed": "-"}


def test_remove_features_takes_away_what_tracks_one_and_what_needs_that(world: World) -> None:
    tracking = a_package("nomkl", "1.0", track_features="nomkl")
    needing = a_package("plain-numpy", "1.0", depends=["nomkl"])
    channel = a_channel(world.home / "features", [tracking, needing])
    prefix = str(world.home / "featured")
    words = ("-p", prefix, "-c", channel.as_uri(), "-y")
    world.xconda("create", *words, "plain-numpy", "pear")

    done = world.xconda("remove", "-p", prefix, "--json", "--dry-run", "--features", "nomkl")
    missing = world.xconda("remove", "-p", prefix, "--dry-run", "--features", "mkl")

    gone = [each["name"] for each in json.loads(done.stdout)["actions"]["UNLINK"]]
    assert gone == ["nomkl", "plain-numpy"]
    assert "'*[track_features=mkl]' is not installed" in missing.stderr


def test_pins_count_unless_told_otherwise(world: World) -> None:
    (world.prefix / "conda-meta" / "pinned").write_text("seed 1.*\n", encoding="utf-8")

    assert would(world, "install", "seed") == {}
    assert would(world, "install", "--no-pin", "seed") == {"seed": "2.0"}


def test_default_packages_come_unless_told_otherwise(world: World) -> None:
    world.condarc("create_default_packages: [pear]")
    words = ("create", "-p", str(world.home / "new"), "--json", "--dry-run", "seed")

    linked = [
        [each["name"] for each in json.loads(world.xconda(*words, *more).stdout)["actions"]["LINK"]]
        for more in ((), ("--no-default-packages",))
    ]

    assert linked == [["pear", "seed"], ["seed"]]


def test_two_rules_at_a_time_are_a_mistake(world: World) -> None:
    done = world.xconda("install", "-p", str(world.prefix), "--all", "-S", "apple")

    assert done.returncode == 2
    assert "not allowed with" in done.stderr


def test_a_met_request_is_not_looked_up(world: World) -> None:
    before = len(world.server.paths())

    done = world.xconda("install", "-y", "-S", "-p", str(world.prefix), "apple")

    assert "everything asked for is there already" in done.stdout
    assert len(world.server.paths()) == before


def test_what_only_dependencies_came_for_is_remembered_by_them(world: World) -> None:
    prefix = str(world.home / "dev")
    world.xconda("create", "-y", "-p", prefix, "--only-deps", "cider")

    history = (world.home / "dev" / "conda-meta" / "history").read_text(encoding="utf-8")
    assert "# update specs: ['seed']" in history.replace('"', "'")


def test_an_update_to_a_version_is_refused_with_the_way_to_do_it(world: World) -> None:
    done = world.xconda("update", "-p", str(world.prefix), "apple=2")

    assert done.returncode == 1
    assert '`xconda install "apple=2"`' in done.stderr


def test_a_build_that_is_given_up_is_said_and_written_down(world: World) -> None:
    packages = (
        a_package("vine", "1.0", "x_0", depends=["soil 1.*"]),
        a_package("vine", "1.0", "y_0", depends=["soil 2.*"]),
        a_package("soil", "1.0"),
        a_package("soil", "2.0"),
    )
    folder = world.home.parent / "channels" / "vineyard"
    a_channel(folder, packages, subdirs=("linux-64", "noarch"))
    world.condarc(f"channels: ['{world.server.url}/vineyard']")
    prefix = str(world.home / "vines")
    world.xconda("create", "-y", "-p", prefix, "vine=1.0=x_0")

    done = world.xconda("install", "-y", "-p", prefix, "soil=2")

    assert done.returncode == 0, done.stderr
    assert "you asked for vine==1.0=x_0 earlier; of that only the version is kept" in done.stderr
    history = (world.home / "vines" / "conda-meta" / "history").read_text(encoding="utf-8")
    assert "neutered specs" in history
    again = world.xconda("install", "-y", "-p", prefix, "soil")
    assert "you asked for" not in again.stderr
