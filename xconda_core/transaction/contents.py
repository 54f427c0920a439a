"""What an unpacked package says it holds. Layer: transaction.

Source: CEP 34 (``info/paths.json``, ``info/link.json``); older packages have ``info/files``,
``info/has_prefix`` and ``info/no_link`` instead. Nothing in these files is trusted.
"""

import json
import os
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from xconda_core.errors import Json, XcondaError
from xconda_core.models.package_paths import FileMode, PackagePath, PathType
from xconda_core.models.package_record import PackageRecord
from xconda_core.transaction.noarch_python import EntryPoint, parse_entry_point

# What conda-build 1 wrote into files where `has_prefix` names only the file.
_OLD_PLACEHOLDER: Final = "/opt/anaconda1anaconda2anaconda3"
_OURS: Final = "conda-meta/.xconda"


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
class PackageContents:
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
            paths = _listed_paths(json.loads((info / "paths.json").read_bytes()))
        else:
            paths = _old_paths(folder)
        points = _entry_points(info / "link.json") if record.noarch == "python" else ()
    except (ValueError, TypeError, RecursionError, OSError) as error:
        raise BadPackage(record.dist_name, folder, str(error)) from error
    return PackageContents(record=record, folder=folder, paths=paths, entry_points=points)


def _listed_paths(document: Json) -> tuple[PackagePath, ...]:
    listed = document.get("paths") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise ValueError("info/paths.json has no list of paths")
    return tuple(_listed_path(item) for item in listed)


def _listed_path(item: Json) -> PackagePath:
    if not isinstance(item, dict):
        raise ValueError(f"info/paths.json lists {item!r}")
    placeholder = _text(item, "prefix_placeholder")
    mode = _text(item, "file_mode")
    if placeholder and mode not in {"text", "binary"}:
        raise ValueError(f"info/paths.json has a file of mode {mode!r}")
    size = item.get("size_in_bytes")
    return PackagePath(
        path=_safe(_text(item, "_path")),
        path_type=_path_type(item),
        sha256=_text(item, "sha256"),
        size_in_bytes=size if isinstance(size, int) else None,
        prefix_placeholder=placeholder or None,
        file_mode=_mode(mode) if placeholder else None,
        no_link=item.get("no_link") is True,
    )


def _text(item: dict[str, Json], key: str) -> str | None:
    value = item.get(key)
    if value is None or isinstance(value, str):
        return value
    raise ValueError(f"info/paths.json has {key} {value!r}")


def _path_type(item: dict[str, Json]) -> PathType:
    match item.get("path_type", "hardlink"):
        case "hardlink" | "softlink" | "directory" as path_type:
            return path_type
        case other:
            raise ValueError(f"info/paths.json has a path of type {other!r}")


def _mode(mode: str | None) -> FileMode:
    return "binary" if mode == "binary" else "text"


def _safe(path: str | None) -> str:
    if not path:
        raise ValueError("info/paths.json has a path without a name")
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or "\0" in path or "\\" in path:
        raise ValueError(f"its file {path!r} would lie outside the environment")
    if "" in parts or "." in parts or path == _OURS or path.startswith(f"{_OURS}/"):
        raise ValueError(f"it has a file {path!r}, which no package may have")
    return path


def _old_paths(folder: Path) -> tuple[PackagePath, ...]:
    info = folder / "info"
    names = [_safe(line) for line in _lines(info / "files")]
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
            found[words[2]] = (words[0], _mode(words[1]))
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
