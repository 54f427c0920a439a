"""Run the benchmarks; ``--write`` puts the result into the documentation."""

import argparse
import os
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks import models
from tests.benchmarks.measure import Comparison

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
HEADING = "## Values, beside py-rattler"


def section(found: list[Comparison]) -> str:
    """Return the part of the page that says what was measured, and on what."""
    rows = [
        f"| {each.task} | {_time(each.ours)} | {_time(each.theirs)} | {each.ratio:.2f} "
        f"| {each.spread[0]:.2f} to {each.spread[1]:.2f} |"
        for each in found
    ]
    return "\n".join(
        [
            HEADING,
            "",
            f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, py-rattler",
            f"{version('py-rattler')}, {os.cpu_count()} cores ({platform.machine()}).",
            "Both take turns in one process; times are medians, a ratio below 1 means that",
            "xconda is faster. Texts and documents are those of real channels and environments.",
            "Before each round of parsing, what xconda remembers of clauses is forgotten.",
            "",
            "| task | xconda | py-rattler | ratio | ratios of the rounds |",
            "|---|--:|--:|--:|---|",
            *rows,
            "",
        ]
    )


def with_section(page: str, text: str) -> str:
    """Return ``page`` with the section of that heading replaced, or put at its end."""
    pattern = re.compile(rf"^{re.escape(HEADING)}$.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    if pattern.search(page):
        return pattern.sub(lambda _: text, page)
    return f"{page.rstrip()}\n\n{text}"


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def main() -> None:
    """Measure, print, and write the page if that is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name}")
    chosen = parser.parse_args()
    found = []
    for each in models.comparisons():
        print(f"{each.ratio:6.2f}  {each.task}", flush=True)
        found.append(each)
    if chosen.write:
        page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else "# Performance\n"
        PAGE.write_text(with_section(page, section(found)), encoding="utf-8")


if __name__ == "__main__":
    main()
