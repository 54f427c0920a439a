"""The counts of a campaign, as a section of docs/reliability.md."""

import os
import platform
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from tests.faults.outcome import Outcome
from tests.faults.phases import NAMES, PHASES
from tests.faults.world import WORDS

HEADING = "## The last campaign"
PARTS = {
    "kill": "SIGKILL at a file operation",
    "kill of a fork": "SIGKILL to a fork at its file operation",
    "kill in time": "SIGKILL at a moment",
    "kill in recovery": "SIGKILL, and another while the next command recovers",
    "power": "power cut after a file operation",
    "power in recovery": "SIGKILL, and a power cut while the next command recovers",
    "fails once": "a file operation fails",
    "fails in a fork": "a file operation of a fork fails",
    "disk stays full": "the disk is full from a file operation on",
    "real disks": "real disks and users",
    "network": "a server that misbehaves",
    "crowd": "eight processes at once",
}


def section(found: Sequence[Outcome], seconds: float, every: int, kills_every: int) -> str:
    """Say what was done to which command, and what came of it."""
    real = [each for each in found if each.happened]
    return "\n".join(
        [
            HEADING,
            "",
            _heading(real, seconds, every, kills_every),
            "",
            *_table(
                ("fault", "where", "faults", "old state", "new state", "recovered and said so",
                 "run again, then new", "neither or otherwise wrong"),
                [row for part in PARTS for row in _rows_of(part, real)],
            ),
            "",
            *_kills(real),
        ]
    )  # fmt: skip


def _heading(real: Sequence[Outcome], seconds: float, every: int, kills_every: int) -> str:
    bad = sum(not each.is_good for each in real)
    kills = "every point" if kills_every == 1 else f"one point in {kills_every}"
    points = "every point" if every == 1 else f"kills at {kills}, all else at one in {every}"
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, "
        f"{platform.system()} {platform.release()}, {os.cpu_count()} cores, "
        f"{seconds / 60:.0f} minutes, {points}: **{len(real):,} faults; after {bad} of them "
        "something was not as promised.**"
    )


def with_section(page: str, text: str) -> str:
    """Return ``page`` with the section of that heading replaced, or put at its end."""
    pattern = re.compile(rf"^{re.escape(HEADING)}$.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    if pattern.search(page):
        return pattern.sub(lambda _: f"{text}\n", page)
    return f"{page.rstrip()}\n\n{text}"


def _rows_of(part: str, found: Iterable[Outcome]) -> list[tuple[object, ...]]:
    mine = [each for each in found if each.part == part]
    groups: dict[str, list[Outcome]] = {}
    for each in mine:
        groups.setdefault(_group(each), []).append(each)
    return [(PARTS[part], name, *_numbers(group)) for name, group in groups.items()]


def _group(each: Outcome) -> str:
    if each.part in {"kill", "kill of a fork", "kill in time", "kill in recovery"}:
        return each.scene
    if each.part.startswith("power"):
        return f"lost: {LOST[each.where.partition(':')[0]]}"
    return each.where.partition(",")[0] if each.part == "network" else each.where


LOST = {
    "all": "all that was not synced",
    "contents": "contents that were not synced",
    "renames": "renames that were not synced",
    "any": "any of what was not synced",
}


def _numbers(group: Sequence[Outcome]) -> tuple[int, ...]:
    return (
        len(group),
        sum(each.state == "old" for each in group),
        sum(each.state == "new" for each in group),
        sum(each.recovered for each in group),
        sum(each.repeated for each in group),
        sum(not each.is_good for each in group),
    )


def _kills(found: Iterable[Outcome]) -> list[str]:
    kills = [each for each in found if each.part == "kill"]
    rows: list[tuple[object, ...]] = []
    for phase in PHASES:
        counts = [sum(e.where == phase and e.scene == name for e in kills) for name in WORDS]
        rows.append((NAMES[phase], *counts, sum(counts)))
    after = sum(each.where != "before" for each in kills)
    inside = sum(each.where not in {"before", "fetch", "after"} for each in kills)
    share = 100 * after / max(1, len(kills))
    text = (
        f"The {len(kills):,} kills at a file operation by what the command was doing; {after:,} "
        f"({share:.0f} %) after its first write to cache or environment, {inside:,} while it was "
        "changing the environment:"
    )
    return [text, "", *_table(("phase", *WORDS, "all"), rows), ""]


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    aligned = [
        "---" if number < 1 or head == "where" else "--:" for number, head in enumerate(heads)
    ]
    lines = [heads, aligned, *rows]
    return [f"| {' | '.join(map(str, line))} |" for line in lines]
