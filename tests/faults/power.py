"""Power cuts: what each prefix of a command's operations may leave on disk; its recovery."""

import shutil
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tests.faults.disk_model import LOSSES, DiskModel, Loss, fingerprint, write_out
from tests.faults.judging import again, is_unfinished, judge
from tests.faults.kills import AGAIN_EVERY, REPEATABLE
from tests.faults.operations import Operation
from tests.faults.outcome import Outcome, outcome
from tests.faults.phases import phases
from tests.faults.snapshot import copy_tree
from tests.faults.world import Scene


def power_cuts(scene: Scene, points: Container[int]) -> Iterator[Outcome]:
    """After each of these numbers of operations: each way to lose what was not certain."""
    where = phases(scene.recorded)
    committed = _committed(scene)
    for point, loss in _cuts(scene, scene.kept, scene.recorded, points):
        found = _judged("power", scene, f"{loss}: {where[point - 1]}", point)
        if point > committed and found.state == "old":
            found = replace(found, problems=("it was committed",))
        yield found


def power_cuts_in_recovery(scene: Scene, kills: Iterable[int], every: int = 2) -> Iterator[Outcome]:
    """A kill that leaves something to recover; then the power goes while that is recovered."""
    for kill in kills:
        scene.reset()
        scene.run(at=kill, then="kill")
        if not is_unfinished(scene.world.prefix):
            continue
        left = scene.world.folder / "left"
        shutil.rmtree(left, ignore_errors=True)
        copy_tree(scene.world.live, left)
        recorded = scene.world.run("list", "-n", "e").operations
        points = range(1 + kill % every, len(recorded) + 1, every)
        for point, loss in _cuts(scene, left, recorded, points):
            yield _judged("power in recovery", scene, loss, point)


def _cuts(
    scene: Scene, before: Path, recorded: Sequence[Operation], points: Container[int]
) -> Iterator[tuple[int, Loss]]:
    """Make, one after the other, everything that the disk may have after a power cut."""
    model = DiskModel(before)
    seen = set()
    for point, operation in enumerate(recorded, 1):
        model.do(operation)
        if point not in points:
            continue
        for seed, loss in enumerate(LOSSES):
            image = model.after_power_cut(loss, point * len(LOSSES) + seed)
            if fingerprint(image) in seen:
                continue
            seen.add(fingerprint(image))
            scene.world.clear()
            write_out(image, scene.world.live)
            yield point, loss


def _committed(scene: Scene) -> int:
    """The number of the operation from which on the new state must be there."""
    for point, operation in enumerate(scene.recorded, 1):
        if operation.other.endswith("/committed"):
            return point + 1  # its folder is waited for
    raise AssertionError("the command has no commit")


def _judged(part: str, scene: Scene, where: str, point: int) -> Outcome:
    verdict = judge(scene, after_power_cut=True)
    more: tuple[str, ...] = ()
    repeats = point % AGAIN_EVERY == 0 and (verdict.state == "old" or scene.name in REPEATABLE)
    if repeats:
        more = tuple(again(scene, empty_folders=False))
    return outcome(part, scene.name, where, point, verdict, more=more, repeated=repeats)
