"""Write conda package archives, byte for byte the same each time. Layer: package_cache.

Source: CEP 34 (what ``info/`` holds), CEP 35 (``.conda`` and ``.tar.bz2``).
"""

import bz2
import hashlib
import io
import itertools
import json
import os
import tarfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

import zstandard

from xconda_core.errors import Json
from xconda_core.models.package_paths import FileMode, PathType
from xconda_core.values import Slotted, dataclass, field

ArchiveFormat = Literal[".conda", ".tar.bz2"]

PLACEHOLDER: Final = ("/opt/xconda_prefix" + "_placehold" * 24)[:255]
"""The prefix that packages are written for: 255 characters, the longest prefix conda promises."""

_EPOCH_MS: Final = 1_600_000_000_000  # a package without a build time still needs one (CEP 34)
_ZSTD_LEVEL: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageFile(Slotted):
    """One file, link or empty folder of a package.

    Attributes:
        path: Path inside the package, ``/`` between its parts.
        content: The bytes, or the file that holds them; ignored for links and folders.
        executable: The file is to be run.
        link_target: What a symbolic link says, None for anything else.
        is_directory: The entry is an empty folder.
        no_link: The file must be copied into a prefix, never linked.
    """

    path: str
    content: bytes | Path = b""
    executable: bool = False
    link_target: str | None = None
    is_directory: bool = False
    no_link: bool = False

    @property
    def path_type(self) -> PathType:
        """How ``paths.json`` names the kind of entry."""
        if self.is_directory:
            return "directory"
        return "softlink" if self.link_target is not None else "hardlink"

    def read(self) -> bytes:
        """Return the bytes of a regular file."""
        return self.content.read_bytes() if isinstance(self.content, Path) else self.content


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageMetadata(Slotted):
    """What ``info/`` says about a package. Fields are CEP 34's; tuples hold MatchSpec strings.

    Attributes:
        timestamp: Build time in milliseconds since 1970; also the time of every member.
        entry_points: ``command = module:function``, for ``noarch: python`` only.
        about: Content of ``about.json``; ``license`` and ``summary`` belong here too.
        licenses: File name -> text, kept under ``info/licenses``.
        hash_input: What the build string's hash was made of, if it was.
        run_exports: Content of ``run_exports.json``; None leaves it out.
        extra: Further fields of ``index.json``.
        placeholder: The prefix that the files were made for; found in a file, it is declared.
    """

    name: str
    version: str
    build: str = "0"
    build_number: int = 0
    subdir: str = "noarch"
    depends: tuple[str, ...] = ()
    constrains: tuple[str, ...] = ()
    noarch: Literal["python", "generic"] | None = None
    license: str | None = None
    license_family: str | None = None
    timestamp: int = _EPOCH_MS
    track_features: str = ""
    python_site_packages_path: str | None = None
    entry_points: tuple[str, ...] = ()
    about: Mapping[str, Json] = field(default_factory=dict)
    licenses: Mapping[str, bytes] = field(default_factory=dict)
    hash_input: Mapping[str, str] = field(default_factory=dict)
    run_exports: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)
    placeholder: str = PLACEHOLDER

    @property
    def dist_name(self) -> str:
        """``name-version-build``."""
        return f"{self.name}-{self.version}-{self.build}"


@dataclass(frozen=True, slots=True)
class WrittenPackage(Slotted):
    """An archive on disk and its record, ready for ``repodata.json``."""

    path: Path
    record: Mapping[str, Json]


def write_package(
    folder: Path,
    metadata: PackageMetadata,
    files: Iterable[PackageFile],
    formats: Sequence[ArchiveFormat] = (".conda",),
    level: int = _ZSTD_LEVEL,
) -> tuple[WrittenPackage, ...]:
    """Write the package into ``folder``, once per format, and return what was written.

    The same arguments always give the same bytes. ``level`` is zstandard's.

    Raises:
        ValueError: two entries share a path.
    """
    entries = _ordered(files)
    info = _info_files(metadata, entries)
    seconds = metadata.timestamp // 1000
    writers = {".conda": _conda_archive, ".tar.bz2": _tar_bz2_archive}
    return tuple(
        _store(
            folder / (metadata.dist_name + suffix),
            metadata,
            writers[suffix](metadata, info, entries, seconds, level),
        )
        for suffix in formats
    )


def _ordered(files: Iterable[PackageFile]) -> tuple[PackageFile, ...]:
    entries = tuple(sorted(files, key=lambda entry: entry.path))
    for before, after in itertools.pairwise(entries):
        if before.path == after.path:
            raise ValueError(f"{before.path} is in the package twice")
    return entries


def _conda_archive(
    metadata: PackageMetadata,
    info: Sequence[PackageFile],
    entries: Sequence[PackageFile],
    seconds: int,
    level: int,
) -> bytes:
    compress = zstandard.ZstdCompressor(level=level).compress
    members = {
        "metadata.json": b'{"conda_pkg_format_version": 2}',
        f"pkg-{metadata.dist_name}.tar.zst": compress(_tar(entries, seconds)),
        f"info-{metadata.dist_name}.tar.zst": compress(_tar(info, seconds)),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)  # ZipInfo's own date is fixed
    return buffer.getvalue()


def _tar_bz2_archive(
    metadata: PackageMetadata,
    info: Sequence[PackageFile],
    entries: Sequence[PackageFile],
    seconds: int,
    level: int,
) -> bytes:
    del metadata, level  # bzip2 has no levels worth choosing: they differ in memory, not in time
    return bz2.compress(_tar((*info, *entries), seconds))


def _tar(entries: Iterable[PackageFile], seconds: int) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for entry in entries:
            member = tarfile.TarInfo(entry.path)
            member.mtime = seconds
            member.uname = member.gname = "root"
            content = b""
            if entry.is_directory:
                member.type, member.mode = tarfile.DIRTYPE, 0o755
            elif entry.link_target is not None:
                member.type, member.mode = tarfile.SYMTYPE, 0o777
                member.linkname = entry.link_target
            else:
                member.mode = 0o755 if entry.executable else 0o644
                content = entry.read()
                member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def _store(path: Path, metadata: PackageMetadata, content: bytes) -> WrittenPackage:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(content)
    partial.replace(path)
    record = {
        **index_json(metadata),
        "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
    }
    return WrittenPackage(path, record)


def index_json(metadata: PackageMetadata) -> dict[str, Json]:
    """Return the document ``info/index.json``."""
    document: dict[str, Json] = {
        **metadata.extra,
        "name": metadata.name,
        "version": metadata.version,
        "build": metadata.build,
        "build_number": metadata.build_number,
        "subdir": metadata.subdir,
        "depends": list(metadata.depends),
        "constrains": list(metadata.constrains),
        "timestamp": metadata.timestamp,
    }
    optional = {
        "noarch": metadata.noarch,
        "license": metadata.license,
        "license_family": metadata.license_family,
        "track_features": metadata.track_features or None,
        "python_site_packages_path": metadata.python_site_packages_path,
    }
    document.update({key: value for key, value in optional.items() if value is not None})
    return document


def _info_files(
    metadata: PackageMetadata, entries: Sequence[PackageFile]
) -> tuple[PackageFile, ...]:
    paths = _paths_json(metadata, entries)
    documents: dict[str, Json] = {
        "index.json": index_json(metadata),
        "paths.json": {"paths_version": 1, "paths": list(paths)},
        "about.json": _about_json(metadata),
        "hash_input.json": dict(metadata.hash_input),
    }
    if metadata.noarch:
        documents["link.json"] = _link_json(metadata)
    if metadata.run_exports is not None:
        documents["run_exports.json"] = dict(metadata.run_exports)
    members = {
        name: json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False).encode() + b"\n"
        for name, document in documents.items()
    }
    # paths.json has replaced these three; older readers still look at them.
    members["files"] = _lines(entry.path for entry in entries)
    marked = [path for path in paths if "prefix_placeholder" in path]
    if marked:
        keys = ("prefix_placeholder", "file_mode", "_path")
        members["has_prefix"] = _lines(" ".join(str(path[key]) for key in keys) for path in marked)
    if any(entry.no_link for entry in entries):
        members["no_link"] = _lines(entry.path for entry in entries if entry.no_link)
    members.update({f"licenses/{name}": text for name, text in metadata.licenses.items()})
    return tuple(
        PackageFile(path=f"info/{name}", content=content)
        for name, content in sorted(members.items())
    )


def _lines(words: Iterable[str]) -> bytes:
    return "".join(f"{word}\n" for word in words).encode()


def _about_json(metadata: PackageMetadata) -> dict[str, Json]:
    about = dict(metadata.about)
    if metadata.license:
        about.setdefault("license", metadata.license)
    return about


def _link_json(metadata: PackageMetadata) -> dict[str, Json]:
    noarch: dict[str, Json] = {"type": metadata.noarch}
    if metadata.noarch == "python":
        noarch["entry_points"] = list(metadata.entry_points)
    return {"noarch": noarch, "package_metadata_version": 1}


def _paths_json(
    metadata: PackageMetadata, entries: Sequence[PackageFile]
) -> tuple[dict[str, Json], ...]:
    by_path = {entry.path: entry for entry in entries}
    return tuple(_path_json(entry, by_path, metadata.placeholder.encode()) for entry in entries)


def _path_json(
    entry: PackageFile, by_path: Mapping[str, PackageFile], placeholder: bytes
) -> dict[str, Json]:
    content = b"" if entry.is_directory else _content_behind(entry, by_path)
    document: dict[str, Json] = {
        "_path": entry.path,
        "path_type": entry.path_type,
        "sha256": hashlib.sha256(content).hexdigest(),
        "size_in_bytes": len(content),
    }
    if entry.path_type == "hardlink" and placeholder in content:
        document["prefix_placeholder"] = placeholder.decode()
        document["file_mode"] = _file_mode(content)
    if entry.no_link:
        document["no_link"] = True
    return document


def _file_mode(content: bytes) -> FileMode:
    return "binary" if b"\0" in content else "text"


def _content_behind(entry: PackageFile, by_path: Mapping[str, PackageFile]) -> bytes:
    """Follow links inside the package: CEP 34 wants the digest of what they lead to."""
    seen = {entry.path}
    while entry.link_target is not None:
        target = _joined(entry.path, entry.link_target)
        if target in seen or target not in by_path:
            return b""  # a circle, a folder, a file of another package, or out of the prefix
        seen.add(target)
        entry = by_path[target]
    return entry.read()


def _joined(path: str, target: str) -> str:
    parts: list[str] = path.split("/")[:-1] if not target.startswith("/") else [""]
    for part in target.split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts)


def content_hash_input(files: Iterable[PackageFile]) -> dict[str, str]:
    """Return a ``hash_input.json`` that stands for the files themselves.

    A build string made of it changes with any byte of the package, and with nothing else.
    """
    total = hashlib.sha256()
    for entry in _ordered(files):
        content = entry.read() if entry.path_type == "hardlink" else b""
        line = (entry.path, entry.path_type, entry.executable, entry.link_target)
        total.update(f"{line} {hashlib.sha256(content).hexdigest()}\n".encode())
    return {"content": total.hexdigest()}


def build_hash(hash_input: Mapping[str, str]) -> str:
    """Return the ``h1234567`` of a build string (CEP 34)."""
    text = json.dumps(dict(hash_input), sort_keys=True).encode()
    return "h" + hashlib.sha1(text, usedforsecurity=False).hexdigest()[:7]


def files_under(folder: Path) -> Iterator[PackageFile]:
    """Yield an entry for each file, link and empty folder below ``folder``."""
    for where, folders, names in os.walk(folder):
        here = Path(where)
        if here != folder and not folders and not names:
            yield PackageFile(path=here.relative_to(folder).as_posix(), is_directory=True)
        links = [name for name in folders if (here / name).is_symlink()]
        for path in (here / name for name in (*links, *names)):
            relative = path.relative_to(folder).as_posix()
            if path.is_symlink():
                yield PackageFile(path=relative, link_target=str(path.readlink()))
            else:
                executable = bool(path.stat().st_mode & 0o100)
                yield PackageFile(path=relative, content=path, executable=executable)
