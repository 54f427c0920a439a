"""Whole lines of a file that another process appends to, each once."""

from __future__ import annotations

import os
from typing import Callable, List


class GrowingFile:
    """What has been appended since it was last looked at."""

    def __init__(self, read_from: Callable[[int], bytes]) -> None:
        """Keep how to read everything from an offset on."""
        self._read_from = read_from
        self._offset = 0

    def lines(self) -> List[bytes]:
        """Return the whole lines that are new, without their ends."""
        new = self._read_from(self._offset)
        whole = new[: new.rfind(b"\n") + 1]
        self._offset += len(whole)
        return whole.splitlines()


def file_at(path: str) -> GrowingFile:
    """Return the file at ``path``, which may not be there yet."""

    def read_from(offset: int) -> bytes:
        try:
            with open(path, "rb") as file:
                file.seek(offset)
                return file.read()
        except FileNotFoundError:
            return b""

    return GrowingFile(read_from)


def open_file(descriptor: int) -> GrowingFile:
    """Return an open file; where its writer goes on writing is not moved by reading."""
    return GrowingFile(lambda offset: os.pread(descriptor, os.fstat(descriptor).st_size, offset))
