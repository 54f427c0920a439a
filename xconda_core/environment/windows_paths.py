r"""A folder as Windows writes it, and as a POSIX shell on Windows does. Layer: environment. Pure.

Source: cygpath(1). MSYS2 and Git Bash call ``C:\x`` ``/c/x``, Cygwin ``/cygdrive/c/x``; shares are
``//server/share`` in both; everything else absolute lies below the shell's own root.
"""

import ntpath
from typing import Final

from xconda_core.regex import regex

_WINDOWS_DRIVE: Final = regex(r"(?s)([A-Za-z]):(?:[\\/]+(.*))?")
_POSIX_DRIVE: Final = regex(r"(?s)(?:/cygdrive)?/([A-Za-z])(?:/+(.*))?")
_SLASHES: Final = regex(r"[\\/]+")
_MARKS: Final = (("\\\\?\\UNC\\", "\\\\"), ("\\\\?\\", ""))  # of paths longer than 260 letters


def to_posix(path: str, root: str = "", *, cygdrive: bool = False) -> str:
    r"""Return a path of Windows as a POSIX shell writes it; relative ones only turn their slashes.

    The mark of long paths, ``\\?\``, goes: shells have none, and no limit.

    Args:
        path: One path.
        root: What the shell calls ``/``: for an environment's own MSYS2, its ``Library``.
        cygdrive: Drives are below ``/cygdrive``.
    """
    for mark, without in _MARKS:
        if path.startswith(mark):
            path = without + path[len(mark) :]
    if root and ntpath.isabs(path):
        whole, top = ntpath.normpath(path), ntpath.normpath(root)
        if ntpath.normcase(whole) == ntpath.normcase(top):
            return "/"
        if ntpath.normcase(whole).startswith(ntpath.normcase(top) + "\\"):
            return whole[len(top) :].replace("\\", "/")
    drive = _WINDOWS_DRIVE.fullmatch(path)
    if drive:
        below = _slashed(drive[2] or "")
        start = f"{'/cygdrive' if cygdrive else ''}/{drive[1].lower()}"
        return f"{start}/{below}" if below or len(path) > 2 else start
    share = path.startswith(("\\\\", "//"))
    return ("/" if share else "") + _slashed(path)


def to_windows(path: str, root: str = "") -> str:
    r"""Return a path of a POSIX shell as Windows writes it, the inverse of :func:`to_posix`.

    Args:
        path: One path.
        root: What the shell calls ``/``; without it such paths stay rooted in no drive.
    """
    drive = _POSIX_DRIVE.fullmatch(path)
    if drive:
        return f"{drive[1].upper()}:\\{_backslashed(drive[2] or '')}"
    if path.startswith("//"):
        return "\\" + _backslashed(path)
    if path.startswith("/") and root:
        return (root.rstrip("\\/") + _backslashed(path)).rstrip("\\") or root
    return _backslashed(path)


def list_to_posix(paths: str, root: str = "", *, cygdrive: bool = False) -> str:
    """Return a list such as PATH, parted by ``;``, as a POSIX shell writes it; empty ones go."""
    kept = (each for each in paths.split(";") if each)
    return ":".join(to_posix(each, root, cygdrive=cygdrive) for each in kept)


def list_to_windows(paths: str, root: str = "") -> str:
    """Return a list such as PATH, parted by ``:``, as Windows writes it.

    An empty entry means the working folder there, and is written as ``.`` here.
    """
    return ";".join(to_windows(each, root) if each else "." for each in paths.split(":"))


def _slashed(path: str) -> str:
    return _SLASHES.sub("/", path)


def _backslashed(path: str) -> str:
    return _SLASHES.sub(r"\\", path)
