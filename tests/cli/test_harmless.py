"""What strangers wrote is shown and not obeyed."""

import io

import pytest

from xconda_core.cli.console import Console
from xconda_core.cli.live_progress import LiveProgress
from xconda_core.cli.plain_progress import PlainProgress
from xconda_core.events import Noticed

HOSTILE = "done\x1b[2J\x9b31m\r\x07 \u00e9\tb"
SHOWN = "done\\x1b[2J\\x9b31m\\x0d\\x07 \u00e9"


def test_an_answer_holds_no_escape_sequence_of_others() -> None:
    out = io.StringIO()

    Console({}, stdout=out, stderr=out).say(HOSTILE)

    assert out.getvalue() == f"{SHOWN}\tb\n"


@pytest.mark.parametrize("live", [True, False])
def test_a_notice_holds_no_escape_sequence_of_others(live: bool) -> None:
    out = io.StringIO()
    view = LiveProgress(out, colour=False) if live else PlainProgress(out)

    view.report(Noticed("info", HOSTILE))
    view.close()

    assert SHOWN in out.getvalue()
