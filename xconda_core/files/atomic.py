"""Files that are there whole or not at all, also after a power cut. Layer: files."""

import os
from pathlib import Path
from threading import get_ident
from typing import Final

from xconda_core.errors import Json
from xconda_core.files.json_text import json_text

_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC


def write_bytes(path: Path, content: bytes, mode: int = 0o666, *, durable: bool = True) -> None:
    """Replace ``path`` by ``content``; readers see the old file or the new one, never a part.

    Args:
        path: The file; its folder must exist.
        content: What it will hold.
        mode: Permission bits of the new file, before the umask.
        durable: Wait until the disk has it; a record that a power cut may take need not.

    Raises:
        OSError: the file system refused; ``path`` is then as it was.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{get_ident()}.new")
    try:
        _write(temporary, content, mode, durable=durable)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def write_json(path: Path, document: Json, mode: int = 0o666, *, durable: bool = True) -> None:
    """Replace ``path`` by ``document`` as JSON, as :func:`write_bytes` does."""
    write_bytes(path, json_text(document), mode, durable=durable)


def write_synced(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Write ``content`` to ``path`` and wait until the disk has it."""
    _write(path, content, mode, durable=True)


def _write(path: Path, content: bytes, mode: int, *, durable: bool) -> None:
    descriptor = os.open(path, _NEW, mode)
    try:
        write_all(descriptor, content)
        if durable:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_all(descriptor: int, content: bytes | memoryview) -> None:
    """Write every byte: the operating system may take fewer at a time."""
    written = os.write(descriptor, content) if content else 0
    if written == len(content):  # as nearly always
        return
    rest = memoryview(content)[written:]
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def sync_folder(folder: str | os.PathLike[str]) -> None:
    """Wait until the disk has the names in ``folder``."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
