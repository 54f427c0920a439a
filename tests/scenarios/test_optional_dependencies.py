"""Groups of optional dependencies, and conditions: asked for, brought, and remembered."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.setting_world import World
from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import a_channel, a_package


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    (home := tmp_path / "home").mkdir()
    packages = (
        a_package("ray", extra={"extra-depends": {"serve": ["tool >=2"]}}),
        a_package("tool", "1.0"),
        a_package("tool", "2.0"),
        a_package("strict", constrains=["tool <2"]),
        a_package("tool-user", depends=["tool >=2"]),
    )
    a_channel(tmp_path / "channels" / "orchard", packages, subdirs=("linux-64", "noarch"))
    with serve(tmp_path / "channels") as server:
        world = World(home, server, monkeypatch)
        world.condarc()
        yield world


def test_a_group_comes_with_its_package_and_holds_later(world: World) -> None:
    assert world.plan("create", "ray") == {"ray": "1.0"}

    prefix = str(world.prefix)
    made = world.xconda("create", "-y", "-p", prefix, "ray[extras=[serve]]")
    refused = world.xconda("install", "-y", "-p", prefix, "strict")

    assert made.returncode == 0, made.stderr
    assert (world.prefix / "conda-meta" / "tool-2.0-0.json").is_file()
    assert refused.returncode == 1
    assert "you asked for ray[extras=['serve']] earlier" in refused.stderr


def test_a_wish_with_a_condition_counts_where_that_holds(world: World) -> None:
    assert world.plan("create", "strict", 'ray[when="strict"]') == {"strict": "1.0", "ray": "1.0"}
    assert world.plan("create", "strict", 'ray[when="strict>=2"]') == {"strict": "1.0"}

    file = world.home / "environment.yml"
    file.write_text("""dependencies: [ray, 'tool<2[when="ray"]', 'strict[when="__win"]']\n""")
    made = world.xconda("env", "create", "-p", str(world.prefix), "-f", str(file))
    refused = world.xconda("install", "-y", "-p", str(world.prefix), "tool-user")

    assert made.returncode == 0, made.stderr
    assert {path.name for path in world.prefix.glob("conda-meta/*.json")} == {
        "ray-1.0-0.json",
        "tool-1.0-0.json",
    }
    assert refused.returncode == 1
    assert "you asked for tool[version='<2',when=ray] earlier" in refused.stderr
