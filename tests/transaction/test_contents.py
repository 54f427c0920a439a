"""What a package lists is believed only as far as it is harmless."""

import json
from pathlib import Path

import pytest

from xconda_core.models.package_record import PackageRecord
from xconda_core.transaction.contents import BadPackage, read_contents

RECORD = PackageRecord(name="demo", version="1.0", build="0")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "info").mkdir()
    return tmp_path


def listed(package: Path, *paths: object) -> Path:
    document = {"paths_version": 1, "paths": list(paths)}
    (package / "info/paths.json").write_text(json.dumps(document))
    return package


def test_the_list_of_paths_is_read_with_placeholders(package: Path) -> None:
    listed(package, {"_path": "bin/a", "path_type": "hardlink", "prefix_placeholder": "/old",
                     "file_mode": "text", "sha256": "00", "size_in_bytes": 3, "no_link": True,
                     "something_new": 1},
           {"_path": "b", "path_type": "softlink"})  # fmt: skip

    first, second = read_contents(package, RECORD).paths

    assert (first.path, first.prefix_placeholder, first.file_mode) == ("bin/a", "/old", "text")
    assert (first.size_in_bytes, first.no_link) == (3, True)
    assert (second.path_type, second.no_link) == ("softlink", False)


@pytest.mark.parametrize(
    "path",
    [
        "../evil", "a/../../evil", "/etc/evil", "", ".", "a//b", "a/./b", "a/", "a\0b",
        "conda-meta/history", "conda-meta/other-1-0.json", "conda-meta/.xconda/transaction/x",
    ],
)  # fmt: skip
def test_a_path_that_no_package_may_have_is_refused(package: Path, path: str) -> None:
    with pytest.raises(BadPackage):
        read_contents(listed(package, {"_path": path, "path_type": "hardlink"}), RECORD)


@pytest.mark.parametrize("path", ["...", "a/..b", ".hidden", "conda-meta/x/y.json", "a b", "é"])
def test_unusual_names_are_fine(package: Path, path: str) -> None:
    contents = read_contents(listed(package, {"_path": path}), RECORD)

    assert contents.paths[0].path == path


@pytest.mark.parametrize(
    "text", ["", "[]", '{"paths": "x"}', '{"paths": [1]}', '{"paths": [{"_path": 1}]}', "[" * 9999,
             '{"paths": [{"_path": "a", "path_type": "socket"}]}'],
)  # fmt: skip
def test_a_damaged_list_is_a_clear_error(package: Path, text: str) -> None:
    (package / "info/paths.json").write_text(text)

    with pytest.raises(BadPackage, match=r"demo-1\.0-0 was not linked"):
        read_contents(package, RECORD)


def test_packages_from_before_paths_json_are_read(package: Path) -> None:
    (package / "info/files").write_text("bin/a\nlib/b\nlib/c\nlib/d e\n\n")
    (package / "info/has_prefix").write_text(
        'bin/a\n/build/prefix binary lib/b\n"/p q" text "lib/d e"\n'
    )
    (package / "info/no_link").write_text("lib/c\n")
    (package / "lib").mkdir()
    (package / "lib/c").symlink_to("b")

    paths = {path.path: path for path in read_contents(package, RECORD).paths}

    assert paths["bin/a"].prefix_placeholder == "/opt/anaconda1anaconda2anaconda3"
    assert paths["bin/a"].file_mode == "text"
    assert (paths["lib/b"].prefix_placeholder, paths["lib/b"].file_mode) == (
        "/build/prefix",
        "binary",
    )
    assert (paths["lib/c"].path_type, paths["lib/c"].no_link) == ("softlink", True)
    assert paths["lib/d e"].prefix_placeholder == "/p q"


def test_a_metapackage_has_no_files(package: Path) -> None:
    assert read_contents(package, RECORD).paths == ()
