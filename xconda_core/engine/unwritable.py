"""Whether this user can change an environment, before anything is done for it. Layer: engine."""

import errno
import os
from pathlib import Path

from xconda_core.files.failures import failure_of


def refuse_unwritable(prefix: Path) -> None:
    """Return if this user can change ``prefix``, or make it; asked before anything is fetched.

    Raises:
        NotWritable: the folder, or the one that it would be made in, cannot be written.
    """
    folder = prefix / "conda-meta"
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if not os.access(folder, os.W_OK | os.X_OK):
        raise failure_of(
            PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder)),
            f"change the environment {prefix}",
            str(folder),
        )
