"""Whose files are whose: umask and groups are honoured, what is shared is read, nobody intrudes."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.scenarios.scenario import World
from tests.scenarios.unprivileged import NOBODY, an_open_world, as_nobody, needs_root
from tests.scenarios.world import installed


@pytest.fixture
def world() -> Iterator[World]:
    with an_open_world() as world:
        yield world


def xconda(world: World, *words: str, umask: int = 0o022, **environ: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "xconda_core", *words],
        env={**world.environ, **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        umask=umask,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("umask", [0o002, 0o022, 0o077])
def test_the_umask_decides_what_others_may_do_with_cache_and_environment(
    world: World, umask: int
) -> None:
    xconda(world, "create", "-n", "demo", "apple", "--yes", umask=umask)

    made = [
        world.home / "pkgs",
        *(world.home / "pkgs").rglob("*"),
        *(world.home / "envs").rglob("*"),
    ]
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in made if not path.is_symlink()}
    folders = {mode for path, mode in modes.items() if path.is_dir()}
    own = {mode for path, mode in modes.items() if path.suffix in {".json", ".txt"}}
    assert folders == {0o777 & ~umask}
    assert own <= {0o666 & ~umask, 0o644 & ~umask}, "files of packages have no more than they had"
    assert modes[world.prefix("demo") / "conda-meta/history"] == 0o666 & ~umask


@needs_root
def test_a_cache_of_roots_is_read_and_the_first_writable_one_takes_what_is_new(
    world: World,
) -> None:
    shared, own = world.home / "pkgs", world.home / "nobody"
    own.mkdir()
    os.chown(own, NOBODY, NOBODY)
    environ = {
        **world.environ,
        "HOME": str(own),
        "CONDA_PKGS_DIRS": f"{shared},{own / 'pkgs'}",
        "CONDA_ENVS_DIRS": str(own / "envs"),
    }
    xconda(world, "create", "-n", "seeds", "seed", "--yes")

    done = as_nobody(
        environ | {"CONDA_PKGS_DIRS": f"{shared},{own / 'pkgs'}"},
        ["create", "-n", "mine", "apple", "--yes"],
        before=[["create", "-p", str(world.home / "warm"), "pear", "--yes"]],
    )

    assert done.returncode == 0, done.stderr
    assert installed(own / "envs/mine") == {"apple": "2.0", "seed": "2.0"}
    assert not list(shared.glob("apple*"))
    assert sorted(path.name for path in (own / "pkgs").glob("*-0")) == ["apple-2.0-0"]
    foreign = [p for p in (own / "envs/mine").rglob("*") if p.lstat().st_uid != NOBODY]
    linked = {p for p in foreign if p.stat().st_nlink > 1}
    assert set(foreign) == linked, "only hard links to the shared cache are not nobody's"


@needs_root
def test_members_of_a_group_change_an_environment_that_is_writable_for_it(world: World) -> None:
    shared, own = world.home / "shared", world.home / "nobody"
    for folder, mode in ((shared, 0o2775), (own, 0o755)):
        folder.mkdir()
        os.chown(folder, 0 if folder is shared else NOBODY, NOBODY)
        folder.chmod(mode)
    prefix, everybody = shared / "env", {"CONDA_PKGS_DIRS": str(shared / "pkgs")}
    xconda(world, "create", "-p", str(prefix), "apple=1", "--yes", umask=0o002, **everybody)
    warm = ["create", "-p", str(world.home / "warm"), "pear", "--yes"]

    def as_member(*words: str) -> None:
        done = as_nobody(
            {**world.environ, **everybody, "HOME": str(own)},
            [*words, "-p", str(prefix), "--yes"],
            before=[warm],
            umask=0o002,
        )
        assert done.returncode == 0, done.stderr

    as_member("install", "apple=2")
    assert installed(prefix) == {"apple": "2.0", "seed": "2.0"}
    xconda(world, "install", "-p", str(prefix), "greeter", "--yes", umask=0o002, **everybody)
    as_member("undo")
    as_member("undo", "--revision", "0")
    assert installed(prefix) == {"apple": "1.0", "seed": "2.0"}
    as_member("remove", "--all")
    assert not prefix.exists()


@needs_root
def test_an_environment_of_roots_is_refused_before_anything_is_fetched(world: World) -> None:
    own = world.home / "nobody"
    own.mkdir()
    os.chown(own, NOBODY, NOBODY)
    environ = {**world.environ, "HOME": str(own), "CONDA_PKGS_DIRS": str(own / "pkgs")}
    xconda(world, "create", "-n", "demo", "seed", "--yes")
    (own / "pkgs").mkdir()
    os.chown(own / "pkgs", NOBODY, NOBODY)

    done = as_nobody(
        environ | {"CONDA_PKGS_DIRS": str(own / "pkgs")},
        ["install", "-n", "demo", "apple", "--yes"],
        before=[
            [
                "create",
                "-p",
                str(world.home / "warm"),
                "pear",
                "--yes",
            ]
        ],
    )

    assert done.returncode == 1
    assert "Permission denied" in done.stderr
    assert not list((own / "pkgs").glob("apple*"))


@needs_root
def test_a_folder_of_roots_inside_an_environment_is_found_before_the_first_write(
    world: World,
) -> None:
    own = world.home / "nobody"
    (own / "pkgs").mkdir(parents=True)
    prefix = own / "env"
    environ = {**world.environ, "HOME": str(own), "CONDA_PKGS_DIRS": str(own / "pkgs")}
    xconda(world, "create", "-p", str(prefix), "seed", "--yes", CONDA_PKGS_DIRS=str(own / "pkgs"))
    for path in (own, *own.rglob("*")):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    os.chown(prefix / "share", 0, 0)
    before = {path: path.lstat().st_mtime_ns for path in prefix.rglob("*")}

    done = as_nobody(
        environ,
        ["install", "-p", str(prefix), "apple", "--yes"],
        before=[["create", "-p", str(world.home / "warm"), "pear", "--yes"]],
    )

    assert done.returncode == 1
    assert f"{prefix}/share: Permission denied" in done.stderr
    after = {path: path.lstat().st_mtime_ns for path in prefix.rglob("*")}
    assert {p: t for p, t in after.items() if p.is_file()} == {
        p: t for p, t in before.items() if p.is_file()
    }


@needs_root
def test_after_sudo_nothing_of_roots_is_left_in_the_users_home(world: World) -> None:
    secret = world.home.parent / "secret"
    secret.write_text("root's")
    for path in (world.home, *world.home.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    (world.home / "pkgs").mkdir()
    os.link(secret, world.home / "pkgs/planted")
    sudo = {"SUDO_UID": str(NOBODY), "SUDO_GID": str(NOBODY), "SUDO_USER": "nobody"}

    xconda(world, "create", "-n", "demo", "apple", "--yes", **sudo)  # type: ignore[arg-type]
    xconda(world, "config", "--add", "channels", "more", **sudo)  # type: ignore[arg-type]

    rooted = {path for path in world.home.rglob("*") if path.lstat().st_uid == 0}
    assert rooted == {world.home / "pkgs/planted"}, "what is known elsewhere is not given away"
    assert (world.prefix("demo") / "share/apple.txt").stat().st_uid == NOBODY


@needs_root
def test_without_sudo_root_keeps_what_it_makes(world: World) -> None:
    xconda(world, "create", "-n", "demo", "apple", "--yes")

    assert (world.prefix("demo") / "share/apple.txt").stat().st_uid == 0
