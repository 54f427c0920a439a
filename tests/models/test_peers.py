"""Thousands of made-up questions answered as py-rattler answers them, or as decision 0101 says."""

import pytest

pytest.importorskip("rattler", reason="py-rattler, the peer to compare with, is not here")

from tests.models.fuzz import DECISION, survey
from tests.models.peer_questions import CUT_SHORT, KINDS


def test_thousands_of_questions_are_answered_as_by_rattler_or_as_was_decided() -> None:
    found = survey(16_000, seed=33)
    assert min(found.asked.values()) > 5000
    assert found.unexplained == []
    assert sum(found.explained.values()) < 0.1 * sum(found.asked.values())


def test_every_kind_of_difference_has_its_row_in_the_decision() -> None:
    rows = DECISION.read_text(encoding="utf-8").splitlines()
    cases = {kind.case for kind in (*KINDS, CUT_SHORT)}
    assert [case for case in cases if not any(row.startswith(f"| {case}") for row in rows)] == []
