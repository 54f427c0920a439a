"""``run_exports.json`` of channels that are served: good ones, hostile ones, none."""

import json
from pathlib import Path
from typing import Any

import pytest
import zstandard

from xconda_core.cancel import CancelToken
from xconda_core.events import Noticed
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.run_exports import RunExports
from xconda_core.net.connection import Connection
from xconda_core.net.session import RequestsFetcher
from xconda_core.repodata.cache import DocumentCache
from xconda_core.repodata.kept_document import DocumentTerms
from xconda_core.repodata.run_exports import NotRunExports, parse_run_exports, run_exports_of

Bench = Any  # the bench of conftest
URL = "https://host/forge/noarch/run_exports.json"
NUMPY = {"weak": ["numpy >=1.19"], "strong_constrains": ["blas *=openblas"]}


def published(**entries: object) -> dict[str, object]:
    """Return a document that says ``entries`` of the archives of these names."""
    archives = {f"{name}-1.0-0.conda": {"run_exports": said} for name, said in entries.items()}
    return {
        "info": {"subdir": "linux-64", "version": 1},
        "packages": {},
        "packages.conda": archives,
    }


def ask(bench: Bench, *names: str, as_kept: bool = False) -> dict[str, RunExports]:
    """Return the run exports of packages of the bench's channel, by name."""
    terms = DocumentTerms(
        fetcher=RequestsFetcher(Connection(wait=lambda seconds: None, max_retries=0)),
        cache=DocumentCache(bench.cache),
        ttl=1,
        as_kept=as_kept,
        cancel=CancelToken(),
        clock=lambda: bench.now,
    )
    index = bench.load()
    records: list[PackageRecord] = [index.candidates(name).record(0) for name in names]
    bench.asked()
    found = run_exports_of(records, terms, bench.events.append)
    return {record.name: found[record.url] for record in records if record.url in found}


def put(bench: Bench, document: object, *, compressed: bool = False) -> Path:
    content = json.dumps(document).encode()
    name = "run_exports.json" + (".zst" if compressed else "")
    path: Path = bench.folder / "linux-64" / name
    path.write_bytes(zstandard.compress(content) if compressed else content)
    return path


@pytest.fixture(autouse=True)
def channel(bench: Bench, record: Any) -> None:
    bench.publish(linux_64=[record("numpy"), record("zlib")])


@pytest.mark.parametrize("compressed", [True, False])
def test_what_a_channel_says_is_told_of_the_archives_asked_for(
    bench: Bench, compressed: bool
) -> None:
    put(bench, published(numpy=NUMPY, zlib={}), compressed=compressed)
    assert ask(bench, "numpy", "zlib") == {
        "numpy": RunExports(weak=("numpy >=1.19",), strong_constrains=("blas *=openblas",)),
        "zlib": RunExports(),
    }


def test_what_a_shard_says_needs_no_list(bench: Bench, record: Any) -> None:
    bench.publish(
        "shards",
        linux_64=[record("numpy", run_exports=NUMPY), record("zlib", run_exports={"weak": 7})],
    )
    assert ask(bench, "numpy") == {
        "numpy": RunExports(weak=("numpy >=1.19",), strong_constrains=("blas *=openblas",))
    }
    assert bench.asked() == []
    put(bench, published(numpy={}, zlib=["zlib >=1"]))
    assert ask(bench, "numpy", "zlib")["numpy"].weak == ("numpy >=1.19",)
    assert ask(bench, "zlib") == {"zlib": RunExports(weak=("zlib >=1",))}


def test_it_is_kept_confirmed_and_fetched_anew_when_it_changed(bench: Bench) -> None:
    put(bench, published(numpy=NUMPY))
    path = "/linux-64/run_exports.json"
    ask(bench, "numpy")
    assert bench.asked() == [f"200 {path}", f"404 {path}.zst"]
    ask(bench, "numpy")
    assert bench.asked() == []
    bench.now += 3600
    ask(bench, "numpy")
    assert f"304 {path}" in bench.asked()
    bench.now += 3600
    put(bench, published(numpy={"weak": ["numpy >=2"]}))
    assert ask(bench, "numpy")["numpy"] == RunExports(weak=("numpy >=2",))
    bench.now += 3600
    ask(bench, "numpy", as_kept=True)
    assert bench.asked() == []


def test_a_channel_that_says_nothing_is_no_failure(bench: Bench) -> None:
    assert ask(bench, "numpy") == {}
    assert ask(bench, "numpy", as_kept=True) == {}
    assert bench.notices() == []


def test_an_entry_that_is_none_is_named_and_the_rest_lives(bench: Bench) -> None:
    put(bench, published(numpy={"weak": 7}, zlib=["zlib >=1"]))
    assert ask(bench, "numpy", "zlib") == {"zlib": RunExports(weak=("zlib >=1",))}
    (notice,) = bench.notices()
    assert "numpy-1.0-0.conda" in notice
    assert "weak must be a list of texts" in notice


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>login</html>", b"[]", b'{"packages": 1}', b"[" * 100_000, b"\xff\xfe"],
    ids=["nothing", "a web page", "a list", "no archives", "too deep", "no text"],
)
def test_a_document_that_is_something_else_is_named_and_nothing_breaks(
    bench: Bench, content: bytes
) -> None:
    put(bench, {}).write_bytes(content)
    assert ask(bench, "numpy") == {}
    notices = [event for event in bench.events if isinstance(event, Noticed)]
    assert [each.level for each in notices] == ["warning"]
    assert "run exports are not known" in notices[0].text


def test_a_few_bytes_that_claim_to_be_gigabytes_are_refused() -> None:
    bomb = zstandard.compress(b"0" * 1000, 1)
    content = bomb[:4] + b"\xe0" + (1 << 40).to_bytes(8, "little") + bomb[7:]
    with pytest.raises(NotRunExports, match="is not a list of run exports"):
        parse_run_exports(content, URL)
