"""Libraries loaded without what they load beside them and do not need. Layer: cli.

While such a library is loaded, a stand-in is found where it looks for the rest. What the stand-in
does not have comes from the module itself, and whoever asks for that later gets it. Only the
program ``xconda`` does so, whose words and values are its own. See
docs/decisions/0192-what-a-start-does-without.md.
"""

import sys
import typing
from _weakref import ref
from _weakrefset import WeakSet
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any, Final

from xconda_core.regex import regex
from xconda_core.values import NamedTuple

_Contents = Mapping[str, Any] | None  # of a stand-in; None: no such module is found


class _NeverMet:
    """Stands for a class of values that no command has."""

    unknown: Final = None  # of SafeUUID

    def __init__(self, *given: Any, **named: Any) -> None: ...


class _Later:
    """Stands for a function or class of a module, which is loaded when it is used."""

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name

    def __call__(self, *given: Any, **named: Any) -> Any:
        return self._itself()(*given, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._itself(), name)

    def _itself(self) -> Any:
        return getattr(import_module(self._module), self._name)


class _LaterFormatter:
    """Stands for ``string.Formatter``: logging makes one at once, for texts in braces."""

    def parse(self, text: str) -> Any:
        """Return the parts of ``text``."""
        return import_module("string").Formatter().parse(text)


class _LinePattern:
    """Stands for what a line of a log must match; the one logging begins with is known to."""

    def __init__(self, text: str, flags: int = 0) -> None:
        self._pattern = regex(text, flags)

    def search(self, line: str) -> object:
        """Return something that is true where ``line`` has the pattern in it."""
        return line == "%(message)s" or self._pattern.search(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pattern, name)


def _without_translation(one: str, many: str, count: int) -> str:
    return one if count == 1 else many


def _named_tuple(name: str, places: str) -> Any:
    """Stand for ``collections.namedtuple``, which compiles a function for each class."""
    kind: Any = NamedTuple
    return type(name, (kind,), {"__annotations__": dict.fromkeys(places.split()), "__slots__": ()})


_PATTERNS_LATER: Final = {"re": {"compile": regex}}  # `re` compiles in Python: 0.1 ms a pattern
_CHANGED: Final = frozenset({"re", "collections"})  # loaded already, and yet stood for
_SCHEMA: Final = "msgspec._json_schema"
_PYTHON: Final = {"cpython": "CPython", "pypy": "PyPy"}.get(sys.implementation.name, "")
# Up to 3.11 Python defines all of it twice, and takes what is in C.
_BENEATH: Final = {"datetime": "_datetime"}
_BESIDE: Final[Mapping[str, Mapping[str, _Contents]]] = {
    "argparse": {
        # There is no translation of its words into the language of ours.
        "gettext": {"gettext": str, "ngettext": _without_translation},
        **_PATTERNS_LATER,
    },
    "urllib.parse": {
        "ipaddress": {},
        "collections": {"namedtuple": _named_tuple},
        **_PATTERNS_LATER,
    },
    "pathlib": {"ntpath": {}, "fnmatch": {}},
    "logging": {
        "re": {"compile": _LinePattern},
        # No handler of ours has a name by which it could be found.
        "weakref": {"WeakSet": WeakSet, "WeakValueDictionary": dict, "ref": ref},
        "string": {"Template": _Later("string", "Template"), "Formatter": _LaterFormatter},
        "traceback": {},
    },
    "msgspec": {
        # Half of the compiler (6 ms), to take what ``typing`` has as well from Python 3.11 on.
        "typing_extensions": None,
        "uuid": {"UUID": _NeverMet, "SafeUUID": _NeverMet},
        "decimal": {"Decimal": _NeverMet},
        **{f"msgspec.{name}": {} for name in ("inspect", "structs", "toml", "yaml")},
        _SCHEMA: {name: _Later(_SCHEMA, name) for name in ("schema", "schema_components")},
    },
    "zstandard": {
        "__future__": {"annotations": None},
        "platform": {"python_implementation": lambda: _PYTHON},
    },
}


def load_lean(*libraries: str) -> None:
    """Load some of the libraries that this is known of, each in a half to a quarter of its time."""
    for library in libraries:
        if library in sys.modules:
            continue
        if library in _BENEATH:
            sys.modules[library] = import_module(_BENEATH[library])
            continue
        with _standing_in(_BESIDE[library]):
            import_module(library)


class _StandIn(ModuleType):
    """A module of which some is there."""

    def __init__(self, name: str, content: Mapping[str, Any]) -> None:
        super().__init__(name)
        vars(self).update(content)
        self._itself = sys.modules.get(name)

    def __getattr__(self, name: str) -> Any:
        """Return what the module itself has under ``name``."""
        if name.startswith("__"):  # the import system looks for its own
            raise AttributeError(name)
        if self._itself is None and sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(self._itself or import_module(self.__name__), name)


@contextmanager
def _standing_in(contents: Mapping[str, _Contents]) -> Iterator[None]:
    """Have modules be found that hold no more than ``contents`` says; None: not be found.

    A module that is loaded already is found itself, but for some. No reference to a type is made:
    msgspec makes one to see what it may be told, and the first one sets the compiler up (1 ms).
    """
    before = {name: sys.modules.get(name) for name in contents}
    stand_ins = {
        name: None if content is None else _StandIn(name, content)
        for name, content in contents.items()
        if before[name] is None or name in _CHANGED
    }
    sys.modules.update(stand_ins)  # type: ignore[arg-type]  # None is how Python says: none
    reference, vars(typing)["ForwardRef"] = typing.ForwardRef, _NeverMet
    try:
        yield
    finally:
        vars(typing)["ForwardRef"] = reference
        for name, stand_in in stand_ins.items():
            itself = before[name]
            if itself is not None:
                sys.modules[name] = itself
            elif sys.modules.get(name) is stand_in:
                del sys.modules[name]
