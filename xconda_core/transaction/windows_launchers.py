"""The small programs that start Python commands on Windows. Layer: transaction.

Source: setuptools' ``launcher.c``: ``NAME.exe`` runs ``NAME-script.py`` beside it by the
``python.exe`` of the folder above, unless a first line of the script names another. conda's own
launcher goes by the same rules. See docs/decisions/0195-commands-on-windows.md.
"""

from importlib.util import find_spec
from pathlib import Path


def launcher_path(name: str) -> Path | None:
    """Return where the program ``name`` is on this machine; None where setuptools is not."""
    found = find_spec("setuptools")  # found, not loaded
    for folder in (found and found.submodule_search_locations) or ():
        path = Path(folder) / name
        if path.is_file():
            return path
    return None
