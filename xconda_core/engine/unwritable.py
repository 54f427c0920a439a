"""Whether this user can change an environment, before anything is done for it. Layer: engine."""

import errno
import os
from pathlib import Path

from xconda_core.files.failures import NotWritable


def refuse_unwritable(prefix: Path) -> None:
    """Return if this user can change ``prefix``, or make it; asked before anything is fetched.

    Raises:
        NotWritable: the environment, or the folder that it would be made in, cannot be written.
    """
    records = folder = prefix / "conda-meta"
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if os.access(folder, os.W_OK | os.X_OK):
        return
    refusal = NotWritable(
        f"change the environment {prefix}", str(folder), os.strerror(errno.EACCES)
    )
    if folder == records:
        copying = f"`xconda create -n NAME --clone {prefix}`"
        refusal.fix = f"{copying} makes a copy of your own; or ask its owner."
    raise refusal
