"""Rows out of what a channel publishes, one bad record at a time. Layer: repodata.

Source: CEP 36 (records), CEP 15 (``base_url``), CEP 16 (records in shards), CEP 48 (``v3``). What a
record says of where it comes from is not believed: channel, platform, file name and address are
those under which it was found.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property
from operator import attrgetter
from threading import Lock
from typing import Any, Final
from urllib.parse import quote, urljoin, urlsplit

import msgspec

from xconda_core.models.channel import without_credentials
from xconda_core.models.package_name import InvalidPackageName, normalise_name
from xconda_core.models.package_record import PackageRecord
from xconda_core.regex import regex
from xconda_core.repodata.listing import Count, Dropped, Listing
from xconda_core.repodata.rows import Rows, Texts
from xconda_core.values import NamedTuple, Slotted, dataclass

Archive = tuple[str, msgspec.Raw]  # file name, its record still encoded


@dataclass(frozen=True, slots=True)
class Folder(Slotted):
    """One platform folder of one channel.

    Attributes:
        channel: Name of the channel as the user would say it.
        channel_url: Its address without platform and credentials.
        subdir: The platform, for example ``linux-64``.
    """

    channel: str
    channel_url: str
    subdir: str

    @property
    def url(self) -> str:
        """Address of the folder, with a slash at its end."""
        return f"{self.channel_url.rstrip('/')}/{self.subdir}/"

    def __str__(self) -> str:
        return f"{self.channel}/{self.subdir}"

    def archives_url(self, base_url: object) -> str:
        """Return where the archives are, with a slash at its end (CEP 15).

        Raises:
            ValueError: ``base_url`` is no address, or leads from the network to this machine.
        """
        if not isinstance(base_url, str) or not base_url:
            return self.url
        found = without_credentials(urljoin(self.url, base_url)).rstrip("/") + "/"
        if urlsplit(found).scheme not in {"https", "http", urlsplit(self.url).scheme}:
            raise ValueError(f"its base_url is no address on the web: {found}")
        return found


class _Named(msgspec.Struct, gc=False):
    name: str


_Revision = dict[str, dict[str, msgspec.Raw]]  # ending without its point -> stem -> record


class _Usual(Listing, frozen=True, gc=False):
    """What nearly all records are like; the types say what :func:`_fault_of_all` need not see."""

    timestamp: Count | None = 0
    indexed_timestamp: Count | None = 0
    size: Count | None = None


class _UsualInJson(_Usual, frozen=True, gc=False):
    md5: str | None = None
    sha256: str | None = None


class _UsualInShard(_Usual, frozen=True, gc=False):
    md5: bytes | None = None
    sha256: bytes | None = None


# msgspec learns a class when its first decoder is made, and crashes where two threads do that.
_ONE_AT_A_TIME: Final = Lock()


class Encoding:
    """How records are written: JSON in repodata, msgpack in shards.

    What ``usual`` takes, has nothing in it of the wrong type; what it does not take, may be a good
    record all the same. Each reader is made when it is first used.
    """

    def __init__(self, decoder: Callable[[Any], Any], usual: type[_Usual]) -> None:
        """Take what makes a decoder of a type, and what nearly all records are like."""
        self._decoder, self._usual = decoder, usual

    @cached_property
    def listing(self) -> Callable[[msgspec.Raw | bytes], Listing]:
        """Reads what is listed of a record."""
        return self._reader(Listing)

    @cached_property
    def usual(self) -> Callable[[msgspec.Raw], Listing]:
        """Reads the same of what is like nearly all."""
        return self._reader(self._usual)

    @cached_property
    def texts(self) -> Callable[[bytes], Texts]:
        """Reads a list of texts."""
        return self._reader(Texts)

    @cached_property
    def texts_or_none(self) -> Callable[[bytes], Texts | None]:
        """Reads the same, or nothing."""
        return self._reader(Texts | None)

    @cached_property
    def document(self) -> Callable[[msgspec.Raw | bytes], dict[str, Any]]:
        """Reads a whole record."""
        return self._reader(dict[str, Any])

    @cached_property
    def named(self) -> Callable[[msgspec.Raw], _Named]:
        """Reads the name of a record."""
        return self._reader(_Named)

    @cached_property
    def revision(self) -> Callable[[msgspec.Raw], _Revision]:
        """Reads a later form of the list (CEP 48)."""
        return self._reader(_Revision)

    @cached_property
    def anything(self) -> Callable[[msgspec.Raw], Any]:
        """Reads whatever it is."""
        return self._reader(Any)

    def _reader(self, kind: Any) -> Callable[[Any], Any]:
        with _ONE_AT_A_TIME:
            decode: Callable[[Any], Any] = self._decoder(kind).decode
        return decode


JSON: Final = Encoding(msgspec.json.Decoder, _UsualInJson)
MSGPACK: Final = Encoding(msgspec.msgpack.Decoder, _UsualInShard)
UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

_OURS: Final = ("channel", "schannel", "fn", "url", "subdir")
_CONDA: Final = ".conda"
_TAR_BZ2: Final = ".tar.bz2"
_SUFFIXES: Final = (_CONDA, _TAR_BZ2)
_DIGEST: Final = frozenset({str, bytes, type(None)})
_LEADS_OUT: Final = regex(r"[\s/\\\x00-\x1f]")
_SIGNS: Final = (" ", "/", "\\")  # those of ``_LEADS_OUT`` that can be printed
_SAFE: Final = "!$&'()*+,;=:@~"


class Origin(NamedTuple):
    """Where records were found; the ``Source`` of their rows.

    Attributes:
        folder: The platform folder.
        archives_url: Where the archives are, with a slash at its end.
        encoding: How the records are written.
        is_noarch: It is the ``noarch`` folder.
    """

    folder: Folder
    archives_url: str
    encoding: Encoding
    is_noarch: bool

    @classmethod
    def of(cls, folder: Folder, archives_url: str, encoding: Encoding) -> "Origin":
        """Return the origin of what is published in ``folder``."""
        return cls._make((folder, archives_url, encoding, folder.subdir == "noarch"))

    def record(self, published: msgspec.Raw | bytes, fn: str) -> PackageRecord:
        """Decode a whole record."""
        document = {
            key: value.hex() if isinstance(value, bytes) else value
            for key, value in self.encoding.document(published).items()
            if key not in _OURS
        }
        return PackageRecord.from_json(
            document,
            fn=fn,
            channel=self.folder.channel_url,
            subdir=self.folder.subdir,
            url=self.archives_url + quote(fn, safe=_SAFE),
        )


class Published(NamedTuple):
    """The archives that a document lists.

    Attributes:
        packages: File name to encoded record.
        others: The same for archives in formats that xconda cannot install, such as wheels.
    """

    packages: dict[str, msgspec.Raw]
    others: dict[str, msgspec.Raw]


def published(
    tar_bz2: dict[str, msgspec.Raw] | None,
    conda: dict[str, msgspec.Raw] | None,
    revision: msgspec.Raw,
    removed: msgspec.Raw,
    encoding: Encoding,
    only_tar_bz2: bool,
    dropped: Dropped,
) -> Published:
    """Put the parts of a document together; the dictionaries given are used up.

    Args:
        tar_bz2: ``packages``.
        conda: ``packages.conda``.
        revision: ``v3`` (CEP 48), encoded; what it says of a file is newer than what those say.
        removed: ``removed``, encoded: files that are not to be offered any more.
        encoding: How they are written.
        only_tar_bz2: Leave ``.conda`` archives out.
        dropped: Told if ``v3`` cannot be read.
    """
    packages = tar_bz2 or {}
    if conda and not only_tar_bz2:  # most are there, so what is added are the others
        conda.update([(fn, raw) for fn, raw in packages.items() if fn not in conda])
        packages = conda
    others: dict[str, msgspec.Raw] = {}
    for ending, records in _read_revision(revision, encoding, dropped).items():
        if only_tar_bz2 and f".{ending}" == _CONDA:
            continue
        part = packages if f".{ending}" in _SUFFIXES else others
        part.update((f"{stem}.{ending}", raw) for stem, raw in records.items())
    for fn in _names(removed, encoding):
        packages.pop(fn, None)
        others.pop(fn, None)
    return Published(packages, others)


def _read_revision(raw: msgspec.Raw, encoding: Encoding, dropped: Dropped) -> _Revision:
    try:
        return encoding.revision(raw)
    except UNREADABLE as error:
        dropped("v3", str(error))
        return {}


def _names(raw: msgspec.Raw, encoding: Encoding) -> Iterable[str]:
    try:
        names = encoding.anything(raw)
    except UNREADABLE:
        return ()
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else ()


def rows_of(
    name: str,
    archives: Collection[Archive],
    encoding: Encoding,
    folder: Folder,
    archives_url: str,
    dropped: Dropped,
) -> Rows:
    """Return a row per good record of ``name``; ``.tar.bz2`` twins of a ``.conda`` are left out.

    Args:
        name: The package name.
        archives: Its records as they were published.
        encoding: How they are written.
        folder: Where they were found.
        archives_url: Where the archives are, with a slash at its end.
        dropped: Told of each record that is not one.
    """
    if not archives or not _is_name(name, archives, dropped):
        return Rows()
    origin = Origin.of(folder, archives_url, encoding)
    rows = _all_good(name, archives, origin, encoding.usual)
    if rows is None:
        good = _good(name, archives, encoding, dropped)
        rows = _all_good(name, good, origin, encoding.listing) if good else Rows()
        assert rows is not None, "each of them was found to be good"
    return _without_twins(rows)


def _without_twins(rows: Rows) -> Rows:
    if not _older(rows.fns):
        return rows
    stems = {fn.removesuffix(_CONDA) for fn in rows.fns if fn.endswith(_CONDA)}
    kept = [at for at, fn in enumerate(rows.fns) if fn.removesuffix(_TAR_BZ2) not in stems]
    return rows if len(kept) == len(rows) else rows.chosen(kept)


def _older(fns: Iterable[str]) -> bool:
    """Whether there are others than ``.conda`` among ``fns``."""
    return {fn[-len(_CONDA) :] for fn in fns} != {_CONDA}


def _all_good(
    name: str,
    archives: Collection[Archive],
    origin: Origin,
    decode: Callable[[msgspec.Raw], Listing],
) -> Rows | None:
    """Return a row per record if every one is good; None if one is not, or may not be."""
    fns, published = map(list, zip(*archives, strict=True))
    depends, constrains = _Texts(origin.encoding.texts), _Texts(origin.encoding.texts_or_none)
    try:
        listings = [*map(decode, published)]
        rows = Rows(
            fns,
            listings,
            [depends[written] for written in map(bytes, map(_DEPENDS, listings))],
            [constrains[written] for written in map(bytes, map(_CONSTRAINS, listings))],
            [origin] * len(fns),
            published,
        )
    except UNREADABLE:
        return None
    return None if _fault_of_all(name, fns, listings) else rows


_DEPENDS: Final = attrgetter("depends")
_CONSTRAINS: Final = attrgetter("constrains")


class _Texts(dict[bytes, Texts]):
    """Lists of texts by how they are written: a name has few that differ."""

    def __init__(self, decode: Callable[[bytes], Texts | None]) -> None:
        super().__init__({b"": ()})
        self._decode = decode

    def __missing__(self, written: bytes) -> Texts:
        self[written] = texts = self._decode(written) or ()
        return texts


def _good(
    name: str, archives: Iterable[Archive], encoding: Encoding, dropped: Dropped
) -> list[Archive]:
    """Return the records that are good, one looked at after the other."""
    good = []
    for fn, raw in archives:
        try:
            listing = encoding.listing(raw)
            _Texts(encoding.texts)[bytes(listing.depends)]
            _Texts(encoding.texts_or_none)[bytes(listing.constrains)]
        except UNREADABLE as error:
            dropped(fn, str(error))
            continue
        fault = _fault_of_all(name, [fn], [listing])
        if fault:
            dropped(fn, fault)
        else:
            good.append((fn, raw))
    return good


def _is_name(name: str, archives: Collection[Archive], dropped: Dropped) -> bool:
    """Whether the records of ``name`` can be asked for; no spec can name another."""
    try:
        if normalise_name(name) == name:
            return True
        fault = "a package's name must be in lower case"
    except InvalidPackageName as error:
        fault = error.why
    for fn, _ in archives:
        dropped(fn, fault)
    return False


def _fault_of_all(name: str, fns: Sequence[str], listings: Sequence[Listing]) -> str:
    """Return why records that have the right types are none all the same; empty if they are some.

    It is worked out for all of them at a time, so it is right of one or more of them.
    """
    names = {listing.name for listing in listings}
    if names != {name}:
        return f"its name is {min(names - {name})!r}, not {name!r}"
    files = "".join(fns)
    if "/" in files or "\\" in files:
        return "a name with a path in it could leave its folder"
    parts = "".join([listing.build for listing in listings])
    parts += "".join({listing.version for listing in listings})
    is_plain = parts.isprintable() and not any(sign in parts for sign in _SIGNS)
    if not is_plain and _LEADS_OUT.search(parts):
        return "version and build must be texts without spaces and slashes"
    if _older(fns) and not all(fn.endswith(_SUFFIXES) for fn in fns):
        return "it is neither .conda nor .tar.bz2"
    if isinstance(listings[0], _Usual):
        return ""
    types = {type(listing.md5) for listing in listings}
    types |= {type(listing.sha256) for listing in listings}
    if not types <= _DIGEST:
        return "a digest must be a text"
    if any(_is_broken(listing) for listing in listings):
        return "size and timestamp must be whole numbers"
    return ""


def _is_broken(listing: Listing) -> bool:
    numbers = (listing.size, listing.timestamp)
    return any(type(number) is float and not number.is_integer() for number in numbers)
