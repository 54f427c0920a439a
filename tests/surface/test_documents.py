"""``--json`` answers with conda's keys, in conda's types; docs/json.md lists the rest."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.surface.recorded_session import RECORDED, SESSION, play
from xconda_core.in_process import CommandResult

SHARED = Path(__file__).parents[2].parent / "shared" / "surface" / "json_outputs.json"
PAGE = Path(__file__).parents[2] / "docs" / "json.md"
OPEN = {"env_vars", "cmd_line", "envvars"}  # their keys are those of one machine or one call
DIFFERS = {
    ("install (conflict)", "packages"),
    ("install (conflict)", "packages_formatted"),
    ("install (conflict)", "channel_urls"),
    ("install (conflict)", "channels_formatted"),
    ("config --show", "fetch_threads"),
}
DOCUMENTS_OF_OUR_OWN = {"list --explicit", "doctor", "remove --all", "config --validate", "run"}

Difference = tuple[str, str]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, CommandResult]:
    return play(tmp_path_factory.mktemp("session"))


def differences(recorded: Any, document: Any, path: str = "") -> list[Difference]:
    """Return where ``document`` lacks a key that was ``recorded``, or has another type there."""
    if isinstance(recorded, str):
        return [] if is_a(recorded, document) else [(path, f"{document!r} is no {recorded}")]
    if isinstance(recorded, dict):
        if not isinstance(document, dict):
            return [(path, f"{document!r} is no object")]
        return [each for key in recorded for each in _below(key, recorded, document, path)]
    if not isinstance(document, list):
        return [(path, f"{document!r} is no list")]
    items = document if recorded else ()  # nothing was in it where it was recorded
    return [each for item in items for each in differences(recorded[0], item, path)]


def _below(key: str, recorded: Any, document: Any, path: str) -> list[Difference]:
    if key.startswith("/"):  # a path of the machine where it was recorded
        return [each for item in document.values() for each in differences(recorded[key], item)]
    if path in OPEN:
        return []
    if key not in document:
        return [(key, "is missing")]
    return differences(recorded[key], document[key], key)


def is_a(kind: str, value: object) -> bool:
    """Whether ``value`` is of that kind; what nobody knew there may be known here."""
    number = (int, float)  # JSON has one kind of them
    kinds: dict[str, Any] = {"int": number, "float": number, "str": str, "bool": bool, "list": list}
    return kind == "NoneType" or isinstance(value, kinds.get(kind, dict))


@pytest.mark.parametrize("line", SESSION, ids=lambda line: line.name)
def test_the_document_has_the_keys_that_conda_gives(
    line: Any, answers: dict[str, CommandResult]
) -> None:
    answer, recorded = answers[line.name], RECORDED[line.name]
    assert answer.code == line.exit_code, answer
    if recorded is None:
        return
    found = differences(recorded, json.loads(answer.stdout))
    listed = {key for name, key in DIFFERS if name == line.name}
    assert {key for key, _ in found} == listed, found


@pytest.mark.parametrize("name", sorted(DOCUMENTS_OF_OUR_OWN))
def test_where_conda_answers_with_text_there_is_a_document_all_the_same(
    name: str, answers: dict[str, CommandResult]
) -> None:
    assert RECORDED[name] is None
    assert isinstance(json.loads(answers[name].stdout), dict | list)


def test_what_is_no_document_in_conda_and_was_not_asked_to_be_one_is_text(
    answers: dict[str, CommandResult],
) -> None:
    texts = {name for name, recorded in RECORDED.items() if recorded is None}
    for name in texts - DOCUMENTS_OF_OUR_OWN:
        with pytest.raises(ValueError, match="Expecting value"):
            json.loads(answers[name].stdout)


def test_a_missing_key_and_another_type_are_differences() -> None:
    recorded = {"a": "str", "b": [{"c": "int"}], "d": {"/some/path": {"e": "bool"}}}
    same = {"a": "x", "b": [{"c": 1}], "d": {"/other": {"e": True}}}
    assert differences(recorded, same) == []
    assert differences(recorded, same | {"a": 1}) == [("a", "1 is no str")]
    assert differences(recorded, same | {"b": [{"c": 1}, {}]}) == [("c", "is missing")]
    assert differences(recorded, same | {"d": {"/other": {}}}) == [("e", "is missing")]


def test_every_difference_is_told_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name, key in DIFFERS:
        assert f"`{name.partition(' (')[0]}`" in text
        assert f"`{key}`" in text


@pytest.mark.shared
def test_the_committed_shapes_are_those_that_were_recorded() -> None:
    if not SHARED.exists():
        pytest.skip(f"there is no {SHARED}")
    recorded = json.loads(SHARED.read_text(encoding="utf-8"))
    assert {name: (entry["documents"] or [None])[0] for name, entry in recorded.items()} == RECORDED
    assert [line.name for line in SESSION] == list(recorded)
