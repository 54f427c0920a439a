"""Hold the solver to its laws in thousands of made-up universes.

``python -m tests.solver.fuzz [--universes N] [--seed N] [--write]``; it prints its seed, and exits
with 1 when a law is broken.
"""

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

from tests.solver.laws import LAWS, survey

PAGE = Path(__file__).parents[2] / "docs" / "fuzzing.md"
EVERY_LAW = 5  # of so many universes one is held to all laws
HEADING = "## The solver's laws"


def section(number: int, kinds: Counter[str], seed: int, seconds: float) -> str:
    """Return what the page says of a run in which no law was broken."""
    return "\n".join(
        [
            HEADING,
            "",
            "In made-up universes with channels and priorities, constraints, conditional",
            "dependencies, groups of optional ones, virtual packages, pins and installed packages,",
            "these hold of every answer:",
            "",
            *(f"- {law}" for law in LAWS),
            "",
            f"{number:,} universes for the first law, {number // EVERY_LAW:,} for the others; seed",
            f"{seed}, {seconds:.0f} s: no law was broken. What came of them:",
            "",
            *(f"- {kind}: {count:,}" for kind, count in kinds.most_common()),
            "",
            "`make test` has 2,000 for the first law and 300 for the others. The same seed makes",
            "the same universes: `python -m tests.solver.fuzz --seed N`.",
            "",
        ]
    )


def main() -> int:
    """Ask, print, and write the page if that is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--universes", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name}")
    chosen = parser.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    start = time.perf_counter()
    first, *others = LAWS.values()
    kinds, failures = survey(chosen.universes, chosen.seed, [first])
    failures += survey(chosen.universes // EVERY_LAW, chosen.seed, others)[1]
    text = section(chosen.universes, kinds, chosen.seed, time.perf_counter() - start)
    print("\n".join(failures[:20]) or text)
    if chosen.write and not failures:
        before = PAGE.read_text(encoding="utf-8").partition(HEADING)[0]
        PAGE.write_text(f"{before.rstrip()}\n\n{text}", encoding="utf-8")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
