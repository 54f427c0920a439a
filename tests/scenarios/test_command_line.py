"""Every scenario through the real command line, once as words and once as JSON."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.command_line import CommandLine
from tests.scenarios.playing import play
from tests.scenarios.scenario import Scenario
from tests.scenarios.scenarios import SCENARIOS

SURFACES = {"words": CommandLine(), "json": CommandLine(as_json=True)}


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that another user may look into, which pytest's own are not."""
    with tempfile.TemporaryDirectory(prefix="xconda-scenario-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario, surface: CommandLine, folder: Path) -> None:
    play(scenario, surface, folder)
