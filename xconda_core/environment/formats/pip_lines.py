"""Lines for pip whose paths count from the folder of their file. Layer: environment. Pure.

Source: pip's "requirements file format".
"""

import posixpath
from typing import Final

from xconda_core.regex import regex

_OPTION: Final = regex(
    r"(?P<option>-r|-c|-e|-f|--requirement|--constraint|--editable|--find-links)"
    r"(?P<gap>\s*=\s*|\s+|(?<=-[rcef]))(?P<path>\S.*)"
)
_ADDRESS: Final = regex(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PATH: Final = regex(r"\.{1,2}(?:/|$|\[)")


def anchored(line: str, folder: str) -> str:
    """Return ``line`` with its relative path made absolute, from ``folder`` on."""
    found = _OPTION.fullmatch(line)
    if found:
        return f"{found['option']} {_absolute(found['path'].strip(), folder)}"
    return _absolute(line, folder) if _PATH.match(line) else line


def _absolute(path: str, folder: str) -> str:
    if _ADDRESS.match(path) or path.startswith(("/", "~", "$")):
        return path
    stem, bracket, extras = path.partition("[")
    return posixpath.normpath(posixpath.join(folder, stem)) + bracket + extras
