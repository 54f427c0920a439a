"""Files come into a prefix by the link that is possible and allowed."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from xconda_core.files.links import LinkKind, choose_link_kind, place, placing


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


@pytest.mark.parametrize("kind", ["hardlink", "softlink", "reflink", "copy"])
def test_nothing_is_ever_overwritten(tmp_path: Path, source: Path, kind: str) -> None:
    (tmp_path / "target").write_bytes(b"other")

    with pytest.raises(FileExistsError):
        place(str(source), str(tmp_path / "target"), kind)  # type: ignore[arg-type]

    assert (tmp_path / "target").read_bytes() == b"other"


@pytest.mark.parametrize("kind", ["hardlink", "softlink", "copy"])
def test_files_of_one_folder_go_into_another_and_a_failure_names_both_in_full(
    tmp_path: Path, source: Path, kind: LinkKind
) -> None:
    target = tmp_path / "target"
    target.mkdir()

    with placing(str(tmp_path), str(target), kind) as bring:
        bring("source", "there")
        with pytest.raises(FileExistsError) as refusal:
            bring("source", "there")

    assert (target / "there").read_bytes() == b"content"
    assert (target / "there").samefile(source) == (kind != "copy")
    named = {refusal.value.filename, refusal.value.filename2}
    assert str(target / "there") in named
    assert named <= {str(target / "there"), str(source), None}


def test_a_soft_link_is_linked_itself_not_what_it_leads_to(tmp_path: Path, source: Path) -> None:
    (tmp_path / "soft").symlink_to("source")
    target = tmp_path / "target"
    target.mkdir()

    with placing(str(tmp_path), str(target), "hardlink") as bring:
        bring("soft", "there")

    assert (target / "there").is_symlink()


def test_a_hard_link_that_is_refused_becomes_a_copy_in_full(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_hard_links(monkeypatch, errno.EMLINK)
    target = tmp_path / "target"
    target.mkdir()

    with placing(str(tmp_path), str(target), "hardlink") as bring:
        bring("source", "there")

    assert (target / "there").read_bytes() == b"content"
    assert not (target / "there").samefile(source)


def test_a_file_system_that_can_share_blocks_is_asked_to(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def clone(target: int, request: int, origin: int) -> int:
        asked.append(request)
        return os.sendfile(target, origin, 0, 100)

    monkeypatch.setattr("fcntl.ioctl", clone)

    assert choose_link_kind(str(source), str(tmp_path), always_copy=True) == "reflink"
    assert place(str(source), str(tmp_path / "target"), "reflink") == "reflink"

    assert asked == [0x40049409] * 2
    assert (tmp_path / "target").read_bytes() == b"content"
    assert (tmp_path / "target").stat().st_mode & 0o777 == 0o751


def test_a_reflink_that_is_refused_becomes_a_copy(tmp_path: Path, source: Path) -> None:
    elsewhere = Path("/proc/version")

    assert place(str(elsewhere), str(tmp_path / "target"), "reflink") == "copy"

    assert (tmp_path / "target").read_bytes() == elsewhere.read_bytes()


IN_REFLINKS = """
import os, sys
from pathlib import Path
from xconda_core.files.links import choose_link_kind, place
disk = Path(sys.argv[1])
free = lambda: (os.sync(), os.statvfs(disk).f_bfree * os.statvfs(disk).f_frsize)[1]
source = disk / "source"
source.write_bytes(os.urandom(30_000_000))
before = free()
kind = choose_link_kind(str(source), str(disk), always_copy=True)
how = place(str(source), str(disk / "copy"), kind)
assert (disk / "copy").read_bytes() == source.read_bytes()
print(kind, how, before - free() < 3_000_000, (disk / "copy").stat().st_nlink)
"""


def test_on_a_disk_with_reflinks_a_copy_takes_no_room(tmp_path: Path) -> None:
    maker = next(filter(shutil.which, ("mkfs.xfs", "mkfs.btrfs")), None)
    if maker is None:
        pytest.skip("no file system with reflinks can be made here: they are untested")
    image, disk = tmp_path / "image", tmp_path / "disk"
    disk.mkdir()
    with image.open("wb") as file:
        file.truncate(400_000_000)
    subprocess.run([maker, "-q", str(image)], check=True)
    script = 'mount -o loop "$0" "$1" && exec "$2" -c "$3" "$1"'
    words = ["unshare", "--mount", "sh", "-c", script]
    done = subprocess.run(
        [*words, str(image), str(disk), sys.executable, IN_REFLINKS],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if "mount:" in done.stderr or "unshare:" in done.stderr:
        pytest.skip(f"no file system with reflinks can be mounted here: {done.stderr.strip()}")

    assert done.stdout.split() == ["reflink", "reflink", "True", "1"], done.stderr
