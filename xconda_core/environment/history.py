"""``conda-meta/history``: which revisions an environment has had and what its user asked for.

Layer: environment. The text format is conda's own (``conda.history``); reading and writing it here
and there gives the same answers. One line is ours: ``# xconda reverts to revision: N`` marks a
revision that an undo made, a comment to every other tool.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from xconda_core.models.match_spec import InvalidMatchSpec, MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.regex import regex
from xconda_core.transaction.plan import HistoryEntry
from xconda_core.values import Slotted, dataclass

_HEADER: Final = regex(r"==>\s*(.+?)\s*<==")
_SPECS: Final = regex(r"#\s*(\w+)\s*specs:\s*(.+)?")
_COMMAND: Final = regex(r"#\s*cmd:\s*(.+)")
_CONDA_VERSION: Final = regex(r"#\s*conda version:\s*(.+)")
_REVERTS: Final = regex(r"#\s*xconda reverts to revision:\s*(\d+)")
# conda before 4.5 wrote specs as one comma-separated text; a piece that starts with a version
# operator belongs to the name before it.
_CONTINUES: Final = regex(r"\s*[=!<>~]")
_ACTIONS: Final = {
    "update": "update",
    "install": "update",
    "create": "update",
    "remove": "remove",
    "uninstall": "remove",
    "neutered": "neutered",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision(Slotted):
    """One section of the history.

    Attributes:
        number: Place in the file, 0 for the first.
        date: Local time as written, ``YYYY-MM-DD HH:MM:SS``.
        lines: Distribution lines, with ``+`` or ``-`` in front unless the section is a full state.
        comments: Comment lines as written.
        command: Command line that made it, empty where unknown.
        conda_version: Version of the tool's conda that wrote it, empty where unknown.
        update_specs: MatchSpec texts asked for.
        remove_specs: MatchSpec texts asked to go.
        neutered_specs: MatchSpec texts that replaced earlier, contradicting ones.
        reverts_to: For an undo by xconda: the revision whose state it brought back.
    """

    number: int
    date: str
    lines: tuple[str, ...]
    comments: tuple[str, ...] = ()
    command: str = ""
    conda_version: str = ""
    update_specs: tuple[str, ...] = ()
    remove_specs: tuple[str, ...] = ()
    neutered_specs: tuple[str, ...] = ()
    reverts_to: int | None = None

    @property
    def added(self) -> tuple[str, ...]:
        """Distributions that this revision linked."""
        return tuple(line[1:] for line in self.lines if line.startswith("+"))

    @property
    def removed(self) -> tuple[str, ...]:
        """Distributions that this revision unlinked."""
        return tuple(line[1:] for line in self.lines if line.startswith("-"))


def parse_history(text: str) -> tuple[Revision, ...]:
    """Read a history file; whatever stands before its first header is no part of it."""
    sections: list[tuple[str, list[str], list[str]]] = []
    for raw in text.splitlines():
        line = raw.strip()
        header = _HEADER.match(line)
        if header:
            sections.append((header[1], [], []))
        elif line and sections:
            _date, lines, comments = sections[-1]
            (comments if line.startswith("#") else lines).append(line)
    return tuple(
        _revision(number, date, lines, comments)
        for number, (date, lines, comments) in enumerate(sections)
    )


def _revision(number: int, date: str, lines: list[str], comments: list[str]) -> Revision:
    command = version = ""
    reverts_to = None
    specs: dict[str, tuple[str, ...]] = {}
    for comment in comments:
        if found := _COMMAND.match(comment):
            command = found[1]
        elif found := _CONDA_VERSION.match(comment):
            version = found[1]
        elif found := _REVERTS.match(comment):
            reverts_to = int(found[1])
        elif (asked := specs_comment(comment)) and asked[1] and asked[0] in _ACTIONS:
            specs[_ACTIONS[asked[0]]] = asked[1]
    return Revision(
        number=number,
        date=date,
        lines=tuple(lines),
        comments=tuple(comments),
        command=command,
        conda_version=version,
        update_specs=specs.get("update", ()),
        remove_specs=specs.get("remove", ()),
        neutered_specs=specs.get("neutered", ()),
        reverts_to=reverts_to,
    )


def specs_comment(line: str) -> tuple[str, tuple[str, ...]] | None:
    """Read ``# update specs: ['a', 'b']``: its first word, and its MatchSpec texts.

    conda before 4.5 wrote the texts with commas between them instead of as a Python list.
    """
    found = _SPECS.match(line)
    if not found:
        return None
    text = found[2] or ""
    if text.startswith("["):
        specs = _texts_of_list(text)
    else:
        specs = []
        for piece in text.split(","):
            if specs and _CONTINUES.match(piece):
                specs[-1] += f",{piece}"
            else:
                specs.append(piece)
    # "name@" is how very old conda wrote a feature; it asks for nothing.
    return found[1], tuple(spec for spec in specs if spec and not spec.endswith("@"))


def _texts_of_list(text: str) -> list[str]:
    """Return the texts in a list as Python writes it; none where it is none."""
    plain = text[2:-2].split("', '") if len(text) > 2 else []
    if repr(plain) == text:  # as nearly all are; what reads any other takes 3 ms to be loaded
        return plain
    import ast

    try:
        values = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        values = []
    return [value for value in values if isinstance(value, str)]


def history_states(revisions: Sequence[Revision]) -> tuple[frozenset[str], ...]:
    """Return, per revision, the distributions that conda reads the history to hold after it.

    To conda a line takes back only one that is spelled the same: see :func:`states_held`.
    """
    return _states(revisions, lambda current, removed: current.difference(removed))


def states_held(revisions: Sequence[Revision]) -> tuple[frozenset[str], ...]:
    """Return, per revision, the distributions that the environment held after it.

    One that goes by another name of its channel than it came by goes all the same: installers say
    ``defaults``, records a URL.
    """
    return _states(revisions, _without)


def _states(
    revisions: Sequence[Revision],
    without: Callable[[frozenset[str], Sequence[str]], frozenset[str]],
) -> tuple[frozenset[str], ...]:
    states = []
    current: frozenset[str] = frozenset()
    for revision in revisions:
        is_difference = all(line[0] in "+-" for line in revision.lines)
        if is_difference:
            current = without(current, revision.removed) | set(revision.added)
        else:
            current = frozenset(revision.lines)
        states.append(current)
    return tuple(states)


def _without(current: frozenset[str], removed: Sequence[str]) -> frozenset[str]:
    gone = current.intersection(removed)
    if len(gone) == len(removed):
        return current - gone
    others = {dist.rpartition("::")[2] for dist in removed if dist not in gone}
    return frozenset(dist for dist in current - gone if dist.rpartition("::")[2] not in others)


def requested_specs(revisions: Sequence[Revision], names: Iterable[str]) -> dict[str, str]:
    """Return what the user asked for after ``revisions``, by package name, in name order.

    Args:
        revisions: The history, or a beginning of it.
        names: Names of the installed packages; requests for others have lapsed.
    """
    requested: dict[str, str] = {}
    for revision in revisions:
        for text in revision.remove_specs:
            requested.pop(_name_of(text), None)
        for text in (*revision.update_specs, *revision.neutered_specs):
            requested[_name_of(text)] = text
    present = set(names)
    return {name: requested[name] for name in sorted(requested) if name in present}


def logical_revision(revisions: Sequence[Revision], number: int) -> int:
    """Return the revision whose state revision ``number`` is, looking through undo's own ones."""
    target = revisions[number].reverts_to
    while target is not None and target < number:
        number = target
        target = revisions[number].reverts_to
    return number


def dist_text(record: PackageRecord, channel_alias: str) -> str:
    """Return ``channel/subdir::name-version-build`` as conda writes it into the history."""
    alias = channel_alias.rstrip("/") + "/"
    channel = record.channel.rstrip("/").removeprefix(alias).removesuffix(f"/{record.subdir}")
    return f"{channel}/{record.subdir}::{record.dist_name}"


def entry_text(
    entry: HistoryEntry,
    *,
    now: datetime,
    version: str,
    conda_version: str,
    removed: Iterable[str],
    added: Iterable[str],
) -> str:
    """Return the section to append for one revision.

    Args:
        entry: What was asked.
        now: Local time.
        version: xconda's own version.
        conda_version: Version of conda whose formats are spoken.
        removed: Distributions unlinked, as :func:`dist_text` gives them.
        added: Distributions linked.
    """
    lines = [f"==> {now:%Y-%m-%d %H:%M:%S} <=="]
    lines.append(f"# cmd: {_one_line(entry.command)}")
    lines.append(f"# conda version: {conda_version}")
    lines.append(f"# xconda version: {version}")
    if entry.reverts_to is not None:
        lines.append(f"# xconda reverts to revision: {entry.reverts_to}")
    lines += [f"-{dist}" for dist in sorted(removed)]
    lines += [f"+{dist}" for dist in sorted(added)]
    for word, specs in _spec_lines(entry).items():
        if specs:
            lines.append(f"# {word} specs: {list(specs)!r}")
    return "\n".join(lines) + "\n"


def drift_text(*, now: datetime, version: str, removed: Iterable[str], added: Iterable[str]) -> str:
    """Return the section that tells what another tool did since the last revision.

    Args:
        now: Local time at which it was found.
        version: xconda's own version.
        removed: Distributions of the last revision that are gone, as written there.
        added: Distributions that no revision tells of.
    """
    lines = [f"==> {now:%Y-%m-%d %H:%M:%S} <==", f"# xconda version: {version}"]
    lines.append("# found changed, by another tool or by hand")
    lines += [f"-{dist}" for dist in sorted(removed)]
    lines += [f"+{dist}" for dist in sorted(added)]
    return "\n".join(lines) + "\n"


def _spec_lines(entry: HistoryEntry) -> Mapping[str, Sequence[str]]:
    return {
        "remove": entry.remove_specs,
        "update": entry.update_specs,
        "neutered": entry.neutered_specs,
    }


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _name_of(text: str) -> str:
    try:
        return MatchSpec.parse(text).name
    except InvalidMatchSpec:
        # A spec no tool can read any more still names its package with its first word.
        found = re.match(r"[A-Za-z0-9_.-]+", text.rpartition("::")[2])
        return found[0].lower() if found else text
