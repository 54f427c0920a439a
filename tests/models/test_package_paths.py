"""``info/paths.json``: which files a package ships."""

import json

import pytest

from xconda_core.errors import Json
from xconda_core.models.package_paths import PackagePath
from xconda_core.models.path_lists import InvalidPaths, read_package_paths


def listed(*paths: Json, **more: Json) -> bytes:
    return json.dumps({"paths_version": 1, **more, "paths": list(paths)}).encode()


def test_what_an_entry_leaves_out_has_the_value_of_the_standard() -> None:
    assert read_package_paths(listed({"_path": "a"})) == (PackagePath(path="a"),)
    assert PackagePath(path="a").path_type == "hardlink"
    assert PackagePath(path="a").no_link is False


@pytest.mark.parametrize(
    ("entry", "placeholder", "mode"),
    [
        ({"prefix_placeholder": "/opt/x", "file_mode": "binary"}, "/opt/x", "binary"),
        ({"prefix_placeholder": "/opt/x"}, "/opt/x", "text"),
        ({"prefix_placeholder": "", "file_mode": "text"}, None, None),
        ({"file_mode": "binary"}, None, None),
        ({"prefix_placeholder": None, "file_mode": None}, None, None),
    ],
)
def test_a_file_has_a_mode_where_it_has_a_placeholder(
    entry: dict[str, Json], placeholder: str | None, mode: str | None
) -> None:
    (path,) = read_package_paths(listed({"_path": "a", **entry}))
    assert (path.prefix_placeholder, path.file_mode) == (placeholder, mode)


def test_keys_that_are_not_known_are_passed_over() -> None:
    (path,) = read_package_paths(listed({"_path": "a", "inode_paths": []}, more=1))
    assert path.path == "a"


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"[]", "object"), (b"{}", "paths"), (b"{", "truncated"), (b"\xff", "malformed"),
        (listed("a"), "object"),
        (b'{"paths": [{"_path": "\xff"}]}', "utf-8"), (listed({}), "_path"),
        (listed({"_path": 1}), "_path"), (listed({"_path": "a", "path_type": "x"}), "path_type"),
        (listed({"_path": "a", "file_mode": "x"}), "file_mode"),
        (listed({"_path": "a", "size_in_bytes": "1"}), "size_in_bytes"),
        (listed({"_path": "a", "no_link": "yes"}), "no_link"),
        (listed({"_path": "a"}, paths_version="new"), "paths_version"),
    ],
)  # fmt: skip
def test_a_list_that_is_none_is_refused_with_its_place(content: bytes, named: str) -> None:
    with pytest.raises(InvalidPaths, match=named):
        read_package_paths(content)
