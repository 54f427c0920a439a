"""Write the members of a tar stream below one folder, and nowhere else. Layer: package_cache.

The folder is new and nobody else writes in it, so a path is safe if every folder on its way is one
that was made here: links are never followed, whatever they point at.
"""

# Thousands of paths as text: a Path object costs more than the system call.

import os
from pathlib import Path
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.files.atomic import write_all
from xconda_core.files.open_folder import opened
from xconda_core.package_cache.tar_reader import BrokenTar, Member, TarReader

# Real packages unpack to less than 60 times their size. The limits stop a few kilobytes from
# filling a disk, not a large package.
_ALLOWED_RATIO: Final = 300
_ALLOWED_BYTES: Final = 1 << 30
MOST_MEMBERS: Final = 2_000_000
_NEW_FILE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_CANCEL_EVERY: Final = 64


class Unpacker:
    """Unpacks one or more streams, the components of one archive, into ``folder``."""

    def __init__(self, folder: Path, packed_size: int) -> None:
        """Make ``folder``; ``packed_size`` is the length of the archive in bytes."""
        folder.mkdir(parents=True)
        self._root = str(folder)
        self._place = -1  # the folder, open
        self._folders = {""}
        self._files: set[str] = set()
        self._links: set[str] = set()
        self._left = most_bytes(packed_size)

    def unpack(self, reader: TarReader, cancel: CancelToken) -> None:
        """Write all members of ``reader``.

        Raises:
            BrokenTar: the archive is damaged or hostile.
            Cancelled: somebody asked to stop.
            OSError: the disk refused.
        """
        with opened(self._root) as self._place:
            for count, member in enumerate(reader.members()):
                if count % _CANCEL_EVERY == 0:
                    cancel.check()
                if count > MOST_MEMBERS:
                    raise BrokenTar(f"it has more than {MOST_MEMBERS} members")
                self._take(_safe_name(member.name), member, reader)

    def _take(self, name: str, member: Member, reader: TarReader) -> None:
        if member.kind == "folder":
            self._make_folder(name)
            return
        if name in self._files or name in self._links or name in self._folders:
            raise BrokenTar(f"{name!r} is in it twice")
        folder = name.rpartition("/")[0]
        if folder not in self._folders:
            self._make_folder(folder)
        if member.kind == "file":
            self._write(name, member, reader)
            self._files.add(name)
        elif member.kind == "soft link":
            check_link(name, member.target)
            os.symlink(member.target, name, dir_fd=self._place)
            self._links.add(name)
        else:
            self._hard_link(name, member.target)

    def _make_folder(self, name: str) -> None:
        if name in self._folders:
            return
        self._make_folder(name.rpartition("/")[0])
        if name in self._files or name in self._links:
            raise BrokenTar(f"{name!r} is a file and a folder in it")
        os.mkdir(name, dir_fd=self._place)  # the umask decides, as for every folder
        self._folders.add(name)

    def _write(self, name: str, member: Member, reader: TarReader) -> None:
        self._left -= member.size
        if self._left < 0:
            raise BrokenTar("it unpacks to far more than its size allows")
        # Only permission bits, and what the umask leaves of them: no setuid, setgid, sticky.
        mode = member.mode & 0o777 | 0o600
        descriptor = os.open(name, _NEW_FILE, mode, dir_fd=self._place)
        try:
            whole = reader.small_content()
            for piece in reader.content() if whole is None else (whole,):
                write_all(descriptor, piece)
            # Byte code that packages ship names the time of its source.
            os.utime(descriptor, (member.mtime, member.mtime))
        finally:
            os.close(descriptor)

    def _hard_link(self, name: str, target: str) -> None:
        source = _safe_name(target)
        if source not in self._files:
            raise BrokenTar(f"{name!r} is a hard link to {target!r}, which is no file in it")
        place = self._place
        os.link(source, name, src_dir_fd=place, dst_dir_fd=place, follow_symlinks=False)
        self._files.add(name)


def most_bytes(packed_size: int) -> int:
    """Return how many bytes an archive of that size may unpack to."""
    return _ALLOWED_BYTES + _ALLOWED_RATIO * packed_size


def _safe_name(name: str) -> str:
    """Return ``name`` without ``./`` and a last ``/``.

    Raises:
        BrokenTar: it is absolute, goes up, or is no name at all.
    """
    # A part that is empty or begins with a dot, a slash at an end, a NUL: worth a look.
    is_unusual = "/." in name or "//" in name or "\0" in name or name.startswith((".", "/"))
    if name and not is_unusual and not name.endswith("/"):
        return name
    if name.startswith("/"):
        raise BrokenTar(f"{name!r} is an absolute path")
    parts = [part for part in name.split("/") if part not in {"", "."}]
    if ".." in parts:
        raise BrokenTar(f"{name!r} leads out of it")
    if "\0" in name:
        raise BrokenTar(f"{name!r} is no file name")
    return "/".join(parts)


def check_link(name: str, target: str) -> None:
    """Return if a soft link ``name`` to ``target`` stays in the folder.

    Raises:
        BrokenTar: it leads out.
    """
    if not target or target.startswith("/") or "\0" in target:
        raise BrokenTar(f"{name!r} is a link to {target!r}, outside it")
    depth = name.count("/")
    for part in target.split("/"):
        depth += -1 if part == ".." else part not in {"", "."}
        if depth < 0:
            raise BrokenTar(f"{name!r} is a link to {target!r}, outside it")
