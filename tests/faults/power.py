"""Power cuts: what each prefix of a command's operations may leave on disk; its recovery."""

from collections.abc import Container, Iterator

from tests.faults.disk_model import LOSSES, DiskModel, fingerprint, write_out
from tests.faults.judging import again, judge
from tests.faults.kills import AGAIN_EVERY, REPEATABLE
from tests.faults.outcome import Outcome, outcome
from tests.faults.phases import phases
from tests.faults.world import Scene


def power_cuts(scene: Scene, points: Container[int]) -> Iterator[Outcome]:
    """After each of these numbers of operations: each way to lose what was not certain."""
    model = DiskModel(scene.kept)
    where = phases(scene.recorded)
    committed = _committed(scene)
    seen = set()
    for point, operation in enumerate(scene.recorded, 1):
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
            found = _judged(scene, f"{loss}: {where[point - 1]}", point)
            if point > committed and found.state == "old":
                found = Outcome("power", scene.name, loss, point, "old", ("it was committed",))
            yield found


def _committed(scene: Scene) -> int:
    """The number of the operation from which on the new state must be there."""
    for point, operation in enumerate(scene.recorded, 1):
        if operation.other.endswith("/committed"):
            return point + 1  # its folder is waited for
    raise AssertionError("the command has no commit")


def _judged(scene: Scene, where: str, point: int) -> Outcome:
    verdict = judge(scene, after_power_cut=True)
    more: tuple[str, ...] = ()
    repeats = point % AGAIN_EVERY == 0 and (verdict.state == "old" or scene.name in REPEATABLE)
    if repeats:
        more = tuple(again(scene))
    return outcome("power", scene.name, where, point, verdict, more=more, repeated=repeats)
