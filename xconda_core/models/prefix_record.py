"""What a prefix says about one package installed in it. Layer: models. Source: CEP 32."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from xconda_core.errors import Json
from xconda_core.models.package_paths import InstalledPath
from xconda_core.models.package_record import InvalidRecord, PackageRecord

LINK_TYPES: Final = {1: "hardlink", 2: "softlink", 3: "copy", 4: "directory"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefixRecord:
    """One ``conda-meta/NAME-VERSION-BUILD.json``.

    Attributes:
        record: What the channel said about the archive.
        files: Paths it owns, relative to the prefix, ``/`` between parts.
        paths: The same with kinds, sizes and digests; empty for records of old conda.
        link_type: 1 hard link, 2 soft link, 3 copy, as conda numbers them.
        link_source: Folder in the package cache that it was linked from.
        extracted_package_dir: The same folder, as conda repeats it.
        package_tarball_full_path: Archive in the package cache.
        requested_spec: MatchSpec by which the user asked for it; empty for a dependency.
    """

    record: PackageRecord
    files: tuple[str, ...] = ()
    paths: tuple[InstalledPath, ...] = ()
    link_type: int = 1
    link_source: str = ""
    extracted_package_dir: str = ""
    package_tarball_full_path: str = ""
    requested_spec: str = ""
    extra: Mapping[str, Json] = field(default_factory=dict, compare=False, hash=False, repr=False)

    @property
    def name(self) -> str:
        """Name of the package."""
        return self.record.name

    def to_json(self) -> dict[str, Json]:
        """Return the document that conda reads back."""
        document = self.record.to_json() | dict(self.extra)
        document |= {
            "files": list(self.files),
            "paths_data": {
                "paths_version": 1,
                "paths": [_path_to_json(path) for path in self.paths],
            },
            "link": {"source": self.link_source, "type": self.link_type},
            "extracted_package_dir": self.extracted_package_dir,
            "package_tarball_full_path": self.package_tarball_full_path,
            "requested_spec": self.requested_spec,
        }
        return document

    @classmethod
    def from_json(cls, document: Mapping[str, Json]) -> "PrefixRecord":
        """Read one document, of any conda since 4.0.

        Raises:
            InvalidRecord: it is not a record of an installed package.
        """
        rest = {key: value for key, value in document.items() if key not in _OWN_FIELDS}
        link = document.get("link")
        link = link if isinstance(link, dict) else {}
        link_type = link.get("type")
        return cls(
            record=PackageRecord.from_json(rest),
            files=_files(document),
            paths=_paths(document.get("paths_data")),
            link_type=link_type if isinstance(link_type, int) else 1,
            link_source=_text_or_empty(link.get("source")),
            extracted_package_dir=_text_or_empty(document.get("extracted_package_dir")),
            package_tarball_full_path=_text_or_empty(document.get("package_tarball_full_path")),
            requested_spec=_text_or_empty(document.get("requested_spec")),
        )


_OWN_FIELDS: Final = frozenset(
    {
        "files",
        "paths_data",
        "link",
        "extracted_package_dir",
        "package_tarball_full_path",
        "requested_spec",
    }
)


def _text_or_empty(value: Json) -> str:
    return value if isinstance(value, str) and value != "None" else ""


def _files(document: Mapping[str, Json]) -> tuple[str, ...]:
    value = document.get("files")
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InvalidRecord("files must be a list of texts")
    return tuple(str(item) for item in value)


def _paths(value: Json) -> tuple[InstalledPath, ...]:
    if not isinstance(value, dict):
        return ()
    paths = value.get("paths")
    if not isinstance(paths, list):
        return ()
    return tuple(_path_from_json(item) for item in paths if isinstance(item, dict))


def _path_from_json(item: dict[str, Json]) -> InstalledPath:
    path = item.get("_path")
    if not isinstance(path, str):
        raise InvalidRecord(f"paths_data needs _path, not {path!r}")
    size = item.get("size_in_bytes")
    mode = item.get("file_mode")
    placeholder = item.get("prefix_placeholder")
    return InstalledPath(
        path=path,
        path_type=_text_or_empty(item.get("path_type")) or "hardlink",
        sha256=_text_or_empty(item.get("sha256")) or None,
        sha256_in_prefix=_text_or_empty(item.get("sha256_in_prefix")) or None,
        size_in_bytes=size if isinstance(size, int) else None,
        prefix_placeholder=placeholder if isinstance(placeholder, str) else None,
        file_mode="text" if mode == "text" else "binary" if mode == "binary" else None,
        no_link=item.get("no_link") is True,
    )


def _path_to_json(path: InstalledPath) -> dict[str, Json]:
    document: dict[str, Json] = {"_path": path.path, "path_type": path.path_type}
    optional: dict[str, Json] = {
        "sha256": path.sha256,
        "sha256_in_prefix": path.sha256_in_prefix,
        "size_in_bytes": path.size_in_bytes,
        "prefix_placeholder": path.prefix_placeholder,
        "file_mode": path.file_mode,
        "no_link": path.no_link or None,
    }
    document |= {key: value for key, value in optional.items() if value is not None}
    return document
