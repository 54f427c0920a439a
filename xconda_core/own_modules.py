"""Finds and reads the modules of xconda where they are. Layer: ground. Source: PEP 451, PEP 552.

Python asks three finders for each module, of which the last one looks for every kind of file, and
reads what is compiled by way of ten functions in Python. With two hundred modules that is 5 % of a
short command. What is not as it usually is, a module that was never compiled among it, is found and
read as ever. See docs/decisions/0213-what-a-start-still-takes.md.
"""

import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import MAGIC_NUMBER
from marshal import loads
from types import CodeType, ModuleType
from typing import Final

_PREFIX: Final = __name__.rpartition(".")[0] + "."
_HEAD_BYTES: Final = 16  # of a compiled module: magic number, flags, time and size of its source
_BY_TIME: Final = MAGIC_NUMBER + bytes(4)  # no flag: it is right as long as time and size are


class _Loader(SourceFileLoader):
    """Reads a module as it was compiled, if it was and its source has not changed since."""

    def __init__(self, name: str, place: str, compiled: str) -> None:
        super().__init__(name, place)
        self._compiled = compiled

    def get_code(self, fullname: str) -> CodeType | None:
        """Return the code of the module ``fullname``."""
        try:
            with open(self._compiled, "rb", 0) as file:  # noqa: PTH123 (a path for each takes time)
                content = file.read()
            source = os.stat(self.path)  # noqa: PTH116
        except OSError:
            return super().get_code(fullname)
        facts = (int(source.st_mtime), source.st_size)
        numbers = b"".join([(fact & 0xFFFFFFFF).to_bytes(4, "little") for fact in facts])
        if content[:_HEAD_BYTES] == _BY_TIME + numbers:
            code = loads(memoryview(content)[_HEAD_BYTES:])  # noqa: S302 (as Python itself does)
            if code.co_filename == self.path:  # not moved since it was compiled
                return code  # type: ignore[no-any-return]
        return super().get_code(fullname)


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
        package, _, last = name.rpartition(".")
        beside = sys.modules[package].__spec__
        if beside is None or not beside.cached:
            return None
        if f"{last}.py" in self._names[folder]:
            before, _, after = beside.cached.rpartition("__init__")
            return _spec(name, f"{folder}{os.sep}{last}.py", f"{before}{last}{after}")
        return None


def _spec(name: str, place: str, compiled: str) -> ModuleSpec:
    spec = ModuleSpec(name, _Loader(name, place, compiled), origin=place)
    spec.has_location = True
    spec.cached = compiled
    return spec


def _names(folder: str) -> frozenset[str]:
    try:
        return frozenset(os.listdir(folder))  # noqa: PTH208 (no path for each of a hundred names)
    except OSError:
        return frozenset()


def find_own_modules_first() -> None:
    """Let modules of xconda be found so, in this process, from now on."""
    sys.meta_path.insert(0, _OwnModules())
