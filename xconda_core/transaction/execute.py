"""Carry out a plan: the prefix is in the old state or in the new one, never between.

Layer: transaction. See docs/decisions/0004-own-journal.md for the order of the steps.
"""

# Thousands of paths as text: a Path object costs more than the system call.
# ruff: noqa: PTH102

import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.events import (
    Noticed,
    OwnerAwaited,
    PackageLinked,
    PackageUnlinked,
    PhaseStarted,
    Reporter,
)
from xconda_core.files.byte_locks import byte_locked
from xconda_core.files.durable import sync_filesystem
from xconda_core.files.failures import refusals_named
from xconda_core.files.links import LinkKind, choose_link_kind
from xconda_core.files.locks import Lock, locked
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_paths import InstalledPath
from xconda_core.models.package_record import PackageRecord
from xconda_core.transaction.byte_code import PythonDoesNotRun, compile_sources
from xconda_core.transaction.changes import Changes, Unlink, contents_of, work_out
from xconda_core.transaction.checks import check_changes, damaged_packages, refuse_no_room
from xconda_core.transaction.code_signing import sign, unsigned_text, with_digests
from xconda_core.transaction.companions import Companions, Nobody
from xconda_core.transaction.journal import (
    LOCK_FILE,
    Announcement,
    Header,
    Journal,
    remove_made_folders,
    settle,
)
from xconda_core.transaction.kept_python import give_back, keep
from xconda_core.transaction.link import Place, sample_file, write_record
from xconda_core.transaction.link_all import Linked, link_all
from xconda_core.transaction.link_scripts import (
    MESSAGES,
    ScriptKind,
    ScriptRules,
    run_script,
    script_path,
    take_messages,
)
from xconda_core.transaction.package_link import Link
from xconda_core.transaction.plan import Plan
from xconda_core.transaction.prefix_writer import PrefixWriter
from xconda_core.transaction.recover import recover
from xconda_core.transaction.result import PlanOutdated, TransactionResult
from xconda_core.transaction.rules import LinkRules
from xconda_core.transaction.shortcuts import RECORD as SHORTCUTS
from xconda_core.transaction.shortcuts import bring_shortcuts, coming_shortcuts, foreign_shortcuts
from xconda_core.values import Slotted, asdict, dataclass, field

_log: Final = logging.getLogger(__name__)

Commit = Callable[[PrefixWriter], None]
"""Writes the history and all else that belongs to the new state, through the journal."""


def execute(
    plan: Plan,
    packages: Mapping[str, Path],
    *,
    rules: LinkRules,
    read_state: Callable[[], EnvironmentState],
    commit: Commit,
    report: Reporter,
    cancel: CancelToken,
    companions: Companions | None = None,
) -> TransactionResult:
    """Bring ``plan.prefix`` to the state that ``plan`` describes, or leave it as it is.

    Args:
        plan: What to do.
        packages: Package name to its unpacked folder, for every package to be linked.
        rules: Settings.
        read_state: Reads the prefix anew, once the lock is held.
        commit: Called last, when everything else is in place.
        report: Told of every package.
        cancel: Looked at between packages; the prefix is then put back as it was.
        companions: Do something before and after the packages; nobody unless given.

    Raises:
        PlanOutdated: the prefix is not in the state that the plan was made for.
        Locked, InUseElsewhere: another process is changing it.
        PackagesDamaged: the cache has packages that are not whole; bring them anew.
        Cancelled: somebody asked to stop; nothing has changed.
        XcondaError: whatever else went wrong; nothing has changed.
    """
    prefix = Path(plan.prefix)
    found = recover(prefix)
    if found:
        report(Noticed("warning", str(found)))
    header = _header(plan, prefix)
    with refusals_named(f"change the environment {prefix}", prefix):
        try:
            with _held(prefix, plan, rules, report, cancel) as lock:
                state = read_state()
                if state.fingerprint != plan.fingerprint:
                    raise PlanOutdated(str(prefix))
                contents = contents_of(plan, packages)
                make = partial(work_out, plan, contents, state, rules.subdir)
                damaged, changes = damaged_packages(
                    contents, rules, partial(make, byte_code=rules.byte_code)
                )
                check_changes(prefix, changes, damaged, rules, report)
                others = companions or Nobody()
                others.verify()
                run = _Run(prefix, changes, rules, lock, report, cancel, others)
                return run.carry_out(header, commit)
        except BaseException:
            with suppress(OSError):  # empty folders are no environment
                remove_made_folders(prefix, header)
            raise


@contextmanager
def _held(
    prefix: Path, plan: Plan, rules: LinkRules, report: Reporter, cancel: CancelToken
) -> Iterator[Lock]:
    """Hold the prefix's lock, and mamba's; a crash between look and lock is settled as well."""
    with (
        locked(
            prefix / LOCK_FILE,
            target=prefix,
            command=plan.history.command,
            cancel=cancel,
            wait_seconds=rules.lock_wait_seconds,
            on_wait=lambda owner: report(OwnerAwaited(**asdict(owner))),
        ) as lock,
        byte_locked(
            prefix / "conda-meta",
            exclusive=True,
            cancel=cancel,
            wait_seconds=rules.lock_wait_seconds,
        ),
    ):
        settle(prefix)
        yield lock


def _header(plan: Plan, prefix: Path) -> Header:
    return Header(
        command=plan.history.command,
        since=datetime.now(UTC).isoformat(timespec="seconds"),
        made_prefix=not os.path.lexists(prefix),
        made_meta=not os.path.lexists(prefix / "conda-meta"),
    )


@dataclass(slots=True)
class _Run(Slotted):
    """One transaction, from its first change to its last."""

    prefix: Path
    changes: Changes
    rules: LinkRules
    lock: Lock
    report: Reporter
    cancel: CancelToken
    companions: Companions
    made: dict[str, tuple[InstalledPath, ...]] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    done: int = 0
    file_count: int = 0

    def carry_out(self, header: Header, commit: Commit) -> TransactionResult:
        """Make all changes and the commit, or undo them all."""
        self.report(PhaseStarted("link"))
        started, links = time.monotonic(), len(self.changes.links)
        _log.info("%s: %d packages leave, %d come", self.prefix, len(self.changes.unlinks), links)
        for unlink in self.changes.unlinks:
            if unlink.outside:
                self.report(Noticed("warning", _outside_text(unlink)))
        for text in self.changes.problems:
            self.report(Noticed("warning", text))
        for record in self._with_script("pre-link"):  # they could alter the shared package cache
            text = f"the pre-link script of {record.dist_name} is not run: xconda runs none."
            self.report(Noticed("warning", text))
        journal = Journal.begin(self.prefix, header)
        try:
            self._change(journal, commit)
        except BaseException as error:
            if not journal.is_committed or not isinstance(error, OSError):
                self._undo(error)
                raise
        finally:
            journal.close()
        try:
            settle(self.prefix, own=True)
        except OSError as error:  # the new state holds; the next command clears the rest
            self.report(Noticed("warning", f"old files could not all be removed: {error}"))
        self.companions.cleanup()
        result = self._result()
        seconds = time.monotonic() - started
        _log.info("%s: committed, %d files in %.2f s", self.prefix, result.file_count, seconds)
        return result

    def _undo(self, error: BaseException) -> None:
        _log.info("%s: undoing, because of %s", self.prefix, type(error).__name__)
        try:
            settle(self.prefix, own=True)
        except OSError as trouble:  # the first error is the one to show; the journal stays
            error.add_note(f"the environment will be put back by the next command: {trouble}")
            self.report(Noticed("warning", f"the environment could not be put back yet: {trouble}"))
        self.companions.reverse()

    def _change(self, journal: Journal, commit: Commit) -> None:
        place = self._place(journal)
        refuse_no_room(self.prefix, self.changes, place.kind)
        writer = PrefixWriter(journal)
        self.companions.before(writer)
        self._run_scripts("pre-unlink", journal)
        keep(journal, self.changes.kept_number, self.changes.displaced)
        journal.announce(self.changes.announcement)
        for unlink in self.changes.unlinks:
            self._unlink(unlink, journal)
        self._make_room(journal)
        unfinished = self._unfinished()
        link_all(
            self.changes.links,
            place,
            threads=self.rules.execute_threads,
            unfinished=unfinished,
            linked=partial(self._linked, kind=place.kind),
            cancel=self.cancel,
        )
        self._sign(place)
        give_back(journal.root, self.changes.restored)
        self._compile(journal, place)
        for link in self.changes.links:
            if link.record.name in unfinished:
                write_record(link, self.made[link.record.name], place)
        self._run_scripts("post-link", journal)
        shortcuts = coming_shortcuts(self.prefix, self.changes, self.rules)
        if shortcuts:
            writer.write(SHORTCUTS, shortcuts.to_json())
        commit(writer)
        self.companions.after(writer)
        self.cancel.check()
        sync_filesystem(self.prefix)
        journal.commit()
        if shortcuts:
            bring_shortcuts(self.prefix, self.rules.environ, self.report)
        for text in foreign_shortcuts(self.prefix, self.changes, self.rules):
            self.report(Noticed("info", text))

    def _unlink(self, unlink: Unlink, journal: Journal) -> None:
        self.cancel.check()
        for path in unlink.paths:
            journal.move_aside(path)
        self.done += 1
        _log.debug("%s left: %d files", unlink.record.record.dist_name, len(unlink.paths) - 1)
        self.report(PackageUnlinked(unlink.name, self.done, self._total))

    def _make_room(self, journal: Journal) -> None:
        """Move away what nobody's record owns, and make the folders that will be needed."""
        announced = self.changes.announcement
        unlinked = {path for unlink in self.changes.unlinks for path in unlink.paths}
        for path in announced.moves:
            if path not in unlinked:
                journal.move_aside(path)
        if announced.moves:  # a folder may come where a file was
            journal.sync_moves()
        for path, _ in reversed(announced.replaced_folders):
            (self.prefix / path).rmdir()
        for path in announced.folders:
            os.mkdir(f"{self.prefix}/{path}")

    def _place(self, journal: Journal) -> Place:
        kind: LinkKind = "hardlink"
        sample = None
        for link in self.changes.links:
            sample = sample or sample_file(link.contents.folder, link)
        if sample:
            kind = choose_link_kind(
                sample,
                journal.scratch,
                always_copy=self.rules.always_copy,
                allow_softlinks=self.rules.allow_softlinks,
                always_softlink=self.rules.always_softlink,
            )
        root, subdir = str(self.prefix), self.rules.subdir
        python, aliases = self.changes.python, self.changes.aliases
        return Place(root=root, subdir=subdir, kind=kind, python=python, aliases=aliases)

    def _unfinished(self) -> frozenset[str]:
        """Return the packages whose records have to wait: for byte code, or for signatures."""
        compiled = {link.record.name for link in self.changes.links if link.byte_code}
        return frozenset(compiled.union(step.package for step in self.changes.signings))

    def _linked(self, link: Link, linked: Linked, kind: LinkKind) -> None:
        self.made[link.record.name] = linked.made
        self.file_count += linked.count
        self.done += 1
        _log.debug("%s came: %d files by %s", link.record.dist_name, linked.count, kind)
        self.report(PackageLinked(link.record.name, self.done, self._total))

    def _sign(self, place: Place) -> None:
        steps = self.changes.signings
        if not steps:
            return
        if not self.rules.runs_scripts:
            self.report(Noticed("warning", unsigned_text(steps)))
            return
        sign(steps, place.root, self.lock.descriptor)
        for name in {step.package for step in steps}:
            self.made[name] = with_digests(self.made[name], steps, place.root)

    def _compile(self, journal: Journal, place: Place) -> None:
        sources = {k: v for link in self.changes.links for k, v in link.byte_code.items()}
        if not sources or place.python is None:
            return
        try:
            all_compiled = compile_sources(
                sources, place.root, place.python.executable, journal.scratch, self.cancel
            )
        except PythonDoesNotRun as error:
            self.report(Noticed("warning", f"{error.in_a_sentence}."))
            return
        _log.info("byte code: %d of %d sources", len(all_compiled), len(sources))
        for link in self.changes.links:
            compiled = all_compiled.intersection(link.byte_code.values())
            self.file_count += len(compiled)
            self.made[link.record.name] += tuple(
                InstalledPath(path=path, path_type="pyc_file") for path in sorted(compiled)
            )

    def _run_scripts(self, kind: ScriptKind, journal: Journal) -> None:
        records = self._with_script(kind)
        if not records:
            return
        if not self.rules.runs_scripts:
            names = ", ".join(record.name for record in records)
            text = f"{kind} scripts are for {self.rules.subdir} and were not run here: {names}."
            self.report(Noticed("warning", text))
            return
        prefix = str(self.prefix)
        if not os.path.lexists(f"{prefix}/{MESSAGES}"):
            journal.announce(Announcement(creates=(MESSAGES,)))
        rules = ScriptRules(
            prefix=prefix,
            root_prefix=str(self.rules.root_prefix),
            environ=self.rules.environ,
            limit_seconds=self.rules.script_seconds,
            kept_descriptor=self.lock.descriptor,
        )
        for record in records:
            self.cancel.check()
            run_script(kind, record, rules, journal.scratch, self.cancel)
            take_messages(prefix, self.messages.append)

    def _with_script(self, kind: ScriptKind) -> list[PackageRecord]:
        if kind == "pre-unlink":
            unlinks = self.changes.unlinks
            return [u.record.record for u in unlinks if script_path(kind, u.name) in u.paths]
        scripts = [(link, script_path(kind, link.record.name)) for link in self.changes.links]
        return [link.record for link, path in scripts if any(n.path == path for n in link.files)]

    @property
    def _total(self) -> int:
        return len(self.changes.unlinks) + len(self.changes.links)

    def _result(self) -> TransactionResult:
        return TransactionResult(
            prefix=self.prefix,
            linked={link.record.name: link.record for link in self.changes.links},
            unlinked={unlink.name: unlink.record for unlink in self.changes.unlinks},
            clobbered={clobber.path: clobber.winner for clobber in self.changes.clobbers},
            messages=tuple(self.messages),
            file_count=self.file_count,
        )


def _outside_text(unlink: Unlink) -> str:
    first, others = unlink.outside[0], len(unlink.outside) - 1
    more = f" and {others} more" if others else ""
    return f"{first}{more} of {unlink.name} lead out of the environment, and stay"
