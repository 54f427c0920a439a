"""Files of an environment that no package owns: named, taken away, made a package. Layer: engine.

Source: ``conda package``. The files that pip installed are among them, as they are for conda.
"""

from pathlib import Path
from typing import ClassVar, Final, Literal

from xconda_core.cancel import CancelToken
from xconda_core.engine.engine import Engine
from xconda_core.engine.protection import refuse_protected
from xconda_core.engine.unowned_files import loose_files, python_files
from xconda_core.engine.unwritable import refuse_unwritable
from xconda_core.errors import XcondaError
from xconda_core.events import Reporter
from xconda_core.files.failures import refusals_named
from xconda_core.files.locks import locked
from xconda_core.files.removal import remove_empty_folders, remove_file
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.package_cache.package_writer import PackageFile, PackageMetadata, write_package
from xconda_core.transaction.journal import LOCK_FILE
from xconda_core.values import Slotted, dataclass

ArchiveFormat = Literal[".conda", ".tar.bz2"]
_SITE_PACKAGES: Final = "/site-packages/"


class NothingUntracked(XcondaError):
    """A package is to be made of files that are not there."""

    code: ClassVar[str] = "nothing-untracked"

    def __init__(self, prefix: Path) -> None:
        super().__init__(prefix)
        self.prefix = prefix
        self.what = "No package was made."
        self.why = f"every file in {prefix} belongs to a package that it has."
        self.fix = "put the files where the package should have them, then ask again."


class PackageExists(XcondaError):
    """The archive to be written is there already."""

    code: ClassVar[str] = "package-exists"

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path
        self.what = "No package was made."
        self.why = f"{path} is there already."
        self.fix = "remove it, or choose another --pkg-version or --pkg-build."


@dataclass(frozen=True, slots=True)
class Untracked(Slotted):
    """What no package of an environment owns.

    Attributes:
        prefix: Where the environment is.
        files: Paths relative to it, in order; byte code is nobody's.
        of_pip: Those of them that belong to Python projects that pip installed.
    """

    prefix: Path
    files: tuple[str, ...]
    of_pip: frozenset[str]


def find_untracked(prefix: Path, engine: Engine, report: Reporter) -> Untracked:
    """Return what no package owns in the environment at ``prefix``.

    Raises:
        NotAnEnvironment, PrefixDamaged: it cannot be read.
    """
    state = engine.state(prefix, report)
    return _found(prefix, state)


def _found(prefix: Path, state: EnvironmentState) -> Untracked:
    files = loose_files(prefix, state)
    return Untracked(prefix, files, frozenset(python_files(prefix, state).intersection(files)))


def remove_untracked(found: Untracked, engine: Engine, cancel: CancelToken, command: str) -> int:
    """Remove the files of ``found``, and the folders that are empty then; return how many went.

    A file that a package has come to own meanwhile stays.

    Raises:
        EnvironmentFrozen, ManagedElsewhere, NewerFormat: it must not be changed.
        Locked: another process is changing it.
        XcondaError: a file could not be removed; what is gone by then stays gone.
        Cancelled: somebody asked to stop.
    """
    prefix = found.prefix
    refuse_unwritable(prefix)
    removed = []
    with (
        refusals_named(f"remove files of {prefix}", prefix),
        locked(prefix / LOCK_FILE, target=prefix, command=command, cancel=cancel),
    ):
        state = engine.state(prefix)
        refuse_protected(prefix, state, protect_frozen=engine.settings.protect_frozen_envs)
        still = set(loose_files(prefix, state))
        for path in found.files:
            cancel.check()
            if path in still and remove_file(prefix / path):
                removed.append(path)
        folders = {path.rpartition("/")[0] for path in removed} - {""}
        remove_empty_folders(str(prefix), folders)
    return len(removed)


def package_untracked(
    found: Untracked,
    engine: Engine,
    folder: Path,
    *,
    name: str,
    version: str,
    build_number: int,
    suffix: ArchiveFormat = ".tar.bz2",
) -> Path:
    """Write a package of the files of ``found`` into ``folder`` and return its path.

    Where a file names the prefix, an installation elsewhere names its own. A package with files in
    ``site-packages`` needs the Python series that the environment has.

    Raises:
        NothingUntracked: there are none.
        PackageExists: an archive of that name is in ``folder``.
        XcondaError: the environment cannot be read, or the archive not be written.
    """
    prefix = found.prefix
    if not found.files:
        raise NothingUntracked(prefix)
    python = engine.state(prefix).installed.get("python")
    build, depends = str(build_number), tuple[str, ...]()
    if python is not None and any(_SITE_PACKAGES in path for path in found.files):
        major, minor = python.record.version.split(".")[:2]
        build, depends = f"py{major}{minor}_{build_number}", (f"python {major}.{minor}.*",)
    metadata = PackageMetadata(
        name=name,
        version=version,
        build=build,
        build_number=build_number,
        subdir=engine.settings.subdir,
        depends=depends,
        placeholder=str(prefix),
    )
    path = folder / f"{metadata.dist_name}{suffix}"
    if path.exists():
        raise PackageExists(path)
    with refusals_named(f"write {path}", folder):
        entries = [_entry(prefix, each) for each in found.files]
        (written,) = write_package(folder, metadata, entries, formats=(suffix,))
    return written.path


def _entry(prefix: Path, path: str) -> PackageFile:
    where = prefix / path
    if where.is_symlink():
        return PackageFile(path=path, link_target=str(where.readlink()))
    return PackageFile(path=path, content=where, executable=bool(where.stat().st_mode & 0o100))
