"""Whether a file system has room for files whose sizes are known. Layer: files."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from xconda_core.files.failures import FileOperationFailed


class TooLittleSpace(FileOperationFailed):
    """A file system has less space left than will be needed. Sizes are bytes.

    Attributes:
        needed: What will be written at least.
        free: What this user may still write.
    """

    code: ClassVar[str] = "too-little-space"
    _fix: ClassVar[str] = (
        "free some space there (`xconda clean --all --dry-run` shows what), then run it again."
    )

    def __init__(self, task: str, path: str, needed: int, free: int) -> None:
        self.needed, self.free = needed, free
        words = f"{_in_words(needed)} will be needed there, {_in_words(free)} are free"
        super().__init__(task, path, words)


def refuse_too_little(folder: Path, sizes: Iterable[int], task: str) -> None:
    """Return if files of ``sizes`` bytes fit on the file system of ``folder``.

    Args:
        folder: Where they go; the nearest folder above it that exists is looked at.
        sizes: Of each file; each takes whole blocks.
        task: What is being done, as the end of "could not ...".

    Raises:
        TooLittleSpace: they do not fit.
    """
    try:
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        status = os.statvfs(folder)
    except OSError:
        return  # a file system that does not say is asked by writing to it
    block = status.f_frsize or 4096
    needed = sum(-(-size // block) * block for size in sizes)
    # Some network file systems say 0 of 0 blocks: they do not know.
    free = status.f_bavail * block
    if status.f_blocks and needed > free:
        raise TooLittleSpace(task, str(folder), needed, free)


def _in_words(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB" if size >= 1_000_000 else f"{size / 1000:,.1f} kB"
