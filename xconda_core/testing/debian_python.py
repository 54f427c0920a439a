"""Undo what Debian changes in its Python, in a copy of it. Layer: testing.

Debian's Python keeps ``site-packages`` for virtual environments: on its own it looks for packages
in ``dist-packages`` under ``/usr/local`` and ``/usr``, and pip and distutils install there. A copy
in a conda prefix must look in ``site-packages`` like every other Python, so the functions that
choose are put back to what upstream has. Ubuntu and the other derivatives carry the same patches.
"""

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Final

LEFT_OUT: Final = frozenset(
    {
        "EXTERNALLY-MANAGED",  # PEP 668: would forbid pip in the conda environment
        "_distutils_system_mod.py",  # makes setuptools install into dist-packages
        "sitecustomize.py",  # a link to /etc
    }
)

_IN_VIRTUAL_ENVIRONMENT: Final = 'sys.base_prefix != sys.prefix or hasattr(sys, "real_prefix")'

_GETSITEPACKAGES: Final = '''\
def getsitepackages(prefixes=None):
    """Return the folders of packages below each prefix, as upstream does on POSIX."""
    found = dict.fromkeys(PREFIXES if prefixes is None else prefixes)
    name = "python%d.%d" % sys.version_info[:2]
    return [os.path.join(prefix, "lib", name, "site-packages") for prefix in found if prefix]
'''


class UnknownPatch(ValueError):
    """A module mentions ``dist-packages`` in a way that is not known here."""


def is_patched(stdlib: Path) -> bool:
    """Whether ``stdlib`` is Debian's: its ``site`` looks in ``dist-packages``."""
    return "dist-packages" in (stdlib / "site.py").read_text(encoding="utf-8")


def restore_upstream(stdlib: Path) -> None:
    """Change the copy in ``stdlib`` so that it behaves as upstream's Python does.

    Raises:
        UnknownPatch: Debian has changed its patches; the message names the module.
    """
    site = stdlib / "site.py"
    _rewrite(site, with_functions(_text(site), {"getsitepackages": _GETSITEPACKAGES}))
    for name in ("sysconfig.py", "sysconfig/__init__.py", "distutils/sysconfig.py"):
        module = stdlib / name
        if not module.is_file() or "dist-packages" not in _text(module):
            continue
        if _IN_VIRTUAL_ENVIRONMENT not in _text(module):
            raise UnknownPatch(f"{name} chooses dist-packages by a rule that is not known here")
        # What Debian does in a virtual environment is what upstream does everywhere.
        _rewrite(module, _text(module).replace(_IN_VIRTUAL_ENVIRONMENT, "True"))


def with_functions(source: str, functions: Mapping[str, str]) -> str:
    """Return ``source`` with each named top-level function replaced by the given text.

    Raises:
        UnknownPatch: there is no such function.
    """
    lines = source.splitlines(keepends=True)
    places = {
        node.name: (node.lineno - 1, node.end_lineno)
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
    }
    for name in sorted(functions, key=lambda name: places.get(name, (0, 0)), reverse=True):
        if name not in places:
            raise UnknownPatch(f"there is no function {name}")
        start, end = places[name]
        lines[start:end] = [functions[name]]
    return "".join(lines)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _rewrite(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
