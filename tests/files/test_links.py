"""Files come into a prefix by the link that is possible and allowed."""

import errno
import os
from pathlib import Path

import pytest

from xconda_core.files.links import choose_link_kind, place


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_bytes(b"content")
    path.chmod(0o751)
    os.utime(path, (1_500_000_000, 1_500_000_000))
    return path


def no_hard_links(monkeypatch: pytest.MonkeyPatch, number: int = errno.EXDEV) -> None:
    def refuse(*arguments: object, **keywords: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", refuse)


def test_hard_links_are_chosen_where_they_work_and_the_trial_leaves_nothing(
    tmp_path: Path, source: Path
) -> None:
    assert choose_link_kind(str(source), str(tmp_path)) == "hardlink"
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_settings_come_before_the_trial(tmp_path: Path, source: Path) -> None:
    assert choose_link_kind(str(source), str(tmp_path), always_copy=True) == "copy"
    assert choose_link_kind(str(source), str(tmp_path), always_softlink=True) == "softlink"


def test_without_hard_links_files_are_copied_unless_soft_links_are_allowed(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_hard_links(monkeypatch)

    assert choose_link_kind(str(source), str(tmp_path)) == "copy"
    assert choose_link_kind(str(source), str(tmp_path), allow_softlinks=True) == "softlink"


def test_a_single_refused_hard_link_becomes_a_copy_with_mode_and_time(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_hard_links(monkeypatch, errno.EMLINK)

    assert place(str(source), str(tmp_path / "target"), "hardlink") == "copy"

    status = (tmp_path / "target").stat()
    assert (status.st_mode & 0o777, status.st_mtime) == (0o751, 1_500_000_000)
    assert not (tmp_path / "target").samefile(source)


@pytest.mark.parametrize("kind", ["hardlink", "softlink", "copy"])
def test_nothing_is_ever_overwritten(tmp_path: Path, source: Path, kind: str) -> None:
    (tmp_path / "target").write_bytes(b"other")

    with pytest.raises(FileExistsError):
        place(str(source), str(tmp_path / "target"), kind)  # type: ignore[arg-type]

    assert (tmp_path / "target").read_bytes() == b"other"
