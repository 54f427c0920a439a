"""Give what root made in somebody's folder to that user. Layer: files.

Whoever owns the folder may put things in it meanwhile, so nothing is followed and nothing is given
that also has a name elsewhere: a hard link to a file of root's stays root's.
"""

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

_ROOT: Final = 0


def hand_over(places: Iterable[Path], user: int, group: int) -> None:
    """Make ``user`` and ``group`` the owners of what root owns at and below ``places``.

    A file of several names is given where all of them lie below ``places``. What cannot be given
    stays as it is.
    """
    there = [place for place in places if os.path.lexists(place)]
    names: dict[tuple[int, int], int] = {}
    for place in there:
        for _, _, status in _entries(place):
            inode = status.st_dev, status.st_ino
            names[inode] = names.get(inode, 0) + 1
    for place in there:
        for folder, name, status in _entries(place):
            is_folder = stat.S_ISDIR(status.st_mode)
            is_all_here = is_folder or names.get((status.st_dev, status.st_ino)) == status.st_nlink
            if status.st_uid == _ROOT and is_all_here:
                with suppress(OSError):
                    os.chown(name, user, group, dir_fd=folder, follow_symlinks=False)


def _entries(place: Path) -> Iterable[tuple[int, str, os.stat_result]]:
    """Yield the open folder, the name in it, and the facts of ``place`` and of all below it."""
    try:
        above = os.open(place.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return
    try:
        with suppress(OSError):
            yield above, place.name, os.lstat(place)
        for _, folders, files, folder in os.fwalk(place.name, dir_fd=above):
            for name in (*folders, *files):
                with suppress(OSError):
                    yield folder, name, os.stat(name, dir_fd=folder, follow_symlinks=False)
    finally:
        os.close(above)
