"""The order of candidates, and the index of given records."""

from hypothesis import given, settings
from hypothesis import strategies as st

from xconda_core.models.package_record import PackageRecord
from xconda_core.models.version import Version
from xconda_core.repodata.index import Candidates, Index
from xconda_core.repodata.memory_index import MemoryIndex


def a_record(version: str = "1.0", build: str = "0", **values: object) -> PackageRecord:
    fields: dict[str, object] = {"name": "numpy", "channel": "forge", "subdir": "linux-64"}
    return PackageRecord(version=version, build=build, **(fields | values))  # type: ignore[arg-type]


def best_first(*records: PackageRecord, **options: object) -> list[str]:
    index: Index = MemoryIndex(records, **options)  # type: ignore[arg-type]
    found: Candidates | None = index.candidates("numpy")
    assert found is not None
    return [
        f"{version}-{build}" for version, build in zip(found.versions, found.builds, strict=True)
    ]


def test_a_name_that_no_record_has_has_no_candidates() -> None:
    assert MemoryIndex([a_record()]).candidates("pandas") is None


def test_versions_are_ordered_as_versions_not_as_texts() -> None:
    records = [a_record("1.9"), a_record("1.10"), a_record("1.10rc1")]
    assert best_first(*records) == ["1.10-0", "1.10rc1-0", "1.9-0"]


def test_a_tracked_feature_goes_behind_every_other_candidate() -> None:
    records = [a_record("2.0", track_features=("debug",)), a_record("1.0")]
    assert best_first(*records) == ["1.0-0", "2.0-0"]


def test_build_number_goes_before_timestamp_and_timestamp_before_file_name() -> None:
    records = [
        a_record(build="a", build_number=1, timestamp=1_700_000_000_000),
        a_record(build="b", build_number=0, timestamp=1_800_000_000_000),
        a_record(build="c", build_number=1, timestamp=1_600_000_000_000),
        a_record(build="d", build_number=1, timestamp=1_600_000_000_000),
    ]
    assert best_first(*records) == ["1.0-a", "1.0-d", "1.0-c", "1.0-b"]


def test_a_timestamp_in_seconds_is_compared_as_the_time_it_means() -> None:
    records = [
        a_record(build="old", timestamp=1_500_000_000_000),
        a_record(build="new", timestamp=1_600_000_000),
    ]
    assert best_first(*records) == ["1.0-new", "1.0-old"]


def test_a_build_for_the_platform_goes_before_an_equal_noarch_build() -> None:
    records = [
        a_record(build="any", subdir="noarch", timestamp=1_900_000_000_000),
        a_record(build="arch", timestamp=1_600_000_000_000),
    ]
    assert best_first(*records) == ["1.0-arch", "1.0-any"]


def test_strict_priority_hides_the_name_in_lower_channels() -> None:
    records = [a_record("1.0", channel="mine"), a_record("2.0", channel="forge")]
    assert best_first(*records, channels=["mine", "forge"]) == ["1.0-0"]


def test_flexible_priority_puts_lower_channels_behind() -> None:
    records = [a_record("2.0", channel="forge"), a_record("1.0", channel="mine")]
    ordered = best_first(*records, channels=["mine", "forge"], priority="flexible")
    assert ordered == ["1.0-0", "2.0-0"]


def test_without_priority_versions_compete_and_builds_of_one_version_do_not() -> None:
    records = [
        a_record("1.0", "few", build_number=1, channel="mine"),
        a_record("1.0", "many", build_number=9, channel="forge"),
        a_record("2.0", channel="forge"),
    ]
    ordered = best_first(*records, channels=["mine", "forge"], priority="disabled")
    assert ordered == ["2.0-0", "1.0-few", "1.0-many"]


def test_each_dependency_is_listed_once_with_the_mask_of_its_candidates() -> None:
    records = [
        a_record("3", depends=("python", "zlib")),
        a_record("2", depends=("python",), constrains=("mkl <0a0",)),
        a_record("1", depends=("zlib",)),
    ]
    found = MemoryIndex(records).candidates("numpy")
    assert found is not None
    assert dict(found.depends) == {"python": 0b011, "zlib": 0b101}
    assert dict(found.constrains) == {"mkl <0a0": 0b010}
    assert found.record(1) is records[1]


def test_channels_are_named_in_order_of_priority() -> None:
    index = MemoryIndex([a_record(channel="https://h/forge")], channels=["mine"])
    assert list(index.channels) == ["mine", "forge"]
    assert list(index.names()) == ["numpy"]


some_records = st.lists(
    st.builds(
        a_record,
        version=st.sampled_from(["1.0", "1.0.0", "1.0a1", "2", "2.0.1", "1!0.1", "10"]),
        build=st.sampled_from("abc"),
        build_number=st.integers(0, 2),
        timestamp=st.sampled_from([None, 0, 1_500_000_000_000]),
        subdir=st.sampled_from(["linux-64", "noarch"]),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda record: (record.dist_name, record.subdir),
)


@settings(deadline=None)
@given(records=some_records, seed=st.randoms())
def test_the_order_does_not_depend_on_the_order_of_arrival(records, seed) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(records)
    seed.shuffle(shuffled)
    assert best_first(*records) == best_first(*shuffled)


@settings(deadline=None)
@given(records=some_records)
def test_no_candidate_has_a_higher_version_than_the_one_before_it(
    records: list[PackageRecord],
) -> None:
    found = MemoryIndex(records).candidates("numpy")
    assert found is not None
    versions = [Version.parse(version) for version in found.versions]
    assert versions == sorted(versions, reverse=True)
