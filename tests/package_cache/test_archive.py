"""Archives are unpacked safely or not at all."""

import bz2
import io
import json
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.models.package_record import PackageRecord
from xconda_core.package_cache.archive import ArchiveRefused, stage_archive
from xconda_core.package_cache.tar_reader import BrokenTar, TarReader
from xconda_core.package_cache.unpack import _safe_name

INDEX = {"name": "demo", "version": "1.0", "build": "0", "build_number": 0, "depends": []}
RECORD = PackageRecord(name="demo", version="1.0", build="0")
Members = list[tuple[tarfile.TarInfo, bytes]]


def a_file(name: str, content: bytes = b"x", mode: int = 0o644) -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = len(content), mode, 1_500_000_000
    return member, content


def a_link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member, b""


def special(name: str, kind: bytes) -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo(name)
    member.type = kind
    return member, b""


def tar_of(members: Members, form: int = tarfile.GNU_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as tar:
        for member, content in members:
            tar.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def the_info(index: object = INDEX) -> Members:
    return [a_file("info/index.json", json.dumps(index).encode())]


def conda_of(package: bytes, info: bytes, metadata: object = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as box:
        box.writestr("metadata.json", json.dumps(metadata or {"conda_pkg_format_version": 2}))
        box.writestr("pkg-demo-1.0-0.tar.zst", zstandard.compress(package))
        box.writestr("info-demo-1.0-0.tar.zst", zstandard.compress(info))
    return buffer.getvalue()


def as_conda(members: Members) -> tuple[str, bytes]:
    return "demo-1.0-0.conda", conda_of(tar_of(members), tar_of(the_info()))


def as_tar_bz2(members: Members) -> tuple[str, bytes]:
    return "demo-1.0-0.tar.bz2", bz2.compress(tar_of(the_info() + members))


def unpacked(folder: Path, named: tuple[str, bytes]) -> Path:
    name, content = named
    archive = folder / name
    archive.write_bytes(content)
    destination = folder / "out" / "demo-1.0-0"
    destination.parent.mkdir(exist_ok=True)
    stage_archive(archive, destination, record=RECORD, cancel=CancelToken()).publish()
    return destination


def everything_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.fixture(params=[as_conda, as_tar_bz2])
def packed(request: pytest.FixtureRequest) -> Callable[[Members], tuple[str, bytes]]:
    form: Callable[[Members], tuple[str, bytes]] = request.param
    return form


Packed = Callable[[Members], tuple[str, bytes]]


def test_files_links_modes_and_times_come_out_as_they_went_in(
    tmp_path: Path, packed: Packed
) -> None:
    long = "lib/" + "long/" * 60 + "name"
    members = [
        a_file("bin/tool", b"#!", 0o755), a_file(long, b"deep"), a_file("./lib/dot"),
        a_link("lib/soft", "../bin/tool"), a_link("lib/hard", "bin/tool", tarfile.LNKTYPE),
        special("empty/", tarfile.DIRTYPE),
    ]  # fmt: skip

    folder = unpacked(tmp_path, packed(members))

    assert (folder / long).read_bytes() == b"deep"
    assert os.readlink(folder / "lib/soft") == "../bin/tool"
    assert (folder / "lib/hard").samefile(folder / "bin/tool")
    assert (folder / "empty").is_dir()
    status = (folder / "bin/tool").stat()
    assert stat.S_IMODE(status.st_mode) == 0o755
    assert status.st_mtime == 1_500_000_000


HOSTILE: dict[str, Members] = {
    "an absolute path": [a_file("/tmp/evil")],
    "two slashes": [a_file("//tmp/evil")],
    "a path that goes up": [a_file("lib/../../evil")],
    "an absolute link": [a_link("etc", "/etc")],
    "a link that goes up": [a_link("lib/up", "../../evil")],
    "a link that goes up by a detour": [a_link("lib/up", "a/../../../evil")],
    "a file behind a link": [a_link("d", "lib"), a_file("d/evil")],
    "a file in the place of a link": [a_link("f", "other"), a_file("f")],
    "a link in the place of a folder": [a_file("d/x"), a_link("d", "lib")],
    "a folder in the place of a file": [a_file("d"), a_file("d/x")],
    "a hard link to the outside": [a_link("h", "/etc/hostname", tarfile.LNKTYPE)],
    "a hard link that goes up": [a_link("h", "../../x", tarfile.LNKTYPE)],
    "a hard link to a soft link": [a_link("s", "x"), a_link("h", "s", tarfile.LNKTYPE)],
    "a FIFO": [special("pipe", tarfile.FIFOTYPE)],
    "a device": [special("dev", tarfile.CHRTYPE)],
    "a block device": [special("dev", tarfile.BLKTYPE)],
    "the same file twice": [a_file("a"), a_file("a")],
    "another index.json": [a_file("info/index.json", b"{}")],
}


@pytest.mark.parametrize("members", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_members_are_refused_and_nothing_stays(
    tmp_path: Path, packed: Packed, members: Members
) -> None:
    with pytest.raises(ArchiveRefused):
        unpacked(tmp_path, packed([*members, a_file("lib/after")]))

    assert everything_in(tmp_path / "out") == []


def test_setuid_setgid_and_sticky_bits_are_dropped(tmp_path: Path, packed: Packed) -> None:
    folder = unpacked(tmp_path, packed([a_file("bin/su", mode=0o7755)]))

    assert stat.S_IMODE((folder / "bin/su").stat().st_mode) == 0o755


def test_an_archive_of_another_package_is_refused(tmp_path: Path) -> None:
    other = the_info(INDEX | {"version": "6.6.6"})

    with pytest.raises(ArchiveRefused, match=r"'6\.6\.6'"):
        unpacked(tmp_path, ("demo-1.0-0.tar.bz2", bz2.compress(tar_of(other))))

    assert everything_in(tmp_path / "out") == []


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_cut_archive_is_refused(tmp_path: Path, packed: Packed, share: float) -> None:
    name, content = packed([a_file("lib/a", os.urandom(50_000))])

    with pytest.raises(ArchiveRefused):
        unpacked(tmp_path, (name, content[: int(len(content) * share)]))

    assert everything_in(tmp_path / "out") == []


def test_a_cut_stream_inside_a_whole_zip_is_refused(tmp_path: Path) -> None:
    package = tar_of([a_file("lib/a", os.urandom(5000))])

    with pytest.raises(ArchiveRefused, match="ends in the middle"):
        unpacked(tmp_path, ("demo-1.0-0.conda", conda_of(package[:3000], tar_of(the_info()))))


def test_something_after_the_end_is_refused(tmp_path: Path) -> None:
    content = tar_of(the_info()) + b"more"

    with pytest.raises(ArchiveRefused, match="follows its end"):
        unpacked(tmp_path, ("demo-1.0-0.tar.bz2", bz2.compress(content)))


@pytest.mark.parametrize("junk", [b"x", b"PK\x05\x06" + bytes(40), bytes(300_000)])
def test_something_after_the_archive_itself_is_refused(
    tmp_path: Path, packed: Packed, junk: bytes
) -> None:
    name, content = packed([a_file("lib/a")])

    with pytest.raises(ArchiveRefused, match=r"follows its end|not a zip file"):
        unpacked(tmp_path, (name, content + junk))

    assert everything_in(tmp_path / "out") == []


def test_something_before_a_zip_is_refused(tmp_path: Path) -> None:
    name, content = as_conda([a_file("lib/a")])

    with pytest.raises(ArchiveRefused, match="before its beginning"):
        unpacked(tmp_path, (name, b"#!/bin/sh\n" + content))


def test_what_a_parallel_compressor_writes_is_read_whole(tmp_path: Path) -> None:
    tar = tar_of([*the_info(), a_file("lib/a", os.urandom(700_000))])
    parts = [bz2.compress(tar[at : at + 99_999]) for at in range(0, len(tar), 99_999)]

    folder = unpacked(tmp_path, ("demo-1.0-0.tar.bz2", b"".join(parts)))

    assert (folder / "lib/a").stat().st_size == 700_000


def test_many_files_that_are_too_much_together_are_stopped(
    tmp_path: Path, packed: Packed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xconda_core.package_cache.unpack._ALLOWED_BYTES", 100_000)
    monkeypatch.setattr("xconda_core.package_cache.unpack._ALLOWED_RATIO", 2)
    members = [a_file(f"lib/{number}", bytes(9_000)) for number in range(30)]

    with pytest.raises(ArchiveRefused, match="far more than its size"):
        unpacked(tmp_path, packed(members))

    assert everything_in(tmp_path / "out") == []


def test_more_members_than_any_package_has_are_stopped(
    tmp_path: Path, packed: Packed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xconda_core.package_cache.unpack.MOST_MEMBERS", 20)
    members = [special(f"d{number}/", tarfile.DIRTYPE) for number in range(30)]

    with pytest.raises(ArchiveRefused, match="more than 20 members"):
        unpacked(tmp_path, packed(members))


def test_two_components_of_one_kind_are_refused(tmp_path: Path) -> None:
    _, content = as_conda([a_file("lib/a")])
    (tmp_path / "box.zip").write_bytes(content)
    with zipfile.ZipFile(tmp_path / "box.zip", "a") as box:
        box.writestr("pkg-other.tar.zst", zstandard.compress(tar_of([a_file("lib/b")])))

    with pytest.raises(ArchiveRefused, match=r"2 pkg-\*\.tar\.zst"):
        unpacked(tmp_path, ("demo-1.0-0.conda", (tmp_path / "box.zip").read_bytes()))


def test_a_format_of_the_future_is_refused_by_number(tmp_path: Path) -> None:
    info = tar_of(the_info())

    with pytest.raises(ArchiveRefused, match="format 99"):
        unpacked(
            tmp_path, ("demo-1.0-0.conda", conda_of(info, info, {"conda_pkg_format_version": 99}))
        )


def test_a_bomb_is_stopped_before_it_fills_the_disk(tmp_path: Path) -> None:
    header = tarfile.TarInfo("lib/bomb")
    header.size = 1 << 40
    content = tar_of(the_info())[:-10240] + header.tobuf() + bytes(1 << 20)

    with pytest.raises(ArchiveRefused, match="far more than its size"):
        unpacked(tmp_path, ("demo-1.0-0.tar.bz2", bz2.compress(content)))


def test_cancelling_leaves_nothing(tmp_path: Path) -> None:
    name, content = as_conda([a_file("lib/a")])
    (tmp_path / name).write_bytes(content)
    cancel = CancelToken()
    cancel.cancel()

    with pytest.raises(Cancelled):
        stage_archive(tmp_path / name, tmp_path / "out", record=RECORD, cancel=cancel)

    assert everything_in(tmp_path) == [name]


def test_the_old_folder_makes_way_for_the_new_one(tmp_path: Path, packed: Packed) -> None:
    unpacked(tmp_path, packed([a_file("lib/old")]))

    folder = unpacked(tmp_path, packed([a_file("lib/new")]))

    assert everything_in(folder) == ["info", "info/index.json", "lib", "lib/new"]
    assert everything_in(tmp_path / "out")[0] == "demo-1.0-0"


names = st.text(st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), min_size=1)
paths = st.lists(names.filter(lambda n: n not in {".", ".."}), min_size=1, max_size=8).map("/".join)


@given(
    path=paths,
    content=st.binary(max_size=2000),
    form=st.sampled_from([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]),
)
@settings(max_examples=60, deadline=None)
def test_names_and_contents_are_read_as_tarfile_writes_them(
    path: str, content: bytes, form: int
) -> None:
    stream = io.BytesIO(tar_of([a_file(path, content)], form))

    reader = TarReader(stream)
    read = [(member.name, b"".join(reader.content())) for member in reader.members()]

    assert read == [(path, content)]


@given(st.binary(max_size=3000))
@settings(max_examples=60, deadline=None)
def test_noise_is_a_broken_tar_and_nothing_else(content: bytes) -> None:
    with pytest.raises(BrokenTar):
        list(TarReader(io.BytesIO(content)).members())


@given(position=st.integers(0, 10_000), value=st.integers(0, 255))
@settings(max_examples=60, deadline=None)
def test_a_changed_byte_is_never_an_unexpected_error(position: int, value: int) -> None:
    content = bytearray(tar_of([a_file("a/b", b"x" * 700), a_link("c", "a/b")]))
    content[position % len(content)] = value

    with suppress(BrokenTar):
        list(TarReader(io.BytesIO(bytes(content))).members())


def test_a_size_below_nothing_is_refused() -> None:
    member, content = a_file("a")
    member.pax_headers = {"size": "-5"}
    stream = io.BytesIO(tar_of([(member, content), a_file("b")], tarfile.PAX_FORMAT))
    with pytest.raises(BrokenTar, match="-5 bytes"):
        list(TarReader(stream).members())


@given(st.lists(st.binary(max_size=2000), max_size=5), st.integers(1, 3000))
@settings(max_examples=60, deadline=None)
def test_contents_are_the_same_at_once_and_in_pieces(contents: list[bytes], chunk: int) -> None:
    archive = tar_of([a_file(f"f{number}", each) for number, each in enumerate(contents)])

    class Dripping(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(chunk, size or chunk))

    reader, read = TarReader(Dripping(archive)), []
    for _ in reader.members():
        whole = reader.small_content()
        read.append(b"".join(reader.content()) if whole is None else whole)

    assert read == contents


@given(st.text("ab./\0", max_size=8))
def test_a_name_is_cleaned_or_refused(name: str) -> None:
    parts = [part for part in name.split("/") if part not in {"", "."}]
    if name.startswith("/") or ".." in parts or "\0" in name:
        with pytest.raises(BrokenTar):
            _safe_name(name)
    else:
        assert _safe_name(name) == "/".join(parts)


plain_names = st.text("abc/ ._-é\x7f0123", min_size=1, max_size=130)


@given(
    st.lists(
        st.tuples(
            plain_names,
            st.binary(max_size=1200),
            st.integers(0, 0o7777),
            st.integers(0, 2**34),
            st.sampled_from([tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE]),
        ),
        max_size=6,
    ),
    st.sampled_from([tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT, tarfile.PAX_FORMAT]),
    st.integers(200, 5000),
)
def test_plain_files_read_at_a_blow_are_what_field_by_field_gives(
    files: list[tuple[str, bytes, int, int, bytes]], form: int, step: int
) -> None:
    members: Members = []
    for name, content, mode, mtime, kind in files:
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime, member.type = len(content), mode, mtime, kind
        members.append((member, content))
    try:
        archive = tar_of(members, form)
    except ValueError:  # ustar has no room for it
        return

    assert read_members(archive, len(archive)) == read_members(archive, step)


def read_members(archive: bytes, step: int) -> list[tuple[object, bytes]] | str:
    class InSteps(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(step)

    reader = (TarReader if step == len(archive) else Slowly)(InSteps(archive))
    try:
        return [(member, b"".join(reader.content())) for member in reader.members()]
    except BrokenTar as error:  # what ends with a slash is a folder, and has no content
        return str(error)


@given(st.integers(0, 511), st.integers(0, 255))
def test_a_header_with_one_byte_changed_is_read_or_refused_the_same_both_ways(
    place: int, value: int
) -> None:
    archive = bytearray(tar_of([a_file("lib/a", b"content")]))
    archive[place] = value
    answers = []
    for at_a_blow in (True, False):
        reader = Slowly(io.BytesIO(archive)) if not at_a_blow else TarReader(io.BytesIO(archive))
        try:
            answers.append(repr([(m, b"".join(reader.content())) for m in reader.members()]))
        except BrokenTar as error:
            answers.append(str(error))

    assert answers[0] == answers[1]


class Slowly(TarReader):
    """Reads every header field by field."""

    def _plain_file(self) -> None:
        return None
