"""What can be cleaned away: shown first, then taken, never of an environment. Layer: engine."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Literal

from xconda_core.cancel import CancelToken
from xconda_core.config.environ import home_folder
from xconda_core.config.log import LOG_FILE
from xconda_core.config.merge import is_writable
from xconda_core.config.settings import Settings
from xconda_core.environment.registry import known_environments
from xconda_core.environment.soft_links import softly_linked
from xconda_core.files.byte_locks import InUseElsewhere, byte_locked
from xconda_core.package_cache.leftovers import (
    Leftover,
    Leftovers,
    archives_in,
    files_below,
    index_in,
    is_package_cache,
    logs_in,
    packages_in,
    remove,
    whole,
)
from xconda_core.values import Slotted, dataclass

Kind = Literal["tarballs", "index_cache", "packages", "tempfiles", "logfiles", "pkgs_dirs"]
_REPORT: Final = ".txt"  # of failures that nobody expected
_TEMPORARY: Final = (".c~", ".trash")  # what conda leaves of files in use on Windows


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanRequest(Slotted):
    """What may go.

    Attributes:
        tarballs: Archives.
        index_cache: What is kept of channels.
        packages: Unpacked packages that no environment uses.
        tempfiles: Files that were in use when they should have gone, below these environments.
        logfiles: Logs.
        pkgs_dirs: Whole package caches, whoever uses them; then nothing else is looked at.
    """

    tarballs: bool = False
    index_cache: bool = False
    packages: bool = False
    tempfiles: tuple[Path, ...] = ()
    logfiles: bool = False
    pkgs_dirs: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was named."""
        plain = (self.tarballs, self.index_cache, self.packages, self.logfiles, self.pkgs_dirs)
        return not any(plain) and not self.tempfiles


@dataclass(frozen=True, slots=True)
class Cleanable(Slotted):
    """What was found.

    Attributes:
        kinds: Each kind that was asked for, in the order in which they are shown.
        remarks: What the user should know before saying yes.
        locks: Whether other programs are kept out of a package cache meanwhile.
    """

    kinds: Mapping[Kind, Leftovers]
    remarks: tuple[str, ...] = ()
    locks: bool = True

    @property
    def size(self) -> int:
        """What all take together, in bytes."""
        return sum(found.size for found in self.kinds.values())

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to take."""
        return not any(found.items for found in self.kinds.values())


@dataclass(frozen=True, slots=True)
class Cleaned(Slotted):
    """What went, in bytes, and what had to stay, in words."""

    count: int
    freed: int
    warnings: tuple[str, ...] = ()


def find_cleanable(
    request: CleanRequest, settings: Settings, environ: Mapping[str, str]
) -> Cleanable:
    """Return what ``request`` allows to go; takes nothing."""
    there = [cache for cache in settings.pkgs_dirs if is_package_cache(cache)]
    caches = [cache for cache in there if is_writable(cache)]
    remarks = [f"{cache} is not yours to write and stays" for cache in there if cache not in caches]
    kinds: dict[Kind, Leftovers] = {}
    if request.pkgs_dirs:
        kinds["pkgs_dirs"] = _joined(whole, caches)
        remarks.append("environments that are softly linked to a package cache will not work")
        return Cleanable(kinds, tuple(remarks), not settings.no_lock)
    if request.tarballs:
        kinds["tarballs"] = _joined(archives_in, caches)
    if request.index_cache:
        kinds["index_cache"] = _joined(index_in, caches)
    if request.packages:
        home = home_folder(environ)
        known = known_environments(settings.root_prefix, settings.envs_dirs, home)
        needed = softly_linked(known)
        kinds["packages"] = _joined(lambda cache: packages_in(cache, needed), caches)
        remarks.append(
            f"{len(needed)} packages stay for environments that are softly linked to them; an"
            " environment that `xconda env list` does not know would lose them"
            if needed
            else "an environment that is softly linked to packages, and that `xconda env list`"
            " does not know, would lose them"
        )
    if request.tempfiles:
        kinds["tempfiles"] = _joined(lambda p: files_below(p, _TEMPORARY), request.tempfiles)
    if request.logfiles:
        kinds["logfiles"] = _joined(_logs_of, (*caches, settings.state_dir))
    return Cleanable(kinds, tuple(remarks), not settings.no_lock)


def clean(found: Cleanable, cancel: CancelToken) -> Cleaned:
    """Take away what was ``found``, and go on where something cannot be.

    A package cache that another program fills, or links from, is left alone.

    Raises:
        Cancelled: somebody asked to stop; what went is gone.
    """
    items = [item for leftovers in found.kinds.values() for item in leftovers.items]
    warnings: list[str] = []
    gone: list[Leftover] = []
    with ExitStack() as held:
        caches = {item.folder for item in items if is_package_cache(item.folder)}
        busy = set()
        for cache in sorted(caches) if found.locks else ():
            try:
                held.enter_context(byte_locked(cache, exclusive=True, cancel=cancel))
            except InUseElsewhere as error:
                busy.add(cache)
                warnings.append(f"{cache} stays as it is: {error.why}")
        for item in items:
            cancel.check()
            if item.folder in busy:
                continue
            refusal = remove(item)
            if refusal:
                warnings.append(refusal)
            else:
                gone.append(item)
    return Cleaned(len(gone), sum(item.size for item in gone), tuple(warnings))


def _joined(find: Callable[[Path], Leftovers], folders: Iterable[Path]) -> Leftovers:
    found = [find(folder) for folder in folders]
    items = tuple(item for each in found for item in each.items)
    return Leftovers(items, tuple(text for each in found for text in each.warnings))


def _logs_of(folder: Path) -> Leftovers:
    """Return conda's logs of a package cache, or xconda's own of its state folder."""
    if is_package_cache(folder):
        return logs_in(folder)
    return files_below(folder, (LOG_FILE, _REPORT))
