"""A cut of the fault campaign, the same each time; `make faults` is all of it."""

import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice

import pytest

from tests.faults.crowd import all_install
from tests.faults.failures import ERRORS, failed_at, forks_fail_at
from tests.faults.kills import forks_killed_at, killed_at, killed_twice
from tests.faults.outcome import Outcome
from tests.faults.phases import phases
from tests.faults.power import power_cuts, power_cuts_in_recovery
from tests.faults.real_disks import (
    as_somebody_else,
    can_mount,
    is_root,
    on_read_only_disks,
    on_small_disks,
)
from tests.faults.snapshot import Snapshot
from tests.faults.weather import Weather, in_bad_weather, slow_loris
from tests.faults.world import WORDS, Scene, World, a_scene, a_world, pristine_packages

SHARE = 37  # one operation in so many, another one in each command


@pytest.fixture(scope="module")
def weather() -> Weather:
    return Weather()


@pytest.fixture(scope="module")
def world(weather: Weather) -> Iterator[World]:
    with a_world(weather) as made:
        yield made


@pytest.fixture(scope="module")
def packages(world: World) -> Mapping[str, Snapshot]:
    return pristine_packages(world)


@pytest.fixture(scope="module", params=[name for name in WORDS if "bulky" not in name])
def scene(request: pytest.FixtureRequest, world: World, packages: Mapping[str, Snapshot]) -> Scene:
    return a_scene(world, request.param, packages)


@pytest.fixture(scope="module", params=[name for name in WORDS if "bulky" in name])
def bulky(request: pytest.FixtureRequest, world: World, packages: Mapping[str, Snapshot]) -> Scene:
    return a_scene(world, request.param, packages)


@pytest.fixture(scope="module")
def install(world: World, packages: Mapping[str, Snapshot]) -> Scene:
    return a_scene(world, "install", packages)


def some_of(scene: Scene, share: int = SHARE) -> range:
    return range(1 + len(scene.name), len(scene.recorded) + 1, share)


def all_good(outcomes: Iterator[Outcome]) -> Counter[str]:
    found = list(outcomes)
    assert not [str(each) for each in found if not each.is_good]
    return Counter(each.state for each in found)


def test_a_kill_leaves_the_old_state_or_the_new(scene: Scene) -> None:
    states = all_good(killed_at(scene, some_of(scene)))

    assert states["old"]


def test_a_kill_while_forks_work_leaves_the_old_state_or_the_new(bulky: Scene) -> None:
    states = all_good(killed_at(bulky, some_of(bulky, 2 * SHARE)))

    assert states["old"]


def test_a_fork_that_is_killed_leaves_the_old_state(bulky: Scene) -> None:
    found = list(forks_killed_at(bulky, range(5, bulky.in_forks + 1, 2 * SHARE)))

    assert {each.state for each in found if each.happened} == {"old"}
    assert not [str(each) for each in found if not each.is_good]


def test_an_operation_of_a_fork_that_fails_leaves_the_old_state_or_the_new(bulky: Scene) -> None:
    all_good(forks_fail_at(bulky, range(9, bulky.in_forks + 1, 2 * SHARE), ERRORS[0]))


def test_a_kill_after_the_commit_leaves_the_new_state(scene: Scene) -> None:
    last = len(scene.recorded)

    assert all_good(killed_at(scene, [last - 1, last])) == {"new": 2}


def test_a_recovery_that_is_killed_is_completed_by_the_next(scene: Scene) -> None:
    all_good(killed_twice(scene, [len(scene.recorded) * 3 // 4], every=15))


@pytest.mark.parametrize("error", ERRORS)
def test_an_operation_that_fails_leaves_the_old_state_or_the_new(scene: Scene, error: int) -> None:
    all_good(failed_at(scene, some_of(scene, 4 * SHARE), error))


def test_a_disk_that_stays_full_leaves_the_old_state_or_the_new(scene: Scene) -> None:
    all_good(failed_at(scene, some_of(scene, 3 * SHARE), ERRORS[0], for_good=True))


def test_a_power_cut_leaves_the_old_state_or_the_new(scene: Scene) -> None:
    all_good(power_cuts(scene, some_of(scene, 2 * SHARE)))


def test_a_power_cut_while_the_next_command_recovers_is_survived_too(scene: Scene) -> None:
    phase = phases(scene.recorded).index("commit")

    all_good(power_cuts_in_recovery(scene, [phase + 2], every=19))


def test_a_server_that_misbehaves_changes_nothing_or_is_asked_again(
    install: Scene, weather: Weather
) -> None:
    found = all_good(in_bad_weather(install, weather, every=7))

    assert found.keys() == {"old", "new"}


def test_a_server_that_gives_a_few_bytes_at_a_time_can_be_left(
    install: Scene, weather: Weather
) -> None:
    assert all_good(islice(slow_loris(install, weather), 1)) == {"old": 1}


@pytest.mark.skipif(not can_mount(), reason="root may write to every disk, others may not mount")
def test_disks_that_are_full_or_read_only_leave_the_old_state(install: Scene) -> None:
    all_good(on_small_disks(install, every=24))
    assert all_good(on_read_only_disks(install))["old"] >= 1


@pytest.mark.skipif(not is_root(), reason="another user cannot run it")
def test_somebody_elses_environment_stays_as_it_is(install: Scene) -> None:
    assert all_good(as_somebody_else(install)) == {"old": 3}


def test_eight_at_once_all_get_what_they_asked_for(install: Scene) -> None:
    all_good(all_install(install, 1))


def test_eight_at_once_do_not_mind_that_some_of_them_are_killed(install: Scene) -> None:
    all_good(all_install(install, 1, kills=4))


@pytest.mark.parametrize(
    "words", [("install", "-n", "e", "-y", "c=1"), ("list", "-n", "e"), ("run", "-n", "e", "true")]
)
def test_the_next_command_says_what_it_found(
    world: World, install: Scene, words: tuple[str, ...]
) -> None:
    install.reset()
    install.run(at=phases(install.recorded).index("commit"), then="kill")

    done = subprocess.run(
        world.command(*words), env=world.environ, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    told = [line for line in done.stderr.splitlines() if "was interrupted" in line]
    assert len(told) == 1, done.stderr
    assert "nothing of it was kept" in told[0]
    assert (world.prefix / "share/a/mine.txt").read_text() == "the user's own"
