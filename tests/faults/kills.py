"""SIGKILL: at the N-th change of a file, at a moment, and once more while the next recovers."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator

from tests.faults.failures import what_it_claims
from tests.faults.judging import again, is_unfinished, judge, state_of
from tests.faults.outcome import Outcome, outcome
from tests.faults.phases import phases
from tests.faults.world import Scene

AGAIN_EVERY = 7
RECOVERY_EVERY = 5
REPEATABLE = ("install", "update")


def killed_at(scene: Scene, points: Iterable[int]) -> Iterator[Outcome]:
    """Just before (a write: in the middle of) each of these operations."""
    where = phases(scene.recorded)
    for point in points:
        scene.reset()
        done = scene.run(at=point, then="kill")
        happened = done.code == -signal.SIGKILL
        more: tuple[str, ...] = ()
        if not happened and done.code:
            more = (f"it ended with {done.code} before point {point}: {done.err[-300:]}",)
        phase = where[min(point, len(where)) - 1]
        yield _judged("kill", scene, phase, point, more=more, happened=happened)


def forks_killed_at(scene: Scene, points: Iterable[int]) -> Iterator[Outcome]:
    """A fork that unpacks, or one that links, is killed; the command has to end in words."""
    for point in points:
        scene.reset()
        done = scene.run(at=point, then="kill", whose="forks")
        at_once = state_of(scene)
        verdict = judge(scene)
        more = tuple(what_it_claims(done, verdict, at_once))
        happened = done.code != 0
        yield outcome(
            "kill of a fork", scene.name, "any", point, verdict, more=more, happened=happened
        )


def killed_twice(
    scene: Scene, points: Iterable[int], every: int = RECOVERY_EVERY
) -> Iterator[Outcome]:
    """A kill that leaves something to recover, and further ones while that is recovered."""
    for point in points:
        step = 1
        while True:
            scene.reset()
            scene.run(at=point, then="kill")
            if not is_unfinished(scene.world.prefix):
                break
            done = scene.world.run("list", "-n", "e", at=step, then="kill")
            if done.code != -signal.SIGKILL:
                break
            yield _judged("kill in recovery", scene, "recovery", step)
            step += every


def killed_in_time(scene: Scene, count: int, seed: int) -> Iterator[Outcome]:
    """A program of its own, killed from outside at moments between its start and its end."""
    chance = random.Random(seed)
    scene.reset()
    seconds = _run_and_kill(scene, None)
    for number in range(count):
        scene.reset()
        # The first half of its life is the interpreter's start: most kills come later.
        moment = seconds * chance.uniform(0.35, 1.05)
        left = _run_and_kill(scene, moment)
        yield _judged("kill in time", scene, "any", number, happened=left >= 0)


def _run_and_kill(scene: Scene, moment: float | None) -> float:
    """Return how long it ran; less than 0 where it was over before the kill."""
    environ = dict(scene.world.environ)
    environ["PYTHONDONTWRITEBYTECODE"] = os.environ.get("PYTHONDONTWRITEBYTECODE", "")
    begun = time.monotonic()
    process = subprocess.Popen(
        scene.world.command(*scene.words),
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return time.monotonic() - begun
    return time.monotonic() - begun if moment is None else -1.0


def _judged(
    part: str,
    scene: Scene,
    where: str,
    point: int,
    *,
    more: tuple[str, ...] = (),
    happened: bool = True,
) -> Outcome:
    verdict = judge(scene)
    # What is done already is refused by the others, in words.
    repeats = point % AGAIN_EVERY == 0 and (verdict.state == "old" or scene.name in REPEATABLE)
    if repeats:
        more += tuple(again(scene))
    return outcome(
        part, scene.name, where, point, verdict, more=more, repeated=repeats, happened=happened
    )
