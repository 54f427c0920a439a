"""Where environments are, and which one a command means."""

from pathlib import Path

import pytest

from xconda_core.config.settings import Settings
from xconda_core.environment.places import (
    EnvironmentNotFound,
    UnusablePrefix,
    find_root,
    new_prefix,
    target_prefix,
)
from xconda_core.environment.registry import register


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def an_environment(prefix: Path) -> Path:
    (prefix / "conda-meta").mkdir(parents=True)
    return prefix


def an_installation(prefix: Path) -> Path:
    (an_environment(prefix) / "condabin").mkdir()
    return prefix


def settings_with(*envs_dirs: Path, root: Path = Path("/root")) -> Settings:
    return Settings(root_prefix=root, envs_dirs=envs_dirs, pkgs_dirs=(), state_dir=Path("/state"))


def test_without_any_conda_the_root_is_xcondas_own_home(home: Path) -> None:
    root = find_root({"HOME": str(home), "VIRTUAL_ENV": "/a/venv", "PATH": "/a/venv/bin"})
    if root.why.startswith("found in /opt"):
        pytest.skip("this machine has a conda installation")
    assert root.prefix == home / ".local" / "share" / "xconda"
    assert root.why == "no conda was found, so xconda has its own"


@pytest.mark.parametrize("variable", ["CONDA_ROOT_PREFIX", "MAMBA_ROOT_PREFIX", "CONDA_ROOT"])
def test_a_variable_that_names_the_root_is_believed(home: Path, variable: str) -> None:
    an_installation(home / "miniforge3")
    root = find_root({"HOME": str(home), variable: "/my/root"})
    assert (root.prefix, root.why) == (Path("/my/root"), f"{variable} says so")


def test_the_conda_of_the_active_shell_gives_the_root(home: Path) -> None:
    an_installation(home / "miniforge3")
    other = an_installation(home / "else" / "conda")
    root = find_root({"HOME": str(home), "CONDA_EXE": f"{other}/bin/conda"})
    assert root.prefix == other


def test_a_conda_program_without_conda_meta_is_no_root(home: Path) -> None:
    an_installation(home / "miniforge3")
    root = find_root({"HOME": str(home), "CONDA_EXE": "/usr/bin/conda"})
    assert (root.prefix, root.why) == (home / "miniforge3", "found in ~/miniforge3")


def test_a_registered_installation_is_found_and_a_registered_environment_is_not_taken_for_one(
    home: Path,
) -> None:
    register(an_environment(home / "project" / "env"), home)
    base = an_installation(home / "deep" / "forge")
    register(an_environment(base / "envs" / "x"), home)
    assert find_root({"HOME": str(home)}).prefix == base


def test_what_micromamba_made_is_a_root_without_being_an_environment(home: Path) -> None:
    for name in ("envs", "pkgs"):
        (home / "micromamba" / name).mkdir(parents=True)
    assert find_root({"HOME": str(home)}).prefix == home / "micromamba"


def test_a_path_beats_a_name_beats_the_active_environment_beats_base(tmp_path: Path) -> None:
    envs = tmp_path / "envs"
    an_environment(envs / "one")
    settings = settings_with(tmp_path / "none", envs)
    active = {"CONDA_PREFIX": "/active", "HOME": "/home/me"}
    cwd = Path("/work/dir")

    def target(name: str | None, path: str | None, environ: dict[str, str]) -> tuple[str, str]:
        found = target_prefix(name, path, environ, settings, cwd)
        return str(found.prefix), found.why

    assert target("one", "../here", active) == ("/work/here", "--prefix")
    assert target(None, "~/env", active) == ("/home/me/env", "--prefix")
    assert target("one", None, active) == (str(envs / "one"), "--name one")
    assert target("base", None, active) == ("/root", "--name base")
    assert target(None, None, active) == ("/active", "the active environment")
    assert target(None, None, {}) == ("/root", "base, because no environment is active")


@pytest.mark.parametrize(("name", "path"), [("", None), (None, ""), (None, "  "), ("..", None)])
def test_an_empty_name_or_path_never_means_the_active_environment(
    name: str | None, path: str | None, tmp_path: Path
) -> None:
    for choose in (target_prefix, new_prefix):
        with pytest.raises(UnusablePrefix):
            choose(name, path, {"CONDA_PREFIX": "/active"}, settings_with(tmp_path), tmp_path)


def test_a_name_that_nothing_has_is_an_error_with_the_nearest_names(tmp_path: Path) -> None:
    for name in ("science", "web"):
        an_environment(tmp_path / name)
    with pytest.raises(EnvironmentNotFound) as caught:
        target_prefix("sciense", None, {}, settings_with(tmp_path), tmp_path)
    assert caught.value.nearest == ("science",)
    assert str(tmp_path) in caught.value.why


def test_a_new_environment_goes_into_the_first_folder_that_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = settings_with(tmp_path / "file" / "envs", tmp_path / "mine")
    found = new_prefix("new", None, {}, settings, tmp_path)
    assert found.prefix == tmp_path / "mine" / "new"


@pytest.mark.parametrize("name", ["a/b", "a b", "a:b", "a#b", "a\tb", "..", "base", "root", "\\x"])
def test_a_name_that_would_not_work_is_refused_before_anything_happens(
    name: str, tmp_path: Path
) -> None:
    with pytest.raises(UnusablePrefix):
        new_prefix(name, None, {}, settings_with(tmp_path), tmp_path)


def test_a_place_directly_inside_another_environment_is_refused(tmp_path: Path) -> None:
    outer = an_environment(tmp_path / "outer")
    with pytest.raises(UnusablePrefix, match="is an environment itself"):
        new_prefix(None, str(outer / "inner"), {}, settings_with(), tmp_path)
    inside = new_prefix(None, str(outer / "envs" / "inner"), {}, settings_with(), tmp_path)
    assert inside.prefix == outer / "envs" / "inner"


def test_a_path_that_path_variables_cannot_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusablePrefix, match="PATH"):
        new_prefix(None, f"{tmp_path}/a:b", {}, settings_with(), tmp_path)


@pytest.mark.parametrize("path", ["/", "//", "/tmp/.."])
def test_the_root_of_the_file_system_is_no_place_for_an_environment(
    tmp_path: Path, path: str
) -> None:
    with pytest.raises(UnusablePrefix, match=r"^/ cannot be"):
        new_prefix(None, path, {}, settings_with(), tmp_path)


@pytest.mark.parametrize("path", ["/x/env/", "//x/env", "/x//env//"])
def test_slashes_too_many_are_left_out_of_a_path(tmp_path: Path, path: str) -> None:
    assert new_prefix(None, path, {}, settings_with(), tmp_path).prefix == Path("/x/env")
    assert target_prefix(None, path, {}, settings_with(), tmp_path).prefix == Path("/x/env")


def test_a_path_of_two_lines_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusablePrefix, match="ends a line"):
        new_prefix(None, f"{tmp_path}/a\nb", {}, settings_with(), tmp_path)


def test_neither_name_nor_path_makes_no_environment(tmp_path: Path) -> None:
    with pytest.raises(UnusablePrefix, match="neither a name nor a path"):
        new_prefix(None, None, {"CONDA_PREFIX": "/active"}, settings_with(), tmp_path)


def test_no_folder_to_write_to_is_an_error_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnusablePrefix, match="file/envs"):
        new_prefix("x", None, {}, settings_with(tmp_path / "file" / "envs"), tmp_path)
