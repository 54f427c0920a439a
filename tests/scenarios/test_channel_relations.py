"""A channel that wants another beside it gets it, unless the user or the administrator says no."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.scenario import World
from tests.scenarios.world import a_world, installed
from xconda_core.testing.simulator import a_channel, a_package


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        for folder in (tmp_path / "channel", tmp_path / "channel" / "t" / "secret"):
            a_channel(folder / "forge", [a_package("base", "1.0")])
            a_channel(folder / "special", [a_package("extra", "1.0", depends=["base"])])
            declare_base(folder / "special" / "noarch", "../forge")
        channel = world.channel.replace("orchard", "special")
        environ = {**world.environ, "CONDA_CHANNELS": channel}
        yield World(home=world.home, channel=channel, environ=environ)


def declare_base(folder: Path, reference: str) -> None:
    document = json.loads((folder / "repodata.json").read_text(encoding="utf-8"))
    document["info"]["channel_relations"] = {"base": reference}
    for path in folder.glob("repodata*"):
        path.unlink()
    (folder / "repodata.json").write_text(json.dumps(document), encoding="utf-8")


def create(world: World, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "xconda_core", "create", "-n", "demo", "--yes", "extra"],
        env={**world.environ, **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_what_a_package_needs_is_found_in_the_base_of_its_channel(world: World) -> None:
    done = create(world)

    assert done.returncode == 0, done.stderr
    assert installed(world.prefix("demo")) == {"base": "1.0", "extra": "1.0"}
    forge = world.channel.replace("special", "forge")
    assert f"{forge} is searched too, because {world.channel} wants it beside it." in done.stderr


def test_the_setting_turns_it_off(world: World) -> None:
    done = create(world, CONDA_CHANNEL_RELATIONS_MAX_DEPTH="0")

    assert done.returncode == 1
    assert "beside it" not in done.stderr


def test_a_denied_channel_stays_denied(world: World) -> None:
    done = create(world, CONDA_DENYLIST_CHANNELS=world.channel.replace("special", "forge"))

    assert done.returncode == 1
    assert "beside it, which is passed over: denylist_channels names it" in done.stderr


def test_the_token_of_a_channel_opens_its_base_and_is_never_shown(world: World) -> None:
    done = create(world, CONDA_CHANNELS=world.channel.replace("/special", "/t/secret/special"))

    assert done.returncode == 0, done.stderr
    kept = [path.read_bytes() for path in world.home.rglob("*") if path.is_file()]
    assert "secret" not in done.stdout + done.stderr
    assert not any(b"secret" in content for content in kept)
