"""Finds and reads the modules of xconda where they are. Layer: ground. Source: PEP 451, PEP 552.

Python asks three finders for each module, of which the last one looks for every kind of file, and
reads what is compiled by way of ten functions in Python. With two hundred modules that is 5 % of a
short command. What is not as it usually is, a module that was never compiled among it, is found and
read as ever. See docs/decisions/0213-what-a-start-still-takes.md and 0214.
"""

import os
import sys
from collections.abc import Sequence
from importlib._bootstrap_external import MAGIC_NUMBER, cache_from_source
from importlib.machinery import ModuleSpec, SourceFileLoader
from marshal import loads
from types import CodeType, ModuleType
from typing import Final

_PREFIX: Final = __name__.rpartition(".")[0] + "."
_HEAD_BYTES: Final = 16  # of a compiled module: magic number, flags, time and size of its source
_ASKED_FOR_PATHS: Final = sys.version_info < (3, 12)
_MUCH_ASKED: Final = ("typing", "collections.abc")  # neither has a __getattr__ up to 3.11
_READING: Final = os.O_RDONLY | getattr(os, "O_BINARY", 0)
_ENOUGH_BYTES: Final = 100_000
_BY_TIME: Final = MAGIC_NUMBER + bytes(4)  # no flag: it is right as long as time and size are


class _QuickModule(ModuleType):
    """A module that lacks an attribute as other objects do: no sentence is written about it.

    Up to 3.11 each ``from module import name`` asks the module for ``__path__``, and of modules
    alone Python does not know how to ask without having an error made and dropped again.
    """

    __slots__ = ()
    __getattribute__ = object.__getattribute__


class _Loader(SourceFileLoader):
    """Reads a module as it was compiled, if it was and its source has not changed since."""

    def __init__(self, name: str, place: str, compiled: str) -> None:
        super().__init__(name, place)
        self._compiled = compiled

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Return the module to be filled, None where Python is to make one."""
        # A package may have a `__getattr__` (PEP 562), to which such a module would not listen.
        quick = _ASKED_FOR_PATHS and spec.submodule_search_locations is None
        return _QuickModule(spec.name) if quick else None

    def get_code(self, fullname: str) -> CodeType | None:
        """Return the code of the module ``fullname``."""
        try:
            content = _read(self._compiled)
            source = os.stat(self.path)  # noqa: PTH116 (a path for each takes time)
            facts = (int(source.st_mtime) & 0xFFFFFFFF) | (source.st_size & 0xFFFFFFFF) << 32
            if content[:_HEAD_BYTES] == _BY_TIME + facts.to_bytes(8, "little"):
                code = loads(memoryview(content)[_HEAD_BYTES:])  # noqa: S302 (as Python itself does)
                if code.co_filename == self.path:  # not moved since it was compiled
                    return code  # type: ignore[no-any-return]
        except (OSError, EOFError):
            pass
        return super().get_code(fullname)


def _read(place: str) -> bytes:
    """Return the file at ``place``, or the beginning of one that is larger than any of ours.

    A file object would ask the system four things more than this does.
    """
    file = os.open(place, _READING)
    try:
        return os.read(file, _ENOUGH_BYTES)
    finally:
        os.close(file)


class _OwnModules:
    """A finder for ``sys.meta_path``; a folder is looked through once."""

    def __init__(self) -> None:
        self._names: dict[str, frozenset[str]] = {}
        self._compiled: dict[str, tuple[str, str, str]] = {}

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where the module ``name`` comes from, None where others are to say it."""
        del target
        if path is None or len(path) != 1 or not name.startswith(_PREFIX):
            return None
        (folder,) = path
        package, _, last = name.rpartition(".")
        before, _, after = self._compiled_beside(package)
        if not after:
            return None
        found = self._within(folder)
        if f"{last}.py" in found:
            return _spec(name, f"{folder}{os.sep}{last}.py", f"{before}{last}{after}")
        inside = f"{folder}{os.sep}{last}"
        if last in found and "__init__.py" in self._within(inside):
            place = f"{inside}{os.sep}__init__.py"
            spec = _spec(name, place, cache_from_source(place))
            spec.submodule_search_locations = [inside]
            return spec
        return None

    def _compiled_beside(self, package: str) -> tuple[str, str, str]:
        """Return what stands before and after the name of a compiled module of ``package``."""
        if package not in self._compiled:
            beside = sys.modules[package].__spec__
            compiled = (beside.cached if beside else None) or ""
            self._compiled[package] = compiled.rpartition("__init__")
        return self._compiled[package]

    def _within(self, folder: str) -> frozenset[str]:
        if folder not in self._names:
            try:
                names = os.listdir(folder)  # noqa: PTH208 (no path for each of a hundred names)
            except OSError:
                names = []
            self._names[folder] = frozenset(names)
        return self._names[folder]


def _spec(name: str, place: str, compiled: str) -> ModuleSpec:
    spec = ModuleSpec(name, _Loader(name, place, compiled), origin=place)
    spec.has_location = True
    spec.cached = compiled
    return spec


def find_own_modules_first() -> None:
    """Let modules of xconda be found so, in this process, from now on."""
    sys.meta_path.insert(0, _OwnModules())
    for name in _MUCH_ASKED if _ASKED_FOR_PATHS else ():
        sys.modules[name].__class__ = _QuickModule
