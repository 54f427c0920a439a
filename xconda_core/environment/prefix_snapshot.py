"""Look at an environment for its health checks: files, digests, surroundings. Layer: environment.

One look at each owned path, in one go; contents are read only where a check needs digests, by as
many threads as there are processors (the digest itself runs outside Python's lock).
"""

# Tens of thousands of paths as text: a Path object costs more than the system call.
# ruff: noqa: PTH115, PTH123, PTH208

import hashlib
import os
import stat
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.environment.health import (
    FileFacts,
    FileKind,
    Need,
    OwnedPath,
    PrefixSnapshot,
    Surroundings,
)
from xconda_core.environment.health_files import expected_digest, size_differs
from xconda_core.environment.python_packages import read_projects
from xconda_core.environment.registry import registered
from xconda_core.errors import XcondaError
from xconda_core.files.locks import locked
from xconda_core.files.processors import usable_processors
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_paths import InstalledPath
from xconda_core.models.python_package import canonical_name
from xconda_core.models.virtual_package import VirtualPackage
from xconda_core.transaction.python_files import PythonFilesUnknown, owned_paths
from xconda_core.transaction.python_layout import layout_of

_VARIABLES: Final = ("PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "REQUESTS_CA_BUNDLE")
_META: Final = ("conda-meta", "conda-meta/history")
_BATCH: Final = 256  # files per piece of work


def look(
    prefix: Path,
    state: EnvironmentState,
    needs: Collection[Need],
    *,
    environ: Mapping[str, str],
    home: Path,
    virtual_packages: tuple[VirtualPackage, ...] = (),
    cancel: CancelToken,
) -> PrefixSnapshot:
    """Return what there is to see of ``prefix``; nothing is changed (a lock is tried, and gone).

    Args:
        prefix: The environment.
        state: Its packages.
        needs: What checks want to know besides.
        environ: The process's environment variables.
        home: The user's home folder.
        virtual_packages: Facts of the machine.
        cancel: Looked at between batches of files.

    Raises:
        Cancelled: somebody asked to stop.
    """
    root = str(prefix)
    owned = _owned(state)
    files: dict[str, FileFacts] = {}
    digests: dict[str, str] = {}
    with ThreadPoolExecutor(max_workers=usable_processors()) as threads:
        if "files" in needs:
            for found in threads.map(lambda paths: _facts(root, paths, cancel), _batches(owned)):
                files |= found
        if "digests" in needs:
            wanted = (path for path in files if _is_to_read(owned[path].path, files[path]))
            for read in threads.map(lambda paths: _digests(root, paths, cancel), _batches(wanted)):
                digests |= read
    files |= _facts(root, _META, cancel)
    return PrefixSnapshot(
        prefix=prefix,
        state=state,
        owned=owned,
        files=files,
        digests=digests,
        python_files=_python_files(root, state),
        surroundings=_surroundings(prefix, state, environ, home, virtual_packages, cancel),
    )


def _owned(state: EnvironmentState) -> dict[str, OwnedPath]:
    owned = {}
    for name, each in state.installed.items():
        for path in each.paths_in_prefix:
            owned[path.path] = OwnedPath(name, path)
    return owned


def _batches(paths: Iterable[str]) -> list[list[str]]:
    items = list(paths)
    return [items[start : start + _BATCH] for start in range(0, len(items), _BATCH)]


def _facts(root: str, paths: Iterable[str], cancel: CancelToken) -> dict[str, FileFacts]:
    cancel.check()
    found = {}
    for path in paths:
        try:
            status = os.lstat(f"{root}/{path}")
        except OSError:
            continue
        mode = status.st_mode
        kind: FileKind = "other"
        leads_to, is_broken = "", False
        if stat.S_ISREG(mode):
            kind = "file"
        elif stat.S_ISDIR(mode):
            kind = "folder"
        elif stat.S_ISLNK(mode):
            kind = "link"
            leads_to = os.readlink(f"{root}/{path}")
            is_broken = not os.path.exists(f"{root}/{path}")  # noqa: PTH110
        permissions = stat.S_IMODE(mode)
        found[path] = FileFacts(
            kind, status.st_size, permissions, status.st_uid, leads_to, is_broken
        )
    return found


def _is_to_read(listed: InstalledPath, there: FileFacts) -> bool:
    if there.kind != "file" or size_differs(listed, there):
        return False
    return expected_digest(listed) is not None


def _digests(root: str, paths: Iterable[str], cancel: CancelToken) -> dict[str, str]:
    cancel.check()
    read = {}
    for path in paths:
        try:
            with open(f"{root}/{path}", "rb", buffering=0) as file:
                read[path] = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            continue
    return read


def _python_files(root: str, state: EnvironmentState) -> dict[str, tuple[str, ...]]:
    found = {}
    for name, package in state.python_packages.items():
        try:
            found[name] = owned_paths(root, package)
        except PythonFilesUnknown:
            found[name] = ()
    return found


def _surroundings(
    prefix: Path,
    state: EnvironmentState,
    environ: Mapping[str, str],
    home: Path,
    virtual_packages: tuple[VirtualPackage, ...],
    cancel: CancelToken,
) -> Surroundings:
    bundle = environ.get("REQUESTS_CA_BUNDLE")
    user_site = _user_site(state, environ, home)
    own = os.path.realpath(prefix)
    return Surroundings(
        variables={name: environ[name] for name in _VARIABLES if environ.get(name)},
        ca_bundle_exists=os.path.exists(bundle) if bundle else None,  # noqa: PTH110
        is_registered=any(os.path.realpath(each) == own for each in registered(home)),
        lock_problem=_lock_problem(prefix, cancel),
        user_site=user_site,
        user_projects=_user_projects(user_site),
        foreign_libraries=_foreign_libraries(prefix, environ.get("LD_LIBRARY_PATH", "")),
        user=os.getuid() if hasattr(os, "getuid") else None,
        virtual_packages=virtual_packages,
    )


def _lock_problem(prefix: Path, cancel: CancelToken) -> str | None:
    """Return why nothing can be locked there; None where this user may write nothing there."""
    trial = prefix / "conda-meta" / ".xconda" / "trial" / f"lock-{os.getpid()}"
    try:
        with locked(trial, target=prefix, command="doctor", cancel=cancel):
            return ""
    except XcondaError as error:
        return error.why.rstrip(".")
    except OSError:
        return None


def _user_site(state: EnvironmentState, environ: Mapping[str, str], home: Path) -> str:
    """Return the folder of ``pip install --user``; empty where this Python does not look there."""
    python = state.installed.get("python")
    if python is None or environ.get("PYTHONNOUSERSITE"):
        return ""
    base = environ.get("PYTHONUSERBASE") or str(home / ".local")
    version = layout_of(python.record, python.record.subdir).version
    return f"{base}/lib/python{version}/site-packages"


def _user_projects(user_site: str) -> dict[str, str]:
    """Return canonical name and version of each project there, by its metadata."""
    found = read_projects(user_site) if user_site else ()
    return {canonical_name(each.project): each.version for each in found}


def _foreign_libraries(prefix: Path, library_path: str) -> tuple[str, ...]:
    own = _libraries(f"{prefix}/lib")
    found: set[str] = set()
    for folder in filter(None, library_path.split(os.pathsep)):
        if os.path.realpath(folder) != os.path.realpath(f"{prefix}/lib"):
            found |= _libraries(folder) & own
    return tuple(sorted(found))


def _libraries(folder: str) -> set[str]:
    try:
        return {name for name in os.listdir(folder) if ".so" in name or name.endswith(".dylib")}
    except OSError:
        return set()
