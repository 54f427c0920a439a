"""What is made of repodata.json, good and bad."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xconda_core.models.package_record import PackageRecord
from xconda_core.repodata.documents import RepodataDocument, parse_repodata
from xconda_core.repodata.not_repodata import NotRepodata, RepodataTooNew
from xconda_core.repodata.published import Folder
from xconda_core.repodata.zstd import decompressed

FOLDER = Folder("forge", "https://host/forge", "linux-64")
URL = FOLDER.url + "repodata.json"


def a_record(name: str = "numpy", **fields: object) -> dict[str, object]:
    record: dict[str, object] = {"name": name, "version": "1.0", "build": "0", "build_number": 0}
    return record | {"depends": [], "subdir": "linux-64", "size": 10} | fields


def parsed(document: Any, only_tar_bz2: bool = False) -> tuple[RepodataDocument, list[str]]:
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    dropped: list[str] = []
    found = parse_repodata(content, URL, FOLDER, only_tar_bz2, lambda fn, why: dropped.append(fn))
    return found, dropped


def records(document: Any, name: str = "numpy", **options: bool) -> dict[str, PackageRecord]:
    found, _ = parsed(document, **options)
    rows = found.rows(name, lambda fn, why: None)
    return {fn: rows.record(at) for at, fn in enumerate(rows.fns)}


def left_out(document: Any, name: str = "numpy") -> dict[str, str]:
    reasons: dict[str, str] = {}
    found, unnamed = parsed(document)
    found.rows(name, reasons.__setitem__)
    return reasons | dict.fromkeys(unnamed, "unnamed")


def test_records_are_found_by_name_in_both_maps() -> None:
    document = {
        "packages": {"numpy-1.0-0.tar.bz2": a_record()},
        "packages.conda": {"zlib-1-0.conda": a_record("zlib"), "numpy-2.0-0.conda": a_record()},
    }
    assert set(parsed(document)[0].names()) == {"numpy", "zlib"}
    assert set(records(document)) == {"numpy-1.0-0.tar.bz2", "numpy-2.0-0.conda"}


def test_the_archive_in_the_old_format_is_left_out_where_the_new_one_is_there() -> None:
    document = {
        "packages": {"numpy-1.0-0.tar.bz2": a_record()},
        "packages.conda": {"numpy-1.0-0.conda": a_record()},
    }
    assert set(records(document)) == {"numpy-1.0-0.conda"}
    assert set(records(document, only_tar_bz2=True)) == {"numpy-1.0-0.tar.bz2"}


def test_the_old_format_stays_where_the_record_of_the_new_one_is_bad() -> None:
    document = {
        "packages": {"numpy-1.0-0.tar.bz2": a_record()},
        "packages.conda": {"numpy-1.0-0.conda": a_record(size="big")},
    }
    assert set(records(document)) == {"numpy-1.0-0.tar.bz2"}


def test_a_removed_archive_is_not_offered() -> None:
    document = {"packages": {"numpy-1.0-0.tar.bz2": a_record()}, "removed": ["numpy-1.0-0.tar.bz2"]}
    assert records(document) == {}


def test_a_record_says_where_it_was_found_whatever_it_says_itself() -> None:
    lie = a_record(channel="evil", url="http://evil/x", fn="evil.conda", subdir="win-64", extra=1)
    record = records({"packages.conda": {"numpy-1.0-0.conda": lie}})["numpy-1.0-0.conda"]
    assert record.channel == "https://host/forge"
    assert record.url == "https://host/forge/linux-64/numpy-1.0-0.conda"
    assert (record.fn, record.subdir) == ("numpy-1.0-0.conda", "linux-64")
    assert record.extra == {"extra": 1}


def test_an_epoch_is_kept_in_the_address_and_a_space_is_not() -> None:
    epoch, space = "numpy-1!1.0-0.conda", "numpy-1 0-0.conda"
    found = records({"packages.conda": {epoch: a_record(version="1!1.0"), space: a_record()}})
    assert found[epoch].url.endswith("/numpy-1!1.0-0.conda")
    assert found[space].url.endswith("/numpy-1%200-0.conda")


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        ("https://cdn/x/linux-64", "https://cdn/x/linux-64/"),
        ("https://me:secret@cdn/x/", "https://cdn/x/"),
        ("../../files/", "https://host/files/"),
        ("", FOLDER.url),
        (None, FOLDER.url),
        (7, FOLDER.url),
    ],
)
def test_archives_may_lie_elsewhere(base_url: object, expected: str) -> None:
    document = {
        "info": {"base_url": base_url},
        "packages.conda": {"numpy-1.0-0.conda": a_record()},
    }
    assert records(document)["numpy-1.0-0.conda"].url == f"{expected}numpy-1.0-0.conda"


@pytest.mark.parametrize(
    "bad",
    [
        a_record(version=""),
        a_record(version=7),
        a_record(build_number="x"),
        a_record(build_number=-1),
        a_record(depends=None),
        a_record(depends="python"),
        a_record(depends=[1]),
        a_record(size="10"),
        a_record(size=-1),
        a_record(size=1.5),
        a_record(timestamp="now"),
        a_record(build="a/b"),
        a_record(build="..\\..\\x"),
        a_record(build="0 1"),
        a_record(version=" "),
        a_record(md5=3),
        a_record(noarch="perhaps"),
        a_record(license=["MIT"]),
        {"name": "numpy"},
        None,
        "x",
        [],
        {"version": "1.0"},
    ],
)
def test_a_bad_record_is_left_out_and_named_and_the_rest_lives(bad: object) -> None:
    document = {"packages.conda": {"numpy-2-0.conda": a_record(), "bad-1.0-0.conda": bad}}
    assert set(records(document)) == {"numpy-2-0.conda"}
    assert set(left_out(document)) == {"bad-1.0-0.conda"}


@pytest.mark.parametrize("name", ["NumPy", "num py", "..", "numpy[x]"])
def test_a_name_that_no_spec_can_say_is_left_out(name: str) -> None:
    document = {"packages.conda": {"x-1.0-0.conda": a_record(name)}}
    assert set(left_out(document, name)) == {"x-1.0-0.conda"}


@pytest.mark.parametrize("fn", ["../numpy-1.0-0.conda", "a\\b.conda", "numpy-1.0-0.exe"])
def test_a_file_name_that_could_leave_its_folder_is_left_out(fn: str) -> None:
    assert set(left_out({"packages.conda": {fn: a_record()}})) == {fn}


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><html>log in</html>",
        b"[]",
        b'"x"',
        b"{",
        b"\xff\xfe",
        b'{"packages": []}',
        b'{"packages":{"a-1-0.conda":{"name":"a","build_number":NaN}}}',
        b'{"packages":' + b"[" * 100_000,
        b"",
    ],
)
def test_what_is_not_repodata_is_refused_with_its_address(content: bytes) -> None:
    with pytest.raises(NotRepodata) as failure:
        parsed(content)
    assert URL in str(failure.value)


def test_records_of_the_third_revision_go_before_those_for_older_tools() -> None:
    newer = a_record(depends=["zlib[when=__unix]"], indexed_timestamp=1)
    document = {
        "repodata_version": 1,
        "packages.conda": {"numpy-1.0-0.conda": a_record(), "numpy-2.0-0.conda": a_record()},
        "v3": {"conda": {"numpy-2.0-0": newer}, "tar.bz2": {"numpy-3.0-0": a_record()}},
    }
    found = records(document)
    assert set(found) == {"numpy-1.0-0.conda", "numpy-2.0-0.conda", "numpy-3.0-0.tar.bz2"}
    assert found["numpy-2.0-0.conda"].depends == ("zlib[when=__unix]",)
    assert found["numpy-2.0-0.conda"].url == FOLDER.url + "numpy-2.0-0.conda"
    assert set(records(document, only_tar_bz2=True)) == {"numpy-3.0-0.tar.bz2"}


def test_what_is_removed_is_removed_from_the_third_revision_too() -> None:
    third = {"conda": {"numpy-2.0-0": a_record()}, "whl": {"numpy-2.0-py3-none-any": a_record()}}
    removed = ["numpy-2.0-0.conda", 7, "numpy-2.0-py3-none-any.whl"]
    found, _ = parsed({"v3": third, "removed": removed})
    assert set(found.names()) == set()


def test_wheels_are_known_and_not_offered() -> None:
    third = {"whl": {"numpy-2.0-py3-none-any": a_record()}, "exotic": {"rare-1": a_record("rare")}}
    found, dropped = parsed({"v3": third})
    assert set(found.names()) == {"numpy", "rare"}
    assert len(found.rows("numpy", lambda fn, why: None)) == 0
    assert list(found.others("numpy")) == ["numpy-2.0-py3-none-any.whl"]
    assert dropped == []


@pytest.mark.parametrize("third", [[], 7, {"conda": []}, {"conda": 1}, "x"])
def test_a_third_revision_that_is_none_is_named_and_the_rest_lives(third: object) -> None:
    document = {"packages.conda": {"numpy-1.0-0.conda": a_record()}, "v3": third}
    assert set(records(document)) == {"numpy-1.0-0.conda"}
    assert parsed(document)[1] == ["v3"]


@pytest.mark.parametrize("place", ["top", "info"])
def test_a_document_of_a_later_version_asks_for_a_later_xconda(place: str) -> None:
    document = {"packages": {}, "repodata_version": 1, "info": {"repodata_version": 2}}
    parsed(document)
    if place == "top":
        document["repodata_version"] = 3
    else:
        document["info"] = {"repodata_version": 3}
    with pytest.raises(RepodataTooNew, match=r"version 3; this xconda reads up to 2") as raised:
        parsed(document)
    assert URL in raised.value.what
    assert "update xconda" in raised.value.fix


def test_revisions_that_are_not_known_are_named_where_they_have_packages() -> None:
    revisions = {
        "v3": {"n_packages": 1},
        "v4": {"n_packages": 0},
        "v5": {"n_packages": 7, "message": "Get\n\x1b[31mthe new one\x1b[0m"},
        "v12": {"n_packages": None, "message": None},
        "x9": {},
        "v²": {},
        "v6": 3,
    }
    content = json.dumps({"info": {"repodata_revisions": revisions}}).encode()
    left_out: dict[str, str] = {}
    parse_repodata(content, URL, FOLDER, False, left_out.__setitem__)
    assert left_out == {
        "v5": "7 packages that only a newer xconda can read; the channel says: "
        "Get [31mthe new one[0m",
        "v12": "packages that only a newer xconda can read",
    }
    assert parsed({"info": {"repodata_revisions": ["v4"]}})[1] == []


@pytest.mark.parametrize("base_url", ["http://[", "file:///etc", "ftp://host/x", "javascript:1"])
def test_archives_cannot_lie_where_a_channel_of_the_web_has_no_say(base_url: str) -> None:
    with pytest.raises(NotRepodata, match=r"base_url|IPv6") as raised:
        parsed({"info": {"base_url": base_url}})
    assert raised.value.url == URL


def test_unknown_keys_and_nulls_are_no_harm() -> None:
    document = {"v3": {"x": [1]}, "signatures": {}, "info": None, "packages": None, "removed": None}
    assert list(parsed(document)[0].names()) == []


def test_pretty_printed_repodata_is_the_same_repodata() -> None:
    document = {"info": {}, "packages.conda": {"numpy-1.0-0.conda": a_record()}}
    assert records(json.dumps(document, indent=2).encode()) == records(document)


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
some_records = st.dictionaries(
    st.sampled_from([*a_record(), "md5", "track_features", "noarch", "features"]), anything
)


@settings(deadline=None)
@given(fields=some_records)
def test_no_record_however_odd_does_more_than_be_left_out(fields: dict[str, Any]) -> None:
    odd = a_record() | fields | {"name": "numpy"}
    document = {"packages.conda": {"numpy-1.0-0.conda": odd, "numpy-2-0.conda": a_record()}}
    found = records(document)
    assert "numpy-2-0.conda" in found
    assert set(left_out(document)) | set(found) == {"numpy-1.0-0.conda", "numpy-2-0.conda"}


@settings(deadline=None)
@given(content=st.binary(max_size=200))
def test_no_bytes_however_odd_are_more_than_refused(content: bytes) -> None:
    with suppress(NotRepodata):
        assert parsed(content) is not None
    with suppress(ValueError):
        assert len(decompressed(b"\x28\xb5\x2f\xfd" + content, 1000)) <= 1000
