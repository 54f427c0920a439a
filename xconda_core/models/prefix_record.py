"""What a prefix says about one package installed in it. Layer: models. Source: CEP 32."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from xconda_core.errors import Json
from xconda_core.models.package_paths import InstalledPath
from xconda_core.models.package_record import InvalidRecord, PackageRecord
from xconda_core.values import Slotted, dataclass

LINK_TYPES: Final = {1: "hardlink", 2: "softlink", 3: "copy", 4: "directory"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefixRecord(Slotted):
    """One ``conda-meta/NAME-VERSION-BUILD.json``.

    Attributes:
        record: What the channel said about the archive.
        files: Paths it owns, relative to the prefix, ``/`` between parts.
        paths: The same with kinds, sizes and digests; empty for records of old conda.
        link_type: 1 hard link, 2 soft link, 3 copy, 4 folder, as conda numbers them.
        link_source: Folder in the package cache that it was linked from.
        extracted_package_dir: The same folder, as conda repeats it.
        package_tarball_full_path: Archive in the package cache.
        requested_spec: MatchSpec by which the user asked for it; empty for a dependency.
        requested_specs: All of them where there are several, as CEP 32 has them.
    """

    record: PackageRecord
    files: tuple[str, ...] = ()
    paths: tuple[InstalledPath, ...] = ()
    link_type: int = 1
    link_source: str = ""
    extracted_package_dir: str = ""
    package_tarball_full_path: str = ""
    requested_spec: str = ""
    requested_specs: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the package."""
        return self.record.name

    @property
    def paths_in_prefix(self) -> tuple[InstalledPath, ...]:
        """``paths`` where they lie, one for each of ``files`` where the record has no ``paths``.

        conda writes of ``noarch: python`` packages where a file went in ``files`` only; its
        ``paths`` are those of the archive (``site-packages/..``, ``python-scripts/..``).
        """
        if not self.paths:
            return tuple(InstalledPath(path=path) for path in self.files)
        if self.record.noarch != "python" or not any(_is_of_archive(p.path) for p in self.paths):
            return self.paths
        went = {_in_archive(path): path for path in self.files}
        return tuple(
            msgspec.structs.replace(each, path=went[each.path])
            if _is_of_archive(each.path) and each.path in went
            else each
            for each in self.paths
        )

    def to_json(self) -> dict[str, Json]:
        """Return the document that conda reads back."""
        from xconda_core.models.path_lists import installed_paths_to_json

        return self._document(installed_paths_to_json(self.paths))

    def encoded(self) -> bytes:
        """Return the same as JSON, in a third of the time: no dictionary is made of a path."""
        from xconda_core.models.path_lists import installed_paths_in_json

        return msgspec.json.encode(self._document(installed_paths_in_json(self.paths)))

    def _document(self, paths: Json | msgspec.Raw) -> dict[str, Any]:
        asked = self.requested_specs or ((self.requested_spec,) if self.requested_spec else ())
        own: dict[str, Any] = {
            "files": list(self.files),
            "paths_data": paths,
            "link": {"source": self.link_source, "type": self.link_type},
            "extracted_package_dir": self.extracted_package_dir,
            "package_tarball_full_path": self.package_tarball_full_path,
            "requested_spec": self.requested_spec,
            "requested_specs": list(asked),
        }
        return self.record.to_json() | own

    @classmethod
    def from_json(cls, document: Mapping[str, Json]) -> "PrefixRecord":
        """Read one document that is decoded already; see ``read``."""
        return cls.read(msgspec.json.encode(document))

    @classmethod
    def read(cls, content: bytes) -> "PrefixRecord":
        """Read one document, of any conda since 4.0.

        Args:
            content: The document as it stands in the file.

        Raises:
            InvalidRecord: it is not a record of an installed package; the message names the field.
        """
        try:
            encoded = _read_fields(content)
            long = {key: encoded.pop(key, _NULL) for key in ("files", "paths_data")}
            values = _read_values(b"[%b]" % b",".join(encoded.values()))  # one call for all
            document = dict(zip(encoded, values, strict=True))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InvalidRecord(f"it is not a JSON object: {error}") from error
        own = {key: document.pop(key, None) for key in _OWN_FIELDS}
        link_type, link_source = _link(own["link"])
        asked = _texts("requested_specs", own["requested_specs"])
        first = _text("requested_spec", own["requested_spec"])
        return cls(
            record=PackageRecord.from_json(document),
            files=_files(long["files"]),
            paths=_paths(long["paths_data"]),
            link_type=link_type,
            link_source=link_source,
            extracted_package_dir=_text("extracted_package_dir", own["extracted_package_dir"]),
            package_tarball_full_path=_text(
                "package_tarball_full_path", own["package_tarball_full_path"]
            ),
            requested_spec=first or (asked[0] if asked else ""),
            requested_specs=asked or ((first,) if first else ()),
        )


_OWN_FIELDS: Final = (
    "link",
    "extracted_package_dir",
    "package_tarball_full_path",
    "requested_spec",
    "requested_specs",
)
_NULL: Final = msgspec.Raw(b"null")

_read_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_read_values = msgspec.json.Decoder(list[Any]).decode
_read_files = msgspec.json.Decoder(tuple[str, ...] | None).decode


def _is_of_archive(path: str) -> bool:
    return path.startswith(("site-packages/", "python-scripts/"))


def _in_archive(path: str) -> str:
    """Return where the archive of a ``noarch: python`` package has a file of the prefix."""
    _, found, rest = path.partition("/site-packages/")
    if found:
        return f"site-packages/{rest}"
    folder, _, name = path.partition("/")
    return f"python-scripts/{name}" if folder in {"bin", "Scripts"} else path


def _text(name: str, value: Json) -> str:
    if value is None or value == "None":  # conda has written the text None for none
        return ""
    if isinstance(value, str):
        return value
    raise InvalidRecord(f"{name} must be a text, not {value!r}")


def _texts(name: str, value: Json) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InvalidRecord(f"{name} must be a list of texts")
    return tuple(map(str, value))


def _link(value: Json) -> tuple[int, str]:
    """Return how the package was linked, and from where."""
    if value is None:
        return 1, ""
    if not isinstance(value, dict):
        raise InvalidRecord(f"link must be an object, not {value!r}")
    kind = value.get("type") or 1
    if not isinstance(kind, int) or kind not in LINK_TYPES:
        raise InvalidRecord(f"link.type must be 1, 2, 3 or 4, not {kind!r}")
    return int(kind), _text("link.source", value.get("source"))


def _files(content: msgspec.Raw) -> tuple[str, ...]:
    try:
        return _read_files(content) or ()
    except msgspec.ValidationError as error:
        raise InvalidRecord(f"files must be a list of texts: {error}") from error


def _paths(content: msgspec.Raw) -> tuple[InstalledPath, ...]:
    if bytes(content) == b"null":
        return ()
    from xconda_core.models.path_lists import InvalidPaths, read_installed_paths

    try:
        return read_installed_paths(content)
    except InvalidPaths as error:
        raise InvalidRecord(f"paths_data is not a list of files: {error}") from error
