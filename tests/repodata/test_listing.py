"""Records that are left out: one sentence for everybody, each by name in the log."""

import logging

import pytest

from xconda_core.events import Event, Noticed
from xconda_core.repodata.listing import records_left_out


@pytest.mark.parametrize(
    ("count", "logged", "last"),
    [
        (1, 0, ""),
        (3, 2, "orchard: apple-2.conda was left out (it has no name)"),
        (900, 50, "orchard: and 850 more"),
    ],
)
def test_the_first_is_said_and_the_others_are_in_the_log(
    count: int, logged: int, last: str, caplog: pytest.LogCaptureFixture
) -> None:
    said: list[Event] = []
    with caplog.at_level(logging.WARNING), records_left_out(said.append, "orchard") as dropped:
        for number in range(count):
            dropped(f"apple-{number}.conda", "it has no name")

    [notice] = said
    assert isinstance(notice, Noticed)
    assert notice.text.startswith("orchard: apple-0.conda was left out (it has no name)")
    assert len(caplog.messages) == logged
    assert caplog.messages[-1:] == [last][:logged]


def test_where_nothing_is_left_out_nothing_is_said(caplog: pytest.LogCaptureFixture) -> None:
    said: list[Event] = []
    with records_left_out(said.append, "orchard"):
        pass
    assert (said, caplog.messages) == ([], [])
