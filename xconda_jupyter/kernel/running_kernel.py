"""Hold a plan against the kernel that asks for it: what it runs on, and what it has imported."""

from __future__ import annotations

import json
import os
import sys
from types import ModuleType
from typing import Any, Dict, Final, FrozenSet, List, Mapping, Optional, Sequence, Tuple

from xconda_jupyter.kernel.changes import Change

_KERNEL_PACKAGES: Final[Mapping[str, str]] = {
    "python": "the Python that this kernel runs",
    "ipykernel": "the kernel itself",
}


def is_same_folder(first: str, second: str) -> bool:
    """Whether two paths mean one folder, links followed."""
    return os.path.realpath(first) == os.path.realpath(second)


def touched_foundations(changes: Sequence[Change], prefix: str, home: str) -> Tuple[str, ...]:
    """Return one line for each change that pulls the floor from under this kernel or xconda.

    Args:
        changes: What would change.
        prefix: The environment that would change.
        home: Prefix of the Python that xconda's engine runs in.
    """
    foundations: Dict[str, str] = {}
    if is_same_folder(prefix, home):
        foundations.update(xconda="xconda itself", python="the Python that xconda runs in")
    if is_same_folder(prefix, sys.prefix):
        foundations.update(_KERNEL_PACKAGES)
    return tuple(
        "{}: {} ({})".format(change.name, _from_to(change), foundations[change.name])
        for change in changes
        if change.name in foundations
    )


def loaded_packages(
    changes: Sequence[Change],
    prefix: str,
    modules: Optional[Mapping[str, ModuleType]] = None,
) -> Dict[str, Tuple[str, ...]]:
    """Return the packages that would change or go and are imported here, with their modules.

    Call it before the change: it reads which files the installed packages own.

    Args:
        changes: What would change.
        prefix: The environment that would change.
        modules: Module name to module; this process's own unless given.
    """
    files = _files_of_modules(sys.modules if modules is None else modules)
    loaded = {}
    for change in changes:
        names = sorted({files[path] for path in _owned(change, prefix) if path in files})
        if change.old and names:
            loaded[change.name] = tuple(names)
    return loaded


def _files_of_modules(modules: Mapping[str, ModuleType]) -> Dict[str, str]:
    """Return real path of each module's file to the module's top-level name."""
    files = {}
    for name, module in list(modules.items()):
        path = getattr(module, "__dict__", {}).get("__file__")
        if isinstance(path, str):
            folder, base = os.path.split(path)
            files[os.path.join(os.path.realpath(folder), base)] = name.partition(".")[0]
    return files


def _owned(change: Change, prefix: str) -> FrozenSet[str]:
    record = os.path.join(prefix, "conda-meta", change.old_dist + ".json")
    try:
        with open(record, encoding="utf-8") as file:
            files: List[Any] = json.load(file).get("files", [])
    except (OSError, ValueError):
        return frozenset()
    root = os.path.realpath(prefix)
    return frozenset(os.path.join(root, str(path)) for path in files)


def _from_to(change: Change) -> str:
    if not change.new:
        return "{} would be removed".format(change.old)
    if not change.old:
        return "{} would be installed".format(change.new)
    return "{} -> {}".format(change.old, change.new)
