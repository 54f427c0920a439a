"""The small print that makes a conda tool trustworthy, where the solver is what keeps it."""

from pathlib import Path

import pytest

from tests.config.setting_world import World, build_channels
from tests.solver.readable import asking, environment, fulfilled, universe
from xconda_core.events import Event, Noticed
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.solver.pins import InvalidPin, PinsOfOneName
from xconda_core.testing.channel_server import serve

PYTHONS = universe(
    """
    python 3.13.1
    python 3.12.9
    python 3.12.4
    numpy 2.0 needs python
    numpy 1.0 needs python
    pip 24.0 needs python
    """
)
OF_312 = environment(
    "python 3.12.4\n numpy 1.0 needs python\n pip 24.0 needs python", requested="python; numpy"
)
BLAS = universe(
    """
    numpy 2.0 needs libblas
    numpy 1.0 needs libblas
    libblas 3.9 3_mkl needs mkl
    libblas 3.9 2_openblas needs openblas [track_features]
    libblas 3.9 1_openblas needs openblas
    mkl 2025.1
    openblas 0.3
    nomkl 1.0 allows mkl <0a0
    """
)


def test_install_keeps_pythons_minor_version_unless_the_request_names_python() -> None:
    kept = fulfilled(asking(PYTHONS, OF_312, "numpy"))
    named = fulfilled(asking(PYTHONS, OF_312, "numpy", "python"))

    assert kept == ["numpy 2.0", "pip 24.0", "python 3.12.4"]
    assert named == ["numpy 2.0", "pip 24.0", "python 3.13.1"]


def test_update_all_keeps_pythons_minor_version_unless_the_request_names_python() -> None:
    kept = fulfilled(asking(PYTHONS, OF_312, verb="update", update="all"))
    named = fulfilled(asking(PYTHONS, OF_312, "python", verb="update", update="all"))

    assert kept == ["numpy 2.0", "pip 24.0", "python 3.12.9"]
    assert named == ["numpy 2.0", "pip 24.0", "python 3.13.1"]


def test_a_bare_name_asked_for_earlier_keeps_the_series_that_it_was_asked_with() -> None:
    state = environment("python 3.12.4\n numpy 1.0 needs python", requested="numpy=1.0; python")

    assert "numpy 1.0" in fulfilled(asking(PYTHONS, state, "python"))


def test_the_culprits_of_an_inconsistent_environment_are_named_and_the_rest_is_solved() -> None:
    broken = environment("tool 1.0 needs ghost >=2\n python 3.12.4")
    heard: list[Event] = []

    found = fulfilled(asking(PYTHONS, broken, "numpy"), heard.append)

    assert found == ["numpy 2.0", "python 3.12.4", "tool 1.0"]
    (notice,) = [event.text for event in heard if isinstance(event, Noticed)]
    assert "tool 1.0 (ghost >=2)" in notice


def pinned(*lines: str) -> EnvironmentState:
    return environment("python 3.12.4\n numpy 2.0 needs python", pinned=lines)


def test_a_refusal_names_the_pin_its_file_and_how_to_set_it_aside() -> None:
    with pytest.raises(Exception, match="numpy=1 is pinned in /envs/test/conda-meta/pinned") as no:
        fulfilled(asking(PYTHONS, pinned("numpy=1"), "numpy=2"))

    assert "--no-pin" in str(no.value)


def test_the_next_update_returns_to_the_pinned_series() -> None:
    assert "numpy 1.0" in fulfilled(asking(PYTHONS, pinned("numpy=1"), "numpy", verb="update"))


def test_two_pins_for_one_name_in_one_place_are_an_error() -> None:
    with pytest.raises(PinsOfOneName) as wrong:
        fulfilled(asking(PYTHONS, pinned("numpy=1", "numpy=2"), "pip"))

    assert wrong.value.why == (
        "both are in /envs/test/conda-meta/pinned, and it is not said which of them counts."
    )


@pytest.mark.parametrize("line", ["numpy >=", "python=3.12[", "nump*"])
def test_a_line_of_pins_that_cannot_be_honoured_is_an_error_with_its_file(line: str) -> None:
    with pytest.raises(InvalidPin) as wrong:
        fulfilled(asking(PYTHONS, pinned(line), "pip"))

    assert line in wrong.value.what
    assert "/envs/test/conda-meta/pinned" in wrong.value.why


def test_a_pin_of_the_settings_names_the_setting() -> None:
    request = asking(
        PYTHONS, pinned(), "numpy=2", pinned_packages=["numpy=1"], pins_written_in="~/.condarc"
    )

    with pytest.raises(Exception, match=r"numpy=1 is pinned in ~/\.condarc"):
        fulfilled(request)


def test_a_variant_is_chosen_by_its_mutex_and_fewest_features_win_otherwise() -> None:
    new = environment("")

    assert fulfilled(asking(BLAS, new, "numpy"))[0] == "libblas 3.9 3_mkl"
    assert fulfilled(asking(BLAS, new, "numpy", "libblas=*=*openblas"))[0] == (
        "libblas 3.9 1_openblas"
    )
    assert fulfilled(asking(BLAS, new, "numpy", "nomkl"))[0] == "libblas 3.9 1_openblas"


def test_a_satisfied_request_ends_early_with_success_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with serve(build_channels(tmp_path / "channels")) as server:
        world = World(home, server, monkeypatch)
        world.condarc()
        world.do("create", "apple=1", "seed=1")
        world.condarc("aggressive_update_packages: [seed]")
        words = ("-p", str(world.prefix), "-y", "--json")

        skipped = world.xconda("install", *words, "-S", "apple")
        again = world.xconda("install", *words, "--freeze-installed", "pear")
        moved = world.xconda("install", *words, "--dry-run", "pear")

    assert skipped.returncode == 0
    assert '"message": "All requested packages already installed."' in skipped.stdout
    assert again.returncode == 0
    assert '"name": "seed"' in moved.stdout  # what is always updated moves along without -S
