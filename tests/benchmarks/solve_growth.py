"""How the time of a solve grows: ``python -m tests.benchmarks.solve_growth CHANNEL... [--write]``.

With the number of records (the same request of channels of growing size, smallest first) and with
the number of names asked for (of the channel before the last). Warm, beside py-rattler.
"""

import argparse
import json
import os
import platform
import statistics
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import zstandard

from tests.benchmarks.drawing import line_chart
from tests.benchmarks.growth import record_count
from tests.benchmarks.page import write_section
from tests.benchmarks.solve import REQUESTS
from tests.benchmarks.turns import ROOT, measured, open_bench

HEADING = "## A solve, as channels and requests grow"
IMAGES = ROOT / "docs" / "images"
REQUEST = ("python=3.12", "pandas", "matplotlib", "scikit-learn", "jupyterlab")
COUNTS = (1, 2, 5, 10, 20, 40, 56)

Point = tuple[float, float, float]  # size, our milliseconds, theirs


def by_records(channels: Sequence[Path], rounds: int) -> list[Point]:
    """Measure one request of each channel."""
    found = []
    for channel in channels:
        with ExitStack() as stack:
            row = measured(open_bench(stack, channel), "growth", "warm", REQUEST, rounds)
        found.append((float(_records(channel)), row.ours * 1000, row.theirs * 1000))
        print(*found[-1], flush=True)
    return found


def by_names(channel: Path, rounds: int) -> list[Point]:
    """Measure the first names of the longest request, more and more of them."""
    names = json.loads(REQUESTS.read_text(encoding="utf-8"))["requests"]["env60"]
    found = []
    with ExitStack() as stack:
        bench = open_bench(stack, channel)
        for count in COUNTS:
            row = measured(bench, "growth", "warm", names[:count], rounds)
            found.append((float(count), row.ours * 1000, row.theirs * 1000))
            print(*found[-1], flush=True)
    return found


def _records(channel: Path) -> int:
    """Return how many records a channel has, for our platform and ``noarch``."""
    count = 0
    for path in sorted(channel.glob("*/repodata.json*")):
        if path.parent.name not in {"linux-64", "noarch"}:
            continue
        if path.suffix == ".zst" and path.with_suffix("").exists():
            continue
        content = path.read_bytes()
        if path.suffix == ".zst":
            content = zstandard.ZstdDecompressor().stream_reader(content).read()
        count += record_count(content)
    return count


def section(records: Sequence[Point], names: Sequence[Point]) -> str:
    """Return the part of the page with both tables and pictures."""
    ratio = statistics.median(ours / theirs for _, ours, theirs in [*records, *names])
    return "\n".join(
        [
            HEADING,
            "",
            f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {os.cpu_count()}",
            f"cores ({platform.machine()}), load {os.getloadavg()[0]:.1f} at the end: where it is",
            "high, compare the ratios. Warm, whole processes;",
            f"`{' '.join(REQUEST)}` of channels of growing",
            "size, and the first names of a request of sixty of the channel before the last.",
            f"Median ratio {ratio:.2f}. Made by",
            "`python -m tests.benchmarks.solve_growth CHANNEL... --write`.",
            "",
            "![Time against the number of records](images/growth-records.svg)",
            "![Time against the number of names](images/growth-names.svg)",
            "",
            *_table("records", records),
            "",
            *_table("names", names),
            "",
        ]
    )


def _table(what: str, points: Sequence[Point]) -> list[str]:
    rows = [
        f"| {size:,.0f} | {ours:.0f} | {theirs:.0f} | {ours / theirs:.2f} |"
        for size, ours, theirs in points
    ]
    return [f"| {what} | xconda, ms | py-rattler, ms | ratio |", "|--:|--:|--:|--:|", *rows]


def _picture(points: Sequence[Point], across: str) -> str:
    lines = {
        "xconda": [(size, ours) for size, ours, _ in points],
        "py-rattler": [(size, theirs) for size, _, theirs in points],
    }
    return line_chart(lines, across, "milliseconds")


def main() -> None:
    """Measure, print, and write the page and its pictures if that is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("channels", type=Path, nargs="+")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    chosen = parser.parse_args()
    channels = [path.resolve() for path in chosen.channels]
    records = by_records(channels, chosen.rounds)
    names = by_names(channels[max(0, len(channels) - 2)], chosen.rounds)
    if chosen.write:
        picture = _picture(records, "records")
        (IMAGES / "growth-records.svg").write_text(picture, encoding="utf-8")
        picture = _picture(names, "names asked for")
        (IMAGES / "growth-names.svg").write_text(picture, encoding="utf-8")
        write_section(HEADING, section(records, names))


if __name__ == "__main__":
    main()
