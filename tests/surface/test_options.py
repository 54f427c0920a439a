"""Every option of the table has its effect: it is there with the option and gone without."""

import pytest

from tests.surface.option_row import Row
from tests.surface.orchard import Place
from tests.surface.rows import ROWS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.line)
def test_the_option_has_its_effect(row: Row, place: Place) -> None:
    without = place.play(row.without(), row)
    assert without.exit_code == row.otherwise, without
    for line in row.typed():
        outcome = place.play(line, row)
        assert outcome.exit_code == row.exit_code, outcome
        if row.effect is None:
            assert row.idle
            assert (outcome.stdout, outcome.stderr) == (without.stdout, without.stderr)
        else:
            assert row.effect.holds(outcome), f"{row.effect.words}: {outcome}"
    if row.effect is not None:
        assert not row.effect.holds(without), f"{row.effect.words}, also without: {without}"


def test_no_option_has_the_same_scenario_twice() -> None:
    lines = [row.line for row in ROWS]
    assert sorted({line for line in lines if lines.count(line) > 1}) == []
