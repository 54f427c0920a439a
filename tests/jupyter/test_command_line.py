"""The words after %xconda: quoting kept, options where they have an effect, nothing guessed."""

import re

import pytest
from IPython.core.error import UsageError

from xconda_jupyter.kernel.command_line import (
    Command,
    commands_of_cell,
    commands_of_line,
    help_of,
)
from xconda_jupyter.kernel.conversation import request_of
from xconda_jupyter.kernel.verbs import ALIASES, options_of, verbs


def the_command(line: str) -> Command:
    [command] = commands_of_line(line)
    return command


@pytest.mark.parametrize(
    ("line", "specs"),
    [
        ('install "numpy>=2" pandas', ("numpy>=2", "pandas")),
        ("install 'numpy >=2,<3'", ("numpy >=2,<3",)),
        ("install numpy>=2 pandas", ("numpy>=2", "pandas")),
        ('install "python=3.11|3.12" conda-forge::x', ("python=3.11|3.12", "conda-forge::x")),
        ("install numpy  # for arrays", ("numpy",)),
        ("install 'foo[build=\"*cuda*\"]'", ('foo[build="*cuda*"]',)),
        ("install -y numpy --dry-run pandas", ("numpy", "pandas")),
        ("install $name;rm", ("$name;rm",)),
    ],
)
def test_specs_arrive_exactly_as_they_are_quoted(line: str, specs: tuple[str, ...]) -> None:
    assert the_command(line).specs == specs


def test_files_take_the_place_of_names() -> None:
    command = the_command("install --file environment.yml -f more.txt --format requirements")
    assert command.options == {
        "files": ["environment.yml", "more.txt"],
        "format": "requirements",
    }
    assert the_command("update --file e.yml").specs == ()
    with pytest.raises(UsageError):
        the_command("update --all --file e.yml")


def test_options_may_stand_anywhere() -> None:
    command = the_command("install -c bioconda numpy --override-channels -c other -y --dry-run -q")
    assert command.channels == ("bioconda", "other")
    assert (command.override_channels, command.yes, command.dry_run, command.quiet) == (True,) * 4
    assert command.specs == ("numpy",)


@pytest.mark.parametrize(
    ("words", "verbosity"),
    [("", None), ("-v", 1), ("-vvv -v", 4), ("--verbose", 1), ("--debug", 3), ("--trace", 4)],
)
def test_every_command_takes_the_options_of_the_log(words: str, verbosity: int | None) -> None:
    for verb in ("install numpy", "remove numpy", "undo", "list", "search numpy", "info"):
        assert the_command(f"{verb} {words}").verbosity == verbosity
        assert the_command(f"{verb} {words} -q").quiet


@pytest.mark.parametrize(("alias", "verb"), [("uninstall", "remove"), ("upgrade", "update")])
def test_other_words_for_the_same_thing(alias: str, verb: str) -> None:
    assert the_command(f"{alias} numpy").verb == verb


def test_the_text_for_the_history_can_be_typed_again() -> None:
    command = the_command("install  'numpy >=2'   pandas # comment")
    assert command.text == "install 'numpy >=2' pandas"


@pytest.mark.parametrize(("line", "revision"), [("undo", None), ("undo 3", 3)])
def test_undo_takes_a_revision_or_none(line: str, revision: int | None) -> None:
    assert the_command(line).revision == revision


def test_diff_takes_two_revisions_and_install_goes_back_to_one() -> None:
    difference, back = the_command("diff 1 3"), the_command("install --revision 1")
    assert (difference.revision, difference.to_revision) == (1, 3)
    assert (back.verb, back.revision) == ("undo", 1)


@pytest.mark.parametrize("line", ["", "help", "-h", "install --help", "undo -h numpy"])
def test_help_is_for_the_asking(line: str) -> None:
    assert the_command(line).verb == "help"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("channel", "no command 'channel'"),
        ("plugins frobnicate", "no command 'plugins frobnicate'"),
        ("install", "which package"),
        ("remove", "which package"),
        ("update", "which package"),
        ("search", "which package"),
        ("update --all numpy", "either package names or --all"),
        ("undo numpy", "one number"),
        ("undo 1 2", "one number"),
        ("diff 1 2 3", "two numbers"),
        ("redo 1", "no package names"),
        ("install --revision 1 numpy", "either package names or --revision"),
        ("info numpy", "no package names"),
        ("list --dry-run", "list has no option --dry-run; see `%xconda help list`."),
        ("remove --revision 1 numpy", "remove has no option --revision"),
        ("install --dry numpy", "install has no option --dry"),
        ("install --dryrun numpy", "did you mean --dry-run"),
        ("install --solvr=sat numpy", "has no option --solvr=sat; did you mean --solver"),
        ("env creat -f environment.yml", "no command 'env creat'; did you mean env create"),
        ("env lis", "did you mean env list"),
        ("channel idex folder", "did you mean channel index"),
        ("rename -n old", "the new name or path"),
        ("rename new", "which one"),
        ("env remove", "which one"),
        ("create -n twin --clone old numpy", "clone first"),
        ("remove --all numpy", "either package names or --all"),
        ("help instal", "no command 'instal'; did you mean install"),
        ("install -n a -p b numpy", "not allowed with"),
        ("install -c", "expected one argument"),
        ('install "numpy', "no closing quotation"),
    ],
)
def test_what_cannot_be_meant_is_said_in_one_line(line: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        commands_of_line(line)
    assert "\n" not in str(caught.value)


def test_below_a_verb_every_line_of_a_cell_is_one_spec() -> None:
    [command] = commands_of_cell(
        "install -c bioconda --dry-run",
        """
        numpy >=2,<3       # arrays
        "pandas"

        # nothing here
        'scipy *'
        """,
    )
    assert command.specs == ("numpy >=2,<3", "pandas", "scipy *")
    assert (command.channels, command.dry_run) == (("bioconda",), True)


def test_without_a_verb_every_line_of_a_cell_is_one_command() -> None:
    first, second = commands_of_cell("-n science", 'install "numpy>=2"\nremove scipy\n')
    assert (first.verb, first.specs, first.name) == ("install", ("numpy>=2",), "science")
    assert (second.verb, second.specs, second.name) == ("remove", ("scipy",), "science")


def test_a_cell_of_comments_names_no_command() -> None:
    with pytest.raises(UsageError, match="neither"):
        commands_of_cell("", "# later\n\n")


@pytest.mark.parametrize("verb", ["install", "update"])
def test_what_is_named_can_be_proven_to_be_as_new_as_it_can_be(verb: str) -> None:
    (command,) = commands_of_line(f"{verb} --prove numpy")

    assert command.prove
    assert request_of(command)["prove"] is True


@pytest.mark.parametrize("verb", [verb for verb in verbs() if verb not in ALIASES])
def test_every_verb_has_a_help_of_its_own_with_every_option_explained(verb: str) -> None:
    asked = the_command(f"{verb} --help")
    assert (asked.verb, asked.specs) == ("help", (verb,))
    about, _, options = help_of(verb).partition("Options:")
    assert about.startswith("%xconda " + verb.split()[0])
    for option in options_of(verb):
        assert option in options
    parts = re.split(r"^  (?=-)", options, flags=re.MULTILINE)[1:]
    assert [part for part in parts if not re.search(r"(  +|\n +)\S", part)] == []
