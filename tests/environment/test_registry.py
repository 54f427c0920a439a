"""The registry of environments, a file that conda, mamba and editors share."""

import os
import pwd
from pathlib import Path

import pytest

from xconda_core.environment.registry import (
    known_environments,
    register,
    registered,
    registry_file,
    unregister,
)


def an_environment(folder: Path) -> Path:
    (folder / "conda-meta").mkdir(parents=True)
    return folder


def test_without_a_file_nothing_is_registered(tmp_path: Path) -> None:
    assert registered(tmp_path) == ()


def test_registering_twice_is_registering_once(tmp_path: Path) -> None:
    prefix = an_environment(tmp_path / "one")
    assert register(prefix, tmp_path)
    assert register(prefix, tmp_path)
    assert registry_file(tmp_path).read_text() == f"{prefix}\n"


def test_a_line_is_added_behind_what_others_wrote_even_without_a_line_end(tmp_path: Path) -> None:
    registry_file(tmp_path).parent.mkdir()
    registry_file(tmp_path).write_text("/opt/conda")
    register(tmp_path / "new", tmp_path)
    assert registered(tmp_path) == (Path("/opt/conda"), tmp_path / "new")


def test_unregistering_takes_the_prefix_and_those_that_are_gone(tmp_path: Path) -> None:
    kept, left, gone = (an_environment(tmp_path / x) for x in ("kept", "left", "gone"))
    for prefix in (kept, left, gone):
        register(prefix, tmp_path)
    (gone / "conda-meta").rmdir()
    assert unregister(left, tmp_path)
    assert registered(tmp_path) == (kept,)
    assert unregister(left, tmp_path)


def test_a_registry_that_cannot_be_written_is_said_and_nothing_else_happens(tmp_path: Path) -> None:
    (tmp_path / ".conda").touch()
    assert not register(tmp_path / "x", tmp_path)


def test_a_prefix_that_is_not_text_survives(tmp_path: Path) -> None:
    odd = Path(f"{tmp_path}/\udcff")
    register(odd, tmp_path)
    assert registered(tmp_path) == (odd,)


def test_known_environments_are_base_named_and_registered_ones_each_once(tmp_path: Path) -> None:
    root = an_environment(tmp_path / "root")
    first, second = (an_environment(root / "envs" / name) for name in "ab")
    elsewhere = an_environment(tmp_path / "project" / ".env")
    (root / "envs" / "no-environment").mkdir()
    for prefix in (elsewhere, second, tmp_path / "gone"):
        register(prefix, tmp_path)
    found = known_environments(root, (root / "envs", tmp_path / "none"), tmp_path)
    assert found == (root, first, second, elsewhere)


@pytest.mark.parametrize(("who", "sees"), [(0, ["mine", "theirs"]), (1000, ["mine"])])
def test_an_administrator_sees_everybodys_environments_and_nobody_else_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, who: int, sees: list[str]
) -> None:
    for name in ("mine", "theirs"):
        register(an_environment(tmp_path / name / "env"), tmp_path / name)
    users = [
        pwd.struct_passwd((name, "x", number, number, "", str(tmp_path / name), "/bin/sh"))
        for name, number in (("root", 0), ("theirs", 1001), ("nobody", 65534))
    ]
    monkeypatch.setattr(os, "geteuid", lambda: who)
    monkeypatch.setattr(pwd, "getpwall", lambda: users)

    known = known_environments(tmp_path / "base", [], tmp_path / "mine")

    assert [prefix.parent.name for prefix in known] == sees
