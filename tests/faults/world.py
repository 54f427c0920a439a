"""Eight commands on small environments, each with the files from before it, to be tried again."""

import json
import os
import pickle
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.operations import Operation
from tests.faults.snapshot import Snapshot, cache_contents, copy_tree, snapshot
from xconda_core.package_cache.package_writer import PLACEHOLDER, PackageFile
from xconda_core.testing.channel_server import Faults, serve
from xconda_core.testing.simulator import SimulatedPackage, a_channel, a_package

REPOSITORY = Path(__file__).parents[2]
CROWD = tuple(f"p{number}" for number in range(8))
BULKY = ("big", "bulk")  # together more than 2 MiB, which forks unpack
FILES_WORTH_A_FORK = 40  # which a fork helps to look at and to link, where they are bulky


def _packages() -> Iterator[SimulatedPackage]:
    for name in ("a", "b", "c"):
        for version in ("1", "2"):
            script = f"#!{PLACEHOLDER}/bin/sh\necho {version}\n".encode()
            files = [
                PackageFile(path=f"share/{name}/text", content=f"{name} {version}".encode()),
                PackageFile(path=f"share/{name}/{version}/only", content=b"of this version"),
                PackageFile(path=f"bin/{name}", content=script, executable=True),
                PackageFile(path=f"bin/{name}-{version}", link_target=name),
            ]
            # What is a folder in the one is a file in the other.
            kind = f"share/{name}/kind" if version == "1" else f"share/{name}/kind/inside"
            files.append(PackageFile(path=kind, content=b"kind"))
            depends = ["a"] if name == "b" else []
            yield a_package(name, version, files=files, depends=depends)
    for name in CROWD:
        yield a_package(name, "1", depends=["c=1"])
    for seed, name in enumerate(BULKY):
        chance = random.Random(seed)
        files = [
            PackageFile(path=f"share/{name}/{n // 10}/file{n}", content=chance.randbytes(30_000))
            for n in range(40)
        ]
        files.append(PackageFile(path=f"bin/{name}", content=f"#!{PLACEHOLDER}/bin/sh\n".encode()))
        files.append(PackageFile(path=f"bin/{name}-link", link_target=name))
        yield a_package(name, "1", files=files)


@dataclass(frozen=True)
class Done:
    """How a command ended; minus the signal's number where it was killed."""

    code: int
    out: str
    err: str
    operations: tuple[Operation, ...] = ()
    overlooked: tuple[str, ...] = ()
    in_forks: int = 0  # how many operations the fork made that made most


@dataclass
class World:
    """A channel, a command line that is ready, and the folder in which all of it happens."""

    folder: Path
    url: str
    zygote: "subprocess.Popen[str]"
    asked: Callable[[], list[str]]  # the paths that the server was asked for so far

    @property
    def live(self) -> Path:
        return self.folder / "live"

    @property
    def prefix(self) -> Path:
        return self.live / "envs" / "e"

    @property
    def environ(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.live / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "CONDA_CHANNELS": self.url,
            "CONDA_PKGS_DIRS": str(self.live / "pkgs"),
            "CONDA_ENVS_DIRS": str(self.live / "envs"),
            "CONDA_REMOTE_BACKOFF_FACTOR": "0",
            "CONDA_REMOTE_READ_TIMEOUT_SECS": "2",
        }

    def run(self, *words: str, user: int = 0, files_worth_a_fork: int = 0, **faults: Any) -> Done:
        """The command line, in a fork; ``faults`` are the fields of ``Operations``."""
        out = self.folder / "out"
        record, log = Path(f"{out}.pickle"), Path(f"{out}.forks")
        record.unlink(missing_ok=True)
        log.unlink(missing_ok=True)
        order = {
            "words": words,
            "environ": self.environ,
            "root": str(self.live),
            "out": str(out),
            "faults": faults,
            "user": user,
            "files_worth_a_fork": files_worth_a_fork,
        }
        assert self.zygote.stdin
        assert self.zygote.stdout
        self.zygote.stdin.write(json.dumps(order) + "\n")
        self.zygote.stdin.flush()
        code = int(self.zygote.stdout.readline())
        said, warned = (Path(f"{out}.{name}").read_text() for name in ("out", "err"))
        in_forks = max(Counter(log.read_text().split()).values(), default=0)
        if not record.stat().st_size:
            return Done(code, said, warned, in_forks=in_forks)
        operations, overlooked = pickle.loads(record.read_bytes())
        return Done(code, said, warned, tuple(operations), tuple(overlooked), in_forks)

    def command(self, *words: str) -> Sequence[str]:
        """The same as a program of its own."""
        return [sys.executable, "-m", "xconda_core", *words]

    def clear(self) -> None:
        shutil.rmtree(self.live, ignore_errors=True)


@dataclass
class Scene:
    """A command that is about to be run, and the two states that it may leave."""

    name: str
    words: tuple[str, ...]
    world: World
    old: Snapshot = field(default_factory=dict)
    new: Snapshot = field(default_factory=dict)
    recorded: tuple[Operation, ...] = ()
    in_forks: int = 0
    packages: Mapping[str, Snapshot] = field(default_factory=dict)

    @property
    def kept(self) -> Path:
        return self.world.folder / "kept" / self.name

    def reset(self) -> None:
        """Everything is as it was before the command."""
        self.world.clear()
        copy_tree(self.kept, self.world.live)

    @property
    def has_forks(self) -> bool:
        return self.name.startswith("bulky")

    def run(self, **faults: Any) -> Done:
        worth = FILES_WORTH_A_FORK if self.has_forks else 0
        return self.world.run(*self.words, files_worth_a_fork=worth, **faults)


BEFORE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "create": (),
    "bulky": (),
    "bulky, unpacked": (("create", "-n", "other", "-y", *BULKY),),
    "install": (("create", "-n", "e", "-y", "a=1"),),
    "update": (("create", "-n", "e", "-y", "a=1", "b=1"),),
    "remove": (("create", "-n", "e", "-y", "a=1", "b=1", "c=1"),),
    "replace": (("create", "-n", "e", "-y", "a=1", "b=1"),),
    "undo": (("create", "-n", "e", "-y", "a=1", "b=1"), ("install", "-n", "e", "-y", "a=2", "c")),
}
WORDS: Mapping[str, tuple[str, ...]] = {
    "create": ("create", "-n", "e", "-y", "a=1", "b=1"),
    "bulky": ("create", "-n", "e", "-y", *BULKY),
    "bulky, unpacked": ("create", "-n", "e", "-y", *BULKY),
    "install": ("install", "-n", "e", "-y", "a=2", "b=2"),
    "update": ("update", "-n", "e", "-y", "a", "b"),
    "remove": ("remove", "-n", "e", "-y", "b", "c"),
    "replace": ("create", "-n", "e", "-y", "a=1", "c=2"),
    "undo": ("undo", "-n", "e", "-y"),
}


@contextmanager
def a_world(faults: Faults | None = None, place: Path | None = None) -> Iterator[World]:
    """A world in memory where the machine has such a place: no disk is to be worn out."""
    memory = Path("/dev/shm")
    where = place or (memory if os.access(memory, os.W_OK) else None)
    with tempfile.TemporaryDirectory(prefix="xconda-faults-", dir=where) as name:
        folder = Path(name)
        a_channel(folder / "channel", _packages())
        (folder / "tmp").mkdir()
        with serve(folder / "channel", faults=faults, max_age=3600) as server:
            command = [sys.executable, "-m", "tests.faults.zygote"]
            zygote = subprocess.Popen(
                command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            try:
                yield World(folder, server.url, zygote, server.paths)
            finally:
                zygote.communicate()


def pristine_packages(world: World) -> Mapping[str, Snapshot]:
    """What each package is, unpacked and packed, when nothing goes wrong."""
    world.clear()
    (world.live / "home").mkdir(parents=True)
    for version, more in (("1", (*CROWD, *BULKY)), ("2", ())):
        each = [*more, *(f"{name}={version}" for name in ("a", "b", "c"))]
        _well(world.run("create", "-n", f"all{version}", "-y", *each))
    return cache_contents(world.live / "pkgs")


def a_scene(world: World, name: str, packages: Mapping[str, Snapshot]) -> Scene:
    """Make what was there before the command, and see what it makes of it."""
    scene = Scene(name, WORDS[name], world, packages=packages)
    world.clear()
    for folder in ("home", "envs", "pkgs"):
        (world.live / folder).mkdir(parents=True)
    for words in BEFORE[name]:
        _well(world.run(*words))
    if world.prefix.exists():
        (world.prefix / "share/a/mine.txt").write_text("the user's own")
    else:
        _well(world.run("search", "a"))  # the index is here; the packages are not
    shutil.rmtree(scene.kept, ignore_errors=True)
    copy_tree(world.live, scene.kept)
    scene.reset()
    scene.old = snapshot(world.prefix)
    done = _well(scene.run())
    scene.recorded, scene.in_forks = done.operations, done.in_forks
    assert bool(scene.in_forks) == scene.has_forks
    scene.new = snapshot(world.prefix)
    assert not done.overlooked, done.overlooked
    return scene


def _well(done: Done) -> Done:
    assert done.code == 0, done.err
    return done
