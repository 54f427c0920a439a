"""The archives that the writer makes are what other readers of conda packages expect."""

import bz2
import hashlib
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest
import rattler
import zstandard

from xconda_core.package_cache.package_writer import (
    PLACEHOLDER,
    ArchiveFormat,
    PackageFile,
    PackageMetadata,
    write_package,
)

SUFFIXES: tuple[ArchiveFormat, ...] = (".conda", ".tar.bz2")
METADATA = PackageMetadata(
    name="tool",
    version="1.2",
    build="h0_3",
    build_number=3,
    subdir="linux-64",
    depends=("zlib >=1.2",),
    license="MIT",
    licenses={"LICENSE": b"do as you like\n"},
)
FILES = (
    PackageFile(path="lib/libtool.so.1", content=b"\x7fELF\0" + PLACEHOLDER.encode() + b"/lib\0"),
    PackageFile(path="lib/libtool.so", link_target="libtool.so.1"),
    PackageFile(path="bin/tool", content=f"#!{PLACEHOLDER}/bin/sh\n".encode(), executable=True),
    PackageFile(path="etc/empty", is_directory=True),
    PackageFile(path="share/" + "long/" * 30 + "name.txt", content=b"x", no_link=True),
)


def members(archive: Path) -> dict[str, tuple[tarfile.TarInfo, bytes]]:
    if archive.suffix == ".bz2":
        return tar_members(bz2.decompress(archive.read_bytes()))
    found: dict[str, tuple[tarfile.TarInfo, bytes]] = {}
    with zipfile.ZipFile(archive) as outer:
        for name in outer.namelist():
            if name.endswith(".tar.zst"):
                found |= tar_members(zstandard.ZstdDecompressor().decompress(outer.read(name)))
    return found


def tar_members(content: bytes) -> dict[str, tuple[tarfile.TarInfo, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        return {
            member.name: (member, archive.extractfile(member).read() if member.isreg() else b"")  # type: ignore[union-attr]
            for member in archive
        }


def test_placeholder_is_as_long_as_conda_promises() -> None:
    assert len(PLACEHOLDER) == 255
    assert PLACEHOLDER.startswith("/")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_package_is_the_same_bytes(tmp_path: Path, suffix: ArchiveFormat) -> None:
    (first,) = write_package(tmp_path / "one", METADATA, FILES, (suffix,))
    (second,) = write_package(tmp_path / "two", METADATA, reversed(FILES), (suffix,))

    assert first.path.read_bytes() == second.path.read_bytes()
    assert first.record == second.record


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_record_carries_size_and_digests_of_the_archive(
    tmp_path: Path, suffix: ArchiveFormat
) -> None:
    (package,) = write_package(tmp_path, METADATA, FILES, (suffix,))
    content = package.path.read_bytes()

    assert package.path.name == f"tool-1.2-h0_3{suffix}"
    assert package.record["size"] == len(content)
    assert package.record["sha256"] == hashlib.sha256(content).hexdigest()
    assert package.record["md5"] == hashlib.md5(content).hexdigest()
    assert package.record["depends"] == ["zlib >=1.2"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_info_folder_describes_every_entry(tmp_path: Path, suffix: ArchiveFormat) -> None:
    (package,) = write_package(tmp_path, METADATA, FILES, (suffix,))
    found = members(package.path)
    paths = {entry["_path"]: entry for entry in json.loads(found["info/paths.json"][1])["paths"]}

    assert set(paths) == {name for name in found if not name.startswith("info/")}
    assert paths["bin/tool"]["file_mode"] == "text"
    assert paths["bin/tool"]["prefix_placeholder"] == PLACEHOLDER
    assert paths["lib/libtool.so.1"]["file_mode"] == "binary"
    assert paths["lib/libtool.so"]["path_type"] == "softlink"
    assert paths["lib/libtool.so"]["sha256"] == paths["lib/libtool.so.1"]["sha256"]
    assert "prefix_placeholder" not in paths["lib/libtool.so"]
    assert paths["etc/empty"]["path_type"] == "directory"
    assert [name for name, entry in paths.items() if entry.get("no_link")] == [FILES[4].path]
    assert found["info/licenses/LICENSE"][1] == b"do as you like\n"
    assert json.loads(found["info/about.json"][1])["license"] == "MIT"
    assert found["info/has_prefix"][1].decode().splitlines() == [
        f"{PLACEHOLDER} text bin/tool",
        f"{PLACEHOLDER} binary lib/libtool.so.1",
    ]


def test_executable_bit_and_links_survive(tmp_path: Path) -> None:
    (package,) = write_package(tmp_path, METADATA, FILES)
    found = members(package.path)

    assert found["bin/tool"][0].mode == 0o755
    assert found["lib/libtool.so.1"][0].mode == 0o644
    assert found["lib/libtool.so"][0].linkname == "libtool.so.1"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_independent_reader_understands_the_archive(
    tmp_path: Path, suffix: ArchiveFormat
) -> None:
    (package,) = write_package(tmp_path, METADATA, FILES, (suffix,))

    index = rattler.IndexJson.from_package_archive(package.path)
    paths = rattler.PathsJson.from_package_archive(package.path)

    assert (index.name.normalized, str(index.version), index.build_number) == ("tool", "1.2", 3)
    assert [str(entry.relative_path) for entry in paths.paths] == sorted(f.path for f in FILES)


def test_noarch_python_lists_its_entry_points(tmp_path: Path) -> None:
    metadata = PackageMetadata(
        name="p", version="1", noarch="python", entry_points=("p = p.cli:main",)
    )
    (package,) = write_package(tmp_path, metadata, ())

    assert json.loads(members(package.path)["info/link.json"][1]) == {
        "noarch": {"type": "python", "entry_points": ["p = p.cli:main"]},
        "package_metadata_version": 1,
    }


def test_two_entries_of_one_path_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="bin/tool is in the package twice"):
        write_package(tmp_path, METADATA, (*FILES, FILES[2]))
