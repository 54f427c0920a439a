"""How new a package may be, in all the forms in which it can be said."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.models.exclude_newer import Limit, PublicationLimits, limit_text

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()
DAY = 86_400
FORGE = "https://conda.example/conda-forge"


def seconds(text: str) -> float:
    limit = Limit.parse(text)
    assert limit is not None
    return limit.milliseconds(NOW) / 1000


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("0", 0),
        ("3600", 3600),
        ("7d", 7 * DAY),
        ("7 D", 7 * DAY),
        ("3d12h", 3.5 * DAY),
        ("1w 2d 3h 4m 5s", 9 * DAY + 3 * 3600 + 245),
        ("P7D", 7 * DAY),
        ("p1w", 7 * DAY),
        ("P1DT12H", 1.5 * DAY),
        ("PT30M", 1800),
    ],
)
def test_a_duration_counts_back_from_now(text: str, age: float) -> None:
    assert seconds(text) == NOW - age


def test_a_date_means_the_end_of_that_day_in_utc() -> None:
    assert seconds("2026-04-01") == datetime(2026, 4, 2, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "text",
    ["2026-04-01T12:00:00Z", "2026-04-01t12:00z", "2026-04-01 12:00", "2026-04-01T14:00+02:00"],
)
def test_a_timestamp_is_in_utc_unless_it_says_otherwise(text: str) -> None:
    assert seconds(text) == datetime(2026, 4, 1, 12, tzinfo=UTC).timestamp()


@pytest.mark.parametrize("text", ["", " ", "false", "False", "off", "none"])
def test_nothing_and_false_are_no_limit(text: str) -> None:
    assert Limit.parse(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "7x", "d", "-7d", "-1", "P", "PT", "P7", "P1DT", "P1.5D", "7.5", "true", "soon", "7d x",
        "2026-13-01", "2026-02-30", "9999-12-31", "2026-W14-3", "20260401T12", "2026-04", "٧d",
        "2026-04-01T25:00", "2026-04-01T12:00 tomorrow",
    ],
)  # fmt: skip
def test_what_is_none_of_the_forms_is_refused(text: str) -> None:
    with pytest.raises(
        ValueError, match="is not a duration such as 7d, a date, a timestamp or false"
    ):
        Limit.parse(text)


@given(st.text(max_size=30))
def test_any_text_is_a_limit_or_refused(text: str) -> None:
    try:
        limit = Limit.parse(text)
    except ValueError:
        return
    assert limit is None or limit.milliseconds(NOW) < float("inf")


@given(st.integers(0, 500), st.integers(0, 23), st.integers(0, 59))
def test_both_ways_to_write_a_duration_mean_the_same(days: int, hours: int, minutes: int) -> None:
    assert seconds(f"{days}d{hours}h{minutes}m") == seconds(f"P{days}DT{hours}H{minutes}M")


def test_a_package_goes_before_its_channel_and_the_channel_before_the_rest() -> None:
    limits = PublicationLimits.at(
        NOW, "7d", [("conda-forge", "1d"), (FORGE, "2d")], {"OpenSSL": "false", "numpy": "30d"}
    )
    assert limits.limit("openssl", FORGE) is None
    assert limits.limit("numpy", FORGE) == 1000 * (NOW - 30 * DAY)
    assert limits.limit("pandas", FORGE) == 1000 * (NOW - 2 * DAY), "the later entry wins"
    assert limits.limit("pandas", "https://mirror/conda-forge") == 1000 * (NOW - DAY)
    assert limits.limit("pandas", "https://conda.example/other") == 1000 * (NOW - 7 * DAY)


def test_a_channel_can_be_exempt_by_a_pattern_of_its_address() -> None:
    limits = PublicationLimits.at(NOW, "7d", [("https://conda.example/*", "false")])
    assert limits.limit("numpy", FORGE) is None
    assert limits.limit("numpy", "http://conda.example/conda-forge") is not None


def test_without_settings_there_is_no_limit() -> None:
    assert PublicationLimits.at(NOW).limit("numpy", FORGE) is None


def test_the_setting_keeps_its_text_if_it_is_a_limit() -> None:
    assert limit_text("7d") == "7d"
    with pytest.raises(ValueError, match="soon"):
        limit_text("soon")
