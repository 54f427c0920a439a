"""Package lists that are brought up to date by patches, from a real server with ranges."""

import json
from hashlib import blake2b
from itertools import pairwise
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.repodata.forms import ListForms, ListRules
from xconda_core.repodata.jlap import BrokenPatches, Position, digest, parse_patches, patched
from xconda_core.repodata.patching import newest

Bench = Any  # the bench of conftest
START = bytes(range(32)).hex()
PATCHES = "/linux-64/repodata.jlap"


def a_list(*versions: str, indent: int | None = None) -> bytes:
    """Return a list of numpy in some versions, written as conda-index does."""
    records = {
        f"numpy-{version}-0.conda": {
            "name": "numpy", "version": version, "build": "0", "build_number": 0, "depends": [],
        }
        for version in versions
    }  # fmt: skip
    document = {"info": {"subdir": "linux-64"}, "packages": {}, "packages.conda": records}
    separators = (",", ": ") if indent else (",", ":")
    return json.dumps(document, sort_keys=True, indent=indent, separators=separators).encode()


def a_step(before: bytes, after: bytes) -> bytes:
    """Return the patch that leads from one list of numpy to the next."""
    old, new = (json.loads(each)["packages.conda"] for each in (before, after))
    operations = [{"op": "remove", "path": f"/packages.conda/{fn}"} for fn in old.keys() - new]
    operations += [
        {"op": "add", "path": f"/packages.conda/{fn}", "value": new[fn]} for fn in new.keys() - old
    ]
    step = {"from": digest(before), "to": digest(after), "patch": operations}
    return json.dumps(step).encode()


def patches(*lists: bytes, start: str = START) -> bytes:
    """Return the file of patches that lead from each list to the next."""
    lines = [a_step(*pair) for pair in pairwise(lists)]
    lines.append(json.dumps({"url": "repodata.json", "latest": digest(lists[-1])}).encode())
    key = bytes.fromhex(start)
    for line in lines:
        key = blake2b(line, key=key, digest_size=32).digest()
    return b"\n".join([start.encode(), *lines, key.hex().encode()])


@pytest.mark.parametrize("indent", [None, 2, 4])
def test_patches_lead_to_the_very_bytes_of_the_newest_list(indent: int | None) -> None:
    lists = [a_list(*versions, indent=indent) for versions in (["1.0"], ["1.0", "2.0"], ["2.0"])]
    said = parse_patches(patches(*lists), Position())
    assert [patched(each, said) for each in lists] == [lists[-1]] * 3


def test_what_was_added_is_read_from_where_it_begins() -> None:
    lists = [a_list("1.0"), a_list("2.0"), a_list("3.0")]
    whole = patches(*lists)
    before = parse_patches(patches(*lists[:2]), Position())
    after = parse_patches(whole[before.position.offset :], before.position)
    assert [step.after for step in after.steps] == [digest(lists[2])]
    assert after.position == parse_patches(whole, Position()).position
    assert patched(lists[1], after) == lists[2]


def test_a_list_that_no_patch_is_for_is_refused() -> None:
    said = parse_patches(patches(a_list("1.0"), a_list("2.0")), Position())
    with pytest.raises(BrokenPatches, match="no patch for this list"):
        patched(a_list("9.0"), said)


def test_a_patch_that_leads_elsewhere_is_refused() -> None:
    one, two = a_list("1.0"), a_list("2.0")
    said = parse_patches(patches(one, two), Position())
    (step,) = said.steps
    for operations in ([], [{"op": "remove", "path": "/nothing"}], [{"op": "add"}], 7, None):
        with pytest.raises(BrokenPatches):
            patched(one, said._replace(steps=[step._replace(operations=operations)]))


@given(st.binary(max_size=60), st.integers(0, 400))
def test_a_file_that_was_changed_anywhere_is_refused(noise: bytes, place: int) -> None:
    whole = patches(a_list("1.0"), a_list("2.0"))
    changed = whole[:place] + noise + whole[place + len(noise) :]
    if changed.rstrip(b"\n") == whole:
        return
    with pytest.raises(BrokenPatches):
        parse_patches(changed, Position())


def put(bench: Bench, content: bytes, history: bytes | None, *, compressed: bool = False) -> None:
    folder = bench.folder / "linux-64"
    folder.mkdir(exist_ok=True)
    (folder / "repodata.json").write_bytes(content)
    if compressed:
        (folder / "repodata.json.zst").write_bytes(zstandard.compress(content))
    if history is not None:
        (folder / "repodata.jlap").write_bytes(history)


def versions(bench: Bench) -> list[str]:
    """Return the versions of numpy, an hour after the last time."""
    bench.now += 3600
    index = bench.load(rules=ListRules(ListForms(), patcher=newest))
    return list(index.candidates("numpy").versions)


def asked(bench: Bench) -> list[str]:
    return [each for each in bench.asked() if "/linux-64/" in each and "shards" not in each]


@pytest.mark.parametrize("compressed", [True, False])
def test_only_patches_travel_and_of_those_only_the_new_ones(bench: Bench, compressed: bool) -> None:
    lists = [a_list("1.0"), a_list("1.0", "2.0"), a_list("2.0"), a_list("2.0", "3.0")]
    put(bench, lists[0], patches(lists[0]), compressed=compressed)
    assert versions(bench) == ["1.0"]
    bench.asked()
    put(bench, lists[1], patches(*lists[:2]), compressed=compressed)
    assert versions(bench) == ["2.0", "1.0"]
    assert asked(bench) == [f"200 {PATCHES}"]
    put(bench, lists[3], patches(*lists), compressed=compressed)
    assert versions(bench) == ["3.0", "2.0"]
    assert versions(bench) == ["3.0", "2.0"]
    assert asked(bench) == [f"206 {PATCHES}"] * 2


def test_a_file_of_patches_that_was_begun_anew_is_read_from_its_beginning(bench: Bench) -> None:
    lists = [a_list("1.0"), a_list("2.0"), a_list("3.0"), a_list("4.0")]
    put(bench, lists[0], patches(*lists[:1]))
    versions(bench)
    put(bench, lists[1], patches(*lists[:2]))
    versions(bench)
    bench.asked()
    put(bench, lists[2], patches(*lists[1:3], start=START[::-1]))
    assert versions(bench) == ["3.0"]
    said = asked(bench)
    assert said == [f"200 {PATCHES}", f"206 {PATCHES}"]


@pytest.mark.parametrize("damage", ["cut", "elsewhere", "web page", "gone"])
def test_where_patches_are_of_no_use_the_whole_list_comes(bench: Bench, damage: str) -> None:
    one, two = a_list("1.0"), a_list("2.0")
    put(bench, one, patches(one))
    assert versions(bench) == ["1.0"]
    history = {
        "cut": patches(one, two)[:-10],
        "elsewhere": patches(a_list("0.5"), two),
        "web page": b"<html>",
        "gone": b"",
    }[damage]
    put(bench, two, history)
    if damage == "gone":
        (bench.folder / "linux-64" / "repodata.jlap").unlink()
    assert versions(bench) == ["2.0"]
    assert versions(bench) == ["2.0"]
    assert bench.notices() == []


def test_a_server_without_patches_is_not_asked_for_them_again_for_a_day(bench: Bench) -> None:
    put(bench, a_list("1.0"), None)
    for _ in range(3):
        versions(bench)
    assert len([each for each in asked(bench) if each == f"404 {PATCHES}"]) == 1
