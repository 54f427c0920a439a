"""Which files of a prefix a Python project owns that conda did not install. Layer: transaction.

Source: PEP 376 and PEP 627 (``RECORD``); pip's ``installed-files.txt`` for ``.egg-info`` folders.
Nothing in these files is trusted: what leads out of the prefix is not the project's.
"""

import csv
import os
import posixpath
from collections.abc import Iterable
from typing import ClassVar

from xconda_core.errors import XcondaError
from xconda_core.models.python_package import PythonPackage


class PythonFilesUnknown(XcondaError):
    """A Python project does not say which files are its own."""

    code: ClassVar[str] = "python-files-unknown"

    def __init__(self, package: PythonPackage, prefix: str, reason: str) -> None:
        super().__init__(package, prefix, reason)
        self.package, self.prefix, self.reason = package, prefix, reason
        self.what = f"{package.project} {package.version} was not removed."
        self.why = f"conda did not install it, and which files are its own is not told: {reason}."
        self.fix = (
            f"`xconda run -p {prefix} python -m pip uninstall {package.project}`, or remove "
            f"{prefix}/{package.anchor} and what belongs to it by hand."
        )


def owned_paths(root: str, package: PythonPackage) -> tuple[str, ...]:
    """Return the files of ``package``, relative to the prefix ``root``, whether they are there.

    Raises:
        PythonFilesUnknown: it does not say.
    """
    if package.kind == "egg-link":
        raise PythonFilesUnknown(package, root, f"it is developed in {package.source}")
    anchor = f"{root}/{package.anchor}"
    if not os.path.isdir(anchor):  # noqa: PTH112
        raise PythonFilesUnknown(package, root, "it is of the time before there were lists")
    listed: Iterable[str]
    if package.kind == "dist-info":
        listed, base = _record(root, package, anchor), posixpath.dirname(package.anchor)
    else:
        listed, base = _installed_files(root, package, anchor), package.anchor
    inside = {path for each in listed if (path := _inside(root, base, each)) is not None}
    inside |= {f"{package.anchor}/{name}" for name in os.listdir(anchor)}  # noqa: PTH208
    return tuple(sorted(inside))


def _record(root: str, package: PythonPackage, anchor: str) -> list[str]:
    try:
        with open(f"{anchor}/RECORD", encoding="utf-8", newline="") as file:  # noqa: PTH123
            return [row[0] for row in csv.reader(file) if row and row[0]]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise PythonFilesUnknown(package, root, f"its RECORD cannot be read: {error}") from error


def _installed_files(root: str, package: PythonPackage, anchor: str) -> Iterable[str]:
    try:
        with open(f"{anchor}/installed-files.txt", encoding="utf-8") as file:  # noqa: PTH123
            return [line.rstrip("\n") for line in file if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise PythonFilesUnknown(package, root, "it has no installed-files.txt") from error


def _inside(root: str, base: str, path: str) -> str | None:
    """Return ``path``, told from the folder ``base`` on, from the prefix on; None if outside."""
    whole = posixpath.normpath(posixpath.join(root, base, path.replace("\\", "/")))
    start = root.rstrip("/") + "/"
    if not whole.startswith(start) or "\0" in whole:
        return None
    relative = whole.removeprefix(start)
    return None if relative.startswith("conda-meta/") else relative
