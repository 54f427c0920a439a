"""Solve whole commands beside py-rattler: ``python -m tests.benchmarks.solve CHANNEL [--write]``.

CHANNEL is a folder with ``linux-64`` and ``noarch``; requests.json of the shared tools names what
to ask. Both are processes from start to exit, turn and turn about, with caches of their own, an
empty home, and a server on this machine whose answers are still fresh when they are warm. With
``--sample``, the unamplified channel, twenty requests that no run has seen before are asked
instead, made from ``--seed``, and ten of the named ones are asked of the sample.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.page import write_section
from tests.benchmarks.turns import ROOT, Row, measured, open_bench
from tests.benchmarks.unseen import unseen_requests

REQUESTS = ROOT.parent / "shared" / "tools" / "requests.json"
HEADING = "## Solving, beside py-rattler"
UNSEEN_HEADING = "## Solving what no run has seen, beside py-rattler"
SHARDS = "repodata_shards.msgpack.zst"
UNSEEN = 20
ON_SAMPLE = 10


def rows(channel: Path, names: Sequence[str], rounds: int) -> Iterator[Row]:
    """Measure each request with an index, without one, and after the whole list has changed."""
    requests = json.loads(REQUESTS.read_text(encoding="utf-8"))["requests"]
    with ExitStack() as stack:
        bench = open_bench(stack, channel)
        for name in names or requests:
            yield measured(bench, name, "warm", requests[name], rounds)
            if (channel / "noarch" / SHARDS).exists():
                yield measured(bench, name, "no index", requests[name], rounds)
        plain = Path(stack.enter_context(TemporaryDirectory()))
        for path in channel.glob("*/repodata.json.zst"):
            (plain / path.parent.name).mkdir()
            shutil.copy(path, plain / path.parent.name)
        bench = open_bench(stack, plain)
        for name in (*(names or requests),)[:2]:
            yield measured(bench, name, "list changed", requests[name], max(1, rounds // 3))
            yield measured(bench, name, "list warm", requests[name], rounds)


def unseen_rows(
    channel: Path, requests: Mapping[str, Sequence[str]], condition: str, rounds: int
) -> Iterator[Row]:
    """Measure ``requests`` with everything there."""
    with ExitStack() as stack:
        bench = open_bench(stack, channel)
        for name, specs in requests.items():
            yield measured(bench, name, condition, specs, rounds)


def section(
    found: Sequence[Row], channel: Path, unseen: Mapping[str, Sequence[str]], seed: int
) -> str:
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
    for is_refused, words in ((False, "warm with a solution"), (True, "warm without one")):
        some = [e.ratio for e in found if (e.condition, e.refused) == ("warm", is_refused)]
        if some:
            medians.append(f"{words} {statistics.median(some):.2f}")
    return "\n".join(
        [
            UNSEEN_HEADING if unseen else HEADING,
            "",
            f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, py-rattler",
            f"{version('py-rattler')}, {os.cpu_count()} cores ({platform.machine()}), load",
            f"{os.getloadavg()[0]:.1f} at the end, channel `{channel.name}`. Whole processes,",
            "turn and turn about; medians in milliseconds,",
            "memory of xconda in MiB, mapped files included. *warm*: everything is there and",
            "fresh. *no index*: what was downloaded is there, nothing is in order. *list changed*,",
            "*list warm*: the channel has no shards, and neither has seen its list; both have.",
            *_words_on(unseen, seed),
            f"Median ratios: {', '.join(medians)}.",
            "",
            "| request | condition | xconda | py-rattler | ratio | memory | same answer |",
            "|---|---|--:|--:|--:|--:|---|",
            *table,
            "",
            *(f"- {name}: `{' '.join(specs)}`" for name, specs in unseen.items()),
            "",
        ]
    )


def _words_on(unseen: Mapping[str, Sequence[str]], seed: int) -> Sequence[str]:
    if not unseen:
        return ("Made by `python -m tests.benchmarks.solve CHANNEL --write`.",)
    return (
        "*sample*: warm, on the unamplified channel. Those called *unseen* were made for this",
        f"run from the seed {seed} and are spelt out below.",
        "Made by `python -m tests.benchmarks.solve CHANNEL --sample SAMPLE --write`.",
    )


def _measure(chosen: argparse.Namespace, unseen: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    channel = chosen.channel.resolve()
    if chosen.sample is None:
        yield from rows(channel, chosen.request, chosen.rounds)
    else:
        sample = chosen.sample.resolve()
        yield from unseen_rows(channel, unseen, "warm", chosen.rounds)
        named = json.loads(REQUESTS.read_text(encoding="utf-8"))["requests"]
        few = dict([*named.items()][:ON_SAMPLE])
        yield from unseen_rows(sample, few, "sample", chosen.rounds)


def main() -> None:
    """Measure, print, and write the page if that is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("channel", type=Path)
    parser.add_argument("--request", action="append", default=[])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sample", type=Path, help="the channel as it was before it was amplified")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of unseen requests")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    chosen = parser.parse_args()
    unseen: Mapping[str, Sequence[str]] = {}
    if chosen.sample is not None:
        unseen = unseen_requests(chosen.sample.resolve(), chosen.seed, UNSEEN)
    found = []
    for row in _measure(chosen, unseen):
        print(
            f"{row.ratio:6.2f} {row.ours:7.3f} s {row.theirs:7.3f} s {row.memory:5.0f} MiB  "
            f"{row.request}, {row.condition}{'' if row.agree else ' (they do not agree)'}",
            flush=True,
        )
        found.append(row)
    if chosen.write:
        heading = UNSEEN_HEADING if unseen else HEADING
        write_section(heading, section(found, chosen.channel, unseen, chosen.seed))


if __name__ == "__main__":
    main()
