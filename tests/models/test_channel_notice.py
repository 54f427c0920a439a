"""Messages of channels are read as CEP 6 has them, and strangers' documents do no harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.models.channel_notice import notices_of


def notice(**entry: object) -> object:
    (found,) = notices_of({"notices": [{"message": "hello", **entry}]}, "orchard")
    return found.to_json()


def test_a_notice_has_what_the_channel_says() -> None:
    assert notice(
        id="1",
        level="warning",
        created_at="2026-01-01T00:00:00+00:00",
        expires_at="2026-02-01T00:00:00",
        interval=60,
    ) == {
        "id": "1",
        "channel_name": "orchard",
        "message": "hello",
        "level": "warning",
        "created_at": "2026-01-01T00:00:00+00:00",
        "expired_at": "2026-02-01T00:00:00+00:00",
        "interval": 60.0,
    }


def test_what_nobody_says_is_none_and_an_unknown_level_is_information() -> None:
    assert notice(level="shout", created_at="soon", interval=-1) == {
        "id": "hello",
        "channel_name": "orchard",
        "message": "hello",
        "level": "info",
        "created_at": None,
        "expired_at": None,
        "interval": None,
    }


@pytest.mark.parametrize(
    "document",
    [None, [], {"notices": {}}, {"notices": [1, {"message": " "}, {"message": 2}, {}]}],
)
def test_what_is_no_notice_is_passed_over(document: object) -> None:
    assert list(notices_of(document, "orchard")) == []


def test_a_message_fills_no_screen_and_moves_no_cursor() -> None:
    (found,) = notices_of({"notices": [{"message": "\x1b[2J" + "x" * 3000}]}, "orchard")
    assert found.message == "[2J" + "x" * 1997 + " ..."


@given(st.recursive(st.none() | st.text() | st.floats(), lambda v: st.dictionaries(
    st.sampled_from(["notices", "message", "id", "level", "created_at", "interval"]), v)
    | st.lists(v)))  # fmt: skip
def test_any_document_can_be_read(document: object) -> None:
    found = [each.to_json() for each in notices_of(document, "orchard")]
    assert all(each["channel_name"] == "orchard" for each in found)
