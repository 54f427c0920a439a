"""What the cells of a notebook import and declare, and what of it an environment has.

Layer: engine. Nothing is run: imports are read from the syntax tree, modules are looked for as
files, whichever Python the environment has. Requirements are those of an inline ``script`` block
(PEP 723).
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion

from xconda_core.errors import Json
from xconda_core.values import Slotted, dataclass

_STANDARD: Final = frozenset(sys.stdlib_module_names) | frozenset(sys.builtin_module_names)
_STILL_PYTHON: Final = frozenset({"time", "timeit", "capture", "prun", "python", "python3"})
_INLINE: Final = re.compile(r"^(\s*)(?:[%!?].*|.*\?)$")
_ASSIGNED: Final = re.compile(r"^(\s*[\w.,\s\[\]]+=\s*)[%!].*$")
_SCRIPT: Final = re.compile(r"(?m)^# /// script$\s(?P<content>(^#(| .*)$\s)+)^# ///$")
_NAMESPACES: Final = frozenset({"google", "azure", "ruamel", "mpl_toolkits", "sphinxcontrib"})
_ENDINGS: Final = (".py", ".so", ".pyd", ".pyc")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookNeeds(Slotted):
    """What the cells of a notebook need.

    Attributes:
        modules: Module to whether the cells can do without it (``try``, ``except ImportError``).
        unread: How many cells are no Python.
        requirements: What an inline ``script`` block (PEP 723) asks for, as it is written.
    """

    modules: Mapping[str, bool]
    unread: int
    requirements: tuple[str, ...]


def needs_of_cells(cells: Sequence[str]) -> NotebookNeeds:
    """Return what code cells import and declare; magics and shell lines in them are passed over."""
    modules: dict[str, bool] = {}
    unread = 0
    for cell in cells:
        text = _python_of(cell)
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            unread += 1
            continue
        for name, is_optional in _imported(tree.body, False):
            modules[name] = is_optional and modules.get(name, True)
    return NotebookNeeds(modules=modules, unread=unread, requirements=_requirements(cells))


def absent_modules(modules: Iterable[str], prefix: Path, beside: Path | None) -> list[str]:
    """Return those of ``modules`` that the Python of ``prefix`` would not find.

    Args:
        modules: Names as ``import`` spells them.
        prefix: The environment.
        beside: Folder of the notebook, whose own modules are found first.
    """
    folders = [*([beside] if beside else []), *_search_path(prefix)]
    return [
        name
        for name in modules
        if name.partition(".")[0] not in _STANDARD and not _is_there(name.split("."), folders)
    ]


def unmet(requirements: Sequence[str], versions: Mapping[str, str]) -> list[Json]:
    """Return each requirement that ``versions`` (canonical name to version) does not fulfil."""
    found: list[Json] = []
    for text in requirements:
        try:
            wanted = Requirement(text)
        except InvalidRequirement:
            found.append({"requirement": text, "installed": None})
            continue
        installed = versions.get(canonicalize_name(wanted.name))
        if installed is None or not _fits(wanted, installed):
            found.append({"requirement": text, "installed": installed})
    return found


def _fits(wanted: Requirement, version: str) -> bool:
    try:
        return wanted.specifier.contains(version, prereleases=True)
    except InvalidVersion:  # conda's versions may be none of Python's
        return True


def _python_of(cell: str) -> str:
    lines = cell.splitlines()
    if lines and lines[0].startswith("%%"):
        if (lines[0][2:].split() or [""])[0] not in _STILL_PYTHON:
            return ""
        lines[0] = ""
    return "\n".join(_ASSIGNED.sub(r"\1None", _INLINE.sub(r"\1pass", line)) for line in lines)


def _imported(body: Sequence[ast.AST], is_optional: bool) -> Iterator[tuple[str, bool]]:
    for node in body:
        if isinstance(node, ast.Import):
            yield from ((alias.name, is_optional) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.module and not node.level:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
                is_space = node.module in _NAMESPACES
                yield from ((name, is_optional) for name in (names if is_space else [node.module]))
        elif isinstance(node, ast.Try):
            may_miss = is_optional or any(map(_catches_imports, node.handlers))
            parts = [*node.body, *node.handlers, *node.orelse, *node.finalbody]
            yield from _imported(parts, may_miss)
        elif not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)):
            yield from _imported(list(ast.iter_child_nodes(node)), is_optional)


def _catches_imports(handler: ast.ExceptHandler) -> bool:
    names = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
    if handler.type is None:
        return True
    return any(isinstance(each, ast.Name) and each.id in names for each in ast.walk(handler.type))


def _requirements(cells: Sequence[str]) -> tuple[str, ...]:
    for cell in cells:
        found = _SCRIPT.search(f"{cell}\n")
        if found is None:
            continue
        lines = found["content"].splitlines()
        try:
            script = tomllib.loads("\n".join(line[2:] for line in lines))
        except tomllib.TOMLDecodeError:
            return ()
        listed = script.get("dependencies")
        return tuple(map(str, listed)) if isinstance(listed, list) else ()
    return ()


def _search_path(prefix: Path) -> Iterator[Path]:
    """Yield where the environment's Python looks, what ``.pth`` files add included."""
    for library in sorted((prefix / "lib").glob("python3*")):
        packages = library / "site-packages"
        yield from (library, library / "lib-dynload", packages)
        for file in sorted(packages.glob("*.pth")):
            for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
                if line.strip() and not line.startswith(("#", "import ", "import\t")):
                    yield packages / line.strip()


def _is_there(parts: Sequence[str], folders: Iterable[Path]) -> bool:
    head, *rest = parts
    for folder in folders:
        inner = folder / head
        if inner.is_dir():
            has_own_code = any((inner / f"__init__{ending}").exists() for ending in _ENDINGS)
            if not rest or has_own_code or _is_there(rest, [inner]):
                return True
        elif any(folder.glob(f"{head}.py*")) or any(folder.glob(f"{head}*.so")):
            return True
    return False
