"""Paths and lists of Windows as POSIX shells there write them, both ways."""

import pytest

from xconda_core.environment.windows_paths import (
    list_to_posix,
    list_to_windows,
    to_posix,
    to_windows,
)

ROOT = r"C:\env\Library"
PAIRS = [
    (r"C:\x y\z", "/c/x y/z", ""),
    ("D:\\", "/d/", ""),
    (r"\\server\share\d", "//server/share/d", ""),
    (r"C:\env\Library\bin", "/bin", ROOT),
    (r"C:\env\Scripts", "/c/env/Scripts", ROOT),
    (r"relative\file", "relative/file", ""),
]


@pytest.mark.parametrize(("windows", "posix", "root"), PAIRS)
def test_a_path_goes_there_and_back(windows: str, posix: str, root: str) -> None:
    assert to_posix(windows, root) == posix
    assert to_windows(posix, root) == windows


def test_cygwin_has_its_drives_in_a_folder() -> None:
    assert to_posix(r"C:\x", cygdrive=True) == "/cygdrive/c/x"
    assert to_windows("/cygdrive/c/x") == r"C:\x"


def test_a_neighbour_of_the_shells_root_is_not_below_it() -> None:
    assert to_posix(r"C:\env\LibraryOther", ROOT) == "/c/env/LibraryOther"
    assert to_posix(r"c:\ENV\library", ROOT) == "/"


def test_a_long_path_loses_its_mark() -> None:
    deep = "\\".join(["folder"] * 50)
    posix = deep.replace("\\", "/")
    assert to_posix(f"\\\\?\\C:\\{deep}") == f"/c/{posix}"
    assert to_posix(f"\\\\?\\UNC\\server\\{deep}") == f"//server/{posix}"
    assert to_posix(f"\\\\?\\{ROOT}\\{deep}", ROOT) == f"/{posix}"
    assert to_windows(f"/c/{posix}") == f"C:\\{deep}"


def test_a_list_goes_there_and_back_and_an_empty_entry_is_the_working_folder() -> None:
    windows = r"C:\a;C:\env\Library\bin;D:\b c"
    assert list_to_posix(windows, ROOT) == "/c/a:/bin:/d/b c"
    assert list_to_windows("/c/a:/bin:/d/b c", ROOT) == windows
    assert list_to_windows("/c/a::/d/b") == r"C:\a;.;D:\b"
    assert list_to_posix(r"C:\a;;D:\b") == "/c/a:/d/b"
