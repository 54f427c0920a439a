"""xconda from pip beside a Miniforge: environments and caches are shared, not made twice."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from xconda_core.environment.registry import register
from xconda_core.in_process import CommandResult, run_command
from xconda_core.testing.simulator import a_channel, a_package

CONDA = {
    "name": "conda", "version": "26.7.0", "build": "0", "build_number": 0, "channel": "c",
    "subdir": "noarch", "depends": [], "files": [], "fn": "conda-26.7.0-0.conda",
}  # fmt: skip


class Machine:
    """A home, a channel that is configured, and a user who types commands."""

    def __init__(self, home: Path) -> None:
        self.home = home
        channel = a_channel(home / "channel", [a_package("apple"), a_package("pear")])
        self.environ = {"HOME": str(home), "PATH": os.defpath, "CONDA_CHANNELS": channel.as_uri()}

    def xconda(self, *words: str, **environ: str) -> CommandResult:
        done = run_command(*words, environ={**self.environ, **environ})
        assert done.code == 0, done.stderr
        return done

    def document(self, *words: str, **environ: str) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.xconda(*words, "--json", **environ).stdout)
        return found


def an_environment(prefix: Path) -> Path:
    (prefix / "conda-meta").mkdir(parents=True)
    (prefix / "conda-meta" / "history").touch()
    return prefix


def a_miniforge(place: Path) -> Path:
    """Return an installation of conda with an environment `science`, and nothing in its cache."""
    (an_environment(place) / "condabin").mkdir()
    (place / "conda-meta" / "conda-26.7.0-0.json").write_text(json.dumps(CONDA))
    an_environment(place / "envs" / "science")
    (place / "pkgs").mkdir()
    (place / "pkgs" / "urls.txt").touch()
    return place


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def by_its_variable(machine: Machine) -> tuple[Path, dict[str, str]]:
    place = a_miniforge(machine.home / "somewhere")
    return place, {"CONDA_ROOT_PREFIX": str(place)}


def by_its_program(machine: Machine) -> tuple[Path, dict[str, str]]:
    place = a_miniforge(machine.home / "somewhere")
    return place, {"CONDA_EXE": str(place / "bin" / "conda")}


def by_its_environments(machine: Machine) -> tuple[Path, dict[str, str]]:
    place = a_miniforge(machine.home / "somewhere")
    register(place / "envs" / "science", machine.home)
    return place, {}


def by_its_usual_place(machine: Machine) -> tuple[Path, dict[str, str]]:
    return a_miniforge(machine.home / "miniforge3"), {}


def by_its_setting(machine: Machine) -> tuple[Path, dict[str, str]]:
    place = a_miniforge(machine.home / "somewhere")
    (machine.home / ".condarc").write_text(f"root_prefix: {place}\n")
    return place, {}


@pytest.mark.parametrize(
    "found",
    [by_its_setting, by_its_variable, by_its_program, by_its_environments, by_its_usual_place],
)
def test_an_installation_that_is_there_is_found_and_its_environments_and_cache_are_shared(
    machine: Machine, found: Callable[[Machine], tuple[Path, dict[str, str]]]
) -> None:
    place, environ = found(machine)

    machine.xconda("create", "-n", "new", "apple", **environ)
    machine.xconda("install", "-n", "science", "pear", **environ)
    info = machine.document("info", **environ)
    [conda] = json.loads(machine.xconda("list", "-n", "base", "--json", **environ).stdout)

    assert info["root_prefix"] == str(place)
    assert (place / "envs" / "new" / "share" / "apple.txt").is_file()
    assert (place / "envs" / "science" / "share" / "pear.txt").is_file()
    assert (place / "pkgs" / "apple-1.0-0.conda").is_file()
    assert info["envs"] == [
        str(place),
        str(place / "envs" / "new"),
        str(place / "envs" / "science"),
    ]
    assert (conda["name"], conda["version"]) == ("conda", "26.7.0")
    assert not (machine.home / ".local" / "share").exists()


def test_what_condas_cache_has_is_not_fetched(machine: Machine) -> None:
    place = a_miniforge(machine.home / "miniforge3")
    machine.xconda("create", "-n", "one", "apple")
    (machine.home / "channel" / "noarch" / "apple-1.0-0.conda").unlink()

    machine.xconda("create", "-n", "two", "apple")

    assert (place / "envs" / "two" / "share" / "apple.txt").is_file()


def test_without_any_conda_there_is_one_home_that_the_documentation_names(machine: Machine) -> None:
    if (why := machine.document("info")["root_why"]) != "no conda was found, so xconda has its own":
        pytest.skip(f"an installation of conda is not absent: {why}")
    home = machine.home / ".local" / "share" / "xconda"

    machine.xconda("create", "-n", "new", "apple")
    info = machine.document("info")

    assert (info["root_prefix"], info["envs_dirs"], info["pkgs_dirs"]) == (
        str(home),
        [str(home / "envs"), str(machine.home / ".conda" / "envs")],
        [str(home / "pkgs"), str(machine.home / ".conda" / "pkgs")],
    )
    assert (home / "envs" / "new" / "share" / "apple.txt").is_file()
    places = (Path(__file__).parents[2] / "docs" / "places.md").read_text(encoding="utf-8")
    assert "`~/.local/share/xconda`" in places
