"""What a change of packages means for the code that this kernel has already imported.

Every file that the plan takes away or replaces is held against the modules in memory and the
libraries mapped into the process. Per package the verdict is one of

=========== ====================================================================================
``new``      it was not installed: usable now
``unused``   nothing of it is loaded: the next import takes the new one
``reload``   loaded, but only as Python source: :mod:`.reloading` can exchange it
``restart``  compiled code of it is loaded, or what holds on to it cannot be exchanged
=========== ====================================================================================
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from importlib.machinery import EXTENSION_SUFFIXES
from types import FunctionType, ModuleType
from typing import Any, Dict, Final, FrozenSet, Iterable, List, Mapping, Sequence, Set, Tuple

from xconda_jupyter.kernel.changes import Change

_KERNEL: Final = "ipykernel"  # what it depends on runs this kernel, and is never exchanged
_MAPS: Final = "/proc/self/maps"


@dataclass(frozen=True)
class Verdict:
    """What one package's change means here.

    Attributes:
        package: Name of the package.
        kind: ``new``, ``unused``, ``reload`` or ``restart``.
        modules: Full names of the modules in memory that came from it, in order of import.
        because: For ``restart``: what rules a reload out, in a few words.
        variables: Names of the notebook's variables that are it, or are made of its types.
    """

    package: str
    kind: str
    modules: Tuple[str, ...] = ()
    because: str = ""
    variables: Tuple[str, ...] = ()

    @property
    def imported_as(self) -> Tuple[str, ...]:
        """Top-level names of its modules."""
        return tuple(dict.fromkeys(name.partition(".")[0] for name in self.modules))


@dataclass(frozen=True)
class LoadedCode:
    """What is in this process's memory.

    Attributes:
        modules: Module name to module, in order of import.
        files: Real path to the name of the module loaded from it.
        libraries: Real paths of mapped files.
    """

    modules: Mapping[str, ModuleType]
    files: Mapping[str, str]
    libraries: FrozenSet[str]

    @classmethod
    def of_this_process(cls) -> LoadedCode:
        """Return what this very process has loaded; libraries on Linux only."""
        modules = dict(sys.modules)
        return cls(modules, files_of_modules(modules), _mapped_files())


def verdicts(
    changes: Sequence[Change],
    prefix: str,
    code: LoadedCode,
    variables: Mapping[str, object],
) -> Dict[str, Verdict]:
    """Return a verdict for each package that would change.

    Call it before the change: it reads which files the installed packages own.

    Args:
        changes: What would change.
        prefix: The environment that would change.
        code: What is in memory.
        variables: The notebook's variables by name.
    """
    order = {name: position for position, name in enumerate(code.modules)}
    loaded: Dict[str, Tuple[str, ...]] = {}
    mapped: Dict[str, List[str]] = {}
    for change in changes:
        if change.old:
            owned = _owned_files(change, prefix)
            names = (code.files[path] for path in owned if path in code.files)
            loaded[change.name] = tuple(sorted(names, key=lambda name: order.get(name, 0)))
            mapped[change.name] = [path for path in owned if path in code.libraries]
    kernel = _closure(_KERNEL, prefix) if any(loaded.values()) else frozenset()
    users = users_of([name for names in loaded.values() for name in names], code)
    found = {}
    for change in changes:
        modules, libraries = loaded.get(change.name, ()), mapped.get(change.name, ())
        if not modules and not libraries:
            found[change.name] = Verdict(change.name, "unused" if change.old else "new")
            continue
        because = "this kernel runs on it" if change.name in kernel else ""
        because = because or _compiled_words(modules, libraries, code)
        because = because or _users_words(modules, users, code)
        kind = "restart" if because else "reload"
        made = variables_made_of(modules, variables)
        found[change.name] = Verdict(change.name, kind, modules, because, made)
    return found


def files_of_modules(modules: Mapping[str, ModuleType]) -> Dict[str, str]:
    """Return real path of each module's file to the module's name."""
    folders: Dict[str, str] = {}
    files = {}
    for name, module in list(modules.items()):
        path = getattr(module, "__dict__", {}).get("__file__")
        if isinstance(path, str):
            folder, base = os.path.split(path)
            files[os.path.join(_real_folder(folder, folders), base)] = name
    return files


def _real_folder(path: str, known: Dict[str, str]) -> str:
    """Return what ``os.path.realpath`` would, with one look at the disk for each new folder.

    Args:
        path: A folder.
        known: Real paths of those asked for before; it grows.
    """
    found = known.get(path)
    if found is None:
        above, name = os.path.split(path)
        if os.name == "nt" or not os.path.isabs(path) or name in ("", ".", ".."):
            found = os.path.realpath(path)
        else:
            found = os.path.join(_real_folder(above, known), name)
            found = os.path.realpath(found) if os.path.islink(found) else found
        known[path] = found
    return found


def users_of(modules: Iterable[str], code: LoadedCode) -> Dict[str, FrozenSet[str]]:
    """Return, for each of ``modules`` that others hold on to, the top-level names of those.

    A module holds on to another when one of its names is that module, or a class or function of it.
    All are looked at once: a kernel has thousands of modules.

    Args:
        modules: Full names of modules.
        code: What is in memory.
    """
    names = frozenset(modules)
    meant = {id(code.modules[name]): name for name in names if name in code.modules}
    users: Dict[str, Set[str]] = {}
    for name, module in code.modules.items() if meant else ():
        top = name.partition(".")[0]
        for value in list(getattr(module, "__dict__", {}).values()):
            if isinstance(value, (type, FunctionType)):
                home = value.__module__ if value.__module__ in names else None
            else:
                home = meant.get(id(value))
            if home is not None and home.partition(".")[0] != top != "__main__":
                users.setdefault(home, set()).add(top)
    return {name: frozenset(tops) for name, tops in users.items()}


def _users_words(
    modules: Sequence[str], users: Mapping[str, FrozenSet[str]], code: LoadedCode
) -> str:
    """Return who uses ``modules`` and cannot be exchanged with them; empty where nobody."""
    for top in sorted({top for name in modules for top in users.get(name, ())}):
        if top in own_library():
            return "{} of Python's own library holds on to it".format(top)
        theirs = [name for name in code.modules if name.partition(".")[0] == top]
        if _compiled(theirs, code):
            return "{} uses it, and has compiled code loaded".format(top)
    return ""


def _compiled_words(modules: Sequence[str], libraries: Sequence[str], code: LoadedCode) -> str:
    compiled = _compiled(modules, code) or [os.path.basename(path) for path in libraries]
    return "compiled code of it is loaded: {}".format(_some(compiled)) if compiled else ""


def own_library() -> FrozenSet[str]:
    """Return the names of Python's own library, which nobody exchanges."""
    return frozenset(getattr(sys, "stdlib_module_names", sys.builtin_module_names)) | {"builtins"}


def variables_made_of(modules: Iterable[str], variables: Mapping[str, object]) -> Tuple[str, ...]:
    """Return the names of the variables that are one of ``modules``, or of a type from there."""
    names = frozenset(modules)
    found = []
    for name, value in list(variables.items()):
        if name.startswith("_"):
            continue
        if isinstance(value, ModuleType):
            home = value.__name__
        elif isinstance(value, (type, FunctionType)):
            home = value.__module__
        else:
            home = type(value).__module__
        if home in names:
            found.append(name)
    return tuple(sorted(found))


def _compiled(modules: Iterable[str], code: LoadedCode) -> List[str]:
    suffixes = tuple(EXTENSION_SUFFIXES)
    return [
        name
        for name in modules
        if str(getattr(code.modules.get(name), "__file__", "") or "").endswith(suffixes)
    ]


def _some(names: Sequence[str]) -> str:
    first = ", ".join(names[:2])
    return "{} and {} more".format(first, len(names) - 2) if len(names) > 2 else first


def _mapped_files() -> FrozenSet[str]:
    """Return the files mapped into this process (proc_pid_maps(5)); empty where unknown."""
    try:
        with open(_MAPS, encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read().split("\n")
    except OSError:
        return frozenset()
    paths = (line.split(None, 5)[5] for line in lines if line.count(" ") >= 5 and "/" in line)
    return frozenset(path for path in paths if path.startswith("/"))


def _owned_files(change: Change, prefix: str) -> List[str]:
    files = _record(prefix, change.old_dist).get("files")
    root = os.path.realpath(prefix)
    folders: Dict[str, str] = {}
    known: Dict[str, str] = {}
    paths = []
    for each in files if isinstance(files, list) else []:
        folder, _, base = str(each).rpartition("/")  # records have no other separator
        if folder not in folders:  # a folder of the prefix may be a link, as lib64 is
            place = os.path.join(root, folder) if folder else root
            folders[folder] = os.path.join(_real_folder(place, known), "")
        paths.append(folders[folder] + base)
    return paths


def _closure(package: str, prefix: str) -> FrozenSet[str]:
    """Return ``package`` and what it depends on, and so on, of what is installed in ``prefix``."""
    dists: Dict[str, str] = {}
    try:
        names = os.listdir(os.path.join(prefix, "conda-meta"))
    except OSError:
        return frozenset()
    for name in names:
        if name.endswith(".json"):
            dist = name[: -len(".json")]
            dists[dist.rsplit("-", 2)[0]] = dist
    found: Set[str] = set()
    waiting = [package]
    while waiting:
        name = waiting.pop()
        if name in found or name not in dists:
            continue
        found.add(name)
        depends = _record(prefix, dists[name]).get("depends")
        waiting += [str(each).split()[0] for each in depends] if isinstance(depends, list) else []
    return frozenset(found)


def _record(prefix: str, dist: str) -> Dict[str, Any]:
    try:
        with open(os.path.join(prefix, "conda-meta", dist + ".json"), encoding="utf-8") as file:
            record = json.load(file)
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}
