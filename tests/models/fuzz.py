"""Ask py-rattler and xconda the same made-up questions, and account for every difference.

Run as ``python -m tests.models.fuzz``; it prints its seed, and exits with 1 when a difference is of
no kind that decision 0101 explains.
"""

import argparse
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from tests.models.peer_questions import (
    Question,
    a_question,
    explanation,
    our_answer,
    rattlers_answer,
)

DECISION = (
    Path(__file__).parents[2] / "docs/decisions/0101-versions-and-specs-where-peers-disagree.md"
)
REPORT = Path(__file__).parents[2] / "docs/fuzzing.md"


@dataclass(slots=True)
class Survey:
    """What came of some questions.

    Attributes:
        asked: Kind of question to how many were asked.
        alike: Kind of question to how many were answered alike.
        explained: Case of decision 0101 and outcome, to how many differences are of it.
        unexplained: The other differences: question, our answer, rattler's.
    """

    asked: Counter[str] = field(default_factory=Counter)
    alike: Counter[str] = field(default_factory=Counter)
    explained: Counter[tuple[str, str]] = field(default_factory=Counter)
    unexplained: list[tuple[Question, str, str]] = field(default_factory=list)


def survey(number: int, seed: int) -> Survey:
    """Ask ``number`` questions, the same ones for the same seed."""
    choose = random.Random(seed)
    found = Survey()
    for _ in range(number):
        question = a_question(choose)
        ours, theirs = our_answer(question), rattlers_answer(question)
        found.asked[question.kind] += 1
        if ours == theirs:
            found.alike[question.kind] += 1
        elif (kind := explanation(question, ours, theirs)) is not None:
            found.explained[kind.case, kind.outcome] += 1
        else:
            found.unexplained.append((question, ours, theirs))
    return found


def report(found: Survey, seed: int, seconds: float) -> str:
    """Return the page that says what came of it."""
    total = sum(found.asked.values())
    lines = [
        "# Differential fuzzing",
        "",
        "`make fuzz` makes up versions, constraints and specs, asks xconda and py-rattler the same",
        "questions about them, and accounts for every difference: each belongs to a row of",
        "[decision 0101](decisions/0101-versions-and-specs-where-peers-disagree.md), or the run",
        "fails. `make test` asks 16,000 of them. This page is written by `make fuzz`.",
        "",
        "## Last result",
        "",
        f"{total:,} questions, seed {seed}, py-rattler {version('py-rattler')}, {seconds:.0f} s:",
        f"{len(found.unexplained)} differences without an explanation.",
        "",
        "| questions about | asked | answered alike |",
        "|---|--:|--:|",
        *(f"| {kind} | {n:,} | {found.alike[kind]:,} |" for kind, n in sorted(found.asked.items())),
        "",
        "| case of decision 0101 | outcome | differences |",
        "|---|---|--:|",
        *(
            f"| {case.replace('|', chr(92) + '|')} | {outcome} | {n:,} |"
            for (case, outcome), n in found.explained.most_common()
        ),
        "",
        "The same seed asks the same questions: `python -m tests.models.fuzz --seed N`.",
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Ask, print, and write the page if that is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=300_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--write", action="store_true", help=f"write {REPORT.name}")
    chosen = parser.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    start = time.perf_counter()
    found = survey(chosen.questions, chosen.seed)
    page = report(found, chosen.seed, time.perf_counter() - start)
    print(page)
    for question, ours, theirs in found.unexplained[:20]:
        print(f"unexplained: {question}: we say {ours}, rattler says {theirs}")
    if chosen.write and not found.unexplained:
        _, heading, rest = REPORT.read_text(encoding="utf-8").partition("\n## The solver's laws")
        REPORT.write_text(page + heading + rest, encoding="utf-8")
    return 1 if found.unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
