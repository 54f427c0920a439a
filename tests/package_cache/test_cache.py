"""A package is found only where its very archive was unpacked to the end."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from xconda_core.cancel import CancelToken
from xconda_core.models.package_record import PackageRecord
from xconda_core.package_cache.archive import stage_beside
from xconda_core.package_cache.cache import (
    BadArchiveName,
    NoWritableCache,
    PackageCache,
    archive_name,
    note_url,
)
from xconda_core.package_cache.package_writer import PackageFile, PackageMetadata, write_package


@pytest.fixture
def pkgs(tmp_path: Path) -> Path:
    (tmp_path / "pkgs").mkdir()
    return tmp_path / "pkgs"


@pytest.fixture
def record(pkgs: Path) -> PackageRecord:
    """A package that is unpacked in ``pkgs``."""
    metadata = PackageMetadata(name="demo", version="1.0")
    written = write_package(pkgs, metadata, [PackageFile(path="lib/a", content=b"a")])[0]
    url = f"https://example.org/demo/noarch/{written.path.name}"
    made = PackageRecord.from_json(written.record, fn=written.path.name, url=url)
    stage_beside(written.path, made, CancelToken()).publish()
    return made


def test_an_unpacked_package_is_found_by_its_digest(pkgs: Path, record: PackageRecord) -> None:
    cache = PackageCache((pkgs,))

    assert cache.find(record) == pkgs / "demo-1.0-0"
    assert cache.find(replace(record, sha256=None)) == pkgs / "demo-1.0-0"
    assert cache.find(replace(record, sha256="0" * 64)) is None
    assert cache.find(replace(record, sha256=None, md5="0" * 32)) is None


def test_without_any_digest_the_place_of_origin_decides(pkgs: Path, record: PackageRecord) -> None:
    bare = replace(record, sha256=None, md5=None)

    assert PackageCache((pkgs,)).find(bare) == pkgs / "demo-1.0-0"
    assert PackageCache((pkgs,)).find(replace(bare, url="https://elsewhere/x.conda")) is None


@pytest.mark.parametrize("damage", ["", "{", "[]", "null", '{"name": 1}'])
def test_a_folder_whose_description_is_missing_or_damaged_is_not_used(
    pkgs: Path, record: PackageRecord, damage: str
) -> None:
    description = pkgs / "demo-1.0-0/info/repodata_record.json"
    description.unlink() if not damage else description.write_text(damage)

    assert PackageCache((pkgs,)).find(record) is None


def test_the_description_is_what_conda_writes(pkgs: Path, record: PackageRecord) -> None:
    said = json.loads((pkgs / "demo-1.0-0/info/repodata_record.json").read_bytes())

    assert {"fn", "url", "channel", "md5", "sha256", "size", "name"} <= said.keys()
    assert PackageRecord.from_json(said) == record


def test_caches_are_searched_in_order_and_the_first_writable_takes_new_packages(
    tmp_path: Path, pkgs: Path, record: PackageRecord
) -> None:
    (tmp_path / "a-file").write_text("no folder can be made below it")
    cache = PackageCache((tmp_path / "a-file/pkgs", tmp_path / "mine", pkgs))

    assert cache.find(record) == pkgs / "demo-1.0-0"
    assert cache.writable_dir() == tmp_path / "mine"
    assert (tmp_path / "mine/urls.txt").exists()


def test_without_a_writable_cache_the_places_tried_are_named(tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("")

    with pytest.raises(NoWritableCache, match="a-file/pkgs"):
        PackageCache((tmp_path / "a-file/pkgs",)).writable_dir()


def test_where_a_package_came_from_is_appended_for_conda(pkgs: Path, record: PackageRecord) -> None:
    note_url(pkgs, record)
    note_url(pkgs, replace(record, url="https://example.org/other"))

    assert (pkgs / "urls.txt").read_text().split() == [record.url, "https://example.org/other"]


@pytest.mark.parametrize("fn", ["../evil.conda", "/etc/evil.conda", ".hidden.conda", "a\0b.conda"])
def test_a_name_that_leads_out_of_the_cache_is_refused(record: PackageRecord, fn: str) -> None:
    with pytest.raises(BadArchiveName):
        archive_name(replace(record, fn=fn))


def test_a_version_that_leads_out_of_the_cache_is_refused(record: PackageRecord) -> None:
    with pytest.raises(BadArchiveName):
        archive_name(replace(record, version="1/../../../evil"))
