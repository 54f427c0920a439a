"""A failed cell shows three sentences and no traceback, and fails."""

from collections.abc import Callable
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from xconda_jupyter.kernel.failures import XcondaCancelled, XcondaFailed, failure

A_FAILURE = {
    "code": "packages-not-found",
    "what": "pandsa was not found.",
    "why": "demo has no such package.\nIt has pandas.",
    "fix": "did you mean pandas?",
    "facts": {"names": ["pandsa"]},
}


def test_the_words_stand_under_each_other() -> None:
    assert XcondaFailed(A_FAILURE)._render_traceback_() == [
        "xconda: pandsa was not found.",
        "  why: demo has no such package.",
        "       It has pandas.",
        "  try: did you mean pandas?",
    ]


def test_what_the_engine_has_indented_already_is_not_indented_again() -> None:
    why = "these exclude each other:\n    you ask for a\n      a needs b"
    assert XcondaFailed({**A_FAILURE, "why": why})._render_traceback_()[1:4] == [
        "  why: these exclude each other:",
        "    you ask for a",
        "      a needs b",
    ]


def test_facts_can_be_asked_for_and_the_document_comes_back_whole() -> None:
    failed = XcondaFailed(A_FAILURE)
    assert failed.facts["names"] == ["pandsa"]
    assert failed.to_json() == A_FAILURE


def test_a_document_with_gaps_is_still_an_error() -> None:
    assert str(XcondaFailed({})) == "xconda failed."


def test_a_cancelled_job_is_an_error_of_its_own() -> None:
    assert isinstance(failure({"code": "cancelled"}), XcondaCancelled)
    assert not isinstance(failure({"code": "locked"}), XcondaCancelled)


def test_ipython_shows_the_words_in_place_of_a_traceback() -> None:
    make_shell: Callable[[], Any] = InteractiveShell
    shell, shown = make_shell(), list[str]()
    shell._showtraceback = lambda etype, evalue, stb: shown.extend(stb)
    shell.user_ns["error"] = XcondaFailed(A_FAILURE)
    result = shell.run_cell("raise error")
    assert not result.success
    assert shown[0] == "xconda: pandsa was not found."
    assert not any("Traceback" in line for line in shown)
