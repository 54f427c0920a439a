"""Undo what Debian changes in its Python, in a copy of it. Layer: testing.

Debian's Python keeps ``site-packages`` for virtual environments: on its own it looks for packages
in ``dist-packages`` under ``/usr/local`` and ``/usr``, and pip and distutils install there. A copy
in a conda prefix must use ``site-packages`` like every other Python. Ubuntu and the other
derivatives carry the same patches.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

LEFT_OUT: Final = frozenset(
    {
        "EXTERNALLY-MANAGED",  # PEP 668: would forbid pip in the conda environment
        "_distutils_system_mod.py",  # makes setuptools install into dist-packages
        "sitecustomize.py",  # a link to /etc
    }
)

_DEBIAN: Final = b"dist-packages"
_UPSTREAM: Final = b"site-packages"
_IN_VIRTUAL_ENVIRONMENT: Final = 'sys.base_prefix != sys.prefix or hasattr(sys, "real_prefix")'


class UnknownPatch(ValueError):
    """A module mentions ``dist-packages`` in a way that is not known here."""


def is_patched(stdlib: Path) -> bool:
    """Whether ``stdlib`` is Debian's: its ``site`` looks in ``dist-packages``."""
    return _DEBIAN in (stdlib / "site.py").read_bytes()


def restore_upstream(stdlib: Path, programs: Iterable[Path]) -> None:
    """Change the copies in ``stdlib`` and of ``programs`` to look where upstream's Python does.

    ``site`` lists ``dist-packages`` of three folders; the last is upstream's but for that name,
    and the other two do not exist in a conda prefix. Since Python 3.11 the module is frozen into
    the interpreter as well (or into libpython), and that copy is the one that runs. Both names
    have 13 letters, so one takes the place of the other there, too.

    Raises:
        UnknownPatch: Debian has changed its patches; the message names the module.
    """
    for path in (stdlib / "site.py", *programs):
        path.write_bytes(path.read_bytes().replace(_DEBIAN, _UPSTREAM))
    for name in ("sysconfig.py", "sysconfig/__init__.py", "distutils/sysconfig.py"):
        module = stdlib / name
        if module.is_file() and _DEBIAN in module.read_bytes():
            _choose_upstream_scheme(module)


def _choose_upstream_scheme(module: Path) -> None:
    """Let ``module`` always do what Debian's does in a virtual environment: as upstream."""
    text = module.read_text(encoding="utf-8")
    if _IN_VIRTUAL_ENVIRONMENT not in text:
        raise UnknownPatch(f"{module.name} chooses dist-packages by a rule that is not known here")
    module.write_text(text.replace(_IN_VIRTUAL_ENVIRONMENT, "True"), encoding="utf-8")
