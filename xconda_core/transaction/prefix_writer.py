"""Write files of a prefix inside its transaction: undone with it, kept with it.

Layer: transaction. The engine's ``commit`` gets one to write the history and the revision.
"""

# Thousands of paths as text: a Path object costs more than the system call.
# ruff: noqa: PTH102, PTH104, PTH123

import os
from pathlib import Path

from xconda_core.files.atomic import write_synced
from xconda_core.transaction.journal import Announcement, Journal


class PrefixWriter:
    """Writes through the journal; paths are relative to the prefix, ``/`` between parts."""

    __slots__ = ("_count", "_journal")

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._count = 0

    def write(self, path: str, content: bytes) -> None:
        """Replace the file ``path`` by ``content``; its folders are made.

        Raises:
            OSError: the disk refused.
        """
        root = self._journal.root
        there = os.path.lexists(f"{root}/{path}")
        folders = _missing_folders(root, path)
        fresh = f"{self._journal.scratch}/written-{self._count}"
        self._count += 1
        write_synced(Path(fresh), content)
        moves = (path,) if there else ()
        self._journal.announce(Announcement(moves=moves, folders=folders, creates=(path,)))
        if there:
            self._journal.move_aside(path)
            self._journal.sync_moves()
        for folder in folders:
            os.mkdir(f"{root}/{folder}")
        os.rename(fresh, f"{root}/{path}")

    def remove(self, path: str) -> None:
        """Take the file ``path`` away.

        Raises:
            OSError: the disk refused.
        """
        self._journal.announce(Announcement(moves=(path,)))
        self._journal.move_aside(path)
        self._journal.sync_moves()

    def append(self, path: str, content: bytes) -> None:
        """Add ``content`` at the end of the file ``path``, which need not exist.

        Raises:
            OSError: the disk refused.
        """
        try:
            with open(f"{self._journal.root}/{path}", "rb") as file:
                before = file.read()
        except FileNotFoundError:
            before = b""
        self.write(path, before + content)


def _missing_folders(root: str, path: str) -> tuple[str, ...]:
    missing: list[str] = []
    folder = path.rpartition("/")[0]
    while folder and not os.path.lexists(f"{root}/{folder}"):
        missing.append(folder)
        folder = folder.rpartition("/")[0]
    return tuple(reversed(missing))
