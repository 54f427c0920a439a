"""The short list: newest versions, and nothing in it misses what the whole list would give it."""

from hypothesis import given
from hypothesis import strategies as st

from xconda_core.errors import Json
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.version import Version
from xconda_core.repodata.current_list import current_packages

Packages = dict[str, dict[str, Json]]

names = st.sampled_from("abcd")
versions = st.sampled_from(["1.0", "1.1", "2.0", "2.0rc1", "10.0"])
needs = st.lists(
    st.builds("{} {}".format, names, st.sampled_from(["", "1.*", ">=2", "<2", "==1.1", "bad ver"])),
    max_size=3,
)


def a_record(name: str, version: str, build: str, depends: list[str]) -> dict[str, Json]:
    return {"name": name, "version": version, "build": build, "depends": [*depends]}


def named(records: list[dict[str, Json]]) -> Packages:
    return {f"{r['name']}-{r['version']}-{r['build']}.conda": r for r in records}


universes = st.lists(
    st.builds(a_record, names, versions, st.sampled_from("01"), needs), max_size=16
).map(named)


def records(packages: Packages) -> list[PackageRecord]:
    return [PackageRecord.from_json(document, fn=fn) for fn, document in packages.items()]


def readable(text: str) -> bool:
    return "bad" not in text


@given(universes)
def test_every_name_keeps_all_builds_of_its_newest_version(packages: Packages) -> None:
    kept = current_packages(packages)

    for record in records(packages):
        others = [each for each in records(packages) if each.name == record.name]
        newest = max(Version.parse(each.version) for each in others)
        if Version.parse(record.version) == newest:
            assert record.fn in kept


@given(universes)
def test_a_dependency_that_the_whole_list_meets_is_met_by_the_short_one(
    packages: Packages,
) -> None:
    kept = records({fn: dict(each) for fn, each in current_packages(packages).items()})

    for record in kept:
        for text in filter(readable, record.depends):
            spec = MatchSpec.parse(text)
            if any(spec.matches(each) for each in records(packages)):
                assert any(spec.matches(each) for each in kept), (record.fn, text)


@given(universes)
def test_nothing_is_in_the_short_list_that_is_not_in_the_whole_one(packages: Packages) -> None:
    assert current_packages(packages).items() <= packages.items()
