"""Names and addresses of package archives. Layer: models. Source: CEP 26, "Filenames"."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote

from xconda_core.models.channel_url import file_url, split_subdir, without_credentials
from xconda_core.regex import regex
from xconda_core.values import Slotted, dataclass

ENDINGS: Final = (".conda", ".tar.bz2")
BUNDLE: Final = ".tar"  # of archives, as conda carries packages to machines without a network

_URL: Final = regex(r"[a-zA-Z][a-zA-Z0-9+.-]*://")
_ABSOLUTE_PATH: Final = regex(r"/|[a-zA-Z]:[/\\]|\\\\")
_DIGEST: Final = regex(r"(?:(?P<kind>md5|sha256)[=:])?(?P<value>[0-9a-fA-F]+)")


class InvalidArchiveName(ValueError):
    """A file name is not ``name-version-build`` with an ending of an archive."""


@dataclass(frozen=True, slots=True)
class ArchiveName(Slotted):
    """``name-version-build.ending``, taken apart."""

    name: str
    version: str
    build: str
    ending: str

    @classmethod
    def parse(cls, file_name: str, more: Sequence[str] = ()) -> "ArchiveName":
        """Read a file name; ``more`` endings are those that others unpack.

        Raises:
            InvalidArchiveName: it is not that of an archive.
        """
        for ending in (*ENDINGS, *more):
            if file_name.endswith(ending):
                parts = file_name.removesuffix(ending).rsplit("-", 2)
                if len(parts) == 3 and all(parts):
                    return cls(parts[0], parts[1], parts[2], ending)
        raise InvalidArchiveName(f"{file_name!r} is not name-version-build.conda or .tar.bz2")


@dataclass(frozen=True, slots=True)
class ArchiveAddress(Slotted):
    """Where one archive lies.

    Attributes:
        url: Its address, without credentials.
        file_name: Last part of it, escapes resolved.
        channel: Address of its channel; None where the folder is not that of a platform.
        subdir: Platform folder it lies in, None where it lies in another.
        md5, sha256: Digests written behind ``#``.
    """

    url: str
    file_name: str
    channel: str | None
    subdir: str | None
    md5: str | None
    sha256: str | None


def is_archive_address(text: str) -> bool:
    """Tell whether ``text`` is an address or path of an archive rather than a spec."""
    address = text.partition("#")[0].strip()
    return (
        address.endswith(ENDINGS)
        and ("/" in address or "\\" in address)
        and "[" not in address
        and "::" not in address
    )


def names_archive(word: str, more: Sequence[str] = ()) -> bool:
    """Tell whether a word that a user typed is the address or path of an archive, and no spec.

    A file name alone counts: ``numpy-2.0-0.conda`` lies in the working directory. So does a
    ``.tar`` of archives, and what ends in one of ``more``.
    """
    address = word.partition("#")[0].rstrip()
    return (
        address.endswith((*ENDINGS, BUNDLE, *more)) and "::" not in address and "[" not in address
    )


def read_archive_address(text: str, more: Sequence[str] = ()) -> ArchiveAddress:
    """Take the address or absolute path of an archive apart; ``more``: other endings.

    Raises:
        InvalidArchiveName: the path is relative, or what follows ``#`` is not a digest.
    """
    address, _mark, digest_text = text.strip().partition("#")
    address = address.strip()
    if not _URL.match(address):
        if not _ABSOLUTE_PATH.match(address):
            raise InvalidArchiveName("the path of an archive must be absolute")
        address = file_url(address)
    url = without_credentials(address)
    if not url.endswith((*ENDINGS, *more)):
        raise InvalidArchiveName("what follows ? in an address is no part of an archive's name")
    folder, _slash, last = url.rpartition("/")
    channel, subdir = split_subdir(folder)
    md5, sha256 = _digests(digest_text.strip())
    return ArchiveAddress(url, unquote(last), channel if subdir else None, subdir, md5, sha256)


def _digests(text: str) -> tuple[str | None, str | None]:
    if not text:
        return None, None
    found = _DIGEST.fullmatch(text)
    kind = found["kind"] if found else None
    value = found["value"].lower() if found else ""
    if kind in {None, "md5"} and len(value) == 32:
        return value, None
    if kind in {None, "sha256"} and len(value) == 64:
        return None, value
    raise InvalidArchiveName("what follows # is neither an md5 nor a sha256 digest")
