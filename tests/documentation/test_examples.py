"""What the pages have a reader type does what they say it does."""

import shutil
from pathlib import Path

import pytest

from tests.documentation.console_examples import Command, NamedFile, missing, steps
from tests.documentation.reading import reader

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(page for page in DOCS.rglob("*.md") if "```console\n" in page.read_text("utf-8"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed"),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_the_examples_of_a_page_do_what_it_says(page: Path, tmp_path: Path) -> None:
    with reader(tmp_path) as shell:
        for step in steps(page):
            if isinstance(step, NamedFile):
                (shell.home / "project" / step.name).write_text(step.text)
                continue
            typed = shell.type(step.text)
            said = typed.out + typed.err
            where = f"{page.name}:{step.line}: {step.text}\n{said}"
            assert typed.code == step.code, where
            assert missing(step.says, said) == "", where


def test_the_pages_that_teach_have_examples() -> None:
    names = {page.relative_to(DOCS).as_posix() for page in PAGES}
    assert {"getting-started.md", "guides/environments.md", "guides/packages.md"} <= names
    assert sum(isinstance(step, Command) for page in PAGES for step in steps(page)) >= 60


def test_what_a_command_does_not_say_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ false   # exit code 1\none big\nthree\n```\n")

    (command,) = steps(page)

    assert isinstance(command, Command)
    assert (command.text, command.code, command.line) == ("false", 1, 2)
    assert missing(command.says, " one very big\ntwo\n- three\n") == ""
    assert missing(command.says, "three\none big\n") == "three"
    assert missing(command.says, "big one\nthree\n") == "one big"
