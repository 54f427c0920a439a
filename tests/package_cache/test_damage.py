"""A file that is not as its package lists it is found; what the list does not say is believed."""

from pathlib import Path

import pytest

from xconda_core.cancel import CancelToken
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.path_lists import read_package_paths
from xconda_core.package_cache.archive import stage_beside
from xconda_core.package_cache.damage import first_damage, is_sound
from xconda_core.package_cache.package_writer import PackageFile, PackageMetadata, write_package


@pytest.fixture
def package(tmp_path: Path) -> Path:
    metadata = PackageMetadata(name="demo", version="1.0")
    files = [PackageFile(path="lib/a", content=b"abc"), PackageFile(path="lib/s", link_target="a")]
    written = write_package(tmp_path, metadata, files)[0]
    record = PackageRecord.from_json(written.record, fn=written.path.name, url="https://x/demo")
    return stage_beside(written.path, record, CancelToken()).publish()


def test_a_whole_package_is_sound_also_by_its_digests(package: Path) -> None:
    assert is_sound(package)
    assert is_sound(package, digests=True)


@pytest.mark.parametrize("content", [b"", b"ab", b"abcd"])
def test_another_size_is_damage(package: Path, content: bytes) -> None:
    (package / "lib/a").write_bytes(content)

    assert not is_sound(package)


def test_a_file_that_is_gone_is_damage(package: Path) -> None:
    (package / "lib/a").unlink()

    assert not is_sound(package)


def test_a_package_that_is_taken_away_while_it_is_looked_at_is_damage(package: Path) -> None:
    listed = read_package_paths((package / "info/paths.json").read_bytes())
    package.rename(package.with_name("elsewhere"))

    assert str(first_damage(str(package), listed)) == "info has nothing, its package lists a folder"


def test_other_bytes_of_the_same_size_are_found_by_their_digest_only(package: Path) -> None:
    (package / "lib/a").write_bytes(b"xyz")

    assert is_sound(package)
    assert not is_sound(package, digests=True)


def test_a_list_that_is_damaged_itself_is_damage_and_one_that_never_was_is_not(
    package: Path,
) -> None:
    (package / "info/paths.json").write_bytes(b"{")
    assert not is_sound(package)
    (package / "info/paths.json").unlink()
    assert is_sound(package)
