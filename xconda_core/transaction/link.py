"""Put the files of one package into a prefix. Layer: transaction. Source: CEP 32, CEP 34."""

# Thousands of paths as text: a Path object costs more than the system call.
# ruff: noqa: PTH113, PTH115, PTH123, PTH211

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from xconda_core.files.atomic import write_all
from xconda_core.files.links import LinkKind, copy, placing
from xconda_core.models.package_paths import InstalledPath, PackagePath
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.package_cache.cache import archive_name
from xconda_core.transaction.contents import BadPackage
from xconda_core.transaction.noarch_python import (
    EntryPoint,
    entry_point_script,
    windows_entry_point_script,
)
from xconda_core.transaction.package_link import Link, NewFile
from xconda_core.transaction.prefix_rewrite import replace_prefix
from xconda_core.transaction.prefix_view import PathInTheWay, check_inside
from xconda_core.transaction.python_layout import PythonLayout
from xconda_core.values import Slotted, dataclass, replace

_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_LINK_TYPES: Final = {"hardlink": 1, "softlink": 2, "reflink": 3, "copy": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Slotted):
    """Where packages are linked and how.

    Attributes:
        root: Absolute path of the prefix.
        subdir: Its platform.
        kind: How files come from the package cache.
        python: Where its Python keeps things.
        aliases: Folders that are soft links by now; looked at before a file is put in one.
    """

    root: str
    subdir: str
    kind: LinkKind
    python: PythonLayout | None
    aliases: frozenset[str] = frozenset()


def link_package(link: Link, place_: Place) -> tuple[InstalledPath, ...]:
    """Make all files of ``link`` but its byte code and its record, and say what was made.

    The folders they go to exist.

    Raises:
        BadPackage: a file that the package lists is not in it.
        PathInTheWay: something appeared at a path that was free.
        PrefixTooLong: a binary has no room for the prefix.
        OSError: the disk refused.
    """
    source_root = str(link.contents.folder)
    try:
        with placing(source_root, place_.root, place_.kind) as bring:
            made = [_make(new, source_root, place_, bring) for new in link.files]
        made += [_make_script(path, point, place_) for path, point in link.scripts.items()]
        made += [_make_launcher(path, program, place_) for path, program in link.launchers.items()]
    except FileNotFoundError as error:
        missing = os.fspath(error.filename or "")
        raise BadPackage(
            link.record.dist_name, link.contents.folder, f"it has no {missing}"
        ) from error
    except FileExistsError as error:
        raise PathInTheWay(
            str(error.filename2 or error.filename), "appeared while packages were linked"
        ) from error
    return tuple(made)


def write_record(link: Link, paths: tuple[InstalledPath, ...], place_: Place) -> PrefixRecord:
    """Write the ``conda-meta`` document of a linked package, and return it."""
    folder = link.contents.folder
    fn = archive_name(link.record)
    record = PrefixRecord(
        record=replace(link.record, fn=fn),
        files=tuple(path.path for path in paths),
        paths=paths,
        link_type=_LINK_TYPES[place_.kind],
        link_source=str(folder),
        extracted_package_dir=str(folder),
        package_tarball_full_path=str(folder.parent / fn),
        requested_spec=link.requested_spec,
    )
    content = msgspec.json.format(record.encoded(), indent=2)
    _write_new(f"{place_.root}/{link.record_path}", content + b"\n", 0o666)
    return record


def sample_file(folder: Path, link: Link) -> str | None:
    """Return a plain file of a package, to try links with; None if it has none."""
    for new in link.files:
        path = f"{folder}/{new.shipped.path}"
        if new.shipped.path_type == "hardlink" and os.path.isfile(path):
            return path
    return None


def _make(
    new: NewFile, source_root: str, place_: Place, bring: Callable[[str, str], object]
) -> InstalledPath:
    shipped = new.shipped
    if shipped.path_type == "hardlink" and not (
        shipped.prefix_placeholder or shipped.no_link or place_.aliases
    ):  # nearly all are: nothing more is asked of them
        bring(shipped.path, new.path)
        return InstalledPath(
            path=new.path,
            sha256=shipped.sha256,
            sha256_in_prefix=shipped.sha256,
            size_in_bytes=shipped.size_in_bytes,
        )
    if place_.aliases and new.path.rpartition("/")[0] in place_.aliases:
        check_inside(place_.root, new.path.rpartition("/")[0])
    source, target = f"{source_root}/{shipped.path}", f"{place_.root}/{new.path}"
    digest = shipped.sha256
    if shipped.path_type == "directory":
        pass  # announced and made with all other folders
    elif shipped.path_type == "softlink":
        os.symlink(os.readlink(source), target)
    elif shipped.prefix_placeholder:
        digest = _rewrite(source, target, shipped, place_)
    elif shipped.no_link:
        copy(source, target)
    else:
        bring(shipped.path, new.path)
    return InstalledPath(
        path=new.path,
        path_type=shipped.path_type,
        sha256=shipped.sha256,
        sha256_in_prefix=digest,
        size_in_bytes=shipped.size_in_bytes,
        prefix_placeholder=shipped.prefix_placeholder,
        file_mode=shipped.file_mode,
        no_link=shipped.no_link,
    )


def _rewrite(source: str, target: str, shipped: PackagePath, place_: Place) -> str:
    with open(source, "rb") as file:
        content = file.read()
        mode = os.fstat(file.fileno()).st_mode & 0o777
    content = replace_prefix(
        content,
        shipped.file_mode or "text",
        shipped.prefix_placeholder or "",
        place_.root,
        place_.subdir,
    )
    _write_new(target, content, mode)
    return sha256(content).hexdigest()


def _make_script(path: str, point: EntryPoint, place_: Place) -> InstalledPath:
    assert place_.python is not None  # changes.work_out refuses a noarch package without Python
    python = f"{place_.root}/{place_.python.executable}"
    if place_.python.launcher:
        content = windows_entry_point_script(point).encode()
        return _written(path, content, "windows_python_entry_point_script", place_)
    content = entry_point_script(point, python).encode()
    return _written(path, content, "unix_python_entry_point", place_)


def _make_launcher(path: str, program: str, place_: Place) -> InstalledPath:
    with open(program, "rb") as file:
        return _written(path, file.read(), "windows_python_entry_point_exe", place_)


def _written(path: str, content: bytes, path_type: str, place_: Place) -> InstalledPath:
    _write_new(f"{place_.root}/{path}", content, 0o777)
    return InstalledPath(
        path=path,
        path_type=path_type,
        sha256_in_prefix=sha256(content).hexdigest(),
        size_in_bytes=len(content),
    )


def _write_new(path: str, content: bytes, mode: int) -> None:
    descriptor = os.open(path, _NEW, mode)
    try:
        write_all(descriptor, content)
    finally:
        os.close(descriptor)
