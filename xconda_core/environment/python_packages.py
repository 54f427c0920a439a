"""Find the Python projects of an environment that conda did not install. Layer: environment.

Source: PEP 376 and PEP 427 (``.dist-info``), setuptools and distutils (``.egg-info``,
``.egg-link``). What a conda package owns is that package's; of the rest every project is told of by
one folder or file in site-packages. Damaged ones are skipped, with a sentence that says so.
"""

# Hundreds of folders of an environment, of which few are looked into.
# ruff: noqa: PTH118, PTH123, PTH208

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.models.python_package import PythonPackage, PythonPackageKind
from xconda_core.transaction.python_layout import layout_of
from xconda_core.values import Slotted, dataclass, field

_METADATA: Final = ("/METADATA", "/PKG-INFO")
_MARKS: Final[Mapping[str, PythonPackageKind]] = {
    ".dist-info": "dist-info",
    ".egg-info": "egg-info",
    ".egg-link": "egg-link",
}
_MOST_BYTES: Final = 4_000_000  # of metadata that is read: descriptions are long, not that long


@dataclass(frozen=True, slots=True)
class PythonPackages(Slotted):
    """What was found.

    Attributes:
        packages: Name, as conda channels would spell it, to package; in name order.
        problems: A sentence about each that could not be read.
    """

    packages: Mapping[str, PythonPackage] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def read_python_packages(prefix: Path, installed: Mapping[str, PrefixRecord]) -> PythonPackages:
    """Return the Python projects in ``prefix`` that none of the ``installed`` packages owns.

    Where two tell of one project, the one that is last in the alphabet is taken: what it means is
    for ``doctor`` to say.
    """
    python = installed.get("python")
    if python is None:
        return PythonPackages()
    site = layout_of(python.record, python.record.subdir).site_packages
    owned: frozenset[str] | None = None
    found: dict[str, PythonPackage] = {}
    problems: list[str] = []
    for name, kind in _marked(_names_in(f"{prefix}/{site}")):
        anchor = f"{site}/{name}"
        if owned is None:
            owned = _owned_anchors(installed.values())
        if anchor in owned:
            continue
        try:
            package = _read(str(prefix), anchor, kind)
        except _BrokenMetadataError as error:
            problems.append(f"{anchor} is passed over: {error}")
            continue
        found[package.name] = package
    return PythonPackages(dict(sorted(found.items())), tuple(problems))


def read_projects(folder: str) -> Iterator[PythonPackage]:
    """Give the Python projects whose metadata lies in ``folder``; what cannot be read is none."""
    for name, kind in _marked(_names_in(folder)):
        with suppress(_BrokenMetadataError):
            yield _read(folder, name, kind)


class _BrokenMetadataError(ValueError):
    """What stands beside a project does not tell its name and version."""


def _marked(names: Iterable[str]) -> Iterator[tuple[str, PythonPackageKind]]:
    for name in sorted(names):
        kind = _MARKS.get(os.path.splitext(name)[1])  # noqa: PTH122
        if kind and not name.startswith("~"):  # pip renames so what it could not remove
            yield name, kind


def _owned_anchors(records: Iterable[PrefixRecord]) -> frozenset[str]:
    ends = (*_METADATA, ".egg-info", ".egg-link")
    paths = (path for record in records for path in record.files if path.endswith(ends))
    return frozenset(
        path.rpartition("/")[0] if path.endswith(_METADATA) else path for path in paths
    )


def _read(root: str, anchor: str, kind: PythonPackageKind) -> PythonPackage:
    path = f"{root}/{anchor}"
    source = ""
    if kind == "egg-link":
        source = _source_of(path)
        path = _egg_info_in(source)
    if os.path.isdir(path):  # noqa: PTH112
        path += "/METADATA" if kind == "dist-info" else "/PKG-INFO"
    fields = _header_fields(_text(path))
    project, version = fields.get("name", [""])[0], fields.get("version", [""])[0]
    if not project or not version:
        raise _BrokenMetadataError("its metadata has no name or no version.")
    return PythonPackage(
        project=project,
        version=version,
        kind=kind,
        anchor=anchor,
        requires=tuple(fields.get("requires-dist", ())),
        source=source,
    )


def _source_of(link: str) -> str:
    lines = _text(link).splitlines()
    if not lines or not lines[0].strip():
        raise _BrokenMetadataError("it names no folder.")
    return os.path.normpath(os.path.join(os.path.dirname(link), lines[0].strip()))  # noqa: PTH120


def _egg_info_in(source: str) -> str:
    names = sorted(name for name in _names_in(source) if name.endswith(".egg-info"))
    if not names:
        raise _BrokenMetadataError(f"there is no project in {source}.")
    return f"{source}/{names[0]}"


def _header_fields(text: str) -> dict[str, list[str]]:
    """Return the fields before the first empty line, by name in small letters."""
    fields: dict[str, list[str]] = {}
    last: list[str] | None = None
    for line in text.splitlines():
        if not line.strip():
            break
        if line[0] in " \t":
            if last:
                last[-1] += " " + line.strip()
            continue
        name, colon, value = line.partition(":")
        if colon:
            last = fields.setdefault(name.strip().lower(), [])
            last.append(value.strip())
    return fields


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(_MOST_BYTES)
    except OSError as error:
        raise _BrokenMetadataError(f"it cannot be read: {error.strerror}.") from error


def _names_in(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []
