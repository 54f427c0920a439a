"""Solve whole commands beside py-rattler: ``python -m tests.benchmarks.solve CHANNEL [--write]``.

CHANNEL is a folder with ``linux-64`` and ``noarch``; requests.json of the shared tools names what
to ask. Both are processes from start to exit, turn and turn about, with caches of their own, an
empty home, and a server on this machine whose answers are still fresh when they are warm.
"""

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from xconda_core.testing.channel_server import serve

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "performance.md"
REQUESTS = ROOT.parent / "shared" / "tools" / "requests.json"
HEADING = "## Solving, beside py-rattler"
FRESH_SECONDS = 86_400
SHARDS = "repodata_shards.msgpack.zst"

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
    """One process: seconds, MiB at most, exit code."""

    seconds: float
    memory: float
    code: int


@dataclass(frozen=True, slots=True)
class Row:
    """One request under one condition; the medians of all rounds."""

    request: str
    condition: str
    ours: float
    theirs: float
    memory: float
    agree: bool

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
        return _run([sys.executable, "-m", "xconda_core", *words], self._environ())

    def theirs(self, specs: Sequence[str]) -> Run:
        """Run py-rattler."""
        cache = str(self.place / "rattler")
        return _run([sys.executable, "-c", _PEER, self.url, cache, *specs], self._environ())

    def forget_index(self) -> None:
        """Leave xconda what it downloaded, and nothing that it put in order."""
        shutil.rmtree(self.place / "pkgs" / "cache" / "index", ignore_errors=True)

    def forget_all(self) -> None:
        """Leave both nothing: what they knew of the channel has changed."""
        for name in ("pkgs", "rattler"):
            shutil.rmtree(self.place / name, ignore_errors=True)

    def _environ(self) -> dict[str, str]:
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


def _run(command: Sequence[str], environ: Mapping[str, str]) -> Run:
    start = time.perf_counter()
    process = subprocess.Popen(
        command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(seconds, usage.ru_maxrss / 1024, process.returncode)


def _measured(bench: Bench, request: str, condition: str, specs: Sequence[str], rounds: int) -> Row:
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
        {bool(run.code) for run in ours} == {bool(run.code) for run in theirs},
    )


def rows(channel: Path, names: Sequence[str], rounds: int) -> Iterator[Row]:
    """Measure each request with an index, without one, and after the whole list has changed."""
    requests = json.loads(REQUESTS.read_text(encoding="utf-8"))["requests"]
    with ExitStack() as stack:
        bench = _bench(stack, channel)
        for name in names or requests:
            yield _measured(bench, name, "warm", requests[name], rounds)
            if (channel / "noarch" / SHARDS).exists():
                yield _measured(bench, name, "no index", requests[name], rounds)
        plain = Path(stack.enter_context(TemporaryDirectory()))
        for path in channel.glob("*/repodata.json.zst"):
            (plain / path.parent.name).mkdir()
            shutil.copy(path, plain / path.parent.name)
        bench = _bench(stack, plain)
        for name in (*(names or requests),)[:2]:
            yield _measured(bench, name, "list changed", requests[name], max(1, rounds // 3))
            yield _measured(bench, name, "list warm", requests[name], rounds)


def _bench(stack: ExitStack, channel: Path) -> Bench:
    place = Path(stack.enter_context(TemporaryDirectory()))
    server = stack.enter_context(serve(channel, max_age=FRESH_SECONDS))
    return Bench(place, server.url)


def section(found: Sequence[Row], channel: Path) -> str:
    """Return the part of the page that says what was measured, and on what."""
    table = [
        f"| {row.request} | {row.condition} | {row.ours * 1000:.0f} | {row.theirs * 1000:.0f} "
        f"| {row.ratio:.2f} | {row.memory:.0f} | {'yes' if row.agree else 'no'} |"
        for row in found
    ]
    ratios: dict[str, list[float]] = {}
    for row in found:
        ratios.setdefault(row.condition, []).append(row.ratio)
    medians = [f"{name} {statistics.median(values):.2f}" for name, values in ratios.items()]
    return "\n".join(
        [
            HEADING,
            "",
            f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, py-rattler",
            f"{version('py-rattler')}, {os.cpu_count()} cores ({platform.machine()}), channel",
            f"`{channel.name}`. Whole processes, turn and turn about; medians in milliseconds,",
            "memory of xconda in MiB, mapped files included. *warm*: everything is there and",
            "fresh. *no index*: what was downloaded is there, nothing is in order. *list changed*,",
            "*list warm*: the channel has no shards, and neither has seen its list; both have.",
            "Made by `python -m tests.benchmarks.solve CHANNEL --write`.",
            f"Median ratios: {', '.join(medians)}.",
            "",
            "| request | condition | xconda | py-rattler | ratio | memory | same answer |",
            "|---|---|--:|--:|--:|--:|---|",
            *table,
            "",
        ]
    )


def with_section(page: str, text: str) -> str:
    """Return ``page`` with the section of our heading replaced, or put at its end."""
    pattern = re.compile(rf"^{re.escape(HEADING)}$.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    if pattern.search(page):
        return pattern.sub(lambda _: text + "\n", page).rstrip() + "\n"
    return f"{page.rstrip()}\n\n{text}"


def main() -> None:
    """Measure, print, and write the page if that is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("channel", type=Path)
    parser.add_argument("--request", action="append", default=[])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name}")
    chosen = parser.parse_args()
    found = []
    for row in rows(chosen.channel.resolve(), chosen.request, chosen.rounds):
        print(
            f"{row.ratio:6.2f} {row.ours:7.3f} s {row.theirs:7.3f} s {row.memory:5.0f} MiB  "
            f"{row.request}, {row.condition}{'' if row.agree else ' (they do not agree)'}",
            flush=True,
        )
        found.append(row)
    if chosen.write:
        page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else "# Performance\n"
        PAGE.write_text(with_section(page, section(found, chosen.channel)), encoding="utf-8")


if __name__ == "__main__":
    main()
