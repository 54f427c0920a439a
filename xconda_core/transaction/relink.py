"""Bring single files of installed packages again, inside a transaction. Layer: transaction.

The packages stay what they are, and so do their records: only what is broken is made anew, with the
journal that every change of a prefix has. See docs/decisions/0004-own-journal.md.
"""

# Thousands of paths as text: a Path object costs more than the system call.
# ruff: noqa: PTH102, PTH123

import hashlib
import os
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path

from xconda_core.cancel import CancelToken
from xconda_core.events import Noticed, OwnerAwaited, PackageLinked, PhaseStarted, Reporter
from xconda_core.files.durable import sync_filesystem
from xconda_core.files.failures import refusals_named
from xconda_core.files.links import LinkKind, choose_link_kind
from xconda_core.files.locks import Lock, locked
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_record import PackageRecord
from xconda_core.transaction.code_signing import sign, signings, unsigned_text
from xconda_core.transaction.contents import read_contents
from xconda_core.transaction.journal import LOCK_FILE, Announcement, Header, Journal, settle
from xconda_core.transaction.link import Place, link_package, sample_file
from xconda_core.transaction.package_link import Link, link_of
from xconda_core.transaction.prefix_view import PrefixView
from xconda_core.transaction.python_layout import PythonLayout, layout_of
from xconda_core.transaction.rules import LinkRules
from xconda_core.values import Slotted, asdict, dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Relinked(Slotted):
    """What came of it.

    Attributes:
        paths: Files that were made anew.
        left: Files that were not, each with the reason.
    """

    paths: tuple[str, ...]
    left: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenPackage(Slotted):
    """An installed package, and the files of it to bring again.

    Attributes:
        record: The package.
        folder: Where it is unpacked in the package cache.
        paths: The files, relative to the prefix.
    """

    record: PackageRecord
    folder: Path
    paths: frozenset[str]


def relink(
    prefix: Path,
    broken: Collection[BrokenPackage],
    *,
    command: str,
    rules: LinkRules,
    read_state: Callable[[], EnvironmentState],
    report: Reporter,
    cancel: CancelToken,
) -> Relinked:
    """Make the broken files anew, all of them or none.

    Args:
        prefix: The environment.
        broken: What to bring again.
        command: What the user asked for.
        rules: Settings of linking.
        read_state: Reads the prefix anew, once the lock is held.
        report: Told of every package.
        cancel: Looked at between packages; the prefix is then put back as it was.

    Raises:
        Locked: another process is changing the environment.
        BadPackage, PathInTheWay, PrefixTooLong: a file cannot be made; nothing has changed.
        Cancelled: somebody asked to stop; nothing has changed.
    """
    with (
        refusals_named(f"repair the environment {prefix}", prefix),
        locked(
            prefix / LOCK_FILE,
            target=prefix,
            command=command,
            cancel=cancel,
            wait_seconds=rules.lock_wait_seconds,
            on_wait=lambda owner: report(OwnerAwaited(**asdict(owner))),
        ) as lock,
    ):
        settle(prefix)
        state = read_state()
        repair = _Repair(prefix, state, rules, lock, report, cancel)
        for item in broken:
            repair.add(item)
        repair.carry_out(command)
        return Relinked(tuple(sorted(repair.creates)), repair.left)


def is_damaged(item: BrokenPackage, python: PythonLayout | None) -> bool:
    """Whether the package cache has one of the wanted files in another form than it was shipped.

    A file that was edited in an environment is edited in the cache, too, where both are one by a
    hard link.

    Raises:
        BadPackage: its lists are damaged.
    """
    link = link_of(read_contents(item.folder, item.record), "", python)
    for new in link.files:
        if new.path in item.paths and new.shipped.sha256 is not None:
            try:
                with open(item.folder / new.shipped.path, "rb", buffering=0) as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError:
                return True
            if digest != new.shipped.sha256:
                return True
    return False


def python_of(state: EnvironmentState) -> PythonLayout | None:
    """Return where the environment's Python keeps things, None without one."""
    python = state.installed.get("python")
    return layout_of(python.record, python.record.subdir) if python else None


@dataclass(slots=True)
class _Repair(Slotted):
    """The changes as they are gathered, and then made."""

    prefix: Path
    state: EnvironmentState
    rules: LinkRules
    lock: Lock
    report: Reporter
    cancel: CancelToken
    links: list[Link] = field(default_factory=list)
    moves: list[str] = field(default_factory=list)
    folders: dict[str, None] = field(default_factory=dict)
    creates: dict[str, None] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)

    def add(self, item: BrokenPackage) -> None:
        """Take the files of one package in, or note why not."""
        installed = self.state.installed.get(item.record.name)
        if installed is None or installed.record.dist_name != item.record.dist_name:
            self.left |= dict.fromkeys(item.paths, "the environment was changed meanwhile")
            return
        whole = link_of(read_contents(item.folder, item.record), "", python_of(self.state))
        there = {new.path for new in whole.files} | whole.scripts.keys() | whole.launchers.keys()
        self.left |= dict.fromkeys(item.paths - there, "its package does not bring it")
        view = PrefixView(str(self.prefix))
        good = {path for path in sorted(item.paths & there) if self._has_room(path, view)}
        if good:
            files = tuple(new for new in whole.files if new.path in good)
            scripts = {path: point for path, point in whole.scripts.items() if path in good}
            launchers = {path: exe for path, exe in whole.launchers.items() if path in good}
            part = replace(whole, files=files, scripts=scripts, launchers=launchers, byte_code={})
            self.links.append(part)

    def _has_room(self, path: str, view: PrefixView) -> bool:
        folder = path.rpartition("/")[0]
        if not view.is_inside(folder):
            self.left[path] = "the way to it leads out of the environment"
        elif view.kind(path) == "folder":
            self.left[path] = "a folder is in its place"
        else:
            self._make_way(path, folder, view)
            return True
        return False

    def _make_way(self, path: str, folder: str, view: PrefixView) -> None:
        if view.kind(path) is not None:
            self.moves.append(path)
        self.creates[path] = None
        missing = []
        while folder and folder not in self.folders and view.kind(folder) is None:
            missing.append(folder)
            folder = folder.rpartition("/")[0]
        self.folders |= dict.fromkeys(reversed(missing))

    def carry_out(self, command: str) -> None:
        """Make all files, or none."""
        if not self.creates:
            return
        self.report(PhaseStarted("link"))
        since = datetime.now(UTC).isoformat(timespec="seconds")
        journal = Journal.begin(self.prefix, Header(command, since))
        try:
            self._change(journal)
        except BaseException:
            if not journal.is_committed:
                settle(self.prefix, own=True)
            raise
        finally:
            journal.close()
        settle(self.prefix, own=True)

    def _change(self, journal: Journal) -> None:
        journal.announce(
            Announcement(
                moves=tuple(self.moves), folders=tuple(self.folders), creates=tuple(self.creates)
            )
        )
        for path in self.moves:
            journal.move_aside(path)
        for folder in self.folders:
            os.mkdir(f"{self.prefix}/{folder}")
        for done, link in enumerate(self.links, 1):
            self.cancel.check()
            link_package(link, self._place(link, journal))
            self.report(PackageLinked(link.record.name, done, len(self.links)))
        steps = signings(self.links, self.rules.subdir)
        if steps and self.rules.runs_scripts:
            sign(steps, str(self.prefix), self.lock.descriptor)
        elif steps:
            self.report(Noticed("warning", unsigned_text(steps)))
        sync_filesystem(self.prefix)
        journal.commit()

    def _place(self, link: Link, journal: Journal) -> Place:
        kind: LinkKind = "copy"  # of commands and links only, nothing is taken from the cache
        sample = sample_file(link.contents.folder, link)
        if sample is not None:
            kind = choose_link_kind(
                sample,
                journal.scratch,
                always_copy=self.rules.always_copy,
                allow_softlinks=self.rules.allow_softlinks,
                always_softlink=self.rules.always_softlink,
            )
        return Place(
            root=str(self.prefix),
            subdir=self.rules.subdir,
            kind=kind,
            python=python_of(self.state),
        )
