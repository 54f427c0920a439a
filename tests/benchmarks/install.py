"""Install beside py-rattler: ``python -m tests.benchmarks.install [--place DIR ...] [--write]``.

Both are processes from start to exit, turn and turn about: solve, fetch, link, record. Neither
compiles byte code unless a row says so (py-rattler cannot). xconda's includes its journal and the
waiting until the disk has everything, without which a power cut could break what was installed.
The least of all rounds counts, each by itself: what others do on the machine only adds.
Nothing is deleted between rounds: some file systems create files ten times slower after that.
"""

import argparse
import os
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.everyday import environment_channel
from tests.benchmarks.page import write_section
from tests.benchmarks.turns import FRESH_SECONDS, ROOT, Run, timed
from xconda_core.testing.channel_server import serve

HEADING = "## Installing, beside py-rattler"
_MEASURED = ("seconds", "processors")

_PEER = """
import asyncio, os, sys
from pathlib import Path
from rattler import (
    Channel, Gateway, MatchSpec, Platform, PrefixRecord, SourceConfig, VirtualPackage, install,
    solve,
)

async def main(url, lists, packages, prefix, *specs):
    gateway = Gateway(cache_dir=lists, default_config=SourceConfig(sharded_enabled=True))
    installed = [PrefixRecord.from_path(path) for path in Path(prefix).glob("conda-meta/*.json")]
    records = await solve(
        sources=[Channel(url)],
        specs=[MatchSpec(spec) for spec in specs],
        platforms=[Platform("linux-64"), Platform("noarch")],
        gateway=gateway,
        locked_packages=installed,
        virtual_packages=VirtualPackage.detect(),
    )
    await install(records, prefix, cache_dir=packages, show_progress=False,
                  installed_packages=installed)

asyncio.run(main(*sys.argv[1:]))
os._exit(0)  # its threads crash Python's own farewell now and then
"""


@dataclass(slots=True)
class Bench:
    """Where both work, on one file system, and what they install from."""

    place: Path
    url: str
    count: int = 0
    latest: Path = field(default_factory=Path)

    def ours(self, *words: str, cache: str = "warm") -> Run:
        """Run xconda."""
        command = [sys.executable, "-m", "xconda_core", *words, "--yes", "--quiet"]
        return timed(command, self._environ(self.place / f"{cache}-ours"))

    def create(self, *options: str, cache: str = "warm", what: str = "all") -> Run:
        """Create an environment, of everything unless told otherwise."""
        channel = ("--override-channels", "--channel", self.url)
        self.latest = self._new()
        words = ("create", "--prefix", str(self.latest), *channel, *options, what)
        return self.ours(*words, cache=cache)

    def theirs(self, prefix: Path | None = None, cache: str = "warm") -> Run:
        """Create one, or install into one, with py-rattler."""
        self.latest = prefix or self._new()
        folder = self.place / f"{cache}-theirs"
        words = [self.url, str(folder / "lists"), str(folder / "packages"), str(self.latest), "all"]
        return timed([sys.executable, "-c", _PEER, *words], self._environ(folder))

    def install(self, prefix: Path) -> Run:
        """Install what is there."""
        channel = ("--override-channels", "--channel", self.url)
        return self.ours("install", "--prefix", str(prefix), *channel, "--no-pyc", "all")

    def _new(self) -> Path:
        self.count += 1
        return self.place / f"prefix-{self.count}"

    def _environ(self, cache: Path) -> dict[str, str]:
        home = self.place / "home"
        home.mkdir(exist_ok=True)
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return kept | {
            "HOME": str(home),
            "CONDA_PKGS_DIRS": str(cache),
            "CONDA_SUBDIR": "linux-64",
            "PYTHONPATH": str(ROOT),
            "PYTHONPYCACHEPREFIX": str(self.place / "compiled"),
        }


@dataclass(frozen=True, slots=True)
class Row:
    """One task, in all rounds. No peer: its ratios are None."""

    task: str
    ours: tuple[Run, ...]
    theirs: tuple[Run, ...] = ()

    def __post_init__(self) -> None:
        if any(run.code for run in (*self.ours, *self.theirs)):
            raise RuntimeError(f"{self.task}: somebody failed")

    def ratio(self, of: str) -> float | None:
        """Our least in the peer's: of ``seconds`` by the clock or of ``processors``."""
        return _least(self.ours, of) / _least(self.theirs, of) if self.theirs else None


def rows(place: Path, rounds: int) -> Iterator[Row]:
    """Measure everything below ``place``."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(dir=place)))
        bench = _open(stack, folder / "everyday", files=15_000)
        yield from _everyday(bench, rounds)
        many = _open(stack, folder / "many", files=40_000)
        many.create("--no-pyc"), many.theirs()
        pairs = [(many.create("--no-pyc"), many.theirs()) for _ in range(max(1, rounds // 2))]
        yield _row("create, 40,000 files, warm", pairs)


def _everyday(bench: Bench, rounds: int) -> Iterator[Row]:
    bench.create("--no-pyc", cache="first"), bench.theirs(cache="first")
    pairs = [
        (bench.create("--no-pyc", cache=f"cold-{turn}"), bench.theirs(cache=f"cold-{turn}"))
        for turn in range(rounds)
    ]
    yield _row("create, 35 packages, 15,000 files, cold", pairs)
    bench.create("--no-pyc"), bench.theirs()
    pairs = [(bench.create("--no-pyc"), bench.theirs()) for _ in range(rounds)]
    yield _row("the same, warm", pairs)
    theirs = bench.latest
    yield Row("the same, warm, with byte code", tuple(bench.create() for _ in range(rounds)))
    bench.create("--no-pyc")
    ours = bench.latest
    pairs = [(bench.install(ours), bench.theirs(theirs)) for _ in range(rounds)]
    yield _row("install what is there", pairs)
    undone = []
    for _ in range(rounds):
        bench.create("--no-pyc", what="python")
        bench.install(bench.latest)
        undone.append(bench.ours("undo", "--prefix", str(bench.latest)))
    yield Row("undo an install of 34 packages", tuple(undone))


def _open(stack: ExitStack, place: Path, files: int) -> Bench:
    channel = environment_channel(place / "channel", packages=35, files=files)
    return Bench(place, stack.enter_context(serve(channel, max_age=FRESH_SECONDS)).url)


def _row(task: str, pairs: Sequence[tuple[Run, Run]]) -> Row:
    ours, theirs = zip(*pairs, strict=True)
    return Row(task, ours, theirs)


def _least(runs: Sequence[Run], of: str) -> float:
    values: list[float] = [getattr(run, of) for run in runs]
    return min(values)


def _line(row: Row) -> str:
    shown = [f"{_least(row.ours, of):.2f}" for of in _MEASURED]
    if row.theirs:
        shown += [f"{_least(row.theirs, of):.2f}" for of in _MEASURED]
        shown += [f"{row.ratio(of):.2f}" for of in _MEASURED]
    return f"| {row.task} | {' | '.join(shown + [''] * (6 - len(shown)))} |"


def section(found: Mapping[Path, Sequence[Row]]) -> str:
    """Return the part of the page that says what was measured, and on what."""
    head = [
        HEADING,
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, py-rattler",
        f"{version('py-rattler')}, {os.cpu_count()} cores ({platform.machine()}), load",
        f"{os.getloadavg()[0]:.1f} at the end. Whole processes, turn and turn about: solve, fetch,",
        "link; the least of all rounds, seconds by the clock and seconds of processors, and the",
        "ratio of both: where the load is high, compare the processors. *Cold*: nothing is in any",
        "cache, and the server is on this machine; *warm*: everything is. Without byte code unless",
        "it says so. Made by `python -m tests.benchmarks.install --write`.",
        "",
    ]
    for place, each in found.items():
        head += [
            f"On {_file_system(place)}:",
            "",
            "| task | xconda, s | cpu | py-rattler, s | cpu | ratio | of cpu |",
            "|---|--:|--:|--:|--:|--:|--:|",
            *map(_line, each),
            "",
        ]
    return "\n".join(head)


def _file_system(place: Path) -> str:
    """Return the kind of file system ``place`` is on, as the system names it."""
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    over = [words for words in mounts if place.resolve().is_relative_to(words[1])]
    return max(over, key=lambda words: len(words[1]))[2]


def main() -> None:
    """Measure, print, and write the page if that is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--place", type=Path, action="append", help="a folder to work below")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    chosen = parser.parse_args()
    found: dict[Path, list[Row]] = {}
    for place in chosen.place or [Path("/dev/shm"), Path("/var/tmp")]:
        for row in rows(place, chosen.rounds):
            print(_file_system(place), _line(row), flush=True)
            found.setdefault(place, []).append(row)
    if chosen.write:
        write_section(HEADING, section(found))


if __name__ == "__main__":
    main()
