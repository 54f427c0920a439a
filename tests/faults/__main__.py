"""Run the fault campaign; ``--write`` puts its counts into the documentation."""

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tests.faults.campaign import one_share
from tests.faults.page import section, with_section

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"


def main() -> int:
    """Run, print, and write the page if that is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name}")
    parser.add_argument("--every", type=int, default=1, help="kills apart, only each N-th point")
    parser.add_argument("--kills-every", type=int, default=1, help="kills only at each N-th point")
    parser.add_argument("--shares", type=int, default=2, help="so many processes")
    chosen = parser.parse_args()
    begun = time.monotonic()
    apart = {"every": chosen.every, "kills_every": chosen.kills_every}
    work = partial(one_share, shares=chosen.shares, **apart)
    with ProcessPoolExecutor(chosen.shares, multiprocessing.get_context("spawn")) as pool:
        found = [each for share in pool.map(work, range(chosen.shares)) for each in share]
    text = section(found, time.monotonic() - begun, **apart)
    print(text)
    if chosen.write:
        PAGE.write_text(with_section(PAGE.read_text("utf-8"), text), "utf-8")
    bad = [each for each in found if each.happened and not each.is_good]
    print(Counter(each.part for each in bad) or "all good", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
