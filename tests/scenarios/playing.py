"""Play a scenario on any surface, and hold it to what is expected."""

import json
from pathlib import Path

from tests.scenarios.scenario import Answer, Expected, Scenario, Surface, World
from tests.scenarios.world import PLACES, a_world, installed
from xconda_core.errors import Json


def play(scenario: Scenario, surface: Surface, folder: Path) -> None:
    """Take every step of ``scenario`` in a new world under ``folder``; fail where one fails.

    What is the matter with the world is so during the second step, the point of the story.
    """
    scratch = folder / "scratch"
    scratch.mkdir()
    with a_world(folder) as world:
        for number, step in enumerate(scenario.steps):
            place = PLACES[scenario.place if number == 1 else "ordinary"]
            with place(world, scratch) as here:
                answer = surface.take(step, here)
            hold(answer, step.expected, world, step.environment)


def hold(answer: Answer, expected: Expected, world: World, environment: str) -> None:
    """Fail unless ``answer`` and the environment are as expected."""
    if answer.exit_code is not None:
        assert answer.exit_code == exit_code(expected), answer
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


def exit_code(expected: Expected) -> int:
    """Return the exit code that a terminal sees."""
    if expected.exit_code is not None:
        return expected.exit_code
    return 0 if expected.outcome == "succeeded" else 1
