"""Take files and folders away, whether or not they are still there. Layer: files."""

# Thousands of paths as text: a Path object costs more than the system call.
# ruff: noqa: PTH106, PTH108, PTH118, PTH120

import errno
import os
from collections.abc import Iterable
from time import sleep
from typing import Final

_IN_USE: Final = (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR, errno.EBUSY)
_TRIES: Final = 20
_PAUSE_SECONDS: Final = 0.05


def remove_file(path: str | os.PathLike[str]) -> bool:
    """Remove a file or link; return whether one was there. Folders are left alone."""
    try:
        os.unlink(path)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False
    return True


def remove_folder_if_empty(path: str | os.PathLike[str]) -> bool:
    """Remove ``path`` if it is an empty folder; return whether it is gone now.

    Raises:
        OSError: it is empty, yet the file system refused.
    """
    try:
        os.rmdir(path)
    except FileNotFoundError:
        return True
    except OSError as error:
        if error.errno in _IN_USE:
            return False
        raise
    return True


def remove_tree(path: str | os.PathLike[str]) -> None:
    """Remove a folder and all in it; links in it are removed, not followed.

    Raises:
        OSError: something in it could not be removed.
    """
    import shutil  # brings every compressor, and most commands remove nothing

    for _ in range(_TRIES):
        try:
            shutil.rmtree(path)
        except FileNotFoundError:
            return
        except OSError as error:
            if error.errno != errno.ENOTEMPTY:
                raise
            # A compiler that a killed xconda left behind still writes in it: it ends soon.
            sleep(_PAUSE_SECONDS)
        else:
            return
    shutil.rmtree(path)


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
