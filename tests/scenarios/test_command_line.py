"""Every scenario through the real command line, once as words and once as JSON."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.command_line import CommandLine
from tests.scenarios.scenario import Answer, Expected, Scenario, World
from tests.scenarios.scenarios import SCENARIOS
from tests.scenarios.world import PLACES, a_world, installed
from xconda_core.errors import Json


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that another user may look into, which pytest's own are not."""
    with tempfile.TemporaryDirectory(prefix="xconda-scenario-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.parametrize(
    "surface", [CommandLine(), CommandLine(as_json=True)], ids=["words", "json"]
)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario, surface: CommandLine, folder: Path) -> None:
    scratch = folder / "scratch"
    scratch.mkdir()
    with a_world(folder) as world:
        for number, step in enumerate(scenario.steps):
            is_the_point = number == 1 and scenario.place != "ordinary"
            place = PLACES[scenario.place if is_the_point else "ordinary"]
            with place(world, scratch) as here:
                answer = surface.take(step, here)
            hold(answer, step.expected, world, step.environment)


def hold(answer: Answer, expected: Expected, world: World, environment: str) -> None:
    """Fail unless ``answer`` and the environment are as expected."""
    succeeds = expected.outcome == "succeeded"
    code = (0 if succeeds else 1) if expected.exit_code is None else expected.exit_code
    assert answer.exit_code == code, answer
    if answer.document is None:
        missing = [words for words in expected.says if words not in answer.text]
        assert missing == [], answer.text
        assert [w for w in expected.keeps_quiet_about if w in answer.text] == [], answer.text
    else:
        hold_document(answer.document, expected)
    if expected.packages is not None:
        assert installed(world.prefix(environment)) == expected.packages


def hold_document(document: Json, expected: Expected) -> None:
    """Fail unless the document says what is expected, and a failure carries its code."""
    text = json.dumps(document)
    assert [words for words in expected.keeps_quiet_about if words in text] == []
    for path, value in expected.keys.items():
        found = at(document, path)
        assert value is ... or found == value, f"{path} is {found!r}"
    if expected.outcome != "succeeded":
        assert at(document, "success") is False
        assert at(document, "code") == expected.outcome
        missing = [words for words in expected.says if words not in text]
        assert missing == [], text


def at(document: Json, path: str) -> Json:
    """Return what stands at the dotted ``path``; fails where nothing does."""
    for part in path.split("."):
        if isinstance(document, list):
            document = document[int(part)]
        else:
            assert isinstance(document, dict), path
            assert part in document, f"no {path} in {sorted(document)}"
            document = document[part]
    return document
