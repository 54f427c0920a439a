"""The revisions of an environment for people and for conda's readers. Layer: cli. Pure."""

from collections.abc import Sequence
from typing import Final

from xconda_core.cli.console import Text
from xconda_core.engine.answers import RevisionDifference
from xconda_core.environment.distribution import DistributionChange, changes_between
from xconda_core.environment.history import Revision
from xconda_core.environment.timeline import timeline_of
from xconda_core.errors import Json
from xconda_core.transaction.plan import Movement

_STYLES: Final[dict[Movement, str]] = {
    "install": "good",
    "remove": "danger",
    "downgrade": "warning",
}


def revision_lines(revisions: Sequence[Revision]) -> list[Text | str]:
    """Return each revision (number, time, command, what it did), and where undo and redo lead."""
    if not revisions:
        return ["no revisions"]
    lines: list[Text | str] = []
    for revision in revisions:
        back = revision.reverts_to
        why = f"  as it was at revision {back}" if back is not None else ""
        lines.append(Text(f"{revision.number}  {revision.date}{why}", "heading"))
        lines.append(f"   {revision.command or '(no command told: another tool, or by hand)'}")
        lines += [_change_line(each) for each in changes_between(revision.removed, revision.added)]
        lines.append("")
    ways = _ways(revisions)
    return [*lines, Text(ways, "faint")] if ways else lines[:-1]


def _ways(revisions: Sequence[Revision]) -> str:
    place = timeline_of(revisions)
    ways = []
    if place.before is not None:
        ways.append(f"`xconda undo` leads to the state of revision {place.before}")
    if place.after is not None:
        ways.append(
            f"`xconda redo` to that of {place.after}"
            if ways
            else f"`xconda redo` leads to the state of revision {place.after}"
        )
    return f"{', '.join(ways)}." if ways else ""


def difference_lines(difference: RevisionDifference) -> list[Text | str]:
    """Return what became of packages and requests between two states."""
    there = "now" if difference.new is None else f"revision {difference.new}"
    heading = Text(f"Environment: {difference.prefix}", "heading")
    words = f"from revision {difference.old} to {there}"
    if not difference:
        return [heading, f"No difference {words}."]
    lines: list[Text | str] = [heading, f"{words[0].upper()}{words[1:]}:"]
    lines += [_change_line(change) for change in difference.packages]
    if difference.requests:
        lines += ["", "Asked for:"]
    for each in difference.requests:
        if each.old is not None:
            lines.append(Text(f"   - {each.old}", "danger"))
        if each.new is not None:
            lines.append(Text(f"   + {each.new}", "good"))
    return lines


def revision_documents(revisions: Sequence[Revision]) -> list[Json]:
    """Return the revisions as ``conda list --revisions --json`` does, with keys of our own."""
    return [_document(revision) for revision in revisions]


def _document(revision: Revision) -> Json:
    changes = changes_between(revision.removed, revision.added)
    # A section without signs is a whole state, as very old conda began its histories.
    whole = sorted(line for line in revision.lines if line[0] not in "+-")
    came = [each.new.conda_text for each in changes if each.new and not each.old]
    gone = [each.old.conda_text for each in changes if each.old and not each.new]
    return {
        "date": revision.date,
        "rev": revision.number,
        "install": [*whole, *came],
        "remove": list(gone),
        "upgrade": _pairs(changes, downgrade=False),
        "downgrade": _pairs(changes, downgrade=True),
        "command": revision.command,
        "update_specs": list(revision.update_specs),
        "remove_specs": list(revision.remove_specs),
        "reverts_to": revision.reverts_to,
    }


def _pairs(changes: Sequence[DistributionChange], *, downgrade: bool) -> list[Json]:
    return [
        {"old": each.old.conda_text, "new": each.new.conda_text}
        for each in changes
        if each.old and each.new and (each.movement == "downgrade") is downgrade
    ]


def _change_line(change: DistributionChange) -> Text | str:
    old, new, move = change.old, change.new, change.movement
    style = _STYLES.get(move, "plain")
    if old is None and new is not None:
        return Text(f"   + {change.name} {new.version}".rstrip(), style)
    if new is None and old is not None:
        return Text(f"   - {change.name} {old.version}".rstrip(), style)
    assert old is not None  # a change has one of them at least, and here both
    assert new is not None
    if move == "rebuild":
        return Text(f"   ~ {change.name} {old.version} {old.build} -> {new.build}", style)
    mark = "v" if move == "downgrade" else "^"
    return Text(f"   {mark} {change.name} {old.version} -> {new.version}", style)
