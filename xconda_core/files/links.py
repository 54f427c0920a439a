"""How a file gets from the package cache into a prefix: link, reflink or copy. Layer: files.

Source: ioctl_ficlone(2). A reflink is a copy that shares its blocks until one of them changes.
"""

# Thousands of paths as text: a Path object costs more than the system call.
# ruff: noqa: PTH118, PTH211

import errno
import fcntl
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Literal

from xconda_core.files.open_folder import opened
from xconda_core.files.removal import remove_file

_log: Final = logging.getLogger(__name__)
LinkKind = Literal["hardlink", "softlink", "reflink", "copy"]
_FICLONE: Final = 0x40049409
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
    probe = os.path.join(folder, ".probe")
    if always_copy or always_softlink:
        kind: LinkKind = _copy_kind(source, probe) if always_copy else "softlink"
        _log.debug("files come by %s, as is configured", kind)
        return kind
    try:
        os.link(source, probe)
    except OSError as error:
        if error.errno not in _NO_HARD_LINK:
            raise
        otherwise: LinkKind = "softlink" if allow_softlinks else _copy_kind(source, probe)
        _log.warning("no hard link of %s into %s: %s", source, folder, error.strerror)
        _log.warning("files come by %s", otherwise)
        return otherwise
    remove_file(probe)
    _log.debug("files come by hardlink: a trial from %s worked", source)
    return "hardlink"


@contextmanager
def placing(
    source_root: str, target_root: str, kind: LinkKind
) -> Iterator[Callable[[str, str], object]]:
    """Give what brings a file of one folder into another, told its path in each; see ``place``.

    For hard links both folders are open meanwhile: the way to them is not gone for each file, which
    is a quarter of what a link takes.
    """
    if kind != "hardlink":
        yield lambda source, target: place(
            f"{source_root}/{source}", f"{target_root}/{target}", kind
        )
        return
    with opened(source_root) as origin, opened(target_root) as destination:

        def link(source: str, target: str) -> None:
            try:
                os.link(
                    source,
                    target,
                    src_dir_fd=origin,
                    dst_dir_fd=destination,
                    follow_symlinks=False,
                )
            except OSError as error:
                old, new = f"{source_root}/{source}", f"{target_root}/{target}"
                if error.errno not in _NO_HARD_LINK:
                    raise OSError(error.errno, error.strerror, old, None, new) from error
                copy(old, new)

        yield link


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
            return copy(source, target)
        return kind
    if kind == "softlink":
        os.symlink(source, target)
        return kind
    return copy(source, target, try_reflink=kind == "reflink")


def copy(source: str, target: str, *, try_reflink: bool = True) -> Literal["reflink", "copy"]:
    """Copy a regular file with its permission bits and times, and return how it was done.

    Its blocks are shared where the file system can, unless ``try_reflink`` is False.

    Raises:
        FileExistsError: ``target`` exists.
        OSError: any other refusal.
    """
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        shares = try_reflink and _cloned(source, descriptor)
    finally:
        os.close(descriptor)
    if not shares:
        shutil.copyfile(source, target)
    shutil.copystat(source, target)
    return "reflink" if shares else "copy"


def _cloned(source: str, descriptor: int) -> bool:
    """Whether the empty file ``descriptor`` now shares the blocks of ``source``."""
    origin = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.ioctl(descriptor, _FICLONE, origin)
    except OSError:  # another file system, or one without reflinks: there are a dozen ways to say
        return False
    finally:
        os.close(origin)
    return True


def _copy_kind(source: str, probe: str) -> LinkKind:
    """Return whether a copy can share its blocks, found out by trying it; nothing is copied."""
    descriptor = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        return "reflink" if _cloned(source, descriptor) else "copy"
    finally:
        os.close(descriptor)
        remove_file(probe)
