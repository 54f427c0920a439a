"""Revisions and differences as a cell shows them."""

from xconda_core.cli.revision_text import revision_documents
from xconda_core.environment.history import parse_history
from xconda_jupyter.kernel.revisions import Difference, Revisions

HISTORY = """
==> 2026-01-02 03:04:05 <==
# cmd: xconda create -n demo numpy
+conda-forge/linux-64::numpy-1.9-py_0
==> 2026-01-03 03:04:05 <==
# cmd: xconda update numpy
-conda-forge/linux-64::numpy-1.9-py_0
+conda-forge/linux-64::numpy-1.10-py_0
==> 2026-01-04 03:04:05 <==
# cmd: xconda undo
# xconda reverts to revision: 0
-conda-forge/linux-64::numpy-1.10-py_0
+conda-forge/linux-64::numpy-1.9-py_0
"""
A_DIFFERENCE = {
    "prefix": "/env",
    "old": 0,
    "new": None,
    "packages": [
        {
            "name": "numpy",
            "movement": "rebuild",
            "old": {"version": "1.9", "build": "a_0", "channel": "c"},
            "new": {"version": "1.9", "build": "b_0", "channel": "c"},
        },
        {
            "name": "six",
            "movement": "install",
            "old": None,
            "new": {"version": "1.16", "build": "0", "channel": "c"},
        },
    ],
    "requests": [{"name": "six", "old": None, "new": "six>=1"}],
}


def test_revisions_are_a_table_and_a_sequence() -> None:
    found = Revisions("/env", revision_documents(parse_history(HISTORY)))  # type: ignore[arg-type]

    assert repr(found).splitlines()[1:] == [
        "Revision  Date                 Command                      Changes",
        "0         2026-01-02 03:04:05  xconda create -n demo numpy  +1",
        "1         2026-01-03 03:04:05  xconda update numpy          ↑1",
        "2         2026-01-04 03:04:05  xconda undo                  ↓1 (as at revision 0)",
    ]
    assert [each["rev"] for each in found] == [0, 1, 2]
    assert found[1]["command"] == "xconda update numpy"
    assert "<caption" in found._repr_html_()


def test_a_difference_shows_packages_and_requests() -> None:
    found = Difference(A_DIFFERENCE)

    assert repr(found).splitlines() == [
        "From revision 0 to now in /env",
        "Package        Before   After",
        "numpy          1.9 a_0  1.9 b_0",
        "six                     1.16",
        "asked for six           six>=1",
    ]
    assert [each["name"] for each in found] == ["numpy", "six"]
    assert found.to_json() == A_DIFFERENCE


def test_no_difference_is_false_and_says_so() -> None:
    found = Difference({"prefix": "/env", "old": 1, "new": 2, "packages": [], "requests": []})

    assert not found
    assert repr(found) == "From revision 1 to revision 2 in /env: no difference."
