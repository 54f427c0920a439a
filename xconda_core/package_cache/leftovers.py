"""What a package cache holds that can be fetched again, how much it is, and taking it away.

Layer: package_cache. Nothing is taken that an environment needs: a package whose files are hard
links of some environment's, or that an environment is linked softly to, is in use.
"""

# Thousands of paths as text: a Path object costs more than the system call.
# ruff: noqa: PTH118, PTH208

import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from xconda_core.files.removal import remove_file, remove_tree
from xconda_core.values import Slotted, dataclass

_ARCHIVES: Final = (
    ".conda",
    ".tar.bz2",
    ".conda.partial",
    ".tar.bz2.partial",
    ".part",
    ".download",
)
_STAGED: Final = (".partial", ".old", ".removed")
_CACHE_MARK: Final = "urls.txt"


@dataclass(frozen=True, slots=True)
class Leftover(Slotted):
    """Something that can go.

    Attributes:
        folder: The package cache, or the folder of logs or of an environment, that it lies in.
        name: Its path below that; empty for the folder itself.
        size: What it takes, in bytes.
    """

    folder: Path
    name: str
    size: int

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.folder / self.name


@dataclass(frozen=True, slots=True)
class Leftovers(Slotted):
    """All of one kind, and what could not be looked at, in words."""

    items: tuple[Leftover, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """What all take together, in bytes."""
        return sum(item.size for item in self.items)


def is_package_cache(folder: Path) -> bool:
    """Whether ``folder`` is a package cache, as conda knows one."""
    return (folder / _CACHE_MARK).is_file()


def archives_in(cache: Path) -> Leftovers:
    """Return the archives in ``cache``, whole or in part; a hard link of somebody's is left out."""
    return _gathered(cache, _names(cache), _archive_size)


def packages_in(cache: Path, needed: Collection[Path] = ()) -> Leftovers:
    """Return the unpacked packages in ``cache`` that are not in use, and what never became one.

    ``needed`` are folders of packages that environments are softly linked to.
    """
    names = (name for name in _names(cache) if cache / name not in needed)
    return _gathered(cache, names, _package_size)


def index_in(cache: Path) -> Leftovers:
    """Return what ``cache`` keeps of channels."""
    return _gathered(cache, ("cache",), _tree_size)


def logs_in(cache: Path) -> Leftovers:
    """Return the logs that conda keeps in ``cache``."""
    names = (f".logs/{name}" for name in _names(cache / ".logs"))
    return _gathered(cache, names, _file_size)


def files_below(folder: Path, endings: tuple[str, ...]) -> Leftovers:
    """Return the files anywhere below ``folder`` whose names end so."""
    found = (
        os.path.relpath(os.path.join(place, name), folder)
        for place, _, names in os.walk(folder)
        for name in names
        if name.endswith(endings)
    )
    return _gathered(folder, sorted(found), _file_size)


def whole(cache: Path) -> Leftovers:
    """Return ``cache`` itself, with all that is in it, if it is a package cache."""
    return Leftovers((Leftover(cache, "", _tree_size(cache) or 0),))


def remove(item: Leftover) -> str | None:
    """Take ``item`` away; return in words why it could not be, if so.

    A package loses its name first, so that a part of one never looks like a whole.
    """
    path = item.path
    try:
        if not item.name:
            remove_tree(path)
        elif path.is_dir() and not path.is_symlink():
            gone = path.with_name(f".{path.name.strip('.')}.removed")
            remove_tree(gone)
            path.rename(gone)
            remove_tree(gone)
        else:
            remove_file(path)
    except OSError as error:
        return f"{path} stays: {error.strerror or error}"
    return None


def _gathered(
    folder: Path, names: Iterable[str], size_of: Callable[[Path], int | None]
) -> Leftovers:
    items, warnings = [], []
    for name in names:
        try:
            size = size_of(folder / name)
        except OSError as error:
            warnings.append(f"{folder / name} was not looked at: {error.strerror or error}")
            continue
        if size is not None:
            items.append(Leftover(folder, name, size))
    return Leftovers(tuple(items), tuple(warnings))


def _names(folder: Path) -> list[str]:
    with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
        return sorted(os.listdir(folder))
    return []


def _archive_size(path: Path) -> int | None:
    if not path.name.endswith(_ARCHIVES):
        return None
    status = path.lstat()
    is_ours = stat.S_ISREG(status.st_mode) and status.st_nlink == 1
    return status.st_size if is_ours else None


def _file_size(path: Path) -> int | None:
    status = path.lstat()
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _package_size(path: Path) -> int | None:
    is_staged = path.name.startswith(".") and path.name.endswith(_STAGED)
    if path.is_symlink() or not path.is_dir() or not (is_staged or (path / "info").is_dir()):
        return None
    seen: dict[int, list[int]] = {}
    for status in _files_of(path):
        seen.setdefault(status.st_ino, [0, status.st_nlink, status.st_size])[0] += 1
    # A package may have hard links within itself: only links from elsewhere are somebody's.
    if any(links > count for count, links, _ in seen.values()):
        return None
    return sum(size for _, _, size in seen.values())


def _tree_size(path: Path) -> int | None:
    if path.is_symlink() or not path.is_dir():
        return None
    return sum({status.st_ino: status.st_size for status in _files_of(path)}.values())


def _files_of(folder: Path) -> Iterator[os.stat_result]:
    """Yield what is known of every file and link in ``folder``.

    Raises:
        OSError: a folder in it cannot be read.
    """

    def refuse(error: OSError) -> None:
        raise error

    for place, folders, names in os.walk(folder, onerror=refuse):
        links = [name for name in folders if os.path.islink(os.path.join(place, name))]  # noqa: PTH114
        for name in (*names, *links):
            yield os.lstat(os.path.join(place, name))
