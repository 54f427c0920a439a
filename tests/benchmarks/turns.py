"""xconda and py-rattler, whole processes in turn, with caches of their own and an empty home."""

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from xconda_core.testing.channel_server import serve

ROOT = Path(__file__).parents[2]
FRESH_SECONDS = 86_400

# What the script `xconda` does; `python -m` would first look for the module it is to run.
_OURS = "from xconda_core.__main__ import run; run()"

_PEER = """
import asyncio, sys
from rattler import Channel, Gateway, MatchSpec, Platform, SourceConfig, VirtualPackage, solve
from rattler.exceptions import SolverError

async def main(url, cache, *specs):
    gateway = Gateway(cache_dir=cache, default_config=SourceConfig(sharded_enabled=True))
    try:
        await solve(
            sources=[Channel(url)],
            specs=[MatchSpec(spec) for spec in specs],
            platforms=[Platform("linux-64"), Platform("noarch")],
            gateway=gateway,
            virtual_packages=VirtualPackage.detect(),
        )
    except SolverError:
        sys.exit(1)

asyncio.run(main(*sys.argv[1:]))
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One process: seconds by the clock, MiB at most, exit code, seconds of processors."""

    seconds: float
    memory: float
    code: int
    processors: float


@dataclass(frozen=True, slots=True)
class Row:
    """One request under one condition; the medians of all rounds."""

    request: str
    condition: str
    ours: float
    theirs: float
    memory: float
    agree: bool
    refused: bool = False

    @property
    def ratio(self) -> float:
        """Our time in the peer's times."""
        return self.ours / self.theirs


@dataclass(frozen=True, slots=True)
class Bench:
    """Where both keep their caches, and what they ask.

    Attributes:
        place: A folder of our own.
        url: The channel.
    """

    place: Path
    url: str

    def ours(self, specs: Sequence[str]) -> Run:
        """Run xconda."""
        words = ["create", "--dry-run", "--prefix", str(self.place / "prefix")]
        words += ["--override-channels", "--channel", self.url, *specs]
        return timed([sys.executable, "-c", _OURS, *words], self.environ())

    def theirs(self, specs: Sequence[str]) -> Run:
        """Run py-rattler."""
        cache = str(self.place / "rattler")
        return timed([sys.executable, "-c", _PEER, self.url, cache, *specs], self.environ())

    def forget_index(self) -> None:
        """Leave xconda what it downloaded, and nothing that it put in order."""
        shutil.rmtree(self.place / "pkgs" / "cache" / "index", ignore_errors=True)

    def forget_all(self) -> None:
        """Leave both nothing: what they knew of the channel has changed."""
        for name in ("pkgs", "rattler"):
            shutil.rmtree(self.place / name, ignore_errors=True)

    def environ(self) -> dict[str, str]:
        home = self.place / "home"
        home.mkdir(exist_ok=True)
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return kept | {
            "HOME": str(home),
            "CONDA_PKGS_DIRS": str(self.place / "pkgs"),
            "CONDA_SUBDIR": "linux-64",
            "PYTHONPATH": str(ROOT),
            # Compiled modules, as an installed xconda has them, beside whatever the checkout has.
            "PYTHONPYCACHEPREFIX": str(self.place / "compiled"),
        }


def timed(command: Sequence[str], environ: Mapping[str, str]) -> Run:
    """Run one process to its end."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    processors = usage.ru_utime + usage.ru_stime
    return Run(seconds, usage.ru_maxrss / 1024, process.returncode, processors)


def measured(bench: Bench, request: str, condition: str, specs: Sequence[str], rounds: int) -> Row:
    before: Mapping[str, Callable[[], None]] = {
        "no index": bench.forget_index,
        "list changed": bench.forget_all,
    }
    forget = before.get(condition, lambda: None)
    if condition != "list changed":
        bench.ours(specs)
        bench.theirs(specs)
    pairs = []
    for _ in range(rounds):
        forget()
        pairs.append((bench.ours(specs), bench.theirs(specs)))
    ours, theirs = zip(*pairs, strict=True)
    return Row(
        request,
        condition,
        statistics.median(run.seconds for run in ours),
        statistics.median(run.seconds for run in theirs),
        max(run.memory for run in ours),
        # py-rattler's runtime is sometimes aborted by a signal at its end: that answers nothing.
        {run.code for run in ours} <= {run.code for run in theirs if run.code >= 0} <= {0, 1},
        all(run.code for run in ours),
    )


def open_bench(stack: ExitStack, channel: Path) -> Bench:
    """Return where both may measure ``channel``, served until ``stack`` is closed."""
    place = Path(stack.enter_context(TemporaryDirectory()))
    server = stack.enter_context(serve(channel, max_age=FRESH_SECONDS))
    return Bench(place, server.url)
