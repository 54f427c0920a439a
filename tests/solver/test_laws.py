"""The solver's laws in made-up universes; ``make fuzz`` asks ten times as many."""

import pytest

from tests.solver.laws import LAWS, agreement, survey

pytest.importorskip("pycosat", reason="pycosat is the oracle here")

SEED = 20261120


def test_the_search_and_pycosat_agree_in_two_thousand_universes() -> None:
    kinds, failures = survey(2000, SEED, [agreement])

    assert failures == []
    assert min(kinds["solved"], kinds["refused"]) > 300, kinds


@pytest.mark.parametrize("law", LAWS)
def test_the_law_holds(law: str) -> None:
    _, failures = survey(300, SEED + 1, [LAWS[law]])

    assert failures == []
