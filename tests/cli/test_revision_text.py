"""The history as people and as conda's readers see it."""

from xconda_core.cli.revision_text import revision_documents, revision_lines
from xconda_core.environment.history import parse_history

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
        "2  2026-01-04 03:04:05  undo, back to 0",
        "   xconda undo",
        "   v numpy 1.10 -> 1.9",
        "   + six 1.16",
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
    }


def test_a_line_that_names_no_version_is_shown_all_the_same() -> None:
    lines = revision_lines(parse_history("==> 2026-01-02 03:04:05 <==\n+strange\n"))

    assert [line if isinstance(line, str) else line.text for line in lines][-1] == "   + strange"


def test_an_environment_without_history_has_no_revisions() -> None:
    assert revision_lines(()) == ["no revisions"]
