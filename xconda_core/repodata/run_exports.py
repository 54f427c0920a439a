"""What a channel says that packages ask of those built with them. Layer: repodata.

Sources: CEP 12, CEP 21. A shard may say it in the record itself. Else ``run_exports.json`` lists
every archive of a platform folder; it is fetched when it is asked for, and no more of it is decoded
than the archives that are.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from xconda_core.events import Noticed, Reporter
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.run_exports import InvalidRunExports, RunExports
from xconda_core.net.failures import HttpRefused, NetworkFailed
from xconda_core.repodata.kept_document import DocumentTerms, kept_document
from xconda_core.repodata.listing import Dropped, records_left_out
from xconda_core.repodata.not_repodata import NotRepodata
from xconda_core.repodata.published import UNREADABLE, Folder
from xconda_core.repodata.zstd import MAGIC, decompressed

FILES: Final = ("run_exports.json.zst", "run_exports.json")
LARGEST: Final = 1 << 30  # bytes after decompression; conda-forge's largest is 0.1 GB


class NotRunExports(NotRepodata):
    """A document is no ``run_exports.json``."""

    code = "not-run-exports"

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.what = f"{url} is not a list of run exports."


class _Document(msgspec.Struct, gc=False):
    packages: dict[str, msgspec.Raw] | None = None
    conda: dict[str, msgspec.Raw] | None = msgspec.field(default=None, name="packages.conda")


class _Entry(msgspec.Struct, gc=False):
    run_exports: Any = None


_read_document = msgspec.json.Decoder(_Document).decode
_read_entry = msgspec.json.Decoder(_Entry).decode


class RunExportsDocument:
    """The run exports of one platform folder, by archive."""

    def __init__(self, entries: Mapping[str, msgspec.Raw]) -> None:
        self._entries = entries

    def of(self, fn: str, dropped: Dropped) -> RunExports | None:
        """Return those of the archive ``fn``; None where nothing is said, or nothing that can be.

        Args:
            fn: File name of the archive.
            dropped: Told of an entry that is none.
        """
        raw = self._entries.get(fn)
        if raw is None:
            return None
        try:
            said = _read_entry(raw).run_exports
            return None if said is None else RunExports.from_json(said)
        except (*UNREADABLE, InvalidRunExports) as error:
            dropped(fn, str(error))
            return None


def parse_run_exports(content: bytes, url: str) -> RunExportsDocument:
    """Return what ``content`` says.

    Args:
        content: The document, compressed or not.
        url: Where it came from, without credentials, for errors.

    Raises:
        NotRunExports: it is none.
    """
    try:
        plain = decompressed(content, LARGEST) if content.startswith(MAGIC) else content
        document = _read_document(plain)
    except (ValueError, *UNREADABLE) as error:
        raise NotRunExports(url, str(error) or "it is empty") from error
    return RunExportsDocument({**(document.packages or {}), **(document.conda or {})})


def run_exports_of(
    records: Sequence[PackageRecord], terms: DocumentTerms, report: Reporter
) -> dict[str, RunExports]:
    """Return the run exports of ``records`` by their addresses, as far as channels say them.

    A list that cannot be had or read is named, and nothing is said of its packages.

    Args:
        records: Packages of any channels.
        terms: How to get the lists.
        report: Told of lists and entries that are left out.

    Raises:
        Cancelled: somebody asked to stop.
    """
    found = {record.url: said for record in records if (said := _of_record(record)) is not None}
    records = [record for record in records if record.url not in found]
    folders = {(record.channel, record.subdir): record.channel_name for record in records}
    for (channel, subdir), name in folders.items():
        folder = Folder(name, channel, subdir)
        try:
            content = kept_document(folder.url, FILES, terms)
            document = (
                parse_run_exports(content, folder.url + FILES[-1]) if content is not None else None
            )
        except (NetworkFailed, HttpRefused, NotRunExports) as error:
            report(Noticed("warning", f"{folder}: run exports are not known: {error.why}"))
            continue
        if document is None:
            continue
        with records_left_out(report, f"{folder} ({FILES[-1]})") as dropped:
            for record in records:
                if (record.channel, record.subdir) == (channel, subdir):
                    said = document.of(record.fn, dropped)
                    if said is not None:
                        found[record.url] = said
    return found


def _of_record(record: PackageRecord) -> RunExports | None:
    said = record.extra.get("run_exports")
    try:
        return None if said is None else RunExports.from_json(said)
    except InvalidRunExports:
        return None  # the list may know better
