"""A plan as lines for people. Layer: cli. Pure."""

from collections.abc import Sequence
from sys import maxsize
from typing import Final

from xconda_core.cli.console import Text
from xconda_core.cli.table import aligned
from xconda_core.config.redaction import redacted
from xconda_core.engine.job_state import size_words
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.pip_section import InstallerSection
from xconda_core.transaction.plan import Movement, Operation, Plan

_MARKS: Final[dict[Movement, tuple[str, str]]] = {
    "install": ("+", "good"),
    "upgrade": ("^", "plain"),
    "rebuild": ("~", "plain"),
    "reinstall": ("=", "plain"),
    "downgrade": ("v", "warning"),
    "remove": ("-", "danger"),
}
_PAST: Final[dict[Movement, str]] = {
    "install": "installed",
    "upgrade": "upgraded",
    "rebuild": "rebuilt",
    "reinstall": "reinstalled",
    "downgrade": "downgraded",
    "remove": "removed",
}
_SHOWN: Final = 10  # of what pip is to install
_DROPPED: Final = {
    ".condarc": "its own configuration (.condarc)",
    "conda-meta/pinned": "its pins",
    "conda-meta/state": "its variables",
}
_HEADINGS: Final = ("", "Package", "Now", "New", "Channel", "Size")


def plan_lines(
    plan: Plan, screen: int | None = None, channel_urls: bool | None = None
) -> tuple[Text, ...]:
    """Return the whole plan: which environment and why, one line per package, the totals.

    Lines are made to fit ``screen``, columns of a terminal; None: they may be of any length.
    ``channel_urls`` tells of channels by address (True), by name (None), or not (False).
    """
    why = f" ({plan.why_prefix})" if plan.why_prefix else ""
    heading = Text(f"Environment: {plan.prefix}{why}", "heading")
    width = screen or maxsize
    stands = [Text(_filled(text, width), "warning") for text in _stands(plan)]
    if plan.is_empty:
        return (heading, Text(_empty_words(plan)), *_besides(plan), *_newness(plan))
    if not plan.operations:
        empty = [Text(_empty_words(plan))] if plan.creates else []
        return (heading, *stands, *empty, *_python_lines(plan), *_besides(plan))
    moves = [step.movement for step in plan.operations]
    rows = [
        _row(step, move, channel_urls) for step, move in zip(plan.operations, moves, strict=True)
    ]
    title, *texts = aligned((_HEADINGS, *rows), last_right=True, screen=screen)
    return (
        heading,
        *stands,
        Text(""),
        Text(title, "faint"),
        *(Text(text, _MARKS[move][1]) for text, move in zip(texts, moves, strict=True)),
        Text(""),
        *_python_lines(plan),
        *(Text(_filled(text, width)) for text in _totals(plan, moves)),
        *_trust(plan, width),
        *_besides(plan),
        *_newness(plan),
    )


def _stands(plan: Plan) -> list[str]:
    """Return what stands where the environment is to be made, and what becomes of it."""
    if not plan.onto:
        return []
    if plan.onto == "folder":
        lines = ["The folder is there and is no environment; what is in it stays."]
    else:
        lines = ["An environment is there: it is replaced. `xconda undo` brings its packages back."]
    if plan.dropped:
        lines.append(f"Goes for good: {', '.join(_DROPPED[path] for path in plan.dropped)}.")
    if plan.foreign:
        more = f" and {len(plan.foreign) - _SHOWN} more" if len(plan.foreign) > _SHOWN else ""
        lines.append(f"Of no package, stays: {', '.join(plan.foreign[:_SHOWN])}{more}.")
    return lines


def _filled(text: str, width: int) -> str:
    if len(text) <= width:
        return text
    from textwrap import fill

    return fill(text, width, subsequent_indent="  ")


def _newness(plan: Plan) -> list[Text]:
    """Return whether what was named could be newer, where that was to be proven."""
    lines = [Text(line) for each in plan.newness for line in each.words]
    return [Text(""), *lines] if lines else []


def _trust(plan: Plan, width: int) -> list[Text]:
    """Return what is known of signatures, where anybody wants to know."""
    if plan.trust is None:
        return []
    style = "good" if plan.trust.is_whole and plan.trust.source else "warning"
    return [Text(_filled(line, width), style) for line in plan.trust.words]


def _besides(plan: Plan) -> list[Text]:
    """Return what is to be done besides conda's packages."""
    lines = []
    if plan.variables:
        lines.append(Text(f"Sets:     {', '.join(plan.variables)}, on activation"))
    if plan.pip:
        wishes = [redacted(line).partition(" @ ")[0] for line in plan.pip.lines]
        lines.append(Text(f"pip then: {_some(wishes)}"))
    return [*lines, *map(_section_line, plan.sections)]


def _section_line(section: InstallerSection) -> Text:
    return Text(f"{section.installer} then: {_some([*map(redacted, section.lines)])}")


def _some(wishes: Sequence[str]) -> str:
    more = f" and {len(wishes) - _SHOWN} more" if len(wishes) > _SHOWN else ""
    return ", ".join(wishes[:_SHOWN]) + more


def _python_lines(plan: Plan) -> list[Text]:
    """Return what becomes of Python projects that conda did not install."""
    gone = [f"{each.project} {each.version}" for each in plan.python_removed]
    back = [f"{each.project} {each.version}" for each in plan.python_restored]
    lines = []
    if gone:
        lines.append(Text(f"Of pip:   {', '.join(gone)} to remove", "danger"))
    if back:
        lines.append(Text(f"Of pip:   {', '.join(back)} to bring back", "good"))
    return lines


def _empty_words(plan: Plan) -> str:
    if plan.creates:
        return "A new environment without packages."
    if plan.changes_nothing:
        return "Nothing to do: everything asked for is there already."
    return "No package changes; what you asked for is noted in the history."


def _row(step: Operation, move: Movement, channel_urls: bool | None) -> tuple[str, ...]:
    old = step.old.record if step.old else None
    size = size_words(step.new.size) if step.new and step.new.size is not None else ""
    with_build = move in {"rebuild", "reinstall"}
    return (
        _MARKS[move][0],
        step.name,
        _version(old, with_build),
        "removed" if step.new is None else _version(step.new, with_build),
        _channel(step.new, channel_urls),
        size,
    )


def _channel(record: PackageRecord | None, urls: bool | None) -> str:
    if record is None or urls is False:
        return ""
    return redacted(record.channel) if urls else record.channel_name


def _version(record: PackageRecord | None, with_build: bool) -> str:
    if record is None:
        return ""
    return f"{record.version} {record.build}" if with_build else record.version


def _totals(plan: Plan, moves: Sequence[Movement]) -> list[str]:
    counts = [f"{moves.count(move)} to {move}" for move in _MARKS if move in moves]
    if plan.unchanged:
        counts.append(f"{len(plan.unchanged)} unchanged")
    packages = "Packages: " + ", ".join(counts)
    if all(step.new is None for step in plan.operations):
        return [packages]
    size = size_words(plan.download_bytes) if plan.download_bytes else "an unknown size"
    fetch = f"{size} in {_archives(plan.download_count)}"
    disk = f"at least {size_words(plan.disk_bytes)}" if plan.disk_bytes else "an unknown size"
    return [
        packages,
        f"Download: {fetch if plan.download_count else 'nothing, all archives are cached'}",
        f"Disk:     {disk}",
    ]


def change_words(plan: Plan) -> str:
    """Return in one line what carrying out ``plan`` would do, and what it would download."""
    if plan.is_empty:
        return _empty_words(plan)
    packages, *rest = _totals(plan, [step.movement for step in plan.operations])
    return "; ".join([packages.removeprefix("Packages: "), *rest[:1]])


def done_words(plan: Plan) -> str:
    """Return what carrying out ``plan`` did: ``3 packages installed, 1 removed``."""
    moves = [step.movement for step in plan.operations]
    counts = [(moves.count(move), past) for move, past in _PAST.items() if move in moves]
    if not counts:
        return _python_words(plan) or "the environment is made"
    words = [f"{count} {past}" for count, past in counts]
    first = "package" if counts[0][0] == 1 else "packages"
    words[0] = f"{counts[0][0]} {first} {counts[0][1]}"
    return ", ".join(words)


def _python_words(plan: Plan) -> str:
    words = []
    if plan.python_removed:
        words.append(f"{len(plan.python_removed)} of pip removed")
    if plan.python_restored:
        words.append(f"{len(plan.python_restored)} of pip brought back")
    return ", ".join(words)


def _archives(count: int) -> str:
    return f"{count} archive{'' if count == 1 else 's'}"
