"""How a file gets from the package cache into a prefix: link or copy. Layer: files."""

# Thousands of paths as text: a Path object costs more than the system call.
# ruff: noqa: PTH118, PTH211

import errno
import logging
import os
import shutil
from typing import Final, Literal

from xconda_core.files.removal import remove_file

_log: Final = logging.getLogger(__name__)
LinkKind = Literal["hardlink", "softlink", "copy"]
# The pair of file systems, or the file system, has no (more) hard links.
_NO_HARD_LINK: Final = frozenset(
    {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EACCES}
)


def choose_link_kind(
    source: str,
    folder: str,
    *,
    always_copy: bool = False,
    allow_softlinks: bool = False,
    always_softlink: bool = False,
) -> LinkKind:
    """Return how ``source`` can be brought into ``folder``, found out by trying it.

    Args:
        source: A regular file of the package cache.
        folder: A folder on the file system of the prefix; a file in it is made and removed.
        always_copy: Never link; goes before the other settings.
        allow_softlinks: Link softly rather than copy where hard links are not possible.
        always_softlink: Link softly without trying.

    Raises:
        OSError: ``folder`` cannot be written to at all.
    """
    if always_copy or always_softlink:
        kind: LinkKind = "copy" if always_copy else "softlink"
        _log.debug("files come by %s, as is configured", kind)
        return kind
    probe = os.path.join(folder, ".probe")
    try:
        os.link(source, probe)
    except OSError as error:
        if error.errno not in _NO_HARD_LINK:
            raise
        otherwise: LinkKind = "softlink" if allow_softlinks else "copy"
        _log.warning("no hard link of %s into %s: %s", source, folder, error.strerror)
        _log.warning("files come by %s", otherwise)
        return otherwise
    remove_file(probe)
    _log.debug("files come by hardlink: a trial from %s worked", source)
    return "hardlink"


def place(source: str, target: str, kind: LinkKind) -> LinkKind:
    """Bring ``source`` to ``target``, which must not exist, and return how it was done.

    A single file whose hard link is refused (too many links, a foreign owner) is copied.

    Raises:
        FileExistsError: ``target`` exists.
        OSError: any other refusal.
    """
    if kind == "hardlink":
        try:
            os.link(source, target)
        except OSError as error:
            if error.errno not in _NO_HARD_LINK:
                raise
            copy(source, target)
            return "copy"
        return kind
    if kind == "softlink":
        os.symlink(source, target)
        return kind
    copy(source, target)
    return "copy"


def copy(source: str, target: str) -> None:
    """Copy a regular file with its permission bits and times; ``target`` must not exist."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    os.close(descriptor)
    shutil.copyfile(source, target)
    shutil.copystat(source, target)
