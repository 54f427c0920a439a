"""What lists say of archives as it was published: every byte of it, and why where nothing is."""

import json
from pathlib import Path

from xconda_core.cancel import CancelToken
from xconda_core.errors import Json
from xconda_core.models.package_record import PackageRecord
from xconda_core.net.local import LocalFetcher
from xconda_core.repodata.kept_document import document_terms
from xconda_core.repodata.signed_entries import Listings, signed_entries


def a_record(channel: str, fn: str = "pear-1.0-0.conda") -> PackageRecord:
    return PackageRecord(
        name="pear", version="1.0", build="0", subdir="noarch", fn=fn, channel=channel,
        url=f"{channel}/noarch/{fn}",
    )  # fmt: skip


def entries(folder: Path, *records: PackageRecord) -> Listings:
    terms = document_terms(LocalFetcher(), folder / "cache", CancelToken(), ttl=1, as_kept=False)
    return signed_entries(records, terms, compressed=True)


def listing(folder: Path, text: str) -> str:
    (folder / "noarch").mkdir(parents=True)
    (folder / "noarch" / "repodata.json").write_text(text, encoding="utf-8")
    return folder.as_uri()


def test_entries_come_as_they_were_published(tmp_path: Path) -> None:
    entry, signatures = '{"b" : 1.0e3,\n "a":"\\u00e9"}', '{"k": {}}'
    parts = f'"packages.conda": {{"pear-1.0-0.conda": {entry}}}'
    signed = f'"signatures": {{"pear-1.0-0.conda": {signatures}}}'
    pear = a_record(listing(tmp_path / "c", f"{{{parts}, {signed}}}"))
    found = entries(tmp_path, pear).listed[pear.url]
    assert (found.entry, found.signatures) == (entry.encode(), signatures.encode())


def test_an_archive_of_one_format_is_not_looked_for_among_the_others(tmp_path: Path) -> None:
    document: Json = {
        "packages": {"pear-1.0-0.conda": {}},
        "packages.conda": {"pear-1.0-0.tar.bz2": {}},
    }
    address = listing(tmp_path / "c", json.dumps(document))
    both = [a_record(address), a_record(address, "pear-1.0-0.tar.bz2")]
    assert [each.entry for each in entries(tmp_path, *both).listed.values()] == [None, None]


def test_where_there_is_no_list_it_is_said_why(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    broken = listing(tmp_path / "broken", '{"packages": 3}')
    records = [a_record("orchard"), a_record((tmp_path / "empty").as_uri()), a_record(broken)]
    found = entries(tmp_path, *records)
    assert found.listed == {}
    named, empty, bad = (found.unknown[each.url] for each in records)
    assert named == "the address of its channel is not known"
    assert empty == "the list of its channel could not be had: there is none"
    assert bad.startswith("the list of its channel could not be had: Expected `object")
