"""What a channel says about one package archive. Layer: models. Source: CEP 36; its field names."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from xconda_core.errors import Json
from xconda_core.models.channel_url import split_subdir, without_credentials
from xconda_core.models.package_name import InvalidPackageName, normalise_name
from xconda_core.regex import regex
from xconda_core.values import Slotted, dataclass, field, fields, filled


class InvalidRecord(ValueError):
    """A document is not a package record; the message names the field and what it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageRecord(Slotted):
    """One package archive as its channel publishes it.

    Attributes:
        name: Normalised package name (CEP 26), for example ``numpy``.
        version: Version literal exactly as published (CEP 33 orders it).
        build: Build string, for example ``py312h58c1407_0``.
        build_number: Number that orders builds of one version.
        subdir: Platform folder of the channel, for example ``linux-64``.
        channel: Base URL of the channel without platform, token or credentials, or its name where
            that is all that is known.
        fn: File name of the archive.
        url: Address of the archive, without credentials.
        depends: MatchSpec strings of required packages.
        constrains: MatchSpec strings that hold for a package if it is there.
        noarch: ``python``, ``generic`` or None.
        size: Length of the archive in bytes, None where the channel does not say.
        md5: Hexadecimal digest of the archive.
        sha256: Hexadecimal digest of the archive.
        timestamp: Build time in milliseconds since 1970 (UTC); seconds of old packages are turned.
        license: Licence expression as published.
        license_family: Licence family as published.
        track_features: Names that make a candidate less preferred.
        features: Names of the (obsolete) features it needs.
        python_site_packages_path: Where ``python`` keeps site-packages (CEP 17).
        extra: Every other published field, kept as it came so that it can be written back.
        is_complete: False where only an address, or a lock file, told of the archive: what is not
            set here stands in the archive itself (:func:`completed`).
    """

    name: str
    version: str
    build: str
    build_number: int = 0
    subdir: str = ""
    channel: str = ""
    fn: str = ""
    url: str = ""
    depends: tuple[str, ...] = ()
    constrains: tuple[str, ...] = ()
    noarch: str | None = None
    size: int | None = None
    md5: str | None = None
    sha256: str | None = None
    timestamp: int | None = None
    license: str | None = None
    license_family: str | None = None
    track_features: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    python_site_packages_path: str | None = None
    extra: Mapping[str, Json] = field(default_factory=dict, compare=False, hash=False, repr=False)
    is_complete: bool = field(default=True, compare=False, hash=False, repr=False)

    @property
    def dist_name(self) -> str:
        """``name-version-build``: the name of its folder in the package cache."""
        return f"{self.name}-{self.version}-{self.build}"

    def __str__(self) -> str:
        return f"{self.channel_name}/{self.subdir}::{self.name}=={self.version}={self.build}"

    @property
    def channel_name(self) -> str:
        """Last part of the channel's address: what people call it."""
        return name_of_channel(self.channel)

    def to_json(self) -> dict[str, Json]:
        """Return the record as ``repodata_record.json`` and ``conda-meta`` write it."""
        document: dict[str, Json] = dict(self.extra)
        for key in _FIELDS:
            value = getattr(self, key)
            if key in _WORDS:
                if value or key in self.extra:
                    document[key] = " ".join(value)
            elif isinstance(value, tuple):
                document[key] = list(value)
            elif value is not None:
                document[key] = value
        return document

    @classmethod
    def from_json(
        cls,
        document: Mapping[str, Json],
        *,
        fn: str = "",
        channel: str = "",
        subdir: str = "",
        url: str = "",
        is_complete: bool = True,
    ) -> "PackageRecord":
        """Read one record; the keywords fill in what the document leaves out.

        Raises:
            InvalidRecord: a required field is missing, or a field has another type.
        """
        given: dict[str, Json] = {"fn": fn, "channel": channel, "subdir": subdir, "url": url}
        given.update(document)
        values = (  # in the order of the fields
            _name(given),
            _part_of_file_name(given, "version"),
            _build(given),
            _number(given, "build_number") or 0,
            _optional_text(given, "subdir") or "",
            channel_address(_optional_text(given, "channel") or ""),
            _optional_text(given, "fn") or "",
            _without_secrets(_optional_text(given, "url") or ""),
            _texts(given, "depends"),
            _texts(given, "constrains"),
            _noarch(given),
            _number(given, "size"),
            _optional_text(given, "md5"),
            _optional_text(given, "sha256"),
            _milliseconds(given),
            _optional_text(given, "license"),
            _optional_text(given, "license_family"),
            _words(given, "track_features"),
            _words(given, "features"),
            _optional_text(given, "python_site_packages_path"),
            {key: value for key, value in given.items() if key not in _KNOWN},
            is_complete,
        )
        return filled(cls, values)


@lru_cache(64)  # hundreds of records are of a few channels
def channel_address(url: str) -> str:
    """Return a channel's address as its records have it: without credentials and platform."""
    return split_subdir(_without_secrets(url))[0]


def name_of_channel(address: str) -> str:
    """Return what people call the channel at ``address``: its last part."""
    return address.rstrip("/").rsplit("/", 1)[-1]


def same_archive(old: PackageRecord, new: PackageRecord) -> bool:
    """Whether two records mean the same package contents."""
    if old.sha256 and new.sha256:
        return old.sha256 == new.sha256
    if old.md5 and new.md5:
        return old.md5 == new.md5
    same_build = (old.name, old.version, old.build) == (new.name, new.version, new.build)
    return same_build and (old.subdir, old.channel_name) == (new.subdir, new.channel_name)


def completed(record: PackageRecord, document: Mapping[str, Json]) -> PackageRecord:
    """Return ``record`` with what it leaves open taken from ``document``, an ``info/index.json``.

    Raises:
        InvalidRecord: the document is no record.
    """
    if record.is_complete:
        return record
    said = PackageRecord.from_json(document)
    values = {key: getattr(record, key) or getattr(said, key) for key in _FIELDS}
    return PackageRecord(**values, extra={**said.extra, **record.extra})


_FIELDS: Final = tuple(
    item.name for item in fields(PackageRecord) if item.name not in {"extra", "is_complete"}
)
_KNOWN: Final = frozenset(_FIELDS)
_TEXT: Final = frozenset({str})
_WORDS: Final = ("track_features", "features")


# conda's rule: no package is built after the year 9999, so a greater number is in milliseconds.
_LAST_SECOND: Final = 253_402_300_799
_LEADS_OUT: Final = regex(r"[\s/\\\x00-\x1f]")


def _name(document: Mapping[str, Json]) -> str:
    value = document.get("name")
    try:
        return normalise_name(value if isinstance(value, str) else "")
    except InvalidPackageName as error:
        raise InvalidRecord(f"name must be that of a package, not {value!r}") from error


def _part_of_file_name(document: Mapping[str, Json], key: str) -> str:
    """Return a text that is not empty and leads nowhere as part of a file's name."""
    value = document.get(key)
    if not isinstance(value, str) or not value or _LEADS_OUT.search(value):
        raise InvalidRecord(f"{key} must be a text without spaces and slashes, not {value!r}")
    return value


def _without_secrets(url: str) -> str:
    """Return an address without the credentials that some tools have written into records."""
    return url if url.startswith("file:") or "://" not in url else without_credentials(url)


def _milliseconds(document: Mapping[str, Json]) -> int | None:
    value = _number(document, "timestamp")
    return value if value is None or value > _LAST_SECOND else value * 1000


def _optional_text(document: Mapping[str, Json], key: str) -> str | None:
    value = document.get(key)
    if value is None or isinstance(value, str):
        return value
    raise InvalidRecord(f"{key} must be a text, not {value!r}")


def _build(document: Mapping[str, Json]) -> str:
    # conda-meta of conda 4.2 and older says build_string; the build itself may be empty.
    value = document.get("build", document.get("build_string"))
    if not isinstance(value, str) or _LEADS_OUT.search(value):
        raise InvalidRecord(f"build must be a text without spaces and slashes, not {value!r}")
    return value


def _number(document: Mapping[str, Json], key: str) -> int | None:
    value = document.get(key)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    if isinstance(value, float) and value.is_integer() and value >= 0:
        return int(value)
    raise InvalidRecord(f"{key} must be a whole number of 0 or more, not {value!r}")


def _texts(document: Mapping[str, Json], key: str) -> tuple[str, ...]:
    value = document.get(key)
    if value is None:
        return ()
    # Of most lists one look at the set of types is enough.
    if not isinstance(value, list) or not (
        {*map(type, value)} <= _TEXT or all(isinstance(item, str) for item in value)
    ):
        raise InvalidRecord(f"{key} must be a list of texts, not {value!r}")
    return tuple(map(str, value))


def _words(document: Mapping[str, Json], key: str) -> tuple[str, ...]:
    value = document.get(key)
    if isinstance(value, str):
        return tuple(value.replace(",", " ").split())
    return _texts(document, key)


def _noarch(document: Mapping[str, Json]) -> str | None:
    value = document.get("noarch")
    if value is None or value is False:
        return None
    if value is True:  # old conda-build wrote true for generic
        return "generic"
    if value in {"python", "generic"}:
        return str(value)
    raise InvalidRecord(f"noarch must be python or generic, not {value!r}")
