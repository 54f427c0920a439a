"""Temporary folders: gone after use; one that cannot be written is named, with what to set."""

import tempfile
from pathlib import Path

import pytest

from xconda_core.files.failures import FileOperationFailed
from xconda_core.files.temporary import NoTemporaryFolder, check_room, temporary_folder


def test_the_folder_is_where_tmpdir_says_and_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with temporary_folder("try", "some-") as folder:
        (folder / "file").write_bytes(b"x")
    assert folder.parent == tmp_path
    assert folder.name.startswith("some-")
    assert not folder.exists()


def test_a_place_that_is_gone_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(NoTemporaryFolder) as caught, temporary_folder("try", "some-"):
        pass
    assert caught.value.tried == (str(tmp_path / "nowhere"),)
    assert "TMPDIR" in caught.value.fix


def test_an_error_about_another_file_is_no_matter_of_the_temporary_folder() -> None:
    with pytest.raises(FileOperationFailed, match="/nowhere"), temporary_folder("try", "some-"):
        Path("/nowhere/at/all").read_bytes()


def test_room_is_tried_and_given_back(tmp_path: Path) -> None:
    check_room(tmp_path)
    assert list(tmp_path.iterdir()) == []
