"""Paths of Windows and of its POSIX shells, and lists of them, by conda's names. Layer: exports."""

import ntpath
from collections.abc import Iterable
from pathlib import PurePath

from xconda_core.environment.windows_paths import list_to_posix, list_to_windows

Paths = str | PurePath | Iterable[str | PurePath] | None
"""A path, a list as PATH has it, or one path after the other."""
Changed = str | tuple[str, ...] | None


def win_path_to_unix(
    paths: Paths, prefix: str | PurePath | None = None, *, cygdrive: bool = False
) -> Changed:
    r"""Return paths of Windows as a POSIX shell there writes them, ``;`` between them as ``:``.

    Args:
        paths: What is to be written otherwise; nothing (None, no path) stays nothing.
        prefix: The environment whose ``Library`` the shell calls ``/``.
        cygdrive: Drives are below ``/cygdrive``, as in Cygwin.
    """
    root = _root(prefix)
    if paths is None:
        return None
    if isinstance(paths, str | PurePath):
        return list_to_posix(str(paths), root, cygdrive=cygdrive) or "."
    return tuple(list_to_posix(str(each), root, cygdrive=cygdrive) for each in paths)


def unix_path_to_win(
    paths: Paths, prefix: str | PurePath | None = None, *, cygdrive: bool = False
) -> Changed:
    r"""Return paths of a POSIX shell as Windows writes them, ``:`` between them as ``;``.

    Args:
        paths: What is to be written otherwise; nothing (None, no path) stays nothing.
        prefix: The environment whose ``Library`` the shell calls ``/``.
        cygdrive: Has no effect: either form of a drive is understood.
    """
    del cygdrive
    root = _root(prefix)
    if paths is None:
        return None
    if isinstance(paths, str | PurePath):
        return list_to_windows(str(paths), root)
    return tuple(list_to_windows(str(each), root) for each in paths)


def _root(prefix: str | PurePath | None) -> str:
    return ntpath.join(str(prefix), "Library") if prefix else ""
