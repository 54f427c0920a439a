"""The demo channel is built once, rebuilt where something changed, and refused with a reason."""

import json
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import pytest
import rattler

from xconda_core.package_cache.package_writer import PLACEHOLDER
from xconda_core.testing.channel_builder import WheelNotConverted, build_demo_channel
from xconda_core.testing.interpreter import InterpreterUnusable
from xconda_core.testing.wheel_download import WheelsNotDownloaded

pytestmark = pytest.mark.slow


def test_python_comes_in_both_formats_with_its_abi(demo_channel: Path) -> None:
    document = json.loads((demo_channel / "linux-64" / "repodata.json").read_bytes())
    noarch = json.loads((demo_channel / "noarch" / "repodata.json").read_bytes())
    records = [
        next(record for record in document[key].values() if record["name"] == "python")
        for key in ("packages", "packages.conda")
    ]
    short = "{}.{}".format(*sys.version_info)
    tag = "cp{}{}".format(*sys.version_info)

    for record in records:
        assert record["python_site_packages_path"] == f"lib/python{short}/site-packages"
        assert record["constrains"] == [f"python_abi {short}.* *_{tag}"]
        assert record["build"].endswith("_cpython")
    (abi,) = [r for r in noarch["packages.conda"].values() if r["name"] == "python_abi"]
    assert (abi["version"], abi["build"], abi["noarch"]) == (short, f"0_{tag}", "generic")


def test_texts_of_python_that_name_the_prefix_say_so(demo_channel: Path) -> None:
    (archive,) = (demo_channel / "linux-64").glob("python-3*.conda")

    paths = rattler.PathsJson.from_package_archive(archive).paths
    marked = {str(e.relative_path): e.prefix_placeholder for e in paths if e.prefix_placeholder}

    assert any(Path(path).name.startswith("_sysconfigdata") for path in marked)
    assert all(placeholder.placeholder == PLACEHOLDER for placeholder in marked.values())
    assert all(placeholder.file_mode.text for placeholder in marked.values())


def test_there_is_an_older_version_to_update_from(demo_channel: Path) -> None:
    document = json.loads((demo_channel / "noarch" / "repodata.json").read_bytes())
    versions = {
        r["version"] for r in document["packages.conda"].values() if r["name"] == "requests"
    }

    assert len(versions) == 2


def test_a_second_run_builds_nothing_and_takes_no_time(
    demo_channel: Path, channel_cache: Path
) -> None:
    said: list[str] = []
    before = {path: path.stat().st_mtime_ns for path in demo_channel.rglob("*")}
    started = time.monotonic()

    build_demo_channel(channel_cache, demo_channel, said.append)

    assert time.monotonic() - started < 10
    assert said == []
    assert {path: path.stat().st_mtime_ns for path in demo_channel.rglob("*")} == before


def test_a_missing_archive_comes_back_from_the_store(
    demo_channel: Path, channel_cache: Path, tmp_path: Path
) -> None:
    said: list[str] = []
    channel = build_demo_channel(channel_cache, tmp_path / "channel", said.append)
    (archive,) = (channel / "linux-64").glob("numpy-*.conda")
    archive.unlink()
    said.clear()

    build_demo_channel(channel_cache, channel, said.append)

    assert archive.is_file()
    assert not any("Packaged" in sentence for sentence in said)


def test_without_an_index_the_builder_says_what_is_missing(
    channel_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")

    with pytest.raises(WheelsNotDownloaded) as refusal:
        build_demo_channel(
            channel_cache,
            tmp_path / "channel",
            lambda sentence: None,
            requirements=("requests",),
        )

    assert "no wheels of requests" in str(refusal.value)
    assert "No matching distribution found for requests" in refusal.value.why
    assert not (tmp_path / "channel").exists()


def test_a_wheel_that_got_damaged_is_named(channel_cache: Path, tmp_path: Path) -> None:
    wheel = tmp_path / "fragile-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("fragile-1.0.dist-info/METADATA", "Name: fragile\nVersion: 1.0\n")
        archive.writestr("fragile-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\n")
        archive.writestr("fragile-1.0.dist-info/RECORD", "")

    def build(folder: Path) -> Path:
        return build_demo_channel(
            channel_cache, folder, lambda sentence: None, requirements=(str(wheel),)
        )

    channel = build(tmp_path / "whole")
    fetched = max(channel_cache.rglob(wheel.name), key=lambda path: path.stat().st_mtime)
    fetched.write_bytes(fetched.read_bytes()[:50])

    assert list((channel / "noarch").glob("fragile-1.0-*.conda"))
    with pytest.raises(WheelNotConverted, match="fragile-1") as refusal:
        build(tmp_path / "damaged")
    assert str(fetched.parent) in refusal.value.fix


def test_a_channel_of_python_alone_needs_no_index(
    channel_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")

    channel = build_demo_channel(
        channel_cache, tmp_path / "channel", lambda sentence: None, requirements=()
    )

    assert list((channel / "linux-64").glob("python-3*.conda"))


@pytest.mark.parametrize(
    ("program", "why"),
    [("/nonexistent/python", "it does not run"), ("/bin/false", "it failed")],
)
def test_what_is_no_python_is_refused(tmp_path: Path, program: str, why: str) -> None:
    with pytest.raises(InterpreterUnusable, match=why):
        build_demo_channel(
            tmp_path, tmp_path / "channel", lambda sentence: None, python=Path(program)
        )


def test_the_command_line_builds_and_says_what_went_wrong(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "xconda_core.testing", "build", str(tmp_path / "channel")]
    command += ["--cache", str(tmp_path / "cache"), "--python", "/bin/false"]

    answer = subprocess.run(command, capture_output=True, text=True, check=False)

    assert answer.returncode == 1
    assert answer.stderr.startswith("/bin/false was not made into a conda package.\n  why: ")
    assert "Traceback" not in answer.stderr


def test_the_same_python_is_the_same_package_wherever_it_is_built(
    demo_channel: Path, tmp_path: Path
) -> None:
    again = build_demo_channel(
        tmp_path / "another cache", tmp_path / "channel", lambda sentence: None, requirements=()
    )

    (first,) = (demo_channel / "linux-64").glob("python-3*.conda")
    (second,) = (again / "linux-64").glob("python-3*.conda")
    assert second.name == first.name
    assert second.read_bytes() == first.read_bytes()


def test_byte_code_needs_no_look_at_its_source(demo_channel: Path) -> None:
    (archive,) = (demo_channel / "linux-64").glob("python-3*.tar.bz2")
    with tarfile.open(archive) as members:
        headers = {
            member.name: file.read(8)
            for member in members
            if member.name.endswith(".pyc") and (file := members.extractfile(member))
        }

    assert len(headers) > 300
    assert {int.from_bytes(header[4:], "little") for header in headers.values()} == {0b01}
