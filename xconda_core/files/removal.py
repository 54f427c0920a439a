"""Take files and folders away, whether or not they are still there. Layer: files."""

# Thousands of paths as text: a Path object costs more than the system call.
# ruff: noqa: PTH106, PTH108, PTH118, PTH120

import os
import shutil
from collections.abc import Iterable


def remove_file(path: str | os.PathLike[str]) -> bool:
    """Remove a file or link; return whether one was there. Folders are left alone."""
    try:
        os.unlink(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def remove_folder_if_empty(path: str | os.PathLike[str]) -> bool:
    """Remove ``path`` if it is an empty folder; return whether it is gone now."""
    try:
        os.rmdir(path)
    except FileNotFoundError:
        return True
    except OSError:  # not empty, not a folder, or somebody works in it: it is not ours to remove
        return False
    return True


def remove_tree(path: str | os.PathLike[str]) -> None:
    """Remove a folder and all in it; links in it are removed, not followed.

    Raises:
        OSError: something in it could not be removed.
    """
    try:
        shutil.rmtree(path)
    except FileNotFoundError:
        return


def remove_empty_folders(root: str, folders: Iterable[str]) -> None:
    """Remove each of ``folders`` (relative to ``root``) that is empty, and then its parents.

    ``root`` itself stays.
    """
    pending = set(folders)
    for folder in list(pending):
        while folder := os.path.dirname(folder):
            pending.add(folder)
    for folder in sorted(pending, key=lambda name: name.count("/"), reverse=True):
        if folder:
            remove_folder_if_empty(os.path.join(root, folder))
