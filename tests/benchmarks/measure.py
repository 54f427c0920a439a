"""Time two ways of doing the same thing, turn and turn about, so that a busy machine is fair."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Comparison:
    """How long we take and how long the peer takes; seconds, the medians of all rounds.

    Attributes:
        task: What was done, and how often.
        ours: Our time.
        theirs: The peer's time.
        spread: How far the ratios of single rounds lie apart: the least and the greatest.
    """

    task: str
    ours: float
    theirs: float
    spread: tuple[float, float]

    @property
    def ratio(self) -> float:
        """Our time in the peer's times."""
        return self.ours / self.theirs


def compare(
    task: str,
    ours: Callable[[], object],
    theirs: Callable[[], object],
    *,
    rounds: int = 7,
    before: Callable[[], None] | None = None,
) -> Comparison:
    """Time ``ours`` and ``theirs``, one after the other, ``rounds`` times.

    Args:
        task: What is done.
        ours: Does it once.
        theirs: Does it once the peer's way.
        rounds: How often.
        before: Called, untimed, before each of our rounds; it forgets what was remembered.
    """
    pairs = []
    for _ in range(rounds):
        if before is not None:
            before()
        pairs.append((_seconds(ours), _seconds(theirs)))
    ratios = [one / other for one, other in pairs]
    mine, other = zip(*pairs, strict=True)
    return Comparison(
        task, statistics.median(mine), statistics.median(other), (min(ratios), max(ratios))
    )


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
