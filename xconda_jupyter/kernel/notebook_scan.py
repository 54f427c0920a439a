"""Which modules the cells of a notebook import, and which of them Python does not find."""

from __future__ import annotations

import ast
import json
import os
import sys
from dataclasses import dataclass
from importlib.machinery import PathFinder
from importlib.util import find_spec
from typing import Any, Dict, Iterator, List, Sequence, Tuple

from IPython.core.inputtransformer2 import TransformerManager

from xconda_jupyter.kernel.failures import XcondaFailed


@dataclass(frozen=True)
class Imports:
    """What some cells import.

    Attributes:
        modules: Module to whether the cells can do without it (``try``, ``except ImportError``).
        unread: How many cells are no Python.
    """

    modules: Dict[str, bool]
    unread: int

    def missing(self, folder: str = "") -> List[str]:
        """Return the modules that are needed and not found, in the order of their imports.

        Args:
            folder: Folder of the notebook: modules that lie beside it are found.
        """
        path = [folder] if folder else []
        return [
            name
            for name, is_optional in self.modules.items()
            if not is_optional and not is_found(name, path)
        ]


def imports_of_file(path: str) -> Imports:
    """Return what the code cells of a notebook file import.

    Raises:
        XcondaFailed: it cannot be read, or is no notebook.
    """
    try:
        with open(path, encoding="utf-8") as file:
            cells = json.load(file)["cells"]
        sources = [each["source"] for each in cells if each["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unreadable(path, error) from None
    texts = ["".join(text) if isinstance(text, list) else str(text) for text in sources]
    return imports_of_cells(texts)


def imports_of_cells(cells: Sequence[str]) -> Imports:
    """Return what cells import; magics and shell lines in them are no imports."""
    modules: Dict[str, bool] = {}
    unread = 0
    transformer: Any = TransformerManager
    for cell in cells:
        try:
            tree = ast.parse(transformer().transform_cell(cell))
        except (SyntaxError, ValueError):
            unread += 1
            continue
        for name, is_optional in _imported(tree.body, False):
            modules[name] = is_optional and modules.get(name, True)
    return Imports(modules, unread)


def is_found(module: str, path: Sequence[str] = ()) -> bool:
    """Whether ``import module`` would find it; nothing is imported for that but its parents."""
    name = module.partition(".")[0]
    if name in sys.modules or PathFinder.find_spec(name, list(path)) is not None:
        found = True
    else:
        try:
            found = find_spec(name) is not None
        except (ImportError, ValueError, AttributeError):
            found = False
    if not found or module == name:
        return found
    return _is_found_below(module)


def _is_found_below(module: str) -> bool:
    """Look for ``a.b`` along the folders of ``a``, of which nothing is run."""
    head, *rest = module.split(".")
    try:
        spec = find_spec(head)
    except (ImportError, ValueError, AttributeError):
        return head in sys.modules
    for depth, part in enumerate(rest):
        places = None if spec is None else spec.submodule_search_locations
        if places is None:
            return depth > 0 or spec is None or spec.origin is not None
        inner = PathFinder.find_spec(part, list(places))
        if inner is None:  # a name in the package itself, unless that is a mere folder of others
            return spec is None or spec.origin not in {None, "namespace"}
        spec = inner
    return True


def _imported(body: Sequence[ast.AST], is_optional: bool) -> Iterator[Tuple[str, bool]]:
    for node in body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, is_optional
        elif isinstance(node, ast.ImportFrom):
            if node.module and not node.level:
                yield from _imported_from(node, is_optional)
        elif isinstance(node, ast.Try):
            is_caught = any(_catches_imports(each) for each in node.handlers)
            yield from _imported(node.body, is_optional or is_caught)
            rest = [*node.handlers, *node.orelse, *node.finalbody]
            yield from _imported(rest, is_optional or is_caught)
        elif not (isinstance(node, ast.If) and _is_type_checking(node)):
            yield from _imported(list(ast.iter_child_nodes(node)), is_optional)


def _imported_from(node: ast.ImportFrom, is_optional: bool) -> Iterator[Tuple[str, bool]]:
    """Yield the module; of ``from google import protobuf`` the module that this may mean."""
    module = str(node.module)
    try:
        spec = find_spec(module.partition(".")[0])
    except (ImportError, ValueError, AttributeError):
        spec = None
    if module in {"google", "azure", "ruamel", "mpl_toolkits"} or (
        spec is not None and spec.origin in {None, "namespace"} and "." not in module
    ):
        for alias in node.names:
            yield "{}.{}".format(module, alias.name), is_optional
    else:
        yield module, is_optional


def _catches_imports(handler: ast.ExceptHandler) -> bool:
    names = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
    if handler.type is None:
        return True
    return any(isinstance(each, ast.Name) and each.id in names for each in ast.walk(handler.type))


def _is_type_checking(node: ast.If) -> bool:
    test = node.test
    name = test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", "")
    return name == "TYPE_CHECKING"


def _unreadable(path: str, error: Exception) -> XcondaFailed:
    why = getattr(error, "strerror", None) or "it is no notebook"
    return XcondaFailed(
        {
            "code": "notebook-unreadable",
            "what": "{} was not read.".format(path),
            "why": "{}.".format(str(why)[:1].lower() + str(why)[1:]),
            "fix": "give the path of an .ipynb file; `%xconda missing` looks at this session.",
            "facts": {"path": path},
        }
    )


def folder_of(path: str) -> str:
    """Return the folder that a notebook lies in."""
    return os.path.dirname(os.path.abspath(path))


def cells_of_session(shell: Any) -> List[str]:
    """Return the cells that this kernel has run, as typed; the present one is the last."""
    history = getattr(shell, "history_manager", None)
    return list(getattr(history, "input_hist_raw", ()) or ())
