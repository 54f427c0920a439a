"""Versions, specs and records beside py-rattler, on what channels and environments really hold."""

import json
import random
from collections.abc import Iterator
from itertools import cycle, islice, product
from pathlib import Path
from tempfile import TemporaryDirectory

import rattler

from tests.benchmarks.measure import Comparison, compare
from tests.models import conda_meta
from xconda_core.models import match_spec, version_spec
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import InvalidRecord, PackageRecord
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.models.version import Version

CORPUS = Path(__file__).parents[2].parent / "shared" / "data" / "corpus"
MANY = 100_000
SIDE = 1000  # of the square of specs and records
INSTALLED = 400


def comparisons() -> Iterator[Comparison]:
    """Yield one comparison after the other."""
    yield from _versions()
    yield from _specs()
    yield _environment()


def _versions() -> Iterator[Comparison]:
    corpus = (CORPUS / "real_version_strings.txt").read_text().split()
    texts = list(islice(cycle(corpus), MANY))
    yield compare(
        f"parse {MANY:,} versions",
        lambda: [Version.parse(text) for text in texts],
        lambda: [rattler.Version(text) for text in texts],
    )
    choose = random.Random(33)
    choose.shuffle(texts)
    ours, theirs = [Version.parse(text) for text in texts], [rattler.Version(t) for t in texts]
    yield compare(
        f"compare {MANY:,} pairs of versions",
        lambda: [one < other for one, other in zip(ours, reversed(ours), strict=True)],
        lambda: [one < other for one, other in zip(theirs, reversed(theirs), strict=True)],
    )
    yield compare(f"sort {MANY:,} versions", lambda: sorted(ours), lambda: sorted(theirs))


def _specs() -> Iterator[Comparison]:
    seen = json.loads((CORPUS / "matchspecs_seen.json").read_text())
    counted = (*seen["depends"], *seen["constrains"])
    texts = [text for text in dict(counted) if _is_read_by_both(text)]
    yield compare(
        f"parse {len(texts):,} different specs",
        lambda: [MatchSpec.parse(text) for text in texts],
        lambda: [rattler.MatchSpec(text) for text in texts],
        before=_forget,
    )
    chosen = random.Random(29).sample(texts, SIDE)
    names = [MatchSpec.parse(text).name for text in chosen]
    records = [_a_record(name, number) for number, name in enumerate(names)]
    ours = list(product([MatchSpec.parse(text) for text in chosen], records))
    peers = [_rattlers(record) for record in records]
    theirs = list(product([rattler.MatchSpec(text) for text in chosen], peers))
    yield compare(
        f"match {len(ours):,} pairs of spec and record, mostly of different names",
        lambda: [spec.matches(record) for spec, record in ours],
        lambda: [spec.matches(record) for spec, record in theirs],
        rounds=3,
    )
    same = [(MatchSpec.parse(text), rattler.MatchSpec(text)) for text in chosen]
    fitting = [_a_record(name, number) for name, number in product(names, range(100))]
    parsed = [Version.parse(record.version) for record in fitting]
    rows = [
        (same[i // 100], record, version)
        for i, (record, version) in enumerate(zip(fitting, parsed, strict=True))
    ] * 10
    peer_rows = [
        (pair[1], peer)
        for pair, peer in zip(
            (row[0] for row in rows), [_rattlers(record) for record in fitting] * 10, strict=True
        )
    ]
    yield compare(
        f"match {len(rows):,} pairs of one name, as the solver asks",
        lambda: [
            pair[0].matches_parts(record.name, version, record.build, record.build_number)
            for pair, record, version in rows
        ],
        lambda: [spec.matches(record) for spec, record in peer_rows],
        rounds=3,
    )


def _environment() -> Comparison:
    contents = [content for _name, content in conda_meta.documents() if _is_whole(content)]
    contents = list(islice(cycle(contents), INSTALLED))
    with TemporaryDirectory() as folder:
        paths = []
        for number, content in enumerate(contents):
            record = PrefixRecord.read(content).record
            path = Path(folder, str(number), f"{record.dist_name}.json")
            path.parent.mkdir()
            path.write_bytes(content)
            paths.append(path)
        return compare(
            f"read the conda-meta of {INSTALLED} packages",
            lambda: [PrefixRecord.read(path.read_bytes()) for path in paths],
            lambda: [rattler.PrefixRecord.from_path(path) for path in paths],
        )


def _forget() -> None:
    """Empty what parsing remembers of clauses, so that each round reads every text anew."""
    for remembering in (match_spec._version, match_spec._build, version_spec._condition):
        remembering.cache_clear()


def _is_read_by_both(text: str) -> bool:
    try:
        rattler.MatchSpec(text)
    except Exception:
        return False
    return True


def _is_whole(content: bytes) -> bool:
    try:
        PrefixRecord.read(content)
    except InvalidRecord:
        return False
    return True


def _a_record(name: str, number: int) -> PackageRecord:
    version = f"{number % 7}.{number % 23}.{number % 5}"
    return PackageRecord(name=name, version=version, build=f"py312h{number}_0", subdir="linux-64")


def _rattlers(record: PackageRecord) -> rattler.PackageRecord:
    return rattler.PackageRecord(
        name=record.name,
        version=record.version,
        build=rattler.BuildString(record.build),
        build_number=0,
        subdir=record.subdir,
    )
