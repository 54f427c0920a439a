"""Libraries loaded without what they load beside them and do not need. Layer: cli.

While such a library is loaded, a stand-in is found where it looks for the rest. What the stand-in
does not have comes from the module itself, and whoever asks for that later gets it. Only the
program ``xconda`` does so, whose words and values are its own. See
docs/decisions/0192-what-a-start-does-without.md.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any, Final


class _NeverMet:
    """Stands for a class of values that no command has."""

    unknown: Final = None  # of SafeUUID


def _later(module: str, name: str) -> Callable[..., Any]:
    """Return the function ``name`` of ``module``, which is loaded when it is called."""

    def call(*given: Any, **named: Any) -> Any:
        return getattr(import_module(module), name)(*given, **named)

    return call


_SCHEMA: Final = "msgspec._json_schema"
_BESIDE_MSGSPEC: Final[Mapping[str, Mapping[str, Any] | None]] = {
    # Half of the compiler (6 ms), to take what ``typing`` has as well from Python 3.11 on.
    "typing_extensions": None,
    "uuid": {"UUID": _NeverMet, "SafeUUID": _NeverMet},
    "decimal": {"Decimal": _NeverMet},
    "msgspec.inspect": {},
    _SCHEMA: {name: _later(_SCHEMA, name) for name in ("schema", "schema_components")},
}
_PYTHON: Final = {"cpython": "CPython", "pypy": "PyPy"}.get(sys.implementation.name, "")
_BESIDE_ZSTANDARD: Final = {"platform": {"python_implementation": lambda: _PYTHON}}
_BESIDE_ARGPARSE: Final = {
    "gettext": {"gettext": str, "ngettext": lambda one, many, count: one if count == 1 else many}
}


def load_msgspec() -> None:
    """Load msgspec, which every command but the help uses, in a quarter of its time."""
    _load("msgspec", _BESIDE_MSGSPEC)


def load_zstandard() -> None:
    """Load zstandard, which every command that reads channels uses."""
    _load("zstandard", _BESIDE_ZSTANDARD)


def load_argparse() -> None:
    """Load argparse, so that it looks for no translation of its words: there is none of ours."""
    _load("argparse", _BESIDE_ARGPARSE)


def _load(name: str, beside: Mapping[str, Mapping[str, Any] | None]) -> None:
    if name not in sys.modules:
        with _standing_in({each: beside[each] for each in beside if each not in sys.modules}):
            import_module(name)


class _StandIn(ModuleType):
    """A module of which some is there."""

    def __getattr__(self, name: str) -> Any:
        """Return what the module itself has under ``name``."""
        if name.startswith("__"):  # the import system looks for its own
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


@contextmanager
def _standing_in(contents: Mapping[str, Mapping[str, Any] | None]) -> Iterator[None]:
    """Have modules be found that hold no more than ``contents`` says; None: not be found."""
    stand_ins = {name: None if each is None else _StandIn(name) for name, each in contents.items()}
    for name, stand_in in stand_ins.items():
        if stand_in is not None:
            vars(stand_in).update(contents[name] or {})
    sys.modules.update(stand_ins)  # type: ignore[arg-type]  # None is how Python says: none
    try:
        yield
    finally:
        for name, stand_in in stand_ins.items():
            if sys.modules.get(name) is stand_in:
                del sys.modules[name]
