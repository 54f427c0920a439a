"""Eight processes on one environment and one cache, all at once; some of them killed."""

import random
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from time import sleep

from tests.faults.judging import MISTAKE, damaged, disagreements, is_unfinished
from tests.faults.outcome import Outcome
from tests.faults.snapshot import cache_contents, snapshot
from tests.faults.world import CROWD, Scene, World
from xconda_core.environment.prefix import read_history, read_state


def all_install(scene: Scene, rounds: int, *, kills: int = 0, seed: int = 0) -> Iterator[Outcome]:
    """Each brings another package, all into one environment, from a cache that has none of them.

    ``kills`` of them are killed at moments. ``scene`` is one in which ``e`` holds ``a``.
    """
    chance = random.Random(seed)
    world = scene.world
    for number in range(rounds):
        scene.reset()
        processes = _begin(world, [("install", "-n", "e", "-y", name) for name in CROWD])
        victims = chance.sample(processes, kills)
        for victim in victims:
            sleep(chance.uniform(0.0, 1.2))
            victim.kill()
        problems = list(_ended(processes))
        if victims:
            last = world.run("list", "-n", "e")
            problems += [f"list: {last.err}"] if last.code else []
        installed = read_state(world.prefix).installed.keys() & set(CROWD)
        if not victims and installed != set(CROWD):
            problems.append(f"only {sorted(installed)} are installed")
        missing = [n for n, p in zip(CROWD, processes, strict=True) if not p.returncode]
        problems += [f"{n} is said to be installed" for n in missing if n not in installed]
        problems += _common(scene)
        expected = 1 + len(installed)
        if (found := len(read_history(world.prefix))) != expected:
            problems.append(f"the history has {found} revisions, not {expected}")
        where = f"8 install into one environment{f', {kills} killed' if kills else ''}"
        yield Outcome("crowd", scene.name, where, number, "new", tuple(problems))


def all_create(scene: Scene, rounds: int) -> Iterator[Outcome]:
    """Each makes an environment of its own from the same packages, which nobody has yet."""
    world = scene.world
    for number in range(rounds):
        scene.reset()
        names = [f"e{each}" for each in range(8)]
        words = [("create", "-n", name, "-y", "a=1", "b=1", "c=1") for name in names]
        before = len(world.asked())
        problems = list(_ended(_begin(world, words)))
        archives = Counter(path for path in world.asked()[before:] if path.endswith(".conda"))
        problems += [f"{path} came {count} times" for path, count in archives.items() if count > 1]
        contents = [set(snapshot(world.live / "envs" / name)) for name in names]
        problems += ["environments differ"] if contents.count(contents[0]) != 8 else []
        problems += _common(scene)
        where = "8 create from one empty cache"
        yield Outcome("crowd", scene.name, where, number, "new", tuple(problems))


def _begin(world: World, commands: Sequence[Sequence[str]]) -> list["subprocess.Popen[str]"]:
    return [
        subprocess.Popen(
            world.command(*words), env=world.environ, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )
        for words in commands
    ]  # fmt: skip


def _ended(processes: Sequence["subprocess.Popen[str]"]) -> Iterator[str]:
    for process in processes:
        _, said = process.communicate()
        if process.returncode not in {0, -signal.SIGKILL}:
            yield f"ended with {process.returncode}: {said[-400:]}"
        if any(words in said for words in MISTAKE):
            yield f"it said: {said[-400:]}"


def _common(scene: Scene) -> Iterator[str]:
    prefix = scene.world.prefix
    yield from damaged(scene)
    if not prefix.exists():
        return
    if is_unfinished(prefix):
        yield "the journal is still there"
    yield from disagreements(prefix)
    yield from _files_that_are_wrong(scene)


def _files_that_are_wrong(scene: Scene) -> Iterator[str]:
    """Files of the crowd's packages that are there and not recorded, or the other way round."""
    now = snapshot(scene.world.prefix)
    installed = read_state(scene.world.prefix).installed
    pristine = cache_contents(scene.world.live / "pkgs")
    for name in CROWD:
        path = f"share/{name}.txt"
        if (path in now) != (name in installed):
            yield f"{path} is {'there' if path in now else 'missing'}"
        elif path in now and now[path][1] != pristine[f"{name}-1-0"][path][1]:
            yield f"{path} has other contents"
