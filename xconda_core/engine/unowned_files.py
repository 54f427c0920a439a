"""Files of an environment that none of its packages owns. Layer: engine."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from xconda_core.errors import XcondaError
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.transaction.python_files import owned_paths

OWN_FOLDER: Final = "conda-meta"
OWN_FILES: Final = (".condarc", ".nonadmin")
_OF_BASE: Final = ("envs", "pkgs", "conda-bld")
"""Folders of a base environment that hold other environments, and packages."""


def unowned_files(prefix: Path, state: EnvironmentState) -> tuple[str, ...]:
    """Return the files that no conda package owns, relative to ``prefix``, in order.

    Byte code is nobody's, and what conda and xconda keep there is the environment's own.
    """
    owned = {path for each in state.installed.values() for path in each.files}
    found = (path for path in _files(prefix) if path not in owned and not _is_own(path))
    return tuple(sorted(found))


def loose_files(prefix: Path, state: EnvironmentState) -> tuple[str, ...]:
    """Return the unowned files that are about ``prefix`` itself, relative to it, in order.

    Other environments below it, and the package cache of a base environment, are left out.
    """
    owned = {path for each in state.installed.values() for path in each.files}
    found = (path for path in _files(prefix, without_others=True) if path not in owned)
    return tuple(sorted(path for path in found if not _is_own(path)))


def python_files(prefix: Path, state: EnvironmentState) -> set[str]:
    """Return the files of the Python projects that pip installed, as far as they tell."""
    found: set[str] = set()
    for package in state.python_packages.values():
        try:
            found.update(owned_paths(str(prefix), package))
        except XcondaError:  # it does not say: its files are like any others
            continue
    return found


def _files(prefix: Path, *, without_others: bool = False) -> Iterator[str]:
    root = str(prefix)
    for folder, folders, names in os.walk(root):
        if without_others:
            folders[:] = [name for name in folders if not _is_of_others(root, folder, name)]
        links = [name for name in folders if os.path.islink(f"{folder}/{name}")]  # noqa: PTH114
        below = folder[len(root) + 1 :]
        for name in (*names, *links):
            yield f"{below}/{name}" if below else name


def _is_of_others(root: str, folder: str, name: str) -> bool:
    if folder == root and name in _OF_BASE:
        return True
    return os.path.lexists(f"{folder}/{name}/{OWN_FOLDER}/history")


def _is_own(path: str) -> bool:
    first = path.partition("/")[0]
    return first == OWN_FOLDER or path in OWN_FILES or path.endswith((".pyc", ".pyo"))
