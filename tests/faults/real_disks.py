"""What no harness makes up: a file system that fills up, one that is read-only, somebody else's."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.faults.failures import is_new_by_copies, what_it_claims
from tests.faults.judging import Verdict, judge, state_of
from tests.faults.outcome import Outcome, outcome
from tests.faults.snapshot import copy_tree
from tests.faults.world import Done, Scene

PAGE = 4096
NOBODY = 65534
_ON_SMALL_DISK = """
mount -t tmpfs -o size=$1 none "$2" && cp -a "$3/." "$2" || exit 125
shift; live=$1; after=$3; shift 3
"$@"; code=$?
cp -a "$live/." "$after"
exit $code
"""
_READ_ONLY = """
mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" || exit 125
shift
exec "$@"
"""


def can_mount() -> bool:
    """Whether this user may mount, in a name space of its own."""
    if not sys.platform.startswith("linux") or shutil.which("unshare") is None:
        return False
    tried = ["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


def is_root() -> bool:
    """Whether this process may become somebody else."""
    return os.geteuid() == 0


def on_small_disks(scene: Scene, every: int = 1) -> Iterator[Outcome]:
    """A tmpfs of every size from what is there before to what is needed, page by page."""
    begin = _pages(scene.kept)
    for pages in range(begin, begin + 140, 2 * every):
        scene.reset()
        after = scene.world.folder / "after"
        shutil.rmtree(after, ignore_errors=True)
        after.mkdir()
        script = ["unshare", "-m", "sh", "-c", _ON_SMALL_DISK, "sh", str(pages * PAGE)]
        places = [str(path) for path in (scene.world.live, scene.kept, after)]
        done = _run(scene, [*script, *places, *scene.world.command(*scene.words)])
        if done.code == 125:
            continue  # what was there before does not fit
        scene.world.clear()
        copy_tree(after, scene.world.live)
        yield _judged(scene, "a disk that fills up", pages, done)
        if done.code == 0:
            return


def on_read_only_disks(scene: Scene) -> Iterator[Outcome]:
    """Environment, cache, or both on a file system that is mounted read-only.

    Not for ``create``, which then makes the environment in the next of ``envs_dirs``.
    """
    for point, name in enumerate(("envs", "pkgs", ".")):
        scene.reset()
        script = ["unshare", "-m", "sh", "-c", _READ_ONLY, "sh", str(scene.world.live / name)]
        done = _run(scene, [*script, *scene.world.command(*scene.words)])
        yield _judged(scene, "a read-only disk", point, done)


def as_somebody_else(scene: Scene) -> Iterator[Outcome]:
    """By a user who may write to nothing, to the home alone, and to home and cache.

    Not for ``create``, as above.
    """
    for folder in (scene.world.folder, scene.world.folder / "tmp"):
        folder.chmod(0o777)
    for point, own in enumerate(((), ("home",), ("home", "pkgs"))):
        scene.reset()
        for name in own:
            _hand_over(scene.world.live / name)
        done = scene.world.run(*scene.words, user=NOBODY)
        yield _judged(scene, "somebody else's environment", point, done)


def _judged(scene: Scene, where: str, point: int, done: Done) -> Outcome:
    at_once = state_of(scene)
    verdict = judge(scene)
    if is_new_by_copies(scene):  # a mount in between has no hard links
        verdict = Verdict("new", verdict.problems, verdict.recovered)
    more = tuple(what_it_claims(done, verdict, at_once))
    return outcome("real disks", scene.name, where, point, verdict, more=more)


def _run(scene: Scene, command: list[str]) -> Done:
    done = subprocess.run(
        command, env=scene.world.environ, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    return Done(done.returncode, done.stdout, done.stderr)


def _pages(folder: Path) -> int:
    """How many pages a tmpfs needs for what is in ``folder``, at least."""
    return sum(
        -(-path.lstat().st_size // PAGE)
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    )


def _hand_over(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
