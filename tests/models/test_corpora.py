"""Real version strings, real dependencies, and what an independent implementation says of them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.version import Version

CORPUS = Path(__file__).parents[2].parent / "shared" / "data" / "corpus"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpora are not here"),
]


def test_every_version_string_that_was_ever_published_is_read() -> None:
    texts = (CORPUS / "real_version_strings.txt").read_text().split()
    versions = [Version.parse(text) for text in texts]
    assert len(versions) == 28_530
    assert [str(version) for version in versions] == texts


def test_real_versions_stand_in_the_order_that_rattler_gives_them() -> None:
    corpus = json.loads((CORPUS / "versions_sorted.json").read_text())
    groups = corpus["ascending_groups_of_equal_versions"]
    assert sum(len(group) for group in groups) == 9_176
    keys = [{Version.parse(text).key for text in group} for group in groups]
    assert [group for group, its in zip(groups, keys, strict=True) if len(its) > 1] == []
    ascending = [min(its) for its in keys]
    assert ascending == sorted(set(ascending))


def test_real_specs_match_the_records_that_rattler_matches() -> None:
    truth = json.loads((CORPUS / "matchspec_truth.json").read_text())["cases"]
    answers = [
        (text, dist, expected, MatchSpec.parse(text).matches(record_of(dist)))
        for text, records in truth
        for dist, expected in records
    ]
    assert len(answers) == 27_799
    assert [answer for answer in answers if answer[2] is not answer[3]] == []


def test_every_dependency_ever_seen_is_read_and_printed_faithfully() -> None:
    specs = [MatchSpec.parse(text) for text in dependencies()]
    assert len(specs) == 19_388
    assert [spec for spec in specs if MatchSpec.parse(str(spec)) != spec] == []


def dependencies() -> Iterator[str]:
    seen = json.loads((CORPUS / "matchspecs_seen.json").read_text())
    for counted in seen.values():
        yield from (text for text, _count in counted)


def record_of(dist: str) -> PackageRecord:
    name, version, build = dist.rsplit("-", 2)
    return PackageRecord(name=name, version=version, build=build)
