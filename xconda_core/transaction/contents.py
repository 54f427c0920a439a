"""What an unpacked package says it holds. Layer: transaction.

Source: CEP 34 (``info/paths.json``, ``info/link.json``); older packages have ``info/files``,
``info/has_prefix`` and ``info/no_link`` instead. Nothing in these files is trusted.
"""

import json
import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Final

from xconda_core.errors import XcondaError
from xconda_core.models.package_paths import FileMode, PackagePath
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.path_lists import read_package_paths
from xconda_core.regex import regex
from xconda_core.transaction.noarch_python import EntryPoint, parse_entry_point
from xconda_core.values import Slotted, dataclass

# What conda-build 1 wrote into files where `has_prefix` names only the file.
_OLD_PLACEHOLDER: Final = "/opt/anaconda1anaconda2anaconda3"
# A part that is empty, `.` or `..`, in a path with a slash at either end.
_LEADS_OUT: Final = regex(r"/\.{0,2}/")
# What conda and xconda themselves keep there.
_RESERVED: Final = regex(r"conda-meta/(?:\.xconda(?:/|$)|history$|[^/]*\.json$)")


class BadPackage(XcondaError):
    """An unpacked package contradicts itself or asks for what no package may."""

    code: ClassVar[str] = "bad-package"

    def __init__(self, package: str, folder: Path, reason: str) -> None:
        super().__init__(package, folder, reason)
        self.package, self.folder, self.reason = package, folder, reason
        self.what = f"{package} was not linked."
        self.why = f"its package is faulty: {reason}."
        self.fix = f"delete {folder} and run it again; if it repeats, tell the channel's owners."


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageContents(Slotted):
    """The files of an unpacked package.

    Attributes:
        record: Which package.
        folder: Where it was unpacked.
        paths: Its files, as ``info/paths.json`` lists them.
        entry_points: Commands of a ``noarch: python`` package.
    """

    record: PackageRecord
    folder: Path
    paths: tuple[PackagePath, ...]
    entry_points: tuple[EntryPoint, ...] = ()

    @property
    def is_noarch_python(self) -> bool:
        """Whether its files go where the environment's Python wants them."""
        return self.record.noarch == "python"


def read_contents(folder: Path, record: PackageRecord) -> PackageContents:
    """Read what the package at ``folder`` holds.

    Raises:
        BadPackage: its lists are damaged, or a path in them leads out of the package.
        BadEntryPoint: a command in ``info/link.json`` makes no sense.
    """
    info = folder / "info"
    try:
        if (info / "paths.json").exists():
            paths = _listed_paths((info / "paths.json").read_bytes())
        else:
            paths = _old_paths(folder)
        points = _entry_points(info / "link.json") if record.noarch == "python" else ()
    except (ValueError, RecursionError, OSError) as error:
        raise BadPackage(record.dist_name, folder, str(error)) from error
    return PackageContents(record=record, folder=folder, paths=paths, entry_points=points)


def _listed_paths(content: bytes) -> tuple[PackagePath, ...]:
    listed = read_package_paths(content)
    _refuse_unsafe([item.path for item in listed])
    return listed


def _refuse_unsafe(paths: Sequence[str]) -> None:
    # Thousands of paths are looked at in one text: a slash stands between them as within them.
    text = f"/{'/'.join(paths)}/"
    if "\0" in text or (paths and _LEADS_OUT.search(text)):
        first = next(path for path in paths if "\0" in path or _LEADS_OUT.search(f"/{path}/"))
        raise ValueError(f"its file {first!r} would lie outside the environment")
    for path in paths:
        if path.startswith("conda-meta/") and _RESERVED.match(path):
            raise ValueError(f"it has a file {path!r}, which no package may have")


def _old_paths(folder: Path) -> tuple[PackagePath, ...]:
    info = folder / "info"
    names = _lines(info / "files")
    _refuse_unsafe(names)
    placeholders = _old_placeholders(info / "has_prefix")
    no_link = {*_lines(info / "no_link"), *_lines(info / "no_softlink")}
    paths = []
    for name in names:
        placeholder, mode = placeholders.get(name, (None, None))
        soft = os.path.islink(folder / name)  # noqa: PTH114 (a lone question, not worth a Path)
        paths.append(
            PackagePath(
                path=name,
                path_type="softlink" if soft else "hardlink",
                prefix_placeholder=placeholder,
                file_mode=mode,
                no_link=name in no_link,
            )
        )
    return tuple(paths)


def _old_placeholders(path: Path) -> dict[str, tuple[str, FileMode]]:
    found: dict[str, tuple[str, FileMode]] = {}
    for line in _lines(path):
        words = shlex.split(line)
        if len(words) == 3:
            found[words[2]] = (words[0], "binary" if words[1] == "binary" else "text")
        elif words:
            found[line] = (_OLD_PLACEHOLDER, "text")
    return found


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    return [line for line in map(str.strip, text.splitlines()) if line and line[0] != "#"]


def _entry_points(path: Path) -> tuple[EntryPoint, ...]:
    try:
        document = json.loads(path.read_bytes())
    except FileNotFoundError:
        return ()
    noarch = document.get("noarch") if isinstance(document, dict) else None
    listed = noarch.get("entry_points", []) if isinstance(noarch, dict) else []
    if not isinstance(listed, list):
        raise ValueError("info/link.json has entry points that are no list")
    return tuple(parse_entry_point(str(item)) for item in listed)
