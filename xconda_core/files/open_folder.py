"""A folder that is open, for the names of thousands of files in it. Layer: files.

The kernel goes the way to a file each time it is named. Named below an open folder, it goes only
what lies between the two, and nobody can put another folder in the place of that one meanwhile.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

# Linux: open as a place only, for which it need not be readable.
_PLACE: Final = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_CLOEXEC


@contextmanager
def opened(folder: str) -> Iterator[int]:
    """Give a descriptor for ``dir_fd``.

    Raises:
        OSError: there is no such folder, or it may not be entered.
    """
    descriptor = os.open(folder, _PLACE)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
