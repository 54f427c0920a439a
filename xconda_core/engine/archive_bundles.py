"""A ``.tar`` of package archives: put into the package cache, and named one by one. Layer: engine.

conda's own way to carry packages to a machine without a network. Members count by the last part of
their name; what is no archive of a package is passed over.
"""

import hashlib
import tarfile
from pathlib import Path
from typing import IO, ClassVar, Final

from xconda_core.cancel import CancelToken
from xconda_core.errors import XcondaError
from xconda_core.files.atomic import write_bytes
from xconda_core.files.failures import refusals_named
from xconda_core.models.archive_name import ENDINGS, ArchiveName, InvalidArchiveName
from xconda_core.models.channel_url import file_url
from xconda_core.package_cache.cache import PackageCache

_LONGEST: Final = 1 << 32


class BundleUnusable(XcondaError):
    """A ``.tar`` has no packages in it, or cannot be read."""

    code: ClassVar[str] = "bundle-unusable"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.what = f"{path} was not installed."
        self.why = f"{reason}."
        self.fix = "it should hold *.conda or *.tar.bz2 archives; make it anew with `tar`."


def unbundled(path: Path, cache: PackageCache, cancel: CancelToken) -> tuple[str, ...]:
    """Return the archives of the bundle at ``path`` as lines of an explicit list.

    They are put into the package cache; one that is there already is not written again.

    Raises:
        BundleUnusable: it cannot be read, or has none.
        NoWritableCache: they cannot be put anywhere.
        Cancelled: somebody asked to stop.
    """
    folder = cache.writable_dir()
    lines: list[str] = []
    try:
        with tarfile.open(path) as bundle:
            for member in bundle:
                cancel.check()
                name = member.name.rpartition("/")[2]
                content = bundle.extractfile(member) if member.isfile() else None
                if content is None or not _is_archive(name):
                    continue
                if member.size > _LONGEST:
                    raise BundleUnusable(path, f"{name} in it is too long")
                lines.append(_kept(name, content, folder))
    except (tarfile.TarError, EOFError) as error:
        raise BundleUnusable(path, f"it cannot be read: {error}") from error
    if not lines:
        raise BundleUnusable(path, "there are no packages in it")
    return tuple(lines)


def _is_archive(name: str) -> bool:
    try:
        ArchiveName.parse(name)
    except InvalidArchiveName:
        return False
    return name.endswith(ENDINGS) and not name.startswith(".")


def _kept(name: str, stream: IO[bytes], folder: Path) -> str:
    content = stream.read()
    digest = hashlib.sha256(content).hexdigest()
    path = folder / name
    with refusals_named(f"store {name}", folder):
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            write_bytes(path, content)
    return f"{file_url(str(path))}#sha256:{digest}"
