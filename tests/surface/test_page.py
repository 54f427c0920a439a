"""The page of options is what the scenarios say, and these are of options that conda has."""

import itertools
import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.surface.lines import TALKING
from tests.surface.not_ours import OPTIONS
from tests.surface.orchard import Place
from tests.surface.page import entries, page
from tests.surface.rows import ROWS

REPOSITORY = Path(__file__).parents[2]
SURFACE = REPOSITORY.parent / "shared" / "surface" / "cli.json"
needs_surface = pytest.mark.skipif(
    not SURFACE.is_file(), reason="the shared rows are absent: conda's options"
)
PAGE = REPOSITORY / "docs" / "compatibility.md"


@pytest.fixture
def surface() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SURFACE.read_text(encoding="utf-8"))
    return found


@pytest.mark.shared
@needs_surface
def test_the_page_is_what_the_scenarios_say(surface: dict[str, Any]) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(surface)


@pytest.mark.shared
@needs_surface
def test_every_scenario_is_of_an_option_that_conda_has(surface: dict[str, Any]) -> None:
    used = {
        id(row)
        for each in entries(surface["commands"]).values()
        for one in each
        for row in one.rows
    }
    assert [row.line for row in ROWS if id(row) not in used] == []


@pytest.mark.shared
@needs_surface
def test_every_value_that_conda_offers_for_an_option_is_taken(
    surface: dict[str, Any], place: Place
) -> None:
    refused = []
    for each in entries(surface["commands"]).values():
        for entry in each:
            for row, choice in itertools.product(entry.rows[:1], entry.choices):
                done = place.play(row.typed_with(choice), row)
                if done.exit_code == 2 and "invalid choice" in done.text:
                    refused.append(row.typed_with(choice))
    assert refused == []


@pytest.mark.shared
@needs_surface
def test_every_option_that_is_refused_is_one_of_conda(surface: dict[str, Any]) -> None:
    found = {
        f"{command} {spelling}"
        for command, each in entries(surface["commands"]).items()
        for one in each
        for spelling in one.spellings
    }
    assert OPTIONS.keys() <= found


@pytest.mark.parametrize(
    "name",
    [
        "`conda env create USER/PACKAGE`",
        "`conda-env`",
        "`leased_path_entry`",
        "`enable_private_envs`",
        "`instructions`",
        "`plan`",
        "`restore_free_channel`",
        "rpm",
        "deb",
        "`conda pip`",
        "`auto_update_conda`",
    ],
)
def test_what_is_not_for_us_is_on_the_page_with_what_to_do_instead(name: str) -> None:
    absent = PAGE.read_text(encoding="utf-8").partition("## What is not here")[2].partition("##")[0]
    rows = [[cell.strip(" |") for cell in row.split(" | ")] for row in absent.splitlines()]
    assert [row for row in rows if name in row[0] and len(row) == 3 and all(row)]


def test_no_option_has_both_a_scenario_and_a_reason_to_be_absent() -> None:
    commands = {key.rpartition(" ")[0]: None for key in OPTIONS}
    shown = {
        f"{command} {spelling}"
        for row in ROWS
        for command in commands
        if row.line.startswith(command.removeprefix("conda "))
        for spelling in row.spellings
        if row.line.partition("[")[0].startswith(command.removeprefix("conda "))
    }
    assert shown & OPTIONS.keys() == set()


@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_that_is_listed_as_absent_is_refused(option: str, place: Place) -> None:
    command, _, flag = option.removeprefix("conda ").rpartition(" ")
    done = place.look(f"{TALKING[command]} {shlex.quote(flag)}")
    assert done.exit_code == 2
    assert f"it has no option {flag}" in done.stderr
