"""What must hold before the first write to an environment. Layer: transaction. Writes nothing.

The unpacked packages are whole, nobody loses a file against the user's wish, every folder that will
change takes changes, programs have room for its path, and there is room for what is copied.
"""

# Thousands of paths as text: a Path object costs more than the system call.
# ruff: noqa: PTH112, PTH118

import errno
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, TypeVar

from xconda_core.cancel import CancelToken
from xconda_core.errors import XcondaError
from xconda_core.events import Noticed, Reporter
from xconda_core.files.failures import failure_of
from xconda_core.files.forked import Tasks, both
from xconda_core.files.links import LinkKind
from xconda_core.files.space import refuse_too_little
from xconda_core.models.package_record import PackageRecord
from xconda_core.package_cache.damage import Damage, first_damage
from xconda_core.transaction.changes import Changes, Clobber
from xconda_core.transaction.contents import PackageContents
from xconda_core.transaction.link_all import worth_a_fork
from xconda_core.transaction.package_link import Link
from xconda_core.transaction.prefix_rewrite import PrefixTooLong, replace_prefix
from xconda_core.transaction.rules import LinkRules

T = TypeVar("T")
Damaged = tuple[tuple[PackageContents, Damage], ...]
"""Packages whose files are not as they list them, each with its first damage."""


class PackagesDamaged(XcondaError):
    """Unpacked packages in the cache are not as they list themselves.

    Attributes:
        records: Which packages.
        damages: What is wrong with each, in the same order.
    """

    code: ClassVar[str] = "package-damaged"

    def __init__(self, found: Damaged) -> None:
        super().__init__(found)
        self.records: tuple[PackageRecord, ...] = tuple(package.record for package, _ in found)
        self.damages = tuple(damage for _, damage in found)
        package, damage = found[0]
        others = f", and {len(found) - 1} more packages" if len(found) > 1 else ""
        self.what = (
            f"{package.record.dist_name} was not linked: its files are not what they should be."
        )
        self.why = f"in {package.folder} {damage}{others}."
        self.fix = "tell the channel's owners; `safety_checks: warn` links it all the same."


class PathsConflict(XcondaError):
    """A change would take files away from other packages, or from nobody's hands.

    Attributes:
        paths: Which files, relative to the environment.
    """

    code: ClassVar[str] = "paths-conflict"

    def __init__(self, clobbers: Sequence[Clobber]) -> None:
        super().__init__(clobbers)
        self.paths = tuple(clobber.path for clobber in clobbers)
        more = f"; {len(clobbers) - 1} more files likewise" if len(clobbers) > 1 else ""
        first = clobbers[0]
        self.what = "Nothing was changed: packages would overwrite files."
        self.why = f"{first.path} of {first.winner} belongs to {_loser(first)}{more}."
        self.fix = "leave one of the packages out; `path_conflict: clobber` lets the later one win."


def check_changes(
    prefix: Path, changes: Changes, damaged: Damaged, rules: LinkRules, report: Reporter
) -> None:
    """Return if ``changes`` may be made as far as can be known; say what is only worth saying.

    Args:
        prefix: The environment.
        changes: What is about to happen there.
        damaged: What :func:`damaged_packages` found.
        rules: Settings.
        report: Told of what may be done and is odd.

    Raises:
        PathsConflict: ``path_conflict`` forbids it.
        NotWritable: a folder cannot be written.
        PrefixTooLong: a program has no room for the path of the environment.
        PackagesDamaged: packages in the cache are not whole, or were built wrong.
    """
    _check_clobbers(changes.clobbers, rules, report)
    refuse_unwritable_folders(prefix, changes)
    refuse_long_prefix(str(prefix), changes.links, rules.subdir)
    old = tuple(each for each in damaged if each[0].record.name not in rules.repaired)
    if old or (damaged and rules.safety == "enabled"):
        raise PackagesDamaged(old or damaged)
    for package, damage in damaged:
        name = package.record.dist_name
        report(Noticed("warning", f"{name} is not as its builder lists it: {damage}"))


def _check_clobbers(clobbers: Sequence[Clobber], rules: LinkRules, report: Reporter) -> None:
    if not clobbers:
        return
    if rules.path_conflict == "prevent":
        raise PathsConflict(clobbers)
    texts = [
        f"{each.path} belonged to {_loser(each)}; it is now {each.winner}'s" for each in clobbers
    ]
    if rules.path_conflict == "warn":
        for text in texts:
            report(Noticed("warning", text))
        return
    more = f" (and {len(texts) - 1} more)" if len(texts) > 1 else ""
    report(Noticed("info", f"{texts[0]}{more}"))


def _loser(clobber: Clobber) -> str:
    return f"the package {clobber.loser}" if clobber.loser else "no package"


def damaged_packages(
    packages: Sequence[PackageContents], rules: LinkRules, meanwhile: Callable[[], T]
) -> tuple[Damaged, T]:
    """Return which of ``packages`` are not as they list themselves, and what ``meanwhile`` says.

    Args:
        packages: What is about to be linked.
        rules: Whether to look at all, whether at digests too, and in how many threads.
        meanwhile: Is done by this process, while a fork looks where there is much to look at.
    """
    threads = rules.verify_threads

    def look(package: PackageContents) -> Damage | None:
        return first_damage(str(package.folder), package.paths, digests=rules.digests)

    if rules.safety == "disabled":
        return (), meanwhile()
    if threads < 2 and worth_a_fork(len(package.paths) for package in packages):
        return _damaged_in_two(packages, look, meanwhile)
    answer = meanwhile()
    if threads > 1 and len(packages) > 1:
        with ThreadPoolExecutor(threads, "xconda-verify") as pool:
            found = list(pool.map(look, packages))
    else:
        found = [look(package) for package in packages]
    return tuple((each, bad) for each, bad in zip(packages, found, strict=True) if bad), answer


def _damaged_in_two(
    packages: Sequence[PackageContents],
    look: Callable[[PackageContents], Damage | None],
    meanwhile: Callable[[], T],
) -> tuple[Damaged, T]:
    order = sorted(packages, key=lambda package: (-len(package.paths), package.record.name))
    with Tasks(len(order)) as tasks:

        def bad() -> list[str]:
            return [order[n].record.name for n in tasks if look(order[n])]

        (answer, found), theirs = both(
            lambda: (meanwhile(), bad()), lambda: "\n".join(bad()).encode(), CancelToken()
        )
    names = {*found, *theirs.decode().split("\n")}
    damages = ((each, look(each)) for each in packages if each.record.name in names)
    return tuple((each, damage) for each, damage in damages if damage), answer


def refuse_unwritable_folders(prefix: Path, changes: Changes) -> None:
    """Return if every folder of ``prefix`` whose entries will change can be written.

    Raises:
        NotWritable: one cannot: it belongs to somebody else, or its disk is read-only.
    """
    announced, root = changes.announcement, str(prefix)
    made = set(announced.folders)
    touched = {path.rpartition("/")[0] for path in (*announced.moves, *announced.creates)}
    touched |= {path.rpartition("/")[0] for path in announced.folders}
    for folder in sorted(touched - made):
        path = os.path.join(root, folder)
        if not os.access(path, os.W_OK | os.X_OK) and os.path.isdir(path):
            refusal = PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
            raise failure_of(refusal, f"change the environment {prefix}", path)


def refuse_long_prefix(prefix: str, links: Iterable[Link], subdir: str) -> None:
    """Return if every program in ``links`` has room for ``prefix``.

    Files are read only where a placeholder is shorter: not each that declares one needs the room.

    Raises:
        PrefixTooLong: one has not.
    """
    length = len(prefix.encode())
    for link in links:
        for new in link.files:
            shipped = new.shipped
            if shipped.file_mode != "binary":
                continue
            placeholder = shipped.prefix_placeholder or ""
            if len(placeholder.encode()) >= length:
                continue
            with suppress(FileNotFoundError):  # that is told as damage
                content = (link.contents.folder / shipped.path).read_bytes()
                try:
                    replace_prefix(content, "binary", placeholder, prefix, subdir)
                except PrefixTooLong as error:
                    program = f"{shipped.path} of {link.record.dist_name}"
                    raise PrefixTooLong(prefix, error.room, program) from None


def refuse_no_room(prefix: Path, changes: Changes, kind: LinkKind) -> None:
    """Return if the file system of ``prefix`` has room for what will be written there.

    Counted is what is known to the byte: the files that are copied or rewritten. Byte code, records
    and history come on top.

    Raises:
        TooLittleSpace: it has not.
    """
    sizes = [
        new.shipped.size_in_bytes or 0
        for link in changes.links
        for new in link.files
        if new.shipped.path_type == "hardlink"
        and (kind == "copy" or new.shipped.no_link or new.shipped.prefix_placeholder)
    ]
    refuse_too_little(prefix, sizes, f"change the environment {prefix}")
