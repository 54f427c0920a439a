"""Archives that plugins unpack: what they leave is looked at as ours is."""

import hashlib
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plugins.conftest import PluginWorld
from xconda_core.cancel import CancelToken
from xconda_core.package_cache.extracted import check_extracted
from xconda_core.package_cache.tar_reader import BrokenTar

UNZIP = """
import os
import zipfile


def unzip(archive, folder):
    print("unpacking", archive.name)
    with zipfile.ZipFile(archive) as box:
        box.extractall(folder)
    MORE


@plugins.hookimpl
def xconda_package_extractors():
    yield plugins.PluginPackageExtractor("box", [".box"], unzip)
"""
INDEX = {"name": "plum", "version": "1.0", "build": "0", "build_number": 0, "depends": []}
INDEX |= {"subdir": "linux-64"}


def _archive(world: PluginWorld, index: Mapping[str, object] = INDEX) -> Path:
    content = b"a plum\n"
    paths = {
        "_path": "share/plum",
        "path_type": "hardlink",
        "sha256": hashlib.sha256(content).hexdigest(),
        "size_in_bytes": len(content),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as box:
        box.writestr("info/index.json", json.dumps(index))
        box.writestr("info/paths.json", json.dumps({"paths": [paths], "paths_version": 1}))
        box.writestr("info/files", "share/plum\n")
        box.writestr("share/plum", content)
    path = world.home / "plum-1.0-0.box"
    path.write_bytes(buffer.getvalue())
    return path


def _plugin(world: PluginWorld, more: str = "") -> None:
    world.install("box", UNZIP.replace("MORE", more))


def test_an_archive_that_a_plugin_unpacks_is_installed(world: PluginWorld) -> None:
    _plugin(world)
    done = world.create(str(_archive(world)), "--json")
    assert (done.returncode, json.loads(done.stdout)["success"]) == (0, True)
    assert (world.prefix / "share/plum").read_text() == "a plum\n"
    assert world.installed() == ["plum 1.0"]
    assert "unpacking plum-1.0-0.box" in done.stderr


def test_such_archives_stand_in_lists_with_digests(world: PluginWorld) -> None:
    _plugin(world)
    archive = _archive(world)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    file = world.home / "explicit.txt"
    file.write_text(f"@EXPLICIT\n{archive}#{'0' * 64}\n")
    refused = world.create("--file", str(file))
    assert refused.returncode != 0
    assert not world.prefix.exists()
    file.write_text(f"@EXPLICIT\n{archive}#{digest}\n")
    assert world.create("--file", str(file)).returncode == 0
    shown = world.xconda("list", "-p", str(world.prefix), "--explicit").stdout
    assert "plum-1.0-0.box" in shown


def test_without_the_plugin_such_a_name_is_no_archive(world: PluginWorld) -> None:
    done = world.create(str(_archive(world)))
    assert done.returncode != 0
    assert not world.prefix.exists()


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("os.symlink('/etc/passwd', folder / 'share/passwd')", "is a link to '/etc/passwd'"),
        ("os.symlink('../..', folder / 'share/up')", "is a link to '../..'"),
        ("os.mkfifo(folder / 'share/pipe')", "is neither a file nor a folder nor a link"),
        ("os.link(archive, folder / 'share/plum2')", "is a hard link to something outside"),
        ("(folder / 'info/index.json').unlink()", "it has no info/index.json"),
        ("(folder / 'info/index.json').write_text('[]')", "is not a JSON object"),
        ("__import__('shutil').rmtree(folder); os.symlink('/', folder)", "is no folder any more"),
        ("1 / 0", "ZeroDivisionError"),
    ],
)
def test_what_a_plugin_must_not_leave_is_refused(world: PluginWorld, more: str, why: str) -> None:
    _plugin(world, more)
    done = world.create(str(_archive(world)))
    assert done.returncode == 1
    assert why in done.stderr
    assert not world.prefix.exists()
    cache = world.home / "root" / "pkgs"
    assert not [
        path for path in cache.rglob("*") if path.name.startswith("plum-1.0-0") and path.is_dir()
    ]


def test_another_package_than_its_name_says_is_refused(world: PluginWorld) -> None:
    _plugin(world)
    done = world.create(str(_archive(world, {**INDEX, "version": "2.0"})))
    assert "it says version '2.0'" in done.stderr
    assert not world.prefix.exists()


@pytest.mark.parametrize("content", ["a stone", "a large stone"])
def test_content_that_is_not_what_the_package_says_is_found(
    world: PluginWorld, content: str
) -> None:
    _plugin(world, f"(folder / 'share/plum').write_text({content!r})")
    done = world.create(
        str(_archive(world)),
        CONDA_SAFETY_CHECKS="enabled",
        CONDA_EXTRA_SAFETY_CHECKS="true",
    )
    assert done.returncode == 1
    assert not world.prefix.exists()


def test_xconda_s_own_endings_are_refused(world: PluginWorld) -> None:
    world.install("box", UNZIP.replace(".box", ".conda").replace("MORE", ""))
    done = world.create("apple")
    assert done.returncode == 0
    assert "unpacks .conda, which xconda or another plugin does" in done.stderr


def test_more_than_permissions_is_taken_off(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "tool").write_bytes(b"x")
    (folder / "tool").chmod(0o6755)
    check_extracted(folder, 1, CancelToken())
    assert (folder / "tool").stat().st_mode & 0o7777 == 0o755


@given(st.lists(st.sampled_from(["..", ".", "a", "b", "", "/x"]), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_a_link_is_taken_only_if_it_stays(parts: list[str]) -> None:
    target = "/".join(parts)
    if not target:
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "package")
        (folder / "sub").mkdir(parents=True)
        os.symlink(target, folder / "sub" / "link")
        end = os.path.normpath(os.path.join("/package/sub", target))
        try:
            check_extracted(folder, 1, CancelToken())
        except BrokenTar:
            return
        assert end == "/package" or end.startswith("/package/")
