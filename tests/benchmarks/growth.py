"""How the index grows: ``python -m tests.benchmarks.growth CHANNEL... [--write]``.

CHANNEL is a folder with ``linux-64`` and ``noarch``, each with ``repodata.json.zst``. Of each, a
new process puts the lists in order as the first run after a change does, and another one builds
the candidates of every name, which no run ever has to.
"""

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import zstandard

from tests.benchmarks.page import write_section

ROOT = Path(__file__).parents[2]
HEADING = "## The index, as channels grow"
SUBDIRS = ("linux-64", "noarch")
LONG_AGO = 1_600_000_000  # a file changed just now is not believed to stay as it is
LOOK_SECONDS = 0.01

_LOAD = """
import sys
from xconda_core.cancel import CancelToken
from xconda_core.models.channel import Channel
from xconda_core.net.local import LocalFetcher
from xconda_core.repodata.source import load
from pathlib import Path

index = load(
    [Channel.parse(sys.argv[1])], ("linux-64", "noarch"), LocalFetcher(), Path(sys.argv[2]),
    ttl=1, offline=False, report=lambda event: None, cancel=CancelToken(), threads=2,
    priority="strict", use_only_tar_bz2=False,
)
"""
_BUILD = """
for name in index.names():
    index.candidates(name)
index.keep()
"""


@dataclass(frozen=True, slots=True)
class Work:
    """One process: seconds by the clock, seconds of all processors, MiB of its own at most."""

    seconds: float
    processor: float
    memory: float

    def __str__(self) -> str:
        return f"{self.seconds:.1f} | {self.processor:.1f} | {self.memory:.0f}"


@dataclass(frozen=True, slots=True)
class Grown:
    """One channel: its records and bytes of JSON, the work, and the bytes of what it made."""

    records: int
    text: int
    lists: Work
    index: Work
    shelf_bytes: int
    index_bytes: int


def measured(channel: Path) -> Grown:
    """Put one channel in order in an empty place."""
    with TemporaryDirectory() as temporary:
        copy, cache = Path(temporary) / "channel", Path(temporary) / "cache"
        records = text = 0
        for subdir in SUBDIRS:
            (copy / subdir).mkdir(parents=True)
            path = copy / subdir / "repodata.json.zst"
            shutil.copy(channel / subdir / path.name, path)
            os.utime(path, (LONG_AGO, LONG_AGO))
            with path.open("rb") as file:
                content = zstandard.ZstdDecompressor().stream_reader(file).read()
            text += len(content)
            records += record_count(content)
            del content
        lists = _run(_LOAD, copy.as_uri(), str(cache))
        index = _run(_LOAD + _BUILD, copy.as_uri(), str(cache))
        sizes = [
            sum(path.stat().st_size for path in cache.glob(f"index/*{ending}"))
            for ending in (".shelf", ".index")
        ]
    return Grown(records, text, lists, index, *sizes)


def record_count(content: bytes) -> int:
    """Return how many records a list has, without making two million dictionaries of them."""
    document = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    kinds = [document[kind] for kind in ("packages", "packages.conda") if kind in document]
    return sum(len(msgspec.json.decode(kind, type=dict[str, msgspec.Raw])) for kind in kinds)


def _run(code: str, *words: str) -> Work:
    start = time.perf_counter()
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", code, *words], env=environ)
    memory = 0
    while True:
        found, status, usage = os.wait4(process.pid, os.WNOHANG)
        if found:
            break
        memory = max(memory, _own_memory(process.pid))
        time.sleep(LOOK_SECONDS)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"it ended with {process.returncode}")
    return Work(seconds, usage.ru_utime + usage.ru_stime, memory / 1024)


def _own_memory(pid: int) -> int:
    """Return the KiB that a process has for itself: not those of files mapped into it."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found = re.search(r"^RssAnon:\s+(\d+) kB$", status, re.MULTILINE)
    return int(found[1]) if found else 0


def section(found: Sequence[Grown]) -> str:
    """Return the part of the page that says what was measured, and on what."""
    table = [
        f"| {each.records:,} | {each.text / 1e6:.0f} | {each.lists} | {each.shelf_bytes / 1e6:.0f} "
        f"| {each.index} | {each.index_bytes / 1e6:.0f} |"
        for each in sorted(found, key=lambda each: each.records)
    ]
    return "\n".join(
        [
            HEADING,
            "",
            f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {os.cpu_count()}",
            f"cores ({platform.machine()}), load {os.getloadavg()[0]:.1f} at the end: compare the",
            "seconds of processors. *Lists*: both lists of a channel without shards are read whole",
            "and put in order by name, which the first run after a change does. *Everything*: the",
            "candidates of every name in the order of preference; no run waits for that, each does",
            "the names it asks for. Whole processes; seconds by the clock, seconds of processors,",
            "MiB that are the process's own (mapped files do not count), MB of the file it makes.",
            "Made by `python -m tests.benchmarks.growth CHANNEL... --write`.",
            "",
            "| records | MB of JSON | lists, s | cpu | MiB | MB | everything, s | cpu | MiB | MB |",
            "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
            *table,
            "",
        ]
    )


def main() -> None:
    """Measure, print, and write the page if that is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("channels", type=Path, nargs="+", metavar="CHANNEL")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    chosen = parser.parse_args()
    text = section([measured(channel.resolve()) for channel in chosen.channels])
    print(text)
    if chosen.write:
        write_section(HEADING, text)


if __name__ == "__main__":
    main()
