"""The history as people and as conda's readers see it."""

from pathlib import PurePath

from xconda_core.cli.console import Text
from xconda_core.cli.revision_text import difference_lines, revision_documents, revision_lines
from xconda_core.engine.revision_difference import difference
from xconda_core.environment.history import parse_history
from xconda_core.models.environment_state import EnvironmentState

HISTORY = """
==> 2026-01-02 03:04:05 <==
# cmd: xconda create -n demo numpy
+conda-forge/linux-64::numpy-1.9-py_0
+conda-forge/noarch::six-1.16-pyh_0
# update specs: ['numpy']
==> 2026-01-03 03:04:05 <==
# cmd: xconda update numpy
-conda-forge/linux-64::numpy-1.9-py_0
-conda-forge/noarch::six-1.16-pyh_0
+conda-forge/linux-64::numpy-1.10-py_0
==> 2026-01-04 03:04:05 <==
# cmd: xconda undo
# xconda reverts to revision: 0
-conda-forge/linux-64::numpy-1.10-py_0
+conda-forge/linux-64::numpy-1.9-py_0
+conda-forge/noarch::six-1.16-pyh_0
"""


def words(lines: list[Text | str]) -> list[str]:
    return [line if isinstance(line, str) else line.text for line in lines]


def test_each_revision_says_when_by_what_and_which_way_versions_went() -> None:
    lines = revision_lines(parse_history(HISTORY))

    assert [line if isinstance(line, str) else line.text for line in lines] == [
        "0  2026-01-02 03:04:05",
        "   xconda create -n demo numpy",
        "   + numpy 1.9",
        "   + six 1.16",
        "",
        "1  2026-01-03 03:04:05",
        "   xconda update numpy",
        "   ^ numpy 1.9 -> 1.10",
        "   - six 1.16",
        "",
        "2  2026-01-04 03:04:05  as it was at revision 0",
        "   xconda undo",
        "   v numpy 1.10 -> 1.9",
        "   + six 1.16",
        "",
        "`xconda redo` leads to the state of revision 1.",
    ]


def test_documents_have_the_keys_of_conda() -> None:
    documents = revision_documents(parse_history(HISTORY))

    assert documents[1] == {
        "date": "2026-01-03 03:04:05",
        "rev": 1,
        "install": [],
        "remove": ["six-1.16-pyh_0-conda-forge/noarch"],
        "upgrade": [
            {
                "old": "numpy-1.9-py_0-conda-forge/linux-64",
                "new": "numpy-1.10-py_0-conda-forge/linux-64",
            }
        ],
        "downgrade": [],
        "command": "xconda update numpy",
        "update_specs": [],
        "remove_specs": [],
        "reverts_to": None,
    }


def test_a_line_that_names_no_version_is_shown_all_the_same() -> None:
    lines = revision_lines(parse_history("==> 2026-01-02 03:04:05 <==\n+strange\n"))

    assert words(lines)[-1] == "   + strange"


def test_a_difference_tells_packages_and_requests_apart() -> None:
    revisions = parse_history(HISTORY)
    state = EnvironmentState(prefix=PurePath("/env"))

    lines = difference_lines(difference(state, revisions, 0, 1, ""))

    assert words(lines)[1:] == [
        "From revision 0 to revision 1:",
        "   ^ numpy 1.9 -> 1.10",
        "   - six 1.16",
    ]


def test_what_is_gone_now_was_asked_for_once() -> None:
    state = EnvironmentState(prefix=PurePath("/env"))

    lines = difference_lines(difference(state, parse_history(HISTORY), None, None, ""))

    assert words(lines)[1:] == [
        "From revision 2 to now:",
        "   - numpy 1.9",
        "   - six 1.16",
        "",
        "Asked for:",
        "   - numpy",
    ]


def test_an_environment_without_history_has_no_revisions() -> None:
    assert revision_lines(()) == ["no revisions"]
