"""Which environments this user has: ``~/.conda/environments.txt`` and the folders of environments.

Layer: environment. The file is shared with conda, mamba and editors: one prefix per line.
"""

import os
import pwd
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from xconda_core.files.atomic import write_bytes


def registry_file(home: Path) -> Path:
    """Return the path of the registry of the user whose home folder is ``home``."""
    return home / ".conda" / "environments.txt"


def registered(home: Path) -> tuple[Path, ...]:
    """Return the registered prefixes in the file's order, each once; none where there is no file.

    Prefixes that are gone are listed as well: what that means is for the caller to say.
    """
    return tuple(Path(line) for line in _lines(registry_file(home)))


def register(prefix: Path, home: Path) -> bool:
    """Add ``prefix`` unless it is there; return whether the registry holds it now.

    One line is appended in one write, so that two tools at the same moment lose nothing.
    """
    path = registry_file(home)
    if str(prefix) in _lines(path):
        return True
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab+") as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(size - 1, 0))
            gap = b"" if stream.read(1) in (b"", b"\n") else b"\n"
            stream.write(gap + os.fsencode(prefix) + b"\n")
    except OSError:
        return False
    return True


def unregister(prefix: Path, home: Path) -> bool:
    """Take ``prefix`` out, and with it the prefixes that are no environments any more.

    Return whether the registry is free of it now.
    """
    path = registry_file(home)
    lines = _lines(path)
    kept = [x for x in lines if x != str(prefix) and (Path(x) / "conda-meta").is_dir()]
    if kept == lines:
        return True
    try:
        write_bytes(path, b"".join(os.fsencode(line) + b"\n" for line in kept))
    except OSError:
        return False
    return True


def known_environments(root: Path, envs_dirs: Iterable[Path], home: Path) -> tuple[Path, ...]:
    """Return every environment that exists, each once: base, named ones, registered ones.

    An administrator sees those that others have registered as well.
    """
    named: list[Path] = []
    for folder in envs_dirs:
        with suppress(OSError):
            named += sorted(folder.iterdir())
    found = dict.fromkeys([root, *named, *registered(home)])
    for other in _other_homes():
        found |= dict.fromkeys(registered(other))
    return tuple(prefix for prefix in found if (prefix / "conda-meta").is_dir())


def _other_homes() -> tuple[Path, ...]:
    """Return the homes of all other users if this one is the administrator."""
    if os.geteuid() != 0:
        return ()
    return tuple(Path(user.pw_dir) for user in pwd.getpwall() if user.pw_uid != 0)


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return []
    stripped = (line.strip() for line in text.splitlines())
    return list(dict.fromkeys(line for line in stripped if line and not line.startswith("#")))
