"""What a user reads when real channels say no. Each text is judged by reading it.

To accept a changed text, delete its file and run the test twice.
"""

from pathlib import Path

import pytest

from tests.solver.readable import fulfilled
from tests.solver.refusals import REFUSALS
from xconda_core.errors import XcondaError

pytestmark = pytest.mark.shared

TEXTS = Path(__file__).parents[1] / "snapshots" / "conflicts"
MOST_LINES = 25


@pytest.mark.usefixtures("conda_forge")
@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_reads_as_it_was_approved(name: str) -> None:
    request = REFUSALS[name].request()

    with pytest.raises(XcondaError) as refusal:
        fulfilled(request)

    text = f"{refusal.value}\n"
    assert text.count("\n") <= MOST_LINES
    assert text == approved(name, text)


def test_every_approved_text_belongs_to_a_request() -> None:
    assert sorted(file.stem for file in TEXTS.iterdir()) == sorted(REFUSALS)


def approved(name: str, text: str) -> str:
    file = TEXTS / f"{name}.txt"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        pytest.fail(f"{file.name} is new: read it")
    return file.read_text(encoding="utf-8")
