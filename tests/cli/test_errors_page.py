"""The page of failures has all of them, with what to do."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import xconda_core
from xconda_core.cli.errors_page import failures, page
from xconda_core.errors import XcondaError

PAGE = page()
WRITTEN = Path(__file__).parents[2] / "docs" / "troubleshooting.md"


def below(kind: type[XcondaError]) -> Iterator[type[XcondaError]]:
    for each in kind.__subclasses__():
        yield each
        yield from below(each)


def test_the_page_of_failures_is_up_to_date() -> None:
    written = WRITTEN.read_text(encoding="utf-8")
    assert written == PAGE, "python -m xconda_core.cli.errors_page > docs/troubleshooting.md"


def test_every_class_of_failures_is_there_with_its_code_and_its_exit_code() -> None:
    for module in pkgutil.walk_packages(xconda_core.__path__, "xconda_core."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    told = {each.name: (each.code, each.exit_code) for each in failures()}

    classes = [kind for kind in below(XcondaError) if kind.__module__.startswith("xconda_core.")]

    assert len(classes) > 100
    for kind in classes:
        if kind.code != "error":
            assert told[kind.__name__] == (kind.code, kind.exit_code)


def test_every_failure_says_what_it_means_and_what_to_try() -> None:
    assert [each.name for each in failures() if not each.meaning] == []
    sections = PAGE.split("\n## ")[1:]
    assert len(sections) > 100
    assert [part.split()[0] for part in sections if "\n- *try:* " not in part] == []


def test_words_known_only_when_it_happens_are_in_capitals() -> None:
    (section,) = (part for part in PAGE.split("\n## ") if part.startswith("environment-exists\n"))
    assert "- *says:* PREFIX was not created: it is an environment already." in section
    assert "`xconda install -p PREFIX ...` adds to it" in section
