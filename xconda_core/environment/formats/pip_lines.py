"""Lines for pip whose paths count from the folder of their file. Layer: environment. Pure.

Source: pip's "requirements file format": what a name of a project cannot be is a path.
"""

import posixpath
from typing import Final

from xconda_core.regex import regex

_OPTION: Final = regex(
    r"(?P<option>-r|-c|-e|-f|--requirement|--constraint|--editable|--find-links)"
    r"(?P<gap>\s*=\s*|\s+|(?<=-[rcef]))(?P<path>\S.*)"
)
_ADDRESS: Final = regex(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PATH: Final = regex(
    r"\.{1,2}(?:/|$|\[)|[^\s\[@;:]+/[^@:]*$|[^\s\[@;:/]+\.(?:whl|zip|tar\.(?:gz|bz2|xz)|tgz)(?:$|[\s\[;#])"
)


def anchored(line: str, folder: str) -> str:
    """Return ``line`` with its relative path made absolute, from ``folder`` on."""
    found = _OPTION.fullmatch(line)
    if found:
        path = _absolute(found["path"].strip(), folder)
        # pip takes the words of options as a shell does, those of other lines not
        quoted = f'"{path}"' if " " in folder and path.startswith(folder) else path
        return f"{found['option']} {quoted}"
    return _absolute(line, folder) if _PATH.match(line) else line


def _absolute(path: str, folder: str) -> str:
    if _ADDRESS.match(path) or path.startswith(("/", "~", "$", '"', "'")):
        return path
    stem, bracket, extras = path.partition("[")
    return posixpath.normpath(posixpath.join(folder, stem)) + bracket + extras
