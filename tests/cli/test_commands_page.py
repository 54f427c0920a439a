"""The page of commands is made from the parsers, and from all of them."""

import argparse
from pathlib import Path

import pytest

from xconda_core.cli.command_table import COMMANDS, CommandEntry
from xconda_core.cli.commands_page import page
from xconda_core.cli.parser import CommandParser

WRITTEN = Path(__file__).parents[2] / "docs" / "commands.md"


def test_the_page_of_commands_is_up_to_date() -> None:
    written = WRITTEN.read_text(encoding="utf-8")
    assert written == page(), "python -m xconda_core.cli.commands_page > docs/commands.md"


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_every_option_of_a_command_is_in_its_section_or_among_the_common_ones(
    entry: CommandEntry,
) -> None:
    text = WRITTEN.read_text(encoding="utf-8")
    section = text.split(f"\n### {entry.name}\n")[1].split("\n### ")[0]
    common = text.split("\n## Common options\n")[1]
    parser = CommandParser("xconda", description="", columns=80)

    entry.load().configure(parser)

    for action in parser._actions:
        if action.help != argparse.SUPPRESS:
            for option in action.option_strings:
                assert f"`{option}" in section + common, option


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_every_command_has_an_example(entry: CommandEntry) -> None:
    section = page().split(f"\n### {entry.name}\n")[1].split("\n### ")[0]
    assert "```sh\n" in section
