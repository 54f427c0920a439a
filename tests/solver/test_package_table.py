"""Masks of candidates, held against the plain meaning of MatchSpec."""

from hypothesis import given
from hypothesis import strategies as st

from tests.solver.readable import record
from xconda_core.models.match_spec import MatchSpec
from xconda_core.repodata.memory_index import MemoryIndex
from xconda_core.solver.candidates import with_installed
from xconda_core.solver.package_table import PackageTable, positions
from xconda_core.solver.version_ranges import version_ranges

VERSIONS = ("0.9", "1.0", "1.0.0", "1.0a1", "1.0.post1", "1.2", "1.10", "1!0.1", "2.0dev0", "2.0")
lines = st.builds("a {} {}".format, st.sampled_from(VERSIONS), st.sampled_from(("0", "x_1", "y_2")))
CONSTRAINTS = (
    "", " >=1.0", " <1.2", " >=1.0,<2.0a0", " 1.0.*", " ==1.0", " !=1.2", " ~=1.0", " 1.*|2.*",
    " >1.0a0", " <=1.0", " !=1.0.*", " 1.*0", " =1",
)  # fmt: skip
BRACKETS = ("", "[build=x*]", "[build_number='>=1']", "[subdir=linux-64]", "[fn=*y_2*]")
texts = st.builds("a{}{}".format, st.sampled_from(CONSTRAINTS), st.sampled_from(BRACKETS))


def table(found: list[str]) -> PackageTable:
    candidates = MemoryIndex([record(line) for line in found], ["main"]).candidates("a")
    assert candidates is not None
    return PackageTable(candidates)


@given(st.lists(lines, min_size=1, max_size=20, unique=True), texts)
def test_a_mask_has_exactly_the_candidates_that_a_spec_matches(found: list[str], text: str) -> None:
    candidates, spec = table(found), MatchSpec.parse(text)

    mask = candidates.matching(spec)

    assert list(positions(mask)) == [
        position
        for position in range(candidates.count)
        if spec.matches(candidates.record(position))
    ]


def test_an_installed_record_that_a_channel_lists_is_that_candidate() -> None:
    listed = MemoryIndex([record("a 2.0"), record("a 1.0")], ["main"]).candidates("a")

    candidates, position = with_installed(listed, record("a 1.0"))

    assert (candidates, position) == (listed, 1)


def test_an_installed_record_that_no_channel_lists_stands_before_what_is_older() -> None:
    listed = MemoryIndex(
        [record("a 3.0 needs x"), record("a 1.0 needs y and x")], ["main"]
    ).candidates("a")

    candidates, position = with_installed(listed, record("a 2.0 needs y allows z"))

    assert position == 1
    assert candidates.versions == ("3.0", "2.0", "1.0")
    assert dict(candidates.depends) == {"x": 0b101, "y": 0b110}
    assert dict(candidates.constrains) == {"z": 0b010}
    assert [candidates.record(at).version for at in range(3)] == ["3.0", "2.0", "1.0"]


def ranges(found: str, *wanted: str) -> str:
    candidates = table([f"a {version}" for version in found.split()])
    mask = sum(1 << at for at in range(candidates.count) if candidates.version(at) in wanted)
    return version_ranges(candidates, mask)


def test_versions_are_told_in_ranges_of_those_there_are() -> None:
    assert ranges("1.0 1.1 1.2 1.3", "1.1", "1.2") == "1.1 to 1.2"
    assert ranges("1.0 1.1 1.2 1.3", "1.1", "1.3") == "1.1, 1.3"
    assert ranges("1.0", "1.0") == "1.0"


def test_a_series_that_is_there_completely_is_told_by_its_name() -> None:
    everything = "3.8.1 3.9.0 3.9.1 3.10.0 3.10.1 3.11.0"

    assert ranges(everything, "3.9.0", "3.9.1") == "3.9"
    assert ranges(everything, "3.9.0", "3.9.1", "3.10.0", "3.10.1") == "3.9 to 3.10"
    assert ranges(everything, "3.9.1", "3.10.0", "3.10.1") == "3.9.1 to 3.10"


def test_many_ranges_are_cut_short() -> None:
    everything = " ".join(f"{number}.0" for number in range(1, 20))

    assert ranges(everything, "1.0", "3.0", "5.0", "7.0", "9.0") == "1.0, 3.0, …, 9.0"
