"""Packages that were built once, kept by what they were built from. Layer: testing."""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from xconda_core.package_cache.package_writer import ArchiveFormat, WrittenPackage, write_package
from xconda_core.testing.python_package import StagedPackage
from xconda_core.values import Slotted, dataclass

_AN_HOUR: Final = 60 * 60  # seconds

Build = Callable[[Path], Iterable[StagedPackage]]
"""(empty folder to work in) -> the packages laid out there."""


@dataclass(frozen=True, slots=True)
class PackageStore(Slotted):
    """A folder of built packages.

    Attributes:
        folder: Where they are, those of each builder in a folder of its own.
        builder: Digest of the code that builds them: other code, other packages.
    """

    folder: Path
    builder: str

    def packages(
        self, source: Sequence[str], formats: Sequence[ArchiveFormat], build: Build
    ) -> tuple[list[WrittenPackage], bool]:
        """Return the packages made from ``source``, and whether they had to be built.

        ``source`` names everything that the outcome depends on, digests where it is a file.
        Two that build the same at once both succeed; the first one's outcome is kept.
        """
        kept = self._own / digest_of([*formats, *source])[:32]
        listing = kept / "packages.json"
        was_built = not listing.is_file()
        if was_built:
            self._build(kept, formats, build)
        return [
            WrittenPackage(kept / name, record)
            for name, record in json.loads(listing.read_bytes()).items()
        ], was_built

    @property
    def _own(self) -> Path:
        return self.folder / self.builder[:32]

    def forget_other_builders(self) -> None:
        """Remove what no builder has used for an hour: a changed one starts from nothing."""
        self._own.mkdir(parents=True, exist_ok=True)
        os.utime(self._own)
        for other in self.folder.iterdir():
            if other.stat().st_mtime < time.time() - _AN_HOUR:
                shutil.rmtree(other, ignore_errors=True)

    def _build(self, kept: Path, formats: Sequence[ArchiveFormat], build: Build) -> None:
        self._own.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self._own) as partial:
            stage, whole = Path(partial, "stage"), Path(partial, "whole")
            stage.mkdir()
            written = [
                archive
                for package in build(stage)
                for archive in write_package(whole, package.metadata, package.files, formats)
            ]
            listing = {archive.path.name: dict(archive.record) for archive in written}
            (whole / "packages.json").write_text(json.dumps(listing), encoding="utf-8")
            try:
                whole.rename(kept)
            except OSError:
                if not (kept / "packages.json").is_file():  # else another process was faster
                    raise


def digest_of(words: Iterable[str]) -> str:
    """Return one digest for a sequence of texts."""
    return hashlib.sha256(json.dumps(list(words)).encode()).hexdigest()


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def digest_of_code() -> str:
    """Return one digest for the modules beside this one: what builds packages."""
    modules = sorted(Path(__file__).parent.glob("*.py"))
    return digest_of(module.read_text(encoding="utf-8") for module in modules)
