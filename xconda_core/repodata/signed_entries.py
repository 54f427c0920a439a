"""What package lists say of archives, as it was published, with its signatures. Layer: repodata.

Source: conda-content-trust: ``signatures`` beside ``packages`` and ``packages.conda`` of
``repodata.json``. Shards (CEP 16) carry none, so the whole list is read, whatever was chosen from.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from xconda_core.models.package_record import PackageRecord
from xconda_core.net.failures import HttpRefused, NetworkFailed
from xconda_core.repodata.kept_document import DocumentTerms, kept_document
from xconda_core.repodata.not_repodata import NotRepodata
from xconda_core.repodata.published import UNREADABLE, Folder
from xconda_core.repodata.zstd import MAGIC, decompressed
from xconda_core.trust.package import Listed
from xconda_core.values import Slotted, dataclass

PLAIN: Final = "repodata.json"
COMPRESSED: Final = "repodata.json.zst"
_LARGEST: Final = 1 << 32  # bytes after decompression; conda-forge's is 0.4 GB
_SAME_RUN: Final = 300  # seconds: a list that was asked for so lately was so for this very plan
_Entries = dict[str, msgspec.Raw]


class _Document(msgspec.Struct, gc=False):
    packages: _Entries | None = None
    conda: _Entries | None = msgspec.field(default=None, name="packages.conda")
    signatures: _Entries | None = None


_read_document = msgspec.json.Decoder(_Document).decode


@dataclass(frozen=True, slots=True)
class Listings(Slotted):
    """What the lists say of some records.

    Attributes:
        listed: Address of an archive to what its channel's list says of it.
        unknown: Address of an archive to why its channel's list could not be had.
    """

    listed: Mapping[str, Listed]
    unknown: Mapping[str, str]


def signed_entries(
    records: Sequence[PackageRecord], terms: DocumentTerms, *, compressed: bool
) -> Listings:
    """Return what their channels' lists say of ``records``.

    Args:
        records: Packages of any channels.
        terms: How to get the lists.
        compressed: Compressed lists may be asked for.

    Raises:
        Cancelled: somebody asked to stop.
    """
    listed: dict[str, Listed] = {}
    unknown: dict[str, str] = {}
    for channel, subdir in sorted({(record.channel, record.subdir) for record in records}):
        here = [each for each in records if (each.channel, each.subdir) == (channel, subdir)]
        if "://" not in channel and not channel.startswith("file:"):
            unknown |= {each.url: "the address of its channel is not known" for each in here}
            continue
        folder = Folder(here[0].channel_name, channel, subdir)
        try:
            document = _document(folder, terms, compressed=compressed)
        except (NetworkFailed, HttpRefused, NotRepodata) as error:
            why = f"the list of its channel could not be had: {error.why.rstrip('.')}"
            unknown |= {each.url: why for each in here}
            continue
        listed |= {each.url: _listed(each.fn, document) for each in here}
    return Listings(listed, unknown)


def _listed(fn: str, document: _Document) -> Listed:
    packages = document.conda if fn.endswith(".conda") else document.packages
    entry, signatures = ((part or {}).get(fn) for part in (packages, document.signatures))
    return Listed(*(None if raw is None else bytes(raw) for raw in (entry, signatures)))


def _document(folder: Folder, terms: DocumentTerms, *, compressed: bool) -> _Document:
    content = _content(folder, terms, compressed=compressed)
    if content is None:
        raise NotRepodata(folder.url + PLAIN, "there is none")
    try:
        plain = decompressed(content, _LARGEST) if content.startswith(MAGIC) else content
        return _read_document(plain or b"{}")
    except (ValueError, *UNREADABLE) as error:
        raise NotRepodata(folder.url + PLAIN, str(error).rstrip(".") or "it is empty") from error


def _content(folder: Folder, terms: DocumentTerms, *, compressed: bool) -> bytes | None:
    """Return the list: the one that was just chosen from, if that was the whole one."""
    if folder.url.startswith("file:"):  # signing tools rewrite the plain one and leave the other
        return kept_document(folder.url, (PLAIN, COMPRESSED), terms)
    state, ttl = terms.cache.state(folder.url), max(terms.ttl, _SAME_RUN)
    is_usable = state is not None and (terms.as_kept or state.is_fresh(ttl, terms.clock()))
    if state is not None and is_usable and state.file in {PLAIN, COMPRESSED}:
        content = terms.cache.content(state)
        if content is not None:
            return content
    return kept_document(folder.url, (COMPRESSED, PLAIN) if compressed else (PLAIN,), terms)
