"""After a fault: which state is it, is the cache sound, and is it said what was done?"""

from dataclasses import dataclass
from pathlib import Path

from tests.faults.snapshot import (
    UNPACKED,
    Snapshot,
    cache_contents,
    snapshot,
    without_empty_folders,
)
from tests.faults.world import Done, Scene
from xconda_core.engine.revision import drift_of
from xconda_core.environment.prefix import read_history, read_state
from xconda_core.errors import XcondaError
from xconda_core.transaction.unsettled import TRANSACTION

WORK = f"{TRANSACTION}/work"
MISTAKE = ("Traceback", "a mistake of its own")


@dataclass(frozen=True)
class Verdict:
    """``state`` is ``old`` or ``new``, or says how it differs from the nearer of both."""

    state: str
    problems: tuple[str, ...] = ()
    recovered: bool = False

    @property
    def is_good(self) -> bool:
        return self.state in {"old", "new"} and not self.problems


def judge(scene: Scene, *, after_power_cut: bool = False) -> Verdict:
    """Run the next command, as a user would, and look at all that is there.

    What a power cut takes of an archive is noticed by its digest before that is used, and where a
    disk keeps changes in another order than they were made, an empty folder may be left over.
    """
    was_unfinished = is_unfinished(scene.world.prefix)
    after = scene.world.run("list", "-n", "e")
    problems = list(complaints(after))
    said = [line for line in after.err.splitlines() if "was interrupted" in line]
    if len(said) != was_unfinished:
        problems.append(f"said {said} of what was{'' if was_unfinished else ' not'} interrupted")
    if is_unfinished(scene.world.prefix):
        problems.append("the journal is still there")
    state = state_of(scene, empty_folders=not after_power_cut)
    expected = {"new": {0}, "old": {0} if scene.old else {1}}.get(state, {0, 1})
    if after.code not in expected:
        problems.append(f"the next command ended with {after.code}: {after.err[-300:]}")
    problems += damaged(scene, archives=not after_power_cut)
    problems += disagreements(scene.world.prefix)
    return Verdict(state, tuple(problems), bool(said))


def is_unfinished(prefix: Path) -> bool:
    """Whether a journal with a whole first line is there: something was begun."""
    for name in ("journal", "committed"):
        path = prefix / WORK / name
        if path.exists() and b"\n" in path.read_bytes():
            return True
    return False


def state_of(scene: Scene, *, empty_folders: bool = True) -> str:
    """``old``, ``new``, or what differs; without ``empty_folders`` those do not count."""
    now, old, new = (
        found if empty_folders else without_empty_folders(found)
        for found in (snapshot(scene.world.prefix), scene.old, scene.new)
    )
    if now in (old, new):
        return "new" if now == new else "old"
    return _difference(now, min((old, new), key=lambda s: len(s.items() ^ now.items())))


def disagreements(prefix: Path) -> list[str]:
    """What the history says otherwise than the records."""
    if not (prefix / "conda-meta/history").exists():
        return []
    try:
        drift = drift_of(read_state(prefix), read_history(prefix))
    except XcondaError as error:
        return [f"history and records cannot be read: {error.what} {error.why}"]
    return [f"history and records differ: {drift}"] if drift else []


def _difference(now: Snapshot, nearer: Snapshot) -> str:
    return f"neither: {sorted(path for path, _ in now.items() ^ nearer.items())}"


def damaged(scene: Scene, *, archives: bool = True) -> list[str]:
    """What the package cache holds under a package's name, and is not that package.

    A folder without a record is no package to conda and mamba either.
    """
    found = []
    for name, contents in cache_contents(scene.world.live / "pkgs").items():
        is_archive = name.endswith(".conda")
        if (is_archive and not archives) or contents == scene.packages[name]:
            continue
        if is_archive or UNPACKED in contents:
            differences = sorted({p for p, _ in contents.items() ^ scene.packages[name].items()})
            found.append(f"{name} in the cache is not that package: {differences}")
    return found


def complaints(done: Done) -> list[str]:
    """What no command may say, whatever happens to it."""
    return [f"it said: {done.err[-600:]}" for words in MISTAKE if words in done.err][:1]


def again(scene: Scene, *, empty_folders: bool = True) -> list[str]:
    """The same command again, from the old state or the new: it comes to the new one."""
    done = scene.run()
    if done.code != 0:
        return [f"the same command again ended with {done.code}: {done.err[-300:]}"]
    after = state_of(scene, empty_folders=empty_folders)
    return [] if after == "new" else [f"the same command again left {after}"]
