"""Wait until a whole file system is on disk: one call for thousands of files. Layer: files."""

import ctypes
import os
from pathlib import Path


def sync_filesystem(folder: Path) -> None:
    """Return when everything written so far to ``folder``'s file system is on disk.

    Linux's ``syncfs``; elsewhere, ``sync`` of all file systems.

    Raises:
        OSError: something written earlier could not be stored.
    """
    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        os.sync()
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        if syncfs(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(descriptor)
