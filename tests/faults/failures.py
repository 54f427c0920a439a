"""Every file operation made to fail once, and the disk that stays full from there on."""

import errno
import stat
from collections.abc import Iterable, Iterator

from tests.faults.judging import Verdict, complaints, judge, state_of
from tests.faults.outcome import Outcome, outcome
from tests.faults.snapshot import snapshot
from tests.faults.world import Done, Scene

ERRORS = (errno.ENOSPC, errno.EACCES, errno.EIO, errno.EMFILE)


def failed_at(
    scene: Scene, points: Iterable[int], error: int, *, for_good: bool = False
) -> Iterator[Outcome]:
    """Let each of these operations fail with ``error``: once, or it and all that follow."""
    name = errno.errorcode[error]
    for point in points:
        scene.reset()
        done = scene.run(at=point, then="fail", error=error, for_good=for_good)
        at_once = state_of(scene)
        verdict = judge(scene)
        if error == errno.EACCES and is_new_by_copies(scene):
            verdict = Verdict("new", verdict.problems, verdict.recovered)
        more = tuple(what_it_claims(done, verdict, at_once))
        part = "disk stays full" if for_good else "fails once"
        yield outcome(part, scene.name, name, point, verdict, more=more)


def forks_fail_at(scene: Scene, points: Iterable[int], error: int) -> Iterator[Outcome]:
    """Let each of these operations of its forks fail with ``error``."""
    for point in points:
        scene.reset()
        done = scene.run(at=point, then="fail", error=error, whose="forks")
        at_once = state_of(scene)
        verdict = judge(scene)
        if error == errno.EACCES and is_new_by_copies(scene):
            verdict = Verdict("new", verdict.problems, verdict.recovered)
        more = tuple(what_it_claims(done, verdict, at_once))
        name = errno.errorcode[error]
        yield outcome("fails in a fork", scene.name, name, point, verdict, more=more)


def what_it_claims(done: Done, verdict: Verdict, at_once: str) -> Iterator[str]:
    """What is wrong about how the command that met the failure ended."""
    yield from complaints(done)
    if done.code < 0:
        yield f"it was ended by signal {-done.code}"
    if done.code == 0 and verdict.state != "new":
        yield f"it claimed success: {done.err[-300:]}"
    if done.code and not done.err.strip():
        yield f"it ended with {done.code} without a word"
    if done.code and verdict.state == "new" and at_once == "new" and verdict.recovered:
        yield "it was done, and said that it failed"


def is_new_by_copies(scene: Scene) -> bool:
    """Whether only the records differ, which say how the files came: a hard link was refused."""
    now = snapshot(scene.world.prefix)
    different = {path for path, _ in now.items() ^ scene.new.items()}
    return (
        bool(different)
        and all(
            path.startswith("conda-meta/") and path.endswith(".json") and stat.S_ISREG(now[path][0])
            for path in different
            if path in now
        )
        and now.keys() == scene.new.keys()
    )
