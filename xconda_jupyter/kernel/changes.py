"""What a plan would change, in the words a person looks for: which package, from what to what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Container, Dict, Final, Mapping, Optional, Sequence, Tuple

from xconda_jupyter.kernel.plan_reasons import reasons_of_plan
from xconda_jupyter.kernel.tables import Table, count_words, size_words

_MARKS: Final[Mapping[str, str]] = {
    "install": "+ new",
    "upgrade": "↑ upgrade",
    "rebuild": "~ rebuild",
    "reinstall": "= again",
    "downgrade": "↓ downgrade",
    "remove": "− remove",
}
_HERE: Final[Mapping[str, str]] = {
    "new": "usable at once",
    "unused": "not imported",
    "reload": "imported: reload",
    "restart": "imported: restart",
}
_SHOWN: Final = 3
_NOTABLE = frozenset({"downgrade", "remove"})


@dataclass(frozen=True)
class Change:
    """What happens to one package.

    Attributes:
        name: Package name.
        movement: ``install upgrade rebuild reinstall downgrade remove``.
        old: Version installed now, empty for a new one.
        new: Version that will be, empty for one that goes.
        old_build: Build string installed now.
        new_build: Build string that will be.
        channel: Name of the channel that the new one (else the old one) comes from.
        size: Bytes of the new archive; None where unknown.
        reason: Why it is in the plan, in a few words.
        license: That of the new package, or of the one that goes.
        old_license: That of the package installed now, where it is another one.
        is_cached: The archive is in the package cache: nothing is downloaded for it.
    """

    name: str
    movement: str
    old: str
    new: str
    old_build: str
    new_build: str
    channel: str
    size: Optional[int]
    reason: str = ""
    license: str = ""
    old_license: str = ""
    is_cached: bool = False

    @property
    def is_notable(self) -> bool:
        """Whether it takes something away."""
        return self.movement in _NOTABLE

    @property
    def old_dist(self) -> str:
        """``name-version-build`` of what is installed now: the name of its record."""
        return "-".join((self.name, self.old, self.old_build))


def changes_of_plan(plan: Mapping[str, Any]) -> Tuple[Change, ...]:
    """Return the changes of a plan document, those that take something away first."""
    reasons, fetched = reasons_of_plan(plan), plan.get("fetch")
    changes = [
        _change(step, reasons.get(str(step.get("name")), ""), fetched)
        for step in plan.get("operations", ())
    ]
    changes += [_of_pip(each, "remove") for each in plan.get("python_removed", ())]
    changes += [_of_pip(each, "install") for each in plan.get("python_restored", ())]
    return tuple(sorted(changes, key=lambda change: (not change.is_notable, change.name)))


def notes_of_plan(plan: Mapping[str, Any]) -> Tuple[str, ...]:
    """Return what is known besides: what could be newer, is signed, is set, goes for good."""
    notes = [str(line) for each in plan.get("newness", ()) for line in each["words"]]
    notes += map(str, (plan.get("trust") or {}).get("words", ()))
    if plan.get("onto") == "environment":
        notes.append("An environment is there: it is replaced; `undo` brings its packages back.")
    elif plan.get("onto"):
        notes.append("The folder is there and is no environment; what is in it stays.")
    if plan.get("variables"):
        notes.append("Sets {} on activation.".format(", ".join(plan["variables"])))
    if plan.get("pip"):
        notes.append("pip then installs {}.".format(_some(plan["pip"])))
    return (*notes, *goes_for_good(plan))


def goes_for_good(plan: Mapping[str, Any]) -> Tuple[str, ...]:
    """Return what a plan takes away that ``undo`` does not bring back, as lines."""
    gone, prefix = str(plan.get("removes") or ""), str(plan.get("prefix", ""))
    if not gone:
        return ()
    if gone != prefix:
        return ("{} becomes {}, history and all.".format(gone, prefix),)
    foreign = plan.get("foreign", ())
    with_it = "; with it {} of no package: {}".format(
        count_words(len(foreign), "file"), _some(foreign)
    )
    words = "{} goes, and `undo` cannot bring it back{}."
    return (words.format(gone, with_it if foreign else ""),)


def _some(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (" and {} more".format(more) if more > 0 else "")


def plan_table(
    plan: Mapping[str, Any], changes: Sequence[Change], here: Optional[Mapping[str, str]] = None
) -> Table:
    """Return the preview of a plan.

    Args:
        plan: The plan document.
        changes: Its changes.
        here: Package to the kind of its import verdict, where the plan is about this kernel.
    """
    is_anything_installed = any(change.old for change in changes)
    columns = ["Package", "Now", "New", "Channel", "Size", "", "Why"]
    rows = [
        [
            change.name,
            _version(change, change.old, change.old_build),
            _version(change, change.new, change.new_build),
            change.channel,
            _size(change),
            _MARKS.get(change.movement, change.movement),
            change.reason,
        ]
        for change in changes
    ]
    if not is_anything_installed:
        columns = columns[:1] + columns[2:5] + columns[6:]
        rows = [row[:1] + row[2:5] + row[6:] for row in rows]
    if any(change.old_license for change in changes):
        columns = [*columns, "Licence"]
        rows = [[*row, _licence(changes[number])] for number, row in enumerate(rows)]
    if here and set(here.values()) != {"new"}:
        columns = [*columns, "In this kernel"]
        words = [_HERE.get(here.get(change.name, ""), "") for change in changes]
        rows = [[*row, words[number]] for number, row in enumerate(rows)]
    marked = tuple(number for number, change in enumerate(changes) if change.is_notable)
    return Table(summary(plan, changes), tuple(columns), tuple(map(tuple, rows)), marked, True)


def summary(plan: Mapping[str, Any], changes: Sequence[Change]) -> str:
    """Return one line: how many of each, and what there is to download."""
    counts: Dict[str, int] = {}
    for change in changes:
        counts[change.movement] = counts.get(change.movement, 0) + 1
    order = [movement for movement in _MARKS if movement in counts]
    parts = ["{} to {}".format(counts[movement], movement) for movement in order]
    size, archives = plan.get("download_bytes", 0), plan.get("download_count", 0)
    if archives:
        known = size_words(size) if size else "of unknown size"
        parts.append("{} to download ({})".format(count_words(archives, "archive"), known))
    else:
        parts.append("nothing to download")
    linked = sum(change.size or 0 for change in changes if change.new)
    if linked:
        parts.append("{} of archives to unpack and link".format(size_words(linked)))
    return " · ".join(parts)


def _size(change: Change) -> str:
    words = size_words(change.size) if change.new else ""
    return "{} cached".format(words) if words and change.is_cached else words


def _licence(change: Change) -> str:
    return "{} → {}".format(change.old_license, change.license) if change.old_license else ""


def _version(change: Change, version: str, build: str) -> str:
    is_build_the_difference = change.movement in {"rebuild", "reinstall"}
    return "{} {}".format(version, build) if is_build_the_difference else version


def _of_pip(package: Mapping[str, Any], movement: str) -> Change:
    """Return what becomes of a Python project that conda did not install."""
    version, goes = str(package.get("version", "")), movement == "remove"
    return Change(
        name=str(package.get("name", "")),
        movement=movement,
        old=version if goes else "",
        new="" if goes else version,
        old_build="pypi_0" if goes else "",
        new_build="" if goes else "pypi_0",
        channel="pypi",
        size=None,
    )


def _change(step: Mapping[str, Any], reason: str, fetched: Optional[Container[str]]) -> Change:
    old, new = step.get("old") or {}, step.get("new") or {}
    kind = str(step.get("kind", ""))
    size = new.get("size")
    licences = [str(side.get("license") or "") for side in (old, new)]
    is_other = all(licences) and licences[0] != licences[1]
    return Change(
        name=str(step.get("name", "")),
        movement=str(step.get("movement", kind)),
        old=str(old.get("version", "")),
        new=str(new.get("version", "")),
        old_build=str(old.get("build", "")),
        new_build=str(new.get("build", "")),
        channel=str((new or old).get("channel", "")),
        size=size if isinstance(size, int) else None,
        reason=reason,
        license=licences[1] or licences[0],
        old_license=licences[0] if is_other else "",
        is_cached=fetched is not None and bool(new) and step.get("name") not in fetched,
    )
