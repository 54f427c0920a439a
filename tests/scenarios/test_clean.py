"""``xconda clean`` shows sizes first, and takes nothing that an environment needs."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.scenario import World
from tests.scenarios.unprivileged import NOBODY, an_open_world, as_nobody, needs_root
from tests.scenarios.world import a_world
from xconda_core.cancel import CancelToken
from xconda_core.files.byte_locks import byte_locked


@pytest.fixture
def open_world() -> Iterator[World]:
    with an_open_world() as world:
        yield world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        yield world


def xconda(
    world: World, *words: str, answer: str = "", **environ: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "xconda_core", *words],
        env={**world.environ, **environ},
        input=answer,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def cleaned(world: World, *words: str) -> dict[str, Any]:
    done = xconda(world, "clean", *words, "--json", "--yes")
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def pkgs(world: World) -> Path:
    return world.home / "pkgs"


def names(world: World) -> set[str]:
    return {path.name for path in pkgs(world).iterdir()}


def filled(world: World) -> None:
    """Two packages in an environment, and two that are in the cache only."""
    assert xconda(world, "create", "-n", "demo", "apple", "--yes").returncode == 0
    assert xconda(world, "create", "-n", "gone", "pear", "--download-only", "-y").returncode == 0


def test_all_takes_what_no_environment_uses_and_the_environment_stays_as_it_is(
    world: World,
) -> None:
    filled(world)
    before = {path: path.lstat() for path in world.prefix("demo").rglob("*")}

    document = cleaned(world, "--all")

    assert names(world) == {"apple-2.0-0", "seed-2.0-0", "urls.txt"}
    assert document["packages"]["pkgs_dirs"] == {str(pkgs(world)): ["pear-1.0-0", "seed-1.0-0"]}
    after = {path: path.lstat() for path in world.prefix("demo").rglob("*")}
    assert {path: status.st_ino for path, status in after.items()} == {
        path: status.st_ino for path, status in before.items()
    }


def test_a_dry_run_has_condas_keys_and_takes_nothing(world: World) -> None:
    filled(world)
    before = names(world)

    document = cleaned(world, "--all", "--dry-run")

    assert names(world) == before
    assert document.keys() == {
        "success", "tarballs", "index_cache", "packages", "tempfiles", "logfiles",
    }  # fmt: skip
    assert document["tarballs"].keys() == {"warnings", "pkg_sizes", "pkgs_dirs", "total_size"}
    sizes = document["tarballs"]["pkg_sizes"][str(pkgs(world))]
    archives = {path.name: path.stat().st_size for path in pkgs(world).glob("*.conda")}
    assert sizes == archives
    assert document["tarballs"]["total_size"] == sum(archives.values())
    assert document["index_cache"] == {"files": [str(pkgs(world) / "cache")]}
    assert (document["tempfiles"], len(document["logfiles"])) == ([], 1)


@pytest.mark.parametrize(
    ("option", "gone"),
    [
        ("--tarballs", {"apple-2.0-0.conda", "seed-2.0-0.conda", "pear-1.0-0.conda",
                        "seed-1.0-0.conda"}),
        ("--index-cache", {"cache"}),
        ("--packages", {"pear-1.0-0", "seed-1.0-0"}),
        ("--logfiles", {}),
        ("--tempfiles", {}),
    ],
)  # fmt: skip
def test_each_option_takes_its_own_kind_and_no_other(
    world: World, option: str, gone: set[str]
) -> None:
    filled(world)
    before = names(world)

    cleaned(world, option)

    assert before - names(world) == set(gone)


def test_sizes_are_shown_before_anything_is_asked(world: World) -> None:
    filled(world)
    before = names(world)

    done = xconda(world, "clean", "--packages", "--tarballs", answer="n\n")

    assert done.returncode == 1
    assert "archives: 4, " in done.stdout
    assert "unpacked packages that no environment uses: 2, " in done.stdout
    assert "softly linked" in done.stderr
    assert names(world) == before


def test_temporary_files_and_logs_go_where_they_are(world: World) -> None:
    filled(world)
    trash = world.prefix("demo") / "share/apple.txt.c~"
    trash.write_text("was in use")
    (pkgs(world) / ".logs").mkdir()
    (pkgs(world) / ".logs/conda.log").write_text("x")

    document = cleaned(world, "--tempfiles", str(world.prefix("demo")), "--logfiles")

    assert document["tempfiles"] == [str(trash)]
    assert not trash.exists()
    assert str(pkgs(world) / ".logs/conda.log") in document["logfiles"]
    assert not (world.home / ".local/state/xconda/last-operation.log").exists()


def test_packages_of_a_softly_linked_environment_stay(world: World) -> None:
    words = ("create", "-n", "soft", "pear", "--yes")
    assert xconda(world, *words, CONDA_ALWAYS_SOFTLINK="yes").returncode == 0

    document = cleaned(world, "--packages")

    assert document["packages"]["pkgs_dirs"] == {}
    assert (world.prefix("soft") / "share/pear.txt").read_text() == "pear 1.0 0\n"


def test_what_is_left_of_a_killed_process_goes_with_the_packages(world: World) -> None:
    filled(world)
    (pkgs(world) / ".pear-1.0-0.partial/info").mkdir(parents=True)
    (pkgs(world) / "plum-1.0-0.conda.partial").write_bytes(b"half")

    cleaned(world, "--packages", "--tarballs")

    assert {name for name in names(world) if "partial" in name} == set()


def test_a_cache_that_mamba_fills_is_left_alone_and_that_is_said(world: World) -> None:
    filled(world)
    before = names(world)

    with byte_locked(pkgs(world), exclusive=False, cancel=CancelToken()) as held:
        assert held
        document = cleaned(world, "--all")

    assert before <= names(world)
    assert "stays as it is" in document["removed"]["warnings"][0]


def test_whole_caches_go_only_when_that_is_asked_and_only_if_they_are_caches(
    world: World,
) -> None:
    filled(world)
    no_cache = world.home / "documents"
    no_cache.mkdir()
    (no_cache / "thesis.tex").write_text("x")

    done = xconda(world, "clean", "-f", "-y", "--json", CONDA_PKGS_DIRS=f"{pkgs(world)},{no_cache}")

    assert json.loads(done.stdout)["pkgs_dirs"] == [str(pkgs(world))]
    assert not pkgs(world).exists()
    assert (no_cache / "thesis.tex").exists()


def test_without_a_kind_nothing_is_done_and_the_way_is_shown(world: World) -> None:
    done = xconda(world, "clean", "--yes")

    assert done.returncode == 2
    assert "xconda clean --all --dry-run" in done.stderr


@needs_root
def test_leftovers_of_another_user_are_skipped_with_a_word(open_world: World) -> None:
    world = open_world
    filled(world)
    stranger = pkgs(world) / "pear-1.0-0"
    for path in (world.home, pkgs(world), pkgs(world) / "urls.txt"):
        os.chown(path, NOBODY, NOBODY)
    stranger.chmod(0o700)
    look = ["clean", "--packages", "--dry-run"]

    visitor = as_nobody(world.environ, ["clean", "--packages", "--yes"], before=[look])

    assert visitor.returncode == 0, visitor.stderr
    assert f"{stranger}/info" in visitor.stderr or f"{stranger} was not looked at" in visitor.stderr
    assert "Permission denied" in visitor.stderr
    assert stranger.exists()
