"""Records: what a channel says about one archive is read, refused or kept, field by field."""

import pytest
from hypothesis import given

from tests.models.record_strategies import LEAST, documents
from xconda_core.errors import Json
from xconda_core.models.package_record import (
    InvalidRecord,
    PackageRecord,
    completed,
    same_archive,
)


@given(documents)
def test_a_record_is_written_back_with_all_that_it_said(document: dict[str, Json]) -> None:
    record = PackageRecord.from_json(document)
    written = record.to_json()
    assert {key: written[key] for key in document} == document
    assert (PackageRecord.from_json(written), PackageRecord.from_json(written).extra) == (
        record,
        record.extra,
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", None), ("name", ""), ("name", 1), ("name", "../evil"), ("name", "a b"),
        ("name", "a--b"), ("name", "n" * 65), ("version", None), ("version", ""), ("version", 1.0),
        ("version", "1/2"), ("version", "1\n2"), ("build", None), ("build", 0), ("build", "../0"),
        ("build_number", -1), ("build_number", "1"), ("build_number", True), ("build_number", 0.5),
        ("depends", "a"), ("depends", [1]), ("depends", {}), ("constrains", [None]),
        ("size", -1), ("size", "12"), ("timestamp", []), ("noarch", "cobol"), ("noarch", 1),
        ("track_features", [1]), ("features", 3), ("md5", 5), ("sha256", []), ("license", 1),
        ("license_family", {}), ("python_site_packages_path", 0), ("channel", 1), ("url", []),
        ("subdir", 64), ("fn", 0),
    ],
)  # fmt: skip
def test_a_malformed_record_is_refused_with_the_field_named(field: str, value: Json) -> None:
    with pytest.raises(InvalidRecord, match=f"^{field} must be"):
        PackageRecord.from_json({**LEAST, field: value})


@pytest.mark.parametrize("field", ["name", "version", "build"])
def test_what_every_record_needs_is_missed_by_name(field: str) -> None:
    with pytest.raises(InvalidRecord, match=f"^{field} must be"):
        PackageRecord.from_json({key: value for key, value in LEAST.items() if key != field})


@pytest.mark.parametrize(
    ("published", "read"),
    [
        ({"noarch": False}, {"noarch": None}), ({"noarch": True}, {"noarch": "generic"}),
        ({"size": 12.0}, {"size": 12}), ({"depends": None}, {"depends": ()}),
        ({"track_features": "a, b"}, {"track_features": ("a", "b")}),
        ({"track_features": ["a"]}, {"track_features": ("a",)}),
        ({"timestamp": 1_716_784_645}, {"timestamp": 1_716_784_645_000}),
        ({"timestamp": 1_716_784_645_123}, {"timestamp": 1_716_784_645_123}),
        ({"name": "NumPy"}, {"name": "numpy"}), ({"build_number": None}, {"build_number": 0}),
        ({"channel": "https://x.example/c/linux-64/"}, {"channel": "https://x.example/c"}),
        ({"channel": "https://x.example/c/"}, {"channel": "https://x.example/c"}),
        ({"channel": "https://u:p@x.example/t/KEY/c"}, {"channel": "https://x.example/c"}),
        ({"url": "https://u:p@x.example/a.conda"}, {"url": "https://x.example/a.conda"}),
    ],
)  # fmt: skip
def test_old_ways_of_writing_are_understood(
    published: dict[str, Json], read: dict[str, object]
) -> None:
    record = PackageRecord.from_json({**LEAST, **published})
    assert {name: getattr(record, name) for name in read} == read


def test_the_build_of_very_old_records_has_another_name() -> None:
    record = PackageRecord.from_json({"name": "a", "version": "1", "build_string": "0"})
    assert record.build == "0"


def test_what_the_document_leaves_out_is_filled_in() -> None:
    record = PackageRecord.from_json(LEAST, fn="f.conda", channel="c", subdir="noarch", url="u")
    assert (record.fn, record.channel, record.subdir, record.url) == ("f.conda", "c", "noarch", "u")


def test_a_record_is_called_by_channel_platform_and_build() -> None:
    record = PackageRecord.from_json(LEAST, channel="https://x.example/c", subdir="noarch")
    assert (str(record), record.dist_name) == (
        "c/noarch::numpy==1.8.1=py27_0",
        "numpy-1.8.1-py27_0",
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"sha256": "a", "md5": "x"}, {"sha256": "a", "md5": "y"}, True),
        ({"sha256": "a", "md5": "x"}, {"sha256": "b", "md5": "x"}, False),
        ({"sha256": "a", "md5": "x"}, {"md5": "x"}, True), ({"md5": "x"}, {"md5": "y"}, False),
        ({"channel": "https://x/c"}, {"channel": "https://mirror/c"}, True),
        ({"channel": "c"}, {"channel": "d"}, False), ({}, {"build": "1"}, False),
        ({"subdir": "noarch"}, {}, False),
    ],
)  # fmt: skip
def test_digests_say_whether_two_records_mean_one_archive_and_names_where_there_are_none(
    one: dict[str, Json], other: dict[str, Json], expected: bool
) -> None:
    records = [PackageRecord.from_json({**LEAST, **changed}) for changed in (one, other)]
    assert same_archive(*records) is expected


def test_what_an_address_leaves_open_the_archive_tells() -> None:
    told = PackageRecord(
        name="a", version="1", build="0", subdir="noarch", md5="0" * 32, is_complete=False
    )
    index: dict[str, Json] = {
        "name": "a", "version": "1", "build": "0", "depends": ["b"], "noarch": "python",
        "subdir": "elsewhere", "build_number": 3, "other": 1,
    }  # fmt: skip

    found = completed(told, index)

    assert found.is_complete
    assert (found.depends, found.noarch, found.build_number) == (("b",), "python", 3)
    assert (found.subdir, found.md5) == ("noarch", "0" * 32)
    assert found.extra["other"] == 1
    assert completed(found, {}) is found
