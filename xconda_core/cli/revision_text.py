"""The revisions of an environment for people and for conda's readers. Layer: cli. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xconda_core.cli.console import Text
from xconda_core.environment.history import Revision
from xconda_core.errors import Json
from xconda_core.models.version import InvalidVersion, Version


@dataclass(frozen=True, slots=True)
class _Dist:
    """A distribution as the history writes it: ``channel/subdir::name-version-build``."""

    text: str

    @property
    def name(self) -> str:
        return self._parts[0]

    @property
    def version(self) -> str:
        return self._parts[1]

    @property
    def conda_text(self) -> str:
        """``name-version-build-channel/subdir``, as conda's own list of revisions says it."""
        channel, _, tail = self.text.rpartition("::")
        return f"{tail}-{channel}" if channel else tail

    @property
    def _parts(self) -> tuple[str, str]:
        pieces = self.text.rpartition("::")[2].rsplit("-", 2)
        return (pieces[0], pieces[1]) if len(pieces) == 3 else (pieces[0], "")


def revision_lines(revisions: Sequence[Revision]) -> list[Text | str]:
    """Return each revision: number, time, command, and what it did."""
    if not revisions:
        return ["no revisions"]
    lines: list[Text | str] = []
    for revision in revisions:
        why = f"  undo, back to {revision.reverts_to}" if revision.reverts_to is not None else ""
        lines.append(Text(f"{revision.number}  {revision.date}{why}", "heading"))
        lines.append(f"   {revision.command or '(no command told: another tool, or by hand)'}")
        lines += _change_lines(revision)
        lines.append("")
    return lines[:-1]


def revision_documents(revisions: Sequence[Revision]) -> list[Json]:
    """Return the revisions as ``conda list --revisions --json`` does."""
    return [_document(revision) for revision in revisions]


def _document(revision: Revision) -> Json:
    old, new = _by_name(revision.removed), _by_name(revision.added)
    both = sorted(old.keys() & new.keys())
    # A section without signs is a whole state, as very old conda began its histories.
    whole = sorted(line for line in revision.lines if line[0] not in "+-")
    pairs: list[tuple[str, dict[str, Json]]] = [
        (
            "downgrade" if _is_older(new[name], old[name]) else "upgrade",
            {"old": old[name].conda_text, "new": new[name].conda_text},
        )
        for name in both
    ]
    return {
        "date": revision.date,
        "rev": revision.number,
        "install": [*whole, *(new[name].conda_text for name in sorted(new.keys() - old.keys()))],
        "remove": [old[name].conda_text for name in sorted(old.keys() - new.keys())],
        "upgrade": [pair for kind, pair in pairs if kind == "upgrade"],
        "downgrade": [pair for kind, pair in pairs if kind == "downgrade"],
    }


def _change_lines(revision: Revision) -> list[Text | str]:
    old, new = _by_name(revision.removed), _by_name(revision.added)
    lines: list[Text | str] = []
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if before is None and after is not None:
            lines.append(Text(f"   + {name} {after.version}".rstrip(), "good"))
        elif after is None and before is not None:
            lines.append(Text(f"   - {name} {before.version}".rstrip(), "danger"))
        elif before is not None and after is not None:
            mark, style = ("v", "warning") if _is_older(after, before) else ("^", "plain")
            lines.append(Text(f"   {mark} {name} {before.version} -> {after.version}", style))
    return lines


def _by_name(dists: Sequence[str]) -> Mapping[str, _Dist]:
    return {dist.name: dist for dist in map(_Dist, dists)}


def _is_older(one: _Dist, other: _Dist) -> bool:
    try:
        return Version.parse(one.version) < Version.parse(other.version)
    except InvalidVersion:  # a history holds whatever some tool once wrote
        return False
