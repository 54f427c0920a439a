"""Everything a plan will change in a prefix, known before the first change. Layer: transaction.

Reads the prefix and the unpacked packages; writes nothing. Two packages that bring the same path
are settled here: the one linked later has it, as with conda, and only its record lists it.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import ClassVar

from xconda_core.errors import XcondaError
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.transaction.code_signing import Signing, signings
from xconda_core.transaction.contents import PackageContents, read_contents
from xconda_core.transaction.displaced import displaced_packages, restored_files
from xconda_core.transaction.journal import Announcement
from xconda_core.transaction.kept_python import Displaced
from xconda_core.transaction.link_order import link_order
from xconda_core.transaction.package_link import Link, link_of, paths_of
from xconda_core.transaction.plan import Operation, Plan
from xconda_core.transaction.prefix_view import PrefixView
from xconda_core.transaction.python_layout import (
    PythonLayout,
    layout_of,
    refuse_site_packages_elsewhere,
)
from xconda_core.values import Slotted, dataclass, field


class RecordMisplaced(XcondaError):
    """A package that is to leave is not recorded in the file of its name."""

    code: ClassVar[str] = "record-misplaced"

    def __init__(self, package: str, expected: str) -> None:
        super().__init__(package, expected)
        self.package, self.expected = package, expected
        self.what = f"Nothing was changed: {package} could not be removed wholly."
        self.why = f"it is installed, but its record is not {expected}: another file has it."
        self.fix = "give that file its name back, then run it again."


@dataclass(frozen=True, slots=True)
class Unlink(Slotted):
    """One package that leaves.

    Attributes:
        name: Its name.
        record: What the prefix says of it.
        paths: Its files that are there, its record the last.
        outside: Its files that are not the environment's to remove: the way to them leads out.
    """

    name: str
    record: PrefixRecord
    paths: tuple[str, ...]
    outside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clobber(Slotted):
    """A path that one package takes from another, or from whoever put it there (None)."""

    path: str
    winner: str
    loser: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes(Slotted):
    """A plan down to single files.

    Attributes:
        unlinks: Dependents first.
        links: Dependencies first.
        python: Where the environment's Python keeps things, None without one.
        announcement: All of it, as the journal wants it.
        aliases: Folders of some files that another file of the plan makes as a soft link.
        clobbers: In path order.
        displaced: Python projects, not of conda, that make room.
        restored: Where each file of such projects is kept, and where it comes back.
        kept_number: Which folder keeps the files of those that make room.
        problems: A sentence about each project that should make room and stays.
        signings: Programs to be signed once they are there, on macOS.
    """

    unlinks: tuple[Unlink, ...]
    links: tuple[Link, ...]
    python: PythonLayout | None
    announcement: Announcement
    aliases: frozenset[str]
    clobbers: tuple[Clobber, ...]
    displaced: tuple[Displaced, ...] = ()
    restored: tuple[tuple[str, str], ...] = ()
    kept_number: int = 0
    problems: tuple[str, ...] = ()
    signings: tuple[Signing, ...] = ()


def contents_of(plan: Plan, folders: Mapping[str, Path]) -> tuple[PackageContents, ...]:
    """Return what the packages that come hold, in the order in which they are linked.

    Args:
        plan: What to do.
        folders: Package name to the folder it was unpacked to, for every package to be linked.

    Raises:
        BadPackage, BadEntryPoint: a package is faulty.
    """
    records = {step.name: step.new for step in plan.operations if step.new}
    return tuple(read_contents(folders[name], records[name]) for name in link_order(records))


def work_out(
    plan: Plan,
    packages: Iterable[PackageContents],
    state: EnvironmentState,
    subdir: str,
    *,
    byte_code: bool = True,
) -> Changes:
    """Return every change that ``plan`` means for the prefix as it stands.

    Args:
        plan: What to do.
        packages: What :func:`contents_of` says of the packages that come.
        state: What is installed now.
        subdir: Platform of the environment.
        byte_code: Sources of ``noarch: python`` packages are to be compiled.

    Raises:
        PythonMissing: a ``noarch: python`` package without a Python.
        SitePackagesElsewhere: the Python that comes keeps them outside of the environment.
        PathInTheWay: a file and a folder, or two links, would have to be at one place.
        RecordMisplaced: a record is not in the file of its name.
        PythonFilesUnknown: a Python project that is to go does not say what is its own.
    """
    view = PrefixView(str(plan.prefix))
    leaving = {step.name: step.old for step in plan.operations if step.old}
    staying = {n: r for n, r in state.installed.items() if n not in leaving}
    coming = {step.name: step for step in plan.operations if step.new}
    owners = {path: name for name, record in staying.items() for path in record.files}
    unlinks = _unlinks(leaving, owners, view)
    python = _python_layout(staying, coming, subdir)
    links = tuple(
        link_of(each, coming[each.record.name].requested_spec, python, byte_code=byte_code)
        for each in packages
    )
    winners, rivals = _winners(links)
    displaced, stuck = displaced_packages(plan, winners, state, owners, view)
    gone = dict.fromkeys(path for unlink in unlinks for path in unlink.paths)
    gone |= dict.fromkeys(path for item in displaced for path in item.paths)
    draft = _Draft(view, moves=dict(gone))
    draft.place(links, winners)
    links = tuple(_without_lost(link, winners) for link in rivals) or links
    restored = restored_files(plan, winners, gone, view)
    draft.place_files(path for _, path in restored)
    return Changes(
        unlinks=unlinks,
        links=links,
        python=python,
        announcement=draft.announcement(),
        aliases=frozenset(draft.aliases),
        clobbers=_clobbers(rivals, winners, draft.taken, owners),
        displaced=displaced,
        restored=restored,
        kept_number=state.revision + 1,
        problems=stuck,
        signings=signings(links, subdir),
    )


def _winners(links: tuple[Link, ...]) -> tuple[dict[str, str], tuple[Link, ...]]:
    """Return which package has each path, and ``links`` if two of them want the same."""
    winners: dict[str, str] = {}
    count = 0
    for link in links:
        paths = paths_of(link)
        count += len(paths)
        winners |= dict.fromkeys(paths, link.record.name)
    return winners, links if count > len(winners) else ()


@dataclass(slots=True)
class _Draft(Slotted):
    """The announcement as it grows."""

    view: PrefixView
    moves: dict[str, None]
    taken: list[str] = field(default_factory=list)
    folders: dict[str, None] = field(default_factory=dict)
    replaced: dict[str, int] = field(default_factory=dict)
    creates: dict[str, None] = field(default_factory=dict)
    aliases: set[str] = field(default_factory=set)

    def place(self, links: Iterable[Link], winners: Mapping[str, str]) -> None:
        """Find room for all files of ``links``."""
        soft = {
            new.path
            for link in links
            for new in link.files
            if new.shipped.path_type == "softlink" and winners[new.path] == link.record.name
        }
        for link in links:
            for new in link.files:
                if new.shipped.path_type == "directory":
                    self._folder(new.path, soft)
            self.place_files(paths_of(link), soft)

    def place_files(self, paths: Iterable[str], soft: AbstractSet[str] = frozenset()) -> None:
        """Find room for files; ``soft`` are the links that the plan makes."""
        last, is_new = None, False
        for path in paths:
            folder = path.rpartition("/")[0]
            if folder != last:
                self._folder(folder, soft)
                last, is_new = folder, folder in self.folders
            if is_new:  # nothing stands in it
                self.creates[path] = None
            else:
                self._file(path)

    def announcement(self) -> Announcement:
        """Return what was drafted."""
        return Announcement(
            moves=tuple(self.moves),
            replaced_folders=tuple(self.replaced.items()),
            folders=tuple(self.folders),
            creates=tuple(self.creates),
        )

    def _file(self, path: str) -> None:
        if path in self.creates:
            return
        self.creates[path] = None
        kind = self.view.kind(path)
        if kind == "folder":
            self.replaced |= self.view.folders_if_emptied_by(path, self.moves)
        elif kind is not None and path not in self.moves:
            self.moves[path] = None
            self.taken.append(path)

    def _folder(self, path: str, soft: AbstractSet[str]) -> None:
        if not path or path in self.folders:
            return
        if path in soft:
            self.aliases.add(path)
            return
        self._folder(path.rpartition("/")[0], soft)
        kind = self.view.kind(path)
        if kind is None or path in self.moves:
            self.folders[path] = None
            self.view.will_be_new(path)
        elif kind != "folder":
            self.view.check_leads_inside(path)


def _unlinks(
    leaving: Mapping[str, PrefixRecord], owners: Mapping[str, str], view: PrefixView
) -> tuple[Unlink, ...]:
    order = link_order({name: old.record for name, old in leaving.items()})
    unlinks = []
    for name in reversed(order):
        old = leaving[name]
        found = [p for p in old.files if p not in owners and view.is_file_or_link(p)]
        there = [path for path in found if view.is_inside(path.rpartition("/")[0])]
        outside = tuple(sorted({*found}.difference(there)))
        record = f"conda-meta/{old.record.dist_name}.json"
        if not view.is_file_or_link(record):
            raise RecordMisplaced(old.record.dist_name, record)
        there.append(record)
        unlinks.append(Unlink(name, old, tuple(there), outside))
    return tuple(unlinks)


def _without_lost(link: Link, winners: Mapping[str, str]) -> Link:
    name = link.record.name
    if all(winners[path] == name for path in paths_of(link)):
        return link
    return Link(
        contents=link.contents,
        requested_spec=link.requested_spec,
        files=tuple(new for new in link.files if winners.get(new.path, name) == name),
        scripts={path: point for path, point in link.scripts.items() if winners[path] == name},
        launchers={path: exe for path, exe in link.launchers.items() if winners[path] == name},
        byte_code={
            source: compiled
            for source, compiled in link.byte_code.items()
            if winners[compiled] == name and winners[source] == name
        },
        record_path=link.record_path,
    )


def _clobbers(
    links: Iterable[Link],
    winners: Mapping[str, str],
    taken: Iterable[str],
    owners: Mapping[str, str],
) -> tuple[Clobber, ...]:
    found = [
        Clobber(path, winners[path], link.record.name)
        for link in links
        for path in paths_of(link)
        if winners[path] != link.record.name
    ]
    found += [Clobber(path, winners[path], owners.get(path)) for path in taken]
    return tuple(sorted(found, key=lambda clobber: (clobber.path, clobber.loser or "")))


def _python_layout(
    staying: Mapping[str, PrefixRecord], coming: Mapping[str, Operation], subdir: str
) -> PythonLayout | None:
    step, old = coming.get("python"), staying.get("python")
    python = step.new if step else (old.record if old else None)
    if step and python:
        refuse_site_packages_elsewhere(python)
    return layout_of(python, subdir) if python else None
