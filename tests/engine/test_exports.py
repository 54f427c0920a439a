"""Every name of ``conda.exports`` is here, or is said to be dropped with what to use."""

import hashlib
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from xconda_core import api, exports
from xconda_core.exports.__main__ import page
from xconda_core.exports.configured import CONFIGURED
from xconda_core.exports.dropped import DROPPED
from xconda_core.in_process import run_command
from xconda_core.net.failures import DownloadDamaged
from xconda_core.testing.simulator import a_channel, a_package

CONDAS_NAMES = [
    name
    for line in (Path(__file__).parent / "conda_exports.txt").read_text().splitlines()
    if not line.startswith("#")
    for name in line.split()
]


@pytest.fixture
def prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment with a and b; the process is that of a user who has this channel."""
    (tmp_path / "home").mkdir()
    packages = [a_package("a", "1.0"), a_package("a", "2.0"), a_package("b", depends=["a <2"])]
    for name in [name for name in os.environ if name.startswith("CONDA")]:
        monkeypatch.delenv(name)
    values = {
        "HOME": str(tmp_path / "home"),
        "CONDA_CHANNELS": a_channel(tmp_path / "channel", packages).as_uri(),
        "CONDA_SUBDIR": "linux-64",
        "CONDA_PKGS_DIRS": str(tmp_path / "pkgs"),
        "CONDA_ROOT_PREFIX": str(tmp_path / "root"),
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    assert run_command("create", "-p", tmp_path / "env", "b").code == 0
    return tmp_path / "env"


@pytest.mark.parametrize("name", CONDAS_NAMES)
def test_a_name_imports_or_says_what_to_use_instead(name: str) -> None:
    here = name in exports.__all__ or name in CONFIGURED
    assert here is not (name in DROPPED)
    if here:
        assert getattr(exports, name) is not None
    else:
        with pytest.raises(
            AttributeError, match=r"has no \w+: use (nothing|the|an|`|anaconda|conda)"
        ):
            getattr(exports, name)


def test_nothing_is_listed_that_conda_never_had() -> None:
    assert sorted({*DROPPED} - {*CONDAS_NAMES}) == []


def test_the_page_is_what_the_module_says() -> None:
    kept = Path(__file__).parents[2] / "docs" / "exports.md"
    assert kept.read_text(encoding="utf-8") == page()


def test_importing_a_dropped_name_says_what_to_use() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import xconda_core.exports as e; e.Solver"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "use `xconda_core.api.solve`" in done.stderr


def test_configured_values_are_those_of_the_moment(
    prefix: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = [exports.subdir, exports.platform, exports.arch_name, exports.bits]
    monkeypatch.setenv("CONDA_SUBDIR", "osx-arm64")
    then = [exports.subdir, exports.platform, exports.arch_name, exports.bits]

    assert seen == ["linux-64", "linux", "x86_64", 64]
    assert then == ["osx-arm64", "osx", "arm64", 64]
    assert exports.root_dir == str(tmp_path / "root")
    assert exports.pkgs_dirs == (str(tmp_path / "pkgs"),)
    assert exports.default_prefix == exports.root_dir
    assert str(tmp_path / "root" / "envs") in exports.envs_dirs
    assert exports.context.subdir == "osx-arm64"


def test_channels_are_those_of_the_configuration(prefix: Path, tmp_path: Path) -> None:
    (tmp_path / "home" / "conda-bld").mkdir()

    assert exports.get_rc_urls() == [(tmp_path / "channel").as_uri()]
    assert exports.get_local_urls() == [(tmp_path / "home" / "conda-bld").as_uri()]
    assert exports.get_default_urls()[0] == "https://repo.anaconda.com/pkgs/main"


def test_a_condarc_is_loaded_without_changing_the_process(prefix: Path, tmp_path: Path) -> None:
    (tmp_path / ".condarc").write_text("channel_priority: disabled\n")

    assert exports.load_condarc(tmp_path / ".condarc").channel_priority == "disabled"
    assert exports.context.channel_priority == "strict"


def test_the_index_has_every_archive_by_its_name(prefix: Path) -> None:
    index = exports.get_index()
    others = exports.get_index(prepend=False, prefix=prefix, unknown=True)

    assert {dist.dist_name for dist in index} == {"a-1.0-0", "a-2.0-0", "b-1.0-0"}
    assert {record.name for record in index.values()} == {"a", "b"}
    assert exports.dist_str_in_index(index, "a-2.0-0")
    assert exports.dist_str_in_index(index, "channel/noarch::a-2.0-0.conda")
    assert not exports.dist_str_in_index(index, "other::a-2.0-0")
    assert {dist.dist_name for dist in others} == {"a-1.0-0", "b-1.0-0"}
    assert exports.get_index(platform="osx-64", use_cache=True) == {
        dist: record for dist, record in index.items() if dist.subdir == "noarch"
    }


def test_the_index_begins_with_channels_that_are_named_and_with_what_was_built_here(
    prefix: Path, tmp_path: Path
) -> None:
    other = a_channel(tmp_path / "other", [a_package("a", "9.0")]).as_uri()
    a_channel(tmp_path / "home" / "conda-bld", [a_package("built")])

    def names(**given: Any) -> set[str]:
        return {dist.dist_name for dist in exports.get_index(**given)}

    assert names(channel_urls=[other], prepend=False) == {"a-9.0-0"}
    assert names(channel_urls=[other]) == {"a-9.0-0", "a-1.0-0", "a-2.0-0", "b-1.0-0"}
    assert names(prepend=False, use_local=True) == {"built-1.0-0"}


def test_what_is_linked_is_told_by_name_and_by_record(prefix: Path, tmp_path: Path) -> None:
    names = exports.linked(prefix)

    assert {str(dist) for dist in names} == {
        "channel/noarch::a-1.0-0",
        "channel/noarch::b-1.0-0",
    }
    assert {each.record.name for each in exports.linked_data(prefix).values()} == {"a", "b"}
    assert exports.linked(tmp_path / "nothing") == set()
    for wanted in (next(iter(names)), "a", "a >=1"):
        assert exports.is_linked(prefix, wanted) is not None
    for wanted in (exports.Dist.parse("a-2.0-0"), "a >=2", "zebra"):
        assert exports.is_linked(prefix, wanted) is None


def test_the_package_cache_can_be_asked_and_emptied(prefix: Path, tmp_path: Path) -> None:
    cache = exports.package_cache()
    assert {dist.dist_name for dist in cache} == {"a-1.0-0", "b-1.0-0"}
    assert "a-1.0-0" in cache

    del cache["a-1.0-0"]

    assert "a-1.0-0" not in cache
    assert not list((tmp_path / "pkgs").glob("a-1.0-0*"))


def test_files_are_hashed_removed_and_told_from_packages(prefix: Path) -> None:
    (prefix / "mine.txt").write_text("x")
    (prefix / "share" / "folder").symlink_to("nowhere")

    assert exports.hash_file(prefix / "mine.txt", "sha256") == hashlib.sha256(b"x").hexdigest()
    assert exports.md5_file(prefix / "mine.txt") == hashlib.md5(b"x").hexdigest()
    assert exports.untracked(prefix) == {"mine.txt", "share/folder"}
    walked = {"mine.txt", "share/a.txt", "share/b.txt", "share/folder"}
    assert exports.walk_prefix(prefix) == walked
    assert exports.walk_prefix(prefix, ignore_predefined_files=False) > walked
    for path in (prefix / "mine.txt", prefix, prefix):
        exports.rm_rf(path)
        assert not path.exists()


def test_a_download_is_verified(prefix: Path, tmp_path: Path) -> None:
    source = tmp_path / "channel" / "noarch" / "repodata.json"
    digest = exports.md5_file(source)

    exports.download(source.as_uri(), tmp_path / "copy", md5sum=digest)
    wrongs: tuple[dict[str, Any], ...] = ({"sha256": "0" * 64}, {"md5sum": "0" * 32}, {"size": 7})
    for wrong in wrongs:
        with pytest.raises(DownloadDamaged):
            exports.download(exports.url_path(str(source)), tmp_path / "bad", **wrong)

    assert json.loads((tmp_path / "copy").read_bytes())["info"]["subdir"] == "noarch"
    assert not (tmp_path / "bad").exists()


def test_specs_of_lines_words_and_files(prefix: Path, tmp_path: Path) -> None:
    (tmp_path / "specs.txt").write_text("a >=1  # why\n# nothing\nb\n")

    assert exports.spec_from_line("numpy >=1 # why") == "numpy[version='>=1']"
    assert exports.spec_from_line("# nothing") is None
    assert exports.specs_from_args(["a=1", "b"]) == ["a=1", "b"]
    assert exports.specs_from_url((tmp_path / "specs.txt").as_uri()) == ["a >=1", "b"]
    assert exports.normalized_version("1.0-1") == exports.VersionOrder.parse("1.0_1")


def test_paths_of_windows_and_whole_lists_of_them_go_both_ways() -> None:
    windows, posix = r"C:\x\One;C:\env\Library\bin;\\m\Three", "/c/x/One:/bin://m/Three"

    assert exports.win_path_to_unix(windows, r"C:\env") == posix
    assert exports.unix_path_to_win(posix, r"C:\env") == windows
    assert exports.win_path_to_unix([r"C:\x", "D:\\"], cygdrive=True) == (
        "/cygdrive/c/x",
        "/cygdrive/d/",
    )
    assert exports.unix_path_to_win(("/c/x", "/usr")) == (r"C:\x", r"\usr")
    for change in (exports.win_path_to_unix, exports.unix_path_to_win):
        assert (change(None), change(""), change(())) == (None, ".", ())


def test_a_plan_is_shown_as_text(prefix: Path) -> None:
    plan = api.open_engine(prefix=prefix).plan(
        api.ChangeRequest(verb="remove", prefix=prefix, specs=("b",))
    )

    text = exports.display_actions(plan)

    assert "removed" in text
    assert exports.human_bytes(1_500_000) == "1.5 MB"


def test_importing_the_module_reads_no_configuration() -> None:
    assert importlib.reload(exports).__name__ == "xconda_core.exports"
