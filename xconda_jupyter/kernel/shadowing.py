"""A module that is installed while Python loads another of that name: who hides whom."""

from __future__ import annotations

import os
import site
import sys
from dataclasses import dataclass
from importlib.machinery import PathFinder
from typing import Any, Dict, List, Optional, Sequence, Set

from xconda_jupyter.kernel.running_kernel import is_same_folder

_LIBRARY = (
    "{} is installed, but a library that it needs may be another: {} hides {}. It comes from "
    "LD_LIBRARY_PATH: unset it, and restart."
)
_HOME = (
    "{} is installed in {}, but PYTHONHOME leads Python to {}: unset PYTHONHOME, and start the "
    "kernel anew."
)


@dataclass(frozen=True)
class Shadow:
    """One module that hides another.

    Attributes:
        module: Its name.
        loaded: The file that Python loads; empty: none.
        hidden: The file that it would load otherwise.
        words: What to say and what to do about it.
    """

    module: str
    loaded: str
    hidden: str
    words: str

    def to_json(self) -> Dict[str, str]:
        """Return the facts."""
        return {"module": self.module, "loaded": self.loaded, "hidden": self.hidden}


def find_shadow(module: str, path: Optional[Sequence[str]] = None) -> Optional[Shadow]:
    """Return what hides the environment's own ``module``; None where nothing does.

    Args:
        module: Name of a module; only what stands before its first dot counts.
        path: Where modules are looked for; ``sys.path`` unless given.
    """
    name = module.partition(".")[0]
    places = [entry or os.getcwd() for entry in (sys.path if path is None else path)]
    found = [(place, origin) for place in places for origin in [_origin(name, place)] if origin]
    inside = [origin for place, origin in found if _is_of_environment(place)]
    if not found:
        return _hidden_by_home(name)
    if not inside or is_same_folder(found[0][1], inside[0]):
        return None
    place, loaded = found[0]
    return Shadow(name, loaded, inside[0], _words(name, place, loaded, inside[0]))


def find_other_library(error: BaseException) -> Optional[Shadow]:
    """Return what LD_LIBRARY_PATH puts before the libraries of the environment; None for nothing.

    Args:
        error: Why an import failed; only a compiled module's own libraries are looked at.
    """
    path = getattr(error, "path", None)
    if not isinstance(error, ImportError) or not isinstance(path, str) or path.endswith(".py"):
        return None
    own = os.path.join(sys.prefix, "lib")
    for folder in filter(None, os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)):
        both = [] if is_same_folder(folder, own) else sorted(_libraries(folder) & _libraries(own))
        if both:
            named = next((each for each in both if each in str(error)), both[0])
            loaded, hidden = os.path.join(folder, named), os.path.join(own, named)
            name = module_of_error(error)
            return Shadow(name, loaded, hidden, _LIBRARY.format(name, loaded, hidden))
    return None


def _libraries(folder: str) -> Set[str]:
    try:
        return {each for each in os.listdir(folder) if ".so" in each or each.endswith(".dylib")}
    except OSError:
        return set()


def _hidden_by_home(name: str) -> Optional[Shadow]:
    """Return where the program's own environment has a module, if PYTHONHOME leads elsewhere."""
    home = os.environ.get("PYTHONHOME", "").split(os.pathsep)[0]
    prefix = os.path.dirname(os.path.dirname(sys.executable or ""))
    if (
        not home
        or not os.path.isdir(os.path.join(prefix, "conda-meta"))
        or is_same_folder(home, prefix)
    ):
        return None
    version = "python{}.{}".format(*sys.version_info[:2])
    own = _origin(name, os.path.join(prefix, "lib", version, "site-packages"))
    return Shadow(name, "", own, _HOME.format(name, prefix, home)) if own else None


def _words(name: str, place: str, loaded: str, hidden: str) -> str:
    said = "{} is installed, but Python loads another: {} hides {}.".format(name, loaded, hidden)
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if any(entry and is_same_folder(entry, place) for entry in named):
        return "{} It comes from PYTHONPATH: take {} out of it and restart.".format(said, place)
    if is_same_folder(place, site.getusersitepackages()):
        advice = "{} It is in your user site: `python -m pip uninstall {}` there, or set "
        return (advice + "PYTHONNOUSERSITE=1, and restart.").format(said, _project(name, place))
    return "{} Rename it, and restart the kernel.".format(said)


def _project(module: str, place: str) -> str:
    """Return the project in ``place`` that brings ``module``, as pip calls it."""
    from importlib.metadata import distributions  # a cell that fails pays for it, no start

    for found in distributions(path=[place]):
        if any(path.parts[:1] in ((module,), (module + ".py",)) for path in found.files or ()):
            return str(found.metadata["Name"])
    return module


def _origin(name: str, place: str) -> str:
    spec = PathFinder.find_spec(name, [place])
    return (spec.origin or "") if spec is not None else ""


def _is_of_environment(place: str) -> bool:
    """Whether packages of this environment are found in ``place``, a folder of ``sys.path``."""
    try:
        own: List[str] = [os.path.realpath(each) for each in site.getsitepackages()]
    except AttributeError:  # a virtualenv of old
        own = []
    stdlib = os.path.realpath(os.path.dirname(os.__file__))
    real = os.path.realpath(place)
    return real in own or real in {stdlib, os.path.join(stdlib, "lib-dynload")}


def module_of_error(error: BaseException) -> str:
    """Return the module that an ``ImportError`` is about; empty: none, or it is not known."""
    name: Any = getattr(error, "name", None)
    return name if isinstance(error, ImportError) and isinstance(name, str) else ""
