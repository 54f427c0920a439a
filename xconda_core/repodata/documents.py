"""One ``repodata.json``, decoded no further than it is asked. Layer: repodata. Source: CEP 36.

Reading one finds where each record begins and ends and its name; the rest of a record is decoded
when its name is asked for.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from xconda_core.errors import XcondaError
from xconda_core.repodata.listing import Dropped, Row
from xconda_core.repodata.published import JSON, Archive, Folder, rows_of


class NotRepodata(XcondaError):
    """A document is not what it should be at its address.

    Attributes:
        url: Where it came from, without credentials.
        reason: What is wrong with it.
    """

    code: ClassVar[str] = "not-repodata"

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url, self.reason = url, reason
        self.what = f"{url} is not the package list of a conda channel."
        self.why = f"{reason}."
        self.fix = "check the channel's address; a proxy or a login page may have answered for it."


class RepodataDocument:
    """The records of one platform folder, by name."""

    def __init__(
        self, folder: Folder, archives_url: str, by_name: Mapping[str, Sequence[Archive]]
    ) -> None:
        self.folder = folder
        self._archives_url = archives_url
        self._by_name = by_name

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def names(self) -> Iterable[str]:
        """Return every package name in it."""
        return self._by_name.keys()

    def prefetch(self, name: str, arrived: object) -> None:
        """Do nothing: everything is here."""

    def rows(self, name: str, dropped: Dropped) -> Sequence[Row]:
        """Return the good records of ``name``."""
        archives = self._by_name.get(name, ())
        return rows_of(name, archives, JSON, self.folder, self._archives_url, dropped)


class _Named(msgspec.Struct, gc=False):
    name: str


class _Document(msgspec.Struct, gc=False):
    info: msgspec.Raw = msgspec.Raw(b"{}")
    packages: dict[str, msgspec.Raw] | None = None
    conda: dict[str, msgspec.Raw] | None = msgspec.field(default=None, name="packages.conda")
    removed: msgspec.Raw = msgspec.Raw(b"[]")


_read_document = msgspec.json.Decoder(_Document).decode
_read_name = msgspec.json.Decoder(_Named).decode


def parse_repodata(
    content: bytes, url: str, folder: Folder, only_tar_bz2: bool, dropped: Dropped
) -> RepodataDocument:
    """Return the records in ``content``.

    Args:
        content: The JSON document.
        url: Where it came from, for errors.
        folder: The platform folder it describes.
        only_tar_bz2: Leave ``.conda`` archives out.
        dropped: Told of each record that has no name.

    Raises:
        NotRepodata: it is none.
    """
    try:
        document = _read_document(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotRepodata(url, _reason(content, error)) from error
    info = _lenient(document.info)
    base_url = info.get("base_url") if isinstance(info, dict) else None
    removed = _lenient(document.removed)
    gone = {fn for fn in removed if isinstance(fn, str)} if isinstance(removed, list) else set()
    by_name: dict[str, list[Archive]] = {}
    for archives in (document.packages, {} if only_tar_bz2 else document.conda):
        for fn, raw in (archives or {}).items():
            try:
                name = _read_name(raw).name
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                dropped(fn, str(error))
                continue
            if fn not in gone:
                by_name.setdefault(name, []).append((fn, raw))
    return RepodataDocument(folder, folder.archives_url(base_url), by_name)


def _lenient(raw: msgspec.Raw) -> Any:
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _reason(content: bytes, error: Exception) -> str:
    if content.lstrip()[:1] == b"<":
        return "it is a web page"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return f"{error}" if content else "it is empty"
