"""SIGKILL to the real command line at more than a hundred points: the old or the new state."""

import hashlib
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from xconda_core import api
from xconda_core.testing.channel_server import serve
from xconda_core.testing.package_writer import PLACEHOLDER
from xconda_core.testing.simulator import SimulatedPackage, a_channel, a_package
from xconda_core.transaction.journal import LOCK_FILE

HARNESS = Path(__file__).with_name("killing_cli.py")
POINTS = 120
SHARES = 4  # one test each, so that workers can divide them
Snapshot = dict[str, tuple[int, str]]


def _package(name: str, version: str) -> SimulatedPackage:
    files = {f"share/{name}/{number}.txt": f"{name} {version}".encode() for number in range(16)}
    files[f"share/{name}/{version}/only.txt"] = b"of this version"
    files[f"bin/{name}"] = f"#!{PLACEHOLDER}/bin/sh\necho {version}\n".encode()
    return a_package(name, version, files=files, executables=[f"bin/{name}"])


PACKAGES = [_package(name, version) for name in ("a", "b", "c", "d") for version in ("1", "2")]


@dataclass(frozen=True)
class Scene:
    """An environment with a=1 b=1 c=1, where `install a=2 b=2 d` is about to be run."""

    folder: Path
    environ: dict[str, str]
    operations: int
    old: Snapshot
    new: Snapshot

    @property
    def prefix(self) -> Path:
        return self.folder / "envs" / "e"

    def reset(self) -> None:
        shutil.rmtree(self.prefix)
        shutil.copytree(self.folder / "kept", self.prefix, symlinks=True)

    def install(self, fatal: int) -> int:
        return run(self.folder, self.environ, fatal, "install", "-n", "e", "-y", "a=2", "b=2", "d")


def run(folder: Path, environ: dict[str, str], fatal: int, *words: str) -> int:
    command = [sys.executable, str(HARNESS), str(folder / "envs"), str(fatal), *words]
    return subprocess.run(command, env=environ, capture_output=True, check=False).returncode


def snapshot(prefix: Path) -> Snapshot:
    """Every path of a prefix: its kind and mode, and its target or digest. Dates are left out."""
    found: Snapshot = {}
    for folder, names, files in os.walk(prefix):
        for name in (*names, *files):
            path = Path(folder, name)
            relative = str(path.relative_to(prefix))
            if not relative.startswith(str(Path(LOCK_FILE).parent)):
                found[relative] = (path.lstat().st_mode, content(path))
    return found


def content(path: Path) -> str:
    if path.is_symlink():
        return str(path.readlink())
    if not stat.S_ISREG(path.lstat().st_mode):
        return ""
    data = path.read_bytes()
    if path.name == "history":
        data = re.sub(rb"(?m)^==> .* <==$", b"", data)
    return hashlib.sha256(data).hexdigest()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("kill")
    a_channel(folder / "channel", PACKAGES)
    (folder / "home").mkdir()
    with serve(folder / "channel") as server:
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder / "home"),
            "KILL_COUNT": str(folder / "count"),
            "CONDA_CHANNELS": server.url,
            "CONDA_PKGS_DIRS": str(folder / "pkgs"),
            "CONDA_ENVS_DIRS": str(folder / "envs"),
        }
        assert run(folder, environ, 0, "create", "-n", "e", "-y", "a=1", "b=1", "c=1") == 0
        prefix = folder / "envs" / "e"
        (prefix / "share/a/mine.txt").write_text("the user's own")
        shutil.copytree(prefix, folder / "kept", symlinks=True)
        old = snapshot(prefix)
        rehearsal = Scene(folder, environ, 0, old, {})
        assert rehearsal.install(0) == 0
        operations = int((folder / "count").read_text())
        yield Scene(folder, environ, operations, old, snapshot(prefix))


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_a_killed_install_leaves_the_old_state_or_the_new(scene: Scene, share: int) -> None:
    assert scene.operations > POINTS, "too few file operations to kill at so many points"
    step = scene.operations / POINTS
    points = sorted({1 + round(number * step) for number in range(POINTS)})[share::SHARES]
    ends = [killed_at(scene, point) for point in points]
    assert len(ends) >= POINTS // SHARES
    assert {"old", "new"} >= set(ends), dict(zip(points, ends, strict=True))
    assert "old" in ends


def killed_at(scene: Scene, point: int) -> str:
    """Kill at ``point``, recover as the next command does, and tell which state it is."""
    scene.reset()
    assert scene.install(point) == -signal.SIGKILL, f"operation {point} was never reached"
    api.open_engine(environ=scene.environ).require(scene.prefix)
    now = snapshot(scene.prefix)
    if now == scene.old:
        return "old"
    return "new" if now == scene.new else f"neither: {sorted(now.items() ^ scene.new.items())}"


@pytest.mark.parametrize(
    "command",
    [("install", "-n", "e", "-y", "a=2"), ("list", "-n", "e"), ("run", "-n", "e", "true")],
)
def test_the_next_command_says_what_it_found(scene: Scene, command: tuple[str, ...]) -> None:
    scene.reset()
    assert scene.install(scene.operations // 2) == -signal.SIGKILL
    words = [sys.executable, "-m", "xconda_core", *command]
    done = subprocess.run(words, env=scene.environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "was interrupted" in done.stderr
    assert (scene.prefix / "share/a/mine.txt").read_text() == "the user's own"


@pytest.mark.slow
def test_a_killed_creation_leaves_nothing_or_a_whole_environment(scene: Scene) -> None:
    prefix = scene.folder / "envs" / "fresh"
    words = ("create", "-n", "fresh", "-y", "a", "b")
    assert run(scene.folder, scene.environ, 0, *words) == 0
    total = int((scene.folder / "count").read_text())
    whole = snapshot(prefix)
    ends = []
    for point in range(1, total + 1, max(1, total // 24)):
        shutil.rmtree(prefix, ignore_errors=True)
        assert run(scene.folder, scene.environ, point, *words) == -signal.SIGKILL
        assert run(scene.folder, scene.environ, 0, "list", "-n", "fresh") in {0, 1}
        now = snapshot(prefix) if (prefix / "conda-meta/history").exists() else {}
        difference = sorted(now.items() ^ whole.items())
        ends.append("none" if not now else f"at {point}: {difference}" if difference else "whole")
    assert {"none", "whole"} >= set(ends), ends
