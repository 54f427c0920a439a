"""Finds the modules of xconda where they are: in the folder of their package. Layer: ground.

Python asks three finders for each module, of which the last one looks for every kind of file. With
two hundred modules that is 3 % of a short command. What has no source file there is found as ever.
See docs/decisions/0213-what-a-start-still-takes.md.
"""

import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import ModuleType

_PREFIX = __name__.rpartition(".")[0] + "."


class _OwnModules:
    """A finder for ``sys.meta_path``; a folder is looked through once."""

    def __init__(self) -> None:
        self._names: dict[str, frozenset[str]] = {}

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where the module ``name`` comes from, None where others are to say it."""
        del target
        if path is None or len(path) != 1 or not name.startswith(_PREFIX):
            return None
        (folder,) = path
        if folder not in self._names:
            self._names[folder] = _names(folder)
        last = name.rpartition(".")[2]
        place, is_package = f"{folder}{os.sep}{last}.py", False
        if f"{last}.py" not in self._names[folder]:
            place, is_package = f"{folder}{os.sep}{last}{os.sep}__init__.py", True
            if last not in self._names[folder] or not os.path.isfile(place):  # noqa: PTH113
                return None
        loader = SourceFileLoader(name, place)
        spec = ModuleSpec(name, loader, origin=place, is_package=is_package)
        spec.has_location = True
        if is_package:
            spec.submodule_search_locations = [f"{folder}{os.sep}{last}"]
        return spec


def _names(folder: str) -> frozenset[str]:
    try:
        return frozenset(os.listdir(folder))  # noqa: PTH208 (no path for each of a hundred names)
    except OSError:
        return frozenset()


def find_own_modules_first() -> None:
    """Let modules of xconda be found so, in this process, from now on."""
    sys.meta_path.insert(0, _OwnModules())
