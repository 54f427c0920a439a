"""An environment's folders in a list such as PATH. Layer: environment. Source: CEP 32."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_WINDOWS_FOLDERS: Final = (
    "Library/mingw-w64/bin", "Library/usr/bin", "Library/bin", "Scripts", "bin",
)  # fmt: skip
_MSYS2: Final = ("ucrt64", "clang64", "mingw64", "clangarm64")  # the first that is there counts


def path_folders(prefix: Path, windows: bool = os.name == "nt") -> tuple[str, ...]:
    """Return the folders of ``prefix`` that belong on PATH, first to last."""
    if not windows:
        return (str(prefix / "bin"),)
    msys2 = (prefix / "Library" / name / "bin" for name in _MSYS2)
    found = next((folder for folder in msys2 if folder.is_dir()), None)
    rest = (prefix / folder for folder in _WINDOWS_FOLDERS)
    return tuple(map(str, (prefix, *([found] if found else []), *rest)))


def path_with(environ: Mapping[str, str], new: Path | None, old: Path | None) -> str:
    """Return PATH with the folders of ``new`` in the place of those of ``old``, or in front.

    Of a folder of ``old`` that is there more than once, the first goes: the others are the user's.
    """
    current = environ.get("PATH", os.defpath)
    entries = current.split(os.pathsep) if current else []
    place = 0
    for number, folder in enumerate(path_folders(old) if old else ()):
        if folder in entries:
            at = entries.index(folder)
            place = at if number == 0 else min(place, at)
            del entries[at]
    entries[place:place] = path_folders(new) if new else ()
    return os.pathsep.join(entries)
