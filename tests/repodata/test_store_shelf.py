"""A document is read whole once; what is found damaged later is read from the document again."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from xconda_core.errors import Json
from xconda_core.repodata.documents import RepodataDocument, parse_repodata
from xconda_core.repodata.published import Folder
from xconda_core.repodata.store_shelf import Shelves

FOLDER = Folder("demo", "https://channels.example/demo", "linux-64")
Bench = Any  # the bench of conftest
Record = Callable[..., tuple[str, dict[str, Json]]]


def a_document() -> RepodataDocument:
    packages = {
        f"{name}-{version}-0.conda": {
            "name": name,
            "version": version,
            "build": "0",
            "build_number": 0,
            "depends": ['quoted "c"', "b"],
        }
        for name in ("a", "b", "long-name")
        for version in ("1.0", "2.0")
    }
    wheel = {"name": "w", "version": "1", "build": "0", "build_number": 0}
    document = {
        "info": {"base_url": "https://files.example/", "channel_relations": {"base": "../main"}},
        "packages.conda": packages,
        "v3": {"whl": {"w-1-0": wheel, "a-1-0": wheel | {"name": "a"}}},
    }
    return parse_repodata(json.dumps(document).encode(), "", FOLDER, False, _refuse)


def contents(records: Any) -> object:
    """Return everything that a folder says."""
    rows = {}
    for name in records.names():
        found = records.rows(name, _refuse)
        whole = [found.record(at) for at in range(len(found))]
        rows[name] = found.fns, found.listings, found.depends, found.constrains, whole
    others = {name: tuple(records.others(name)) for name in records.names()}
    marks = {name: records.mark(name) for name in (*records.names(), "absent")}
    return rows, others, marks, records.relations, records.archives_url


def test_what_is_on_the_shelf_is_what_the_document_says(tmp_path: Path) -> None:
    document = a_document()
    Shelves(tmp_path).put("1", document, [("fn", "why")])
    shelved = Shelves(tmp_path).open(FOLDER, "1", _unread)
    assert shelved is not None
    assert contents(shelved) == contents(document)
    assert shelved.left_out == [("fn", "why")]
    assert "absent" not in shelved
    assert len(shelved.rows("absent", _refuse)) == 0


def test_another_document_finds_nothing(tmp_path: Path) -> None:
    Shelves(tmp_path).put("1", a_document(), [])
    other = Folder("demo", FOLDER.channel_url, "noarch")
    assert Shelves(tmp_path).open(FOLDER, "2", _unread) is None
    assert Shelves(tmp_path).open(other, "1", _unread) is None


def test_damage_anywhere_is_never_believed(tmp_path: Path) -> None:
    document = a_document()
    wanted = contents(document)
    Shelves(tmp_path).put("1", document, [])
    (path,) = tmp_path.iterdir()
    whole, random = path.read_bytes(), Random(3)
    for at in random.sample(range(len(whole)), 300):
        path.write_bytes(
            whole[:at] + bytes([whole[at] ^ 1 << random.randrange(8)]) + whole[at + 1 :]
        )
        shelved = Shelves(tmp_path).open(FOLDER, "1", a_document)
        assert shelved is None or contents(shelved) == wanted
        assert shelved is None or not path.exists()


@pytest.mark.parametrize("form", ["zst", "json"])
def test_a_list_is_read_whole_once(bench: Bench, record: Record, form: str) -> None:
    bench.publish(form, linux_64=[record("numpy")])
    bench.load()
    for path in bench.cache.glob(f"*-*.{form}"):
        path.write_bytes(b"x" * path.stat().st_size)
    assert _versions(bench) == ["1.0"]


def test_what_is_damaged_on_the_shelf_is_read_from_the_list(bench: Bench, record: Record) -> None:
    bench.publish("json", linux_64=[record("numpy")])
    bench.load()
    for path in bench.cache.glob("index/*.shelf"):
        content = bytearray(path.read_bytes())
        content[70] ^= 1
        path.write_bytes(content)
    assert _versions(bench) == ["1.0"]


def test_a_list_on_this_machine_that_has_changed_is_read_again(
    bench: Bench, record: Record
) -> None:
    for seconds, version in ((100, "1.0"), (50, "2.0"), (0, "3.0"), (0, "4.0")):
        bench.publish("json", linux_64=[record("numpy", version)])
        for path in bench.folder.glob("*/repodata.json"):
            os.utime(path, ns=(path.stat().st_mtime_ns - seconds * 10**9,) * 2)
        for _ in range(2):
            assert _versions(bench, bench.folder.as_uri()) == [version]


def _versions(bench: Bench, *channels: str) -> list[str]:
    found = bench.load(*channels).candidates("numpy")
    return list(found.versions) if found else []


def _refuse(fn: str, why: str) -> None:
    raise AssertionError(f"{fn}: {why}")


def _unread() -> RepodataDocument:
    raise AssertionError("nothing is damaged")
