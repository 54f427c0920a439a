"""What a folder holds, to be compared: type, mode, link target and digest of every path."""

import hashlib
import os
import re
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path

from xconda_core.transaction.unsettled import TRANSACTION

Snapshot = dict[str, tuple[int, str]]
MAMBAS_LOCK = "conda-meta/conda-meta.lock"  # where it cannot be removed it stays, and locks nothing
UNPACKED = "info/repodata_record.json"


def snapshot(prefix: Path) -> Snapshot:
    """Every path of an environment, its records and our state among them; not its dates.

    What the journal has is no part of a state. An empty folder is none of an environment.
    """
    found = {
        path: facts
        for path, facts in tree(prefix).items()
        if not path.startswith(TRANSACTION) and path != MAMBAS_LOCK
    }
    return found if "conda-meta/history" in found or _has_files(found) else {}


def _has_files(found: Snapshot) -> bool:
    return any(not stat.S_ISDIR(mode) for mode, _ in found.values())


def without_empty_folders(found: Snapshot) -> Snapshot:
    """Only what is no folder: each implies those that it is in."""
    return {path: facts for path, facts in found.items() if not stat.S_ISDIR(facts[0])}


def tree(folder: Path) -> Snapshot:
    """Every path below ``folder``."""
    found: Snapshot = {}
    for place, names, files in os.walk(folder):
        for name in (*names, *files):
            path = Path(place, name)
            found[str(path.relative_to(folder))] = (path.lstat().st_mode, _content(path))
    return found


def _content(path: Path) -> str:
    if path.is_symlink():
        return str(path.readlink())
    if not stat.S_ISREG(path.lstat().st_mode):
        return ""
    data = path.read_bytes()
    if path.name == "history":
        data = re.sub(rb"(?m)^==> .* <==$", b"", data)
    return hashlib.sha256(data).hexdigest()


def cache_contents(pkgs: Path) -> Mapping[str, Snapshot]:
    """Name to contents, of everything in a package cache that has a package's name."""
    found: dict[str, Snapshot] = {}
    for path in pkgs.iterdir() if pkgs.exists() else ():
        if path.name.startswith(".") or path.name == "cache":
            continue
        if path.is_dir():
            found[path.name] = tree(path)
        elif path.name.endswith(".conda"):
            found[path.name] = {path.name: (0, _content(path))}
    return found


def copy_tree(source: Path, target: Path) -> None:
    """Copy with modes and dates; hard links within stay hard links."""
    copies: dict[int, str] = {}

    def copy(one: str, other: str) -> str:
        status = os.lstat(one)
        known = copies.get(status.st_ino)
        if known is not None:
            os.link(known, other)
        else:
            shutil.copy2(one, other, follow_symlinks=False)
            copies[status.st_ino] = other
        return other

    shutil.copytree(source, target, symlinks=True, copy_function=copy)
