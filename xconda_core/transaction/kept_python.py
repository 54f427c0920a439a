"""Keep the files of Python projects that make room, so that an undo gives them back.

Layer: transaction. See docs/decisions/0134-what-pip-installed.md. ``conda-meta/.xconda/kept/N`` has
``manifest.json`` and, under ``files``, hard links to (or copies of) the files of the projects that
the transaction after revision N-1 removed. Made and used inside the transaction's journal.
"""

# Thousands of paths as text: a Path object costs more than the system call.
# ruff: noqa: PTH102, PTH114, PTH115, PTH120, PTH211

import os
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar, Final

import msgspec

from xconda_core.errors import Json, XcondaError
from xconda_core.files.atomic import write_synced
from xconda_core.files.links import place
from xconda_core.models.python_package import KeptPython, PythonPackage
from xconda_core.transaction.journal import Announcement, Journal
from xconda_core.values import Slotted, dataclass

FORMAT: Final = 1
_FOLDER: Final = "conda-meta/.xconda/kept"


class KeptPythonLost(XcondaError):
    """What was kept of a Python project is gone or cannot be read."""

    code: ClassVar[str] = "kept-python-lost"

    def __init__(self, prefix: str, name: str, problem: str) -> None:
        super().__init__(prefix, name, problem)
        self.prefix, self.name, self.problem = prefix, name, problem
        self.what = f"{prefix} was not changed: {name} of pip cannot be brought back."
        self.why = f"its files should be in {prefix}/{_FOLDER}: {problem}."
        self.fix = (
            f"`xconda remove` and `xconda install` change the packages of conda, and "
            f"`python -m pip install {name}` brings {name} back."
        )


@dataclass(frozen=True, slots=True)
class Displaced(Slotted):
    """A Python project that makes room: its files that are there and nobody else's."""

    package: PythonPackage
    paths: tuple[str, ...]


def keep(journal: Journal, number: int, displaced: Iterable[Displaced]) -> None:
    """Keep the files of ``displaced``, which still stand at their places.

    Raises:
        OSError: the disk refused.
    """
    items = tuple(displaced)
    if not items:
        return
    root, base = journal.root, f"{_FOLDER}/{number}"
    places = {path: f"{base}/files/{path}" for item in items for path in item.paths}
    manifest = f"{base}/manifest.json"
    folders = _missing_folders(root, [manifest, *places.values()])
    journal.announce(Announcement(folders=folders, creates=(*places.values(), manifest)))
    for folder in folders:
        os.mkdir(f"{root}/{folder}")
    for path, kept in places.items():
        _link(f"{root}/{path}", f"{root}/{kept}")
    write_synced(Path(f"{root}/{manifest}"), _manifest(items))


def kept_python(prefix: Path, number: int) -> dict[str, KeptPython]:
    """Return the projects that folder ``number`` keeps, by name; none where there is no such.

    Raises:
        ValueError: its manifest cannot be read, or is a newer xconda's.
    """
    try:
        content = (prefix / _FOLDER / str(number) / "manifest.json").read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ValueError(f"its list cannot be read: {error.strerror}") from error
    try:
        document = _read_manifest(content)
    except msgspec.DecodeError as error:
        raise ValueError(f"its list cannot be read: {error}") from error
    if document.format != FORMAT:
        raise ValueError(f"its list is of format {document.format}, of a newer xconda")
    return {
        each.name: KeptPython(
            name=each.name,
            project=each.project,
            version=each.version,
            number=number,
            paths=tuple(each.paths),
        )
        for each in document.packages
    }


def find_kept(prefix: Path, name: str, number: int) -> KeptPython:
    """Return the project ``name`` that folder ``number`` keeps, all of its files being there.

    Raises:
        KeptPythonLost: it or a file of it is not there.
    """
    try:
        kept = kept_python(prefix, number).get(name)
    except ValueError as error:
        raise KeptPythonLost(str(prefix), name, str(error)) from error
    if kept is None:
        raise KeptPythonLost(str(prefix), name, "they are not there")
    for path in kept.paths:
        if not os.path.lexists(f"{prefix}/{place_of(kept, path)}"):
            raise KeptPythonLost(str(prefix), name, f"{path} is missing")
    return kept


def place_of(kept: KeptPython, path: str) -> str:
    """Return where the file ``path`` of ``kept`` is kept, relative to the prefix."""
    return f"{_FOLDER}/{kept.number}/files/{path}"


def give_back(root: str, places: Iterable[tuple[str, str]]) -> None:
    """Link (or copy) kept files to where they belong; pairs of kept and own place, announced.

    Raises:
        OSError: the disk refused.
    """
    for kept, path in places:
        _link(f"{root}/{kept}", f"{root}/{path}")


class _ManifestPackage(msgspec.Struct):
    name: str
    project: str
    version: str
    paths: list[str]


class _Manifest(msgspec.Struct):
    format: int
    packages: list[_ManifestPackage]


_read_manifest: Final = msgspec.json.Decoder(_Manifest).decode


def _manifest(items: Iterable[Displaced]) -> bytes:
    packages: list[Json] = [
        {
            "name": item.package.name,
            "project": item.package.project,
            "version": item.package.version,
            "paths": list(item.paths),
        }
        for item in items
    ]
    return msgspec.json.encode({"format": FORMAT, "packages": packages})


def _missing_folders(root: str, paths: Iterable[str]) -> tuple[str, ...]:
    missing: dict[str, None] = {}
    for path in paths:
        above = []
        folder = os.path.dirname(path)
        while folder and folder not in missing and not os.path.lexists(f"{root}/{folder}"):
            above.append(folder)
            folder = os.path.dirname(folder)
        missing |= dict.fromkeys(reversed(above))
    return tuple(missing)


def _link(source: str, target: str) -> None:
    if os.path.islink(source):
        os.symlink(os.readlink(source), target)
        return
    place(source, target, "hardlink")
