"""What stands at the paths of a prefix, asked one folder at a time. Layer: transaction.

A plan names thousands of paths in some hundred folders: reading each folder once is ten times
quicker than asking for each path.
"""

# Thousands of paths as text: a Path object costs more than the system call.
# ruff: noqa: PTH112, PTH116

import os
from collections.abc import Container
from typing import ClassVar, Literal

from xconda_core.errors import XcondaError

Kind = Literal["file", "link", "folder"]


class PathInTheWay(XcondaError):
    """Something stands where a package needs another kind of thing."""

    code: ClassVar[str] = "path-in-the-way"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path, self.reason = path, reason
        self.what = "Nothing was changed: a path of the environment is in the way."
        self.why = f"{path} {reason}."
        self.fix = "move it away, then run it again."


class PrefixView:
    """A prefix as it stood when it was first asked, and which folders will be new in it."""

    def __init__(self, root: str) -> None:
        """Look at the prefix ``root``; it need not exist."""
        self._root = root
        self._entries: dict[str, dict[str, Kind]] = {}
        self._inside = {"": True}

    def kind(self, path: str) -> Kind | None:
        """Return what is at ``path`` (relative to the prefix), None for nothing."""
        folder, _, name = path.rpartition("/")
        entries = self._entries.get(folder)
        if entries is None:
            entries = self._entries[folder] = self._read(folder)
        return entries.get(name)

    def is_file_or_link(self, path: str) -> bool:
        """Whether something other than a folder is at ``path``."""
        return self.kind(path) in {"file", "link"}

    def is_inside(self, folder: str) -> bool:
        """Whether ``folder``, all links followed, lies in the prefix; it need not exist."""
        known = self._inside.get(folder)
        if known is None:
            parent, _, name = folder.rpartition("/")
            is_plain = name not in {"", ".", ".."} and self.kind(folder) != "link"
            known = self.is_inside(parent) if is_plain else _leads_inside(self._root, folder)
            self._inside[folder] = known
        return known

    def will_be_new(self, folder: str) -> None:
        """Take note that ``folder`` will be made empty: nothing stands in it."""
        self._entries[folder] = {}

    def check_leads_inside(self, path: str) -> None:
        """Return if the link ``path`` leads to a folder of this prefix.

        Raises:
            PathInTheWay: it is a file, or leads elsewhere: files put there would be lost or stolen.
        """
        if self.kind(path) != "link":
            raise PathInTheWay(f"{self._root}/{path}", "is a file, and a package needs a folder")
        check_inside(self._root, path)

    def folders_if_emptied_by(self, path: str, moves: Container[str]) -> dict[str, int]:
        """Return ``path`` and the folders in it, parents first, with their modes.

        Raises:
            PathInTheWay: files would be left in it when ``moves`` have gone.
        """
        found = {path: os.stat(f"{self._root}/{path}").st_mode & 0o7777}
        for name, kind in self._read(path).items():
            inner = f"{path}/{name}"
            if kind == "folder":
                found |= self.folders_if_emptied_by(inner, moves)
            elif inner not in moves:
                reason = "is a folder with other files in it, and a package needs a file there"
                raise PathInTheWay(f"{self._root}/{path}", reason)
        return found

    def _read(self, folder: str) -> dict[str, Kind]:
        try:
            with os.scandir(f"{self._root}/{folder}") as entries:
                return {entry.name: _kind(entry) for entry in entries}
        except (FileNotFoundError, NotADirectoryError):
            return {}


def check_inside(root: str, link: str) -> None:
    """Return if ``link`` leads to a folder of the prefix ``root``.

    Raises:
        PathInTheWay: it is something else, or leads elsewhere.
    """
    real = os.path.realpath(f"{root}/{link}")
    if not os.path.isdir(real):
        raise PathInTheWay(f"{root}/{link}", "is no folder, and a package needs one")
    if not _leads_inside(root, link):
        reason = f"is a link to {real}, outside the environment"
        raise PathInTheWay(f"{root}/{link}", reason)


def _leads_inside(root: str, path: str) -> bool:
    real = os.path.realpath(f"{root}/{path}")
    return f"{real}/".startswith(f"{os.path.realpath(root)}/")


def _kind(entry: os.DirEntry[str]) -> Kind:
    if entry.is_symlink():
        return "link"
    return "folder" if entry.is_dir() else "file"
