"""Look at what somebody else unpacked, before it counts as a package. Layer: package_cache.

The same is refused as in archives that are unpacked here (``unpack``): what leads out of the
folder, what is neither file, folder nor link, and what is far larger than its archive.
"""

# Thousands of paths as text: a Path object costs more than the system call.
# ruff: noqa: PTH101, PTH115

import os
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from xconda_core.cancel import CancelToken
from xconda_core.package_cache.tar_reader import BrokenTar
from xconda_core.package_cache.unpack import MOST_MEMBERS, check_link, most_bytes


def check_extracted(folder: Path, packed_size: int, cancel: CancelToken) -> None:
    """Return if ``folder`` holds nothing that an archive of ``packed_size`` bytes must not.

    Modes of files lose what is more than permission (setuid, setgid, sticky).

    Raises:
        BrokenTar: it does.
        Cancelled: somebody asked to stop.
        OSError: the disk refused.
    """
    root = str(folder)
    if not stat.S_ISDIR(os.lstat(root).st_mode):
        folder.unlink()
        raise BrokenTar("what it was unpacked to is no folder any more")
    left = most_bytes(packed_size)
    names: Counter[tuple[int, int]] = Counter()
    links: dict[tuple[int, int], tuple[int, str]] = {}
    for count, (path, found) in enumerate(_members(root, "")):
        cancel.check()
        if count > MOST_MEMBERS:
            raise BrokenTar(f"it has more than {MOST_MEMBERS} members")
        if stat.S_ISLNK(found.st_mode):
            check_link(path, os.readlink(f"{root}/{path}"))
        elif stat.S_ISREG(found.st_mode):
            inode = (found.st_dev, found.st_ino)
            names[inode] += 1
            links[inode] = (found.st_nlink, path)
            left -= found.st_size if names[inode] == 1 else 0
            os.chmod(f"{root}/{path}", found.st_mode & 0o777 | 0o600)
        elif not stat.S_ISDIR(found.st_mode):
            raise BrokenTar(f"{path!r} is neither a file nor a folder nor a link")
        if left < 0:
            raise BrokenTar("it unpacks to far more than its size allows")
    for inode, (count, path) in links.items():
        if count != names[inode]:
            raise BrokenTar(f"{path!r} is a hard link to something outside it")


def _members(root: str, folder: str) -> Iterator[tuple[str, os.stat_result]]:
    """Yield all below ``folder`` with what it is; links are not followed."""
    with os.scandir(f"{root}/{folder}") as entries:
        found = [(entry.name, entry.stat(follow_symlinks=False)) for entry in entries]
    for name, what in found:
        path = f"{folder}/{name}" if folder else name
        yield path, what
        if stat.S_ISDIR(what.st_mode):
            yield from _members(root, path)
