"""A record from what a lock file says of an archive. Layer: environment. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from xconda_core.environment.formats.tree import Node, scalar_of, wrong
from xconda_core.errors import Json
from xconda_core.models.archive_name import (
    ArchiveAddress,
    ArchiveName,
    InvalidArchiveName,
    read_archive_address,
)
from xconda_core.models.package_record import InvalidRecord, PackageRecord

_DIGESTS: Final = {"md5": re.compile(r"[0-9a-f]{32}"), "sha256": re.compile(r"[0-9a-f]{64}")}


def digest_of(node: Node, kind: str, origin: str) -> str:
    """Return the digest that ``node`` holds, in lower case.

    Raises:
        InvalidEnvironmentFile: it is no digest of that ``kind``, ``md5`` or ``sha256``.
    """
    text = scalar_of(node, origin).lower()
    if not _DIGESTS[kind].fullmatch(text):
        raise wrong(node, origin, f"that is no {kind} digest")
    return text


def locked_record(url: str, given: Mapping[str, Json], item: Node, origin: str) -> PackageRecord:
    """Return the record of the archive at ``url``; what ``given`` leaves open its name says.

    Raises:
        InvalidEnvironmentFile: the address is none of an archive, or contradicts ``given``.
    """
    try:
        address = read_archive_address(url)
        return address_record(address, given)
    except InvalidArchiveName as error:
        raise wrong(item, origin, f"its address is no archive's: {error}") from error
    except InvalidRecord as error:
        raise wrong(item, origin, f"{error}") from error


def address_record(
    address: ArchiveAddress,
    given: Mapping[str, Json] | None = None,
    more: Sequence[str] = (),
) -> PackageRecord:
    """Return the record of the archive at ``address``; the archive itself knows the rest.

    ``more``: ends of names of archives that others unpack.

    Raises:
        InvalidArchiveName: its file has no name of an archive.
        InvalidRecord: ``given`` holds what no record can.
    """
    name = ArchiveName.parse(address.file_name, more)
    folder = address.url.rpartition("/")[0]
    document: dict[str, Json] = {
        "name": name.name,
        "version": name.version,
        "build": name.build,
        "md5": address.md5,
        "sha256": address.sha256,
        "subdir": address.subdir or "",
        **(given or {}),
        "fn": address.file_name,
        "url": address.url,
        "channel": address.channel or folder,
    }
    return PackageRecord.from_json(document, is_complete=False)
