"""What Tab may offer is decided from the words alone."""

import pytest

from xconda_core.cli.command_table import COMMANDS, CommandEntry
from xconda_core.cli.next_words import Wanted, beginning_with, next_words


def offered(line: str, more: dict[str, str] | None = None) -> Wanted:
    return next_words(line.split(" "), more or {})


@pytest.mark.parametrize(
    ("line", "kind", "start"),
    [
        ("remove -n ", "environment", ""),
        ("remove -n x nu", "installed", "nu"),
        ("install nu", "package", "nu"),
        ("install numpy --file en", "file", "en"),
        ("run --cwd ", "file", ""),
        ("run py", "program", "py"),
        ("config --get chan", "setting", "chan"),
        ("compare env", "file", "env"),
        ("build ./re", "file", "./re"),
    ],
)
def test_the_words_before_tell_what_kind_of_word_is_wanted(
    line: str, kind: str, start: str
) -> None:
    wanted = offered(line)
    assert (wanted.kind, wanted.start) == (kind, start)


def test_a_value_behind_an_equals_sign_is_a_value() -> None:
    wanted = offered("create --platform=osx-a")
    assert (wanted.start, wanted.before) == ("osx-a", "--platform=")
    assert beginning_with(wanted, wanted.words) == ["osx-arm64"]


def test_the_environment_that_is_named_is_told_with_its_packages() -> None:
    assert offered("remove --name=demo nu").name == "demo"
    assert offered("remove -p ./env nu").prefix == "./env"


def test_commands_are_offered_word_by_word_with_those_of_others() -> None:
    first = offered("", {"build": "a program"})
    assert {"install", "env", "build", "--version"} <= set(first.words)
    assert set(offered("env ").words) == {"config", "create", "export", "list", "remove", "update"}
    assert set(offered("env config vars ").words) == {"list", "set", "unset"}


def test_an_option_that_is_hidden_is_not_offered() -> None:
    assert "--channel-priority" not in offered("install --").words
    assert offered("install --dry").words["--dry-run"]


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_every_command_has_something_to_offer(entry: CommandEntry) -> None:
    assert "--help" in offered(f"{entry.name} -").words or entry.name == "completion"
