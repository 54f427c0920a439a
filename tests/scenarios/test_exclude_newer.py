"""What was published too lately is not there, in every way to say so."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.scenarios.scenario import World
from tests.scenarios.world import a_world, installed
from xconda_core.testing.simulator import SimulatedPackage, a_channel, a_package

DAY = 86_400_000
YESTERDAY = int(time.time() * 1000) - DAY


def published(name: str, version: str, when: int) -> SimulatedPackage:
    return a_package(name, version, timestamp=when)


def milliseconds(year: int, month: int, day: int, hour: int = 12) -> int:
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp()) * 1000


PACKAGES = (
    published("fig", "1", milliseconds(2024, 5, 1)),
    published("fig", "2", milliseconds(2024, 5, 2, 23)),
    published("fig", "3", YESTERDAY),
    published("kiwi", "1", milliseconds(2024, 5, 1)),
    published("kiwi", "2", YESTERDAY),
    published("fresh", "1", YESTERDAY),
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        a_channel(tmp_path / "channel" / "young", PACKAGES)
        channel = world.channel.replace("orchard", "young")
        yield World(
            home=world.home,
            channel=channel,
            environ={**world.environ, "CONDA_CHANNELS": channel},
        )


def xconda(world: World, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "xconda_core", *words],
        env={**world.environ, **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def configure(world: World, text: str) -> None:
    (world.home / ".condarc").write_text(text, encoding="utf-8")


def created(world: World, *words: str, **environ: str) -> dict[str, str]:
    done = xconda(world, "create", "-n", "demo", "--yes", "fig", "kiwi", *words, **environ)
    assert done.returncode == 0, done.stderr
    return installed(world.prefix("demo"))


def test_without_the_setting_the_newest_is_installed(world: World) -> None:
    assert created(world) == {"fig": "3", "kiwi": "2"}


@pytest.mark.parametrize(
    ("limit", "fig"),
    [("2d", "2"), ("P1W", "2"), ("3600", "3"), ("0", "3"), ("2024-05-02", "2"),
     ("2024-05-01", "1"), ("2024-05-02T22:59:59Z", "1"), ("2024-05-02T23:00:00Z", "2"),
     ("false", "3")],
)  # fmt: skip
def test_what_was_published_later_is_not_there(world: World, limit: str, fig: str) -> None:
    assert created(world, "--exclude-newer", limit)["fig"] == fig


def test_a_condarc_and_a_variable_say_it_too_and_the_command_line_wins(world: World) -> None:
    configure(world, "exclude_newer: 7d\n")
    assert xconda(world, "search", "fig").stdout.count("fig ") == 2
    assert (
        xconda(world, "search", "fig", CONDA_EXCLUDE_NEWER="2024-05-01").stdout.count("fig ") == 1
    )
    assert xconda(world, "search", "fig", "--exclude-newer", "0").stdout.count("fig ") == 3


def test_a_package_can_be_exempt_or_have_a_limit_of_its_own(world: World) -> None:
    configure(
        world, "exclude_newer: 7d\nexclude_newer_package:\n  kiwi: false\n  fig: 2024-05-01\n"
    )
    assert created(world) == {"fig": "1", "kiwi": "2"}


def test_a_channel_can_be_exempt_or_have_a_limit_of_its_own(world: World) -> None:
    settings = f"channel_settings:\n  - channel: {world.channel}\n    exclude_newer: "
    configure(world, f"exclude_newer: 2024-05-01\n{settings} false\n")
    assert created(world) == {"fig": "3", "kiwi": "2"}
    configure(world, f"{settings} 2024-05-01\n")
    assert xconda(world, "search", "fig").stdout.count("fig ") == 1


def test_a_package_of_which_nothing_is_old_enough_is_said_to_be_too_new(world: World) -> None:
    done = xconda(world, "create", "-n", "demo", "--yes", "fresh", "--exclude-newer", "7d")
    day = datetime.fromtimestamp(YESTERDAY / 1000, UTC).date()
    assert done.returncode == 1
    assert (
        f"every fresh there is newer than exclude_newer allows; the first of them was "
        f"published on {day}" in done.stderr
    )
    assert not world.prefix("demo").exists()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("exclude_newer: soon", "line 1: exclude_newer"),
        ("exclude_newer_package: {fig: 7x}", "line 1: exclude_newer_package.fig"),
        ("channel_settings:\n  - channel: x\n    exclude_newer: soon", "line 3: "),
        ("channel_settings: [x]", "line 1: channel_settings"),
        ("channel_settings: x", "line 1: channel_settings"),
    ],
)
def test_a_value_that_is_none_is_refused_with_its_place(
    world: World, text: str, place: str
) -> None:
    configure(world, text)
    done = xconda(world, "search", "fig")
    assert done.returncode == 1
    assert place in done.stderr
    assert "Traceback" not in done.stderr
