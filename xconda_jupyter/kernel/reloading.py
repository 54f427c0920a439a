"""Exchange imported Python modules for the ones now on disk, the notebook's names included.

``importlib.reload`` runs new code in the old module and leaves every ``from x import y`` behind.
Here the old modules leave ``sys.modules`` together with whatever holds on to them, all are
imported afresh in their first order, and the notebook's variables that *are* such a module, class
or function get the new one. Objects made before keep their old types; they are named.
"""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any, Dict, Final, FrozenSet, Iterable, List, MutableMapping, Tuple

from xconda_jupyter.kernel.failures import XcondaFailed
from xconda_jupyter.kernel.import_verdicts import (
    LoadedCode,
    own_library,
    users_of,
    variables_made_of,
)

_GONE: Final = object()


@dataclass(frozen=True)
class Reloaded:
    """What was exchanged.

    Attributes:
        modules: Top-level names of the modules that were imported afresh.
        gone: Full names of modules that the new packages no longer have.
        renewed: The notebook's names that mean the new module, class or function now.
        stale: Names of variables that were made by the old ones and stay what they were.
    """

    modules: Tuple[str, ...]
    gone: Tuple[str, ...]
    renewed: Tuple[str, ...]
    stale: Tuple[str, ...]

    @property
    def words(self) -> str:
        """What was done, in one or two sentences."""
        if not self.modules:
            return "Nothing to reload: nothing that changed is loaded."
        text = "Reloaded: {}.".format(", ".join(self.modules))
        if self.renewed:
            text += " These names mean the new ones: {}.".format(", ".join(self.renewed))
        if self.stale:
            text += " Made by the old ones, make them again: {}.".format(", ".join(self.stale))
        return text

    def to_json(self) -> Dict[str, Any]:
        """Return the account as a document."""
        return {
            "modules": list(self.modules),
            "gone": list(self.gone),
            "renewed": list(self.renewed),
            "stale": list(self.stale),
        }

    def __repr__(self) -> str:
        return self.words


def reload_modules(names: Iterable[str], variables: MutableMapping[str, Any]) -> Reloaded:
    """Import ``names`` (full names of loaded modules) and what holds on to them afresh.

    Raises:
        XcondaFailed: a new module cannot be imported; the old ones are all in place again.
    """
    meant = _with_holders(frozenset(names))
    old = {name: module for name, module in sys.modules.items() if name in meant}
    if not old:
        return Reloaded((), (), (), ())
    stale = set(variables_made_of(old, variables))
    gone = _import_afresh(old)
    renewed = _renew(variables, old)
    return Reloaded(
        tuple(dict.fromkeys(name.partition(".")[0] for name in old)),
        gone,
        renewed,
        tuple(sorted(stale - set(renewed))),
    )


def _with_holders(names: FrozenSet[str]) -> FrozenSet[str]:
    """Return ``names``, their whole packages, and all that holds on to them."""
    code = LoadedCode.of_this_process()
    tops = frozenset(name.partition(".")[0] for name in names)
    while True:
        meant = frozenset(name for name in code.modules if name.partition(".")[0] in tops)
        users = users_of(meant, code)
        more = {top for found in users.values() for top in found} - own_library() - tops
        if not more:
            return meant
        tops |= more


def _import_afresh(old: Dict[str, ModuleType]) -> Tuple[str, ...]:
    for name in old:
        del sys.modules[name]
    importlib.invalidate_caches()
    gone: List[str] = []
    try:
        for name in old:
            try:
                importlib.import_module(name)
            except ModuleNotFoundError as error:
                if error.name is None or not (name + ".").startswith(error.name + "."):
                    raise
                gone.append(name)
    except BaseException as error:
        for name in [name for name in sys.modules if name.partition(".")[0] in _tops(old)]:
            del sys.modules[name]
        sys.modules.update(old)
        if not isinstance(error, Exception):
            raise
        raise _not_reloaded(name, error) from None
    return tuple(gone)


def _tops(names: Iterable[str]) -> FrozenSet[str]:
    return frozenset(name.partition(".")[0] for name in names)


def _renew(variables: MutableMapping[str, Any], old: Dict[str, ModuleType]) -> Tuple[str, ...]:
    renewed = []
    for name, value in list(variables.items()):
        new = _counterpart(value, old)
        if new is not _GONE:
            variables[name] = new
            if not name.startswith("_"):
                renewed.append(name)
    return tuple(sorted(renewed))


def _counterpart(value: object, old: Dict[str, ModuleType]) -> object:
    """Return what now stands where ``value`` stood, if it came from the old modules."""
    if isinstance(value, ModuleType):
        is_old = old.get(value.__name__) is value
        return sys.modules.get(value.__name__, _GONE) if is_old else _GONE
    if not isinstance(value, (type, FunctionType)) or value.__module__ not in old:
        return _GONE
    new: object = sys.modules.get(value.__module__, _GONE)
    for part in value.__qualname__.split("."):
        new = getattr(new, part, _GONE)
    return new


def _not_reloaded(name: str, error: Exception) -> XcondaFailed:
    return XcondaFailed(
        {
            "code": "not-reloaded",
            "what": "Nothing was reloaded: the new {} could not be imported.".format(name),
            "why": "{}: {}.".format(type(error).__name__, error),
            "fix": "restart the kernel to use what is installed now.",
            "facts": {"module": name},
        }
    )
