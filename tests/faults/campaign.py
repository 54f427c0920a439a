"""All of the campaign, or one share of it: which faults, in which commands, how many."""

import sys
from collections.abc import Iterator, Mapping

from tests.faults import crowd, real_disks, weather
from tests.faults.failures import ERRORS, failed_at, forks_fail_at
from tests.faults.kills import forks_killed_at, killed_at, killed_in_time, killed_twice
from tests.faults.outcome import Outcome
from tests.faults.phases import phases
from tests.faults.power import power_cuts, power_cuts_in_recovery
from tests.faults.world import WORDS, Scene, a_scene, a_world, pristine_packages

KILLS_IN_TIME = 40  # for each command
ROUNDS = 6
RECOVERIES_EVERY = 20


def one_share(share: int, shares: int, every: int, kills_every: int) -> list[Outcome]:
    """Run one share in this process, and say what went wrong as soon as it does."""
    found = []
    for each in campaign(share, shares, every, kills_every):
        found.append(each)
        if not each.is_good:
            print(each, file=sys.stderr, flush=True)
        if len(found) % 250 == 0:
            print(f"share {share}: {len(found)} faults, {each.part}", file=sys.stderr, flush=True)
    return found


def campaign(share: int, shares: int, every: int = 1, kills_every: int = 1) -> Iterator[Outcome]:
    """The faults that are ``share``'s of ``shares``.

    Kills at each ``kills_every``-th file operation; all else at each ``every``-th of its points.
    """
    sky = weather.Weather()
    with a_world(sky) as world:
        packages = pristine_packages(world)
        scenes = {name: a_scene(world, name, packages) for name in WORDS}
        for scene in scenes.values():
            yield from killed_at(scene, _points(scene, share, shares * kills_every))
            yield from killed_in_time(scene, KILLS_IN_TIME // shares // every, share)
            if scene.has_forks:
                yield from _in_forks(scene, share, shares, every)
            else:
                yield from _at_points(scene, _points(scene, share, shares * every))
        yield from _others(scenes, sky, share, shares, every)


def _points(scene: Scene, share: int, step: int) -> range:
    return range(1 + share, len(scene.recorded) + 1, step)


def _in_forks(scene: Scene, share: int, shares: int, every: int) -> Iterator[Outcome]:
    """What goes wrong beside forks, and in them; power cuts need to see what all of them do."""
    of_forks = range(1 + share, scene.in_forks + 1, shares * every)
    yield from forks_killed_at(scene, of_forks)
    for error in ERRORS:
        yield from failed_at(scene, _points(scene, share, shares * every), error)
        yield from forks_fail_at(scene, of_forks, error)


def _at_points(scene: Scene, points: range) -> Iterator[Outcome]:
    begun = phases(scene.recorded).index("journal")
    yield from killed_twice(scene, [p for p in points if p > begun][::RECOVERIES_EVERY])
    yield from power_cuts(scene, points)
    yield from power_cuts_in_recovery(scene, [p for p in points if p > begun][::10])
    for error in ERRORS:
        yield from failed_at(scene, points, error)
    yield from failed_at(scene, points[::2], ERRORS[0], for_good=True)


def _others(
    scenes: Mapping[str, Scene], sky: weather.Weather, share: int, shares: int, every: int
) -> Iterator[Outcome]:
    """What is not divided by points: half of the commands each."""
    for name in ("create", "install")[share::shares]:
        yield from weather.in_bad_weather(scenes[name], sky, every=every)
        yield from weather.slow_loris(scenes[name], sky)
    for name in ("create", "install", "undo")[share::shares]:
        if real_disks.can_mount():
            yield from real_disks.on_small_disks(scenes[name], every)
            if name != "create":
                yield from real_disks.on_read_only_disks(scenes[name])
        if real_disks.is_root() and name != "create":
            yield from real_disks.as_somebody_else(scenes[name])
    rounds = max(1, ROUNDS // shares // every)
    yield from crowd.all_install(scenes["install"], rounds)
    yield from crowd.all_install(scenes["install"], rounds, kills=4, seed=share)
    yield from crowd.all_create(scenes["install"], rounds)
