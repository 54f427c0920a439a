"""Make tiny packages and channels, for tests that need a real one in a millisecond.

Layer: testing. ``a_channel(folder, [a_package("a", "1.0", depends=["b"]), a_package("b")])``.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from xconda_core.errors import Json
from xconda_core.package_cache.package_writer import (
    PLACEHOLDER,
    ArchiveFormat,
    PackageFile,
    PackageMetadata,
    WrittenPackage,
    write_package,
)
from xconda_core.repodata.index_writer import Record, write_index
from xconda_core.values import Slotted, dataclass


@dataclass(frozen=True, slots=True)
class SimulatedPackage(Slotted):
    """A package that is not written yet."""

    metadata: PackageMetadata
    files: tuple[PackageFile, ...] = ()


def a_package(
    name: str,
    version: str = "1.0",
    build: str = "0",
    *,
    build_number: int = 0,
    subdir: str | None = None,
    depends: Sequence[str] = (),
    constrains: Sequence[str] = (),
    noarch: Literal["python", "generic"] | None = None,
    files: Mapping[str, bytes] | Sequence[PackageFile] | None = None,
    executables: Sequence[str] = (),
    entry_points: Sequence[str] = (),
    timestamp: int = 1_600_000_000_000,
    license: str | None = None,  # noqa: A002 (the field's own name)
    track_features: str = "",
    python_site_packages_path: str | None = None,
    placeholder: str = PLACEHOLDER,
    extra: Mapping[str, Json] | None = None,
) -> SimulatedPackage:
    """Describe a package; every argument but the name has a sensible value.

    ``files`` is path -> bytes, or entries where links, folders or ``no_link`` are wanted; left
    out, there is one file ``share/NAME.txt`` that holds name, version and build. A file that
    contains ``placeholder`` is declared for prefix replacement. Paths in ``executables`` get the
    executable bit. Without ``subdir`` it is ``noarch``, and generic unless ``noarch`` says else.
    """
    where = subdir or "noarch"
    metadata = PackageMetadata(
        name=name,
        version=version,
        build=build,
        build_number=build_number,
        subdir=where,
        depends=tuple(depends),
        constrains=tuple(constrains),
        noarch=noarch or ("generic" if where == "noarch" else None),
        license=license,
        timestamp=timestamp,
        track_features=track_features,
        python_site_packages_path=python_site_packages_path,
        entry_points=tuple(entry_points),
        extra=extra or {},
        placeholder=placeholder,
    )
    if files is None:
        files = {f"share/{name}.txt": f"{name} {version} {build}\n".encode()}
    return SimulatedPackage(metadata, _entries(files, executables))


def _entries(
    files: Mapping[str, bytes] | Sequence[PackageFile], executables: Sequence[str]
) -> tuple[PackageFile, ...]:
    if not isinstance(files, Mapping):
        return tuple(files)
    return tuple(
        PackageFile(path=path, content=content, executable=path in executables)
        for path, content in files.items()
    )


def written(
    folder: Path, package: SimulatedPackage, formats: Sequence[ArchiveFormat] = (".conda",)
) -> tuple[WrittenPackage, ...]:
    """Write one package's archives into ``folder`` and return them with their records."""
    return write_package(folder, package.metadata, package.files, formats)


def a_channel(
    folder: Path,
    packages: Iterable[SimulatedPackage],
    formats: Sequence[ArchiveFormat] = (".conda",),
    subdirs: Sequence[str] = ("linux-64",),
) -> Path:
    """Write ``packages`` and all three forms of repodata under ``folder``, and return ``folder``.

    ``subdirs`` get an index even where they stay empty. The folder is a channel as it stands:
    use ``folder.as_uri()``, or serve it.
    """
    records: dict[str, list[tuple[str, Record]]] = {subdir: [] for subdir in subdirs}
    for package in packages:
        subdir = package.metadata.subdir
        for archive in written(folder / subdir, package, formats):
            records.setdefault(subdir, []).append((archive.path.name, archive.record))
    write_index(folder, records)
    return folder
