"""What a prefix says about an installed package: read from any tool, written for all of them."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.models import conda_meta
from tests.models.record_strategies import LEAST, documents
from xconda_core.errors import Json
from xconda_core.models.package_paths import InstalledPath
from xconda_core.models.package_record import InvalidRecord
from xconda_core.models.prefix_record import PrefixRecord

# One of the real documents ends in the middle of a word.
CUT_OFF = "rattler-test-data/requests-2.28.2-pyhd8ed1ab_0.json"

texts = st.text(max_size=8)
told = texts.filter(lambda text: text != "None")  # with which conda says that there is nothing
digests = st.sampled_from(["0a" * 32, "ff" * 32])
paths = st.fixed_dictionaries(
    {"_path": texts, "path_type": st.sampled_from(["hardlink", "softlink", "pyc_file"])},
    optional={
        "sha256": digests,
        "sha256_in_prefix": digests,
        "size_in_bytes": st.integers(0, 10**12),
        "prefix_placeholder": texts,
        "file_mode": st.sampled_from(["text", "binary"]),
        "no_link": st.just(True),
    },
)
installed = st.builds(
    dict.__or__,
    documents,
    st.fixed_dictionaries(
        {},
        optional={
            "files": st.lists(texts, max_size=3),
            "paths_data": st.fixed_dictionaries(
                {"paths": st.lists(paths, max_size=3), "paths_version": st.just(1)}
            ),
            "link": st.fixed_dictionaries({"source": told, "type": st.integers(1, 4)}),
            "extracted_package_dir": told,
            "package_tarball_full_path": told,
            "requested_spec": st.sampled_from(["a", "a >=1"]),
        },
    ),
)


@given(installed)
def test_an_installed_record_is_written_back_with_all_that_it_said(
    document: dict[str, Json],
) -> None:
    record = PrefixRecord.from_json(document)
    written = record.to_json()
    assert {key: written[key] for key in document} == document
    assert PrefixRecord.from_json(written) == record


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("files", "a", "files"), ("files", [1], r"files.*\$\[0\]"), ("link", [], "link"),
        ("link", {"type": 5}, "link.type"), ("link", {"type": "hard"}, "link.type"),
        ("link", {"source": 1}, "link.source"), ("paths_data", [], "paths_data"),
        ("paths_data", {"paths": [{}]}, r"paths_data.*_path.*paths\[0\]"),
        ("paths_data", {"paths": [{"_path": "a", "sha256": 1}]}, r"paths_data.*sha256"),
        ("paths_data", {"paths": [{"_path": "a", "file_mode": "x"}]}, r"paths_data.*file_mode"),
        ("extracted_package_dir", 1, "extracted_package_dir"),
        ("package_tarball_full_path", [], "package_tarball_full_path"),
        ("requested_spec", 1, "requested_spec"), ("requested_specs", "a", "requested_specs"),
        ("requested_specs", [None], "requested_specs"), ("depends", "a", "depends"),
    ],
)  # fmt: skip
def test_a_malformed_field_is_refused_by_its_name(field: str, value: Json, named: str) -> None:
    with pytest.raises(InvalidRecord, match=f"^{named}"):
        PrefixRecord.from_json({**LEAST, field: value})


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b'{"name": "\xff"}', b"[" * 9000])
def test_what_is_no_object_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidRecord):
        PrefixRecord.read(content)


def test_the_text_none_and_null_ask_for_nothing() -> None:
    nothing: dict[str, Json] = {"requested_spec": "None", "link": None, "files": None}
    record = PrefixRecord.from_json({**LEAST, **nothing, "paths_data": None})
    assert (record.requested_spec, record.link_type, record.files, record.paths) == ("", 1, (), ())


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"requested_spec": "a"}, ("a", ("a",))),
        ({"requested_specs": ["b", "a"]}, ("b", ("b", "a"))),
        ({"requested_spec": "a", "requested_specs": ["b", "a"]}, ("a", ("b", "a"))),
        ({}, ("", ())),
    ],
)
def test_one_request_or_several_are_read(
    asked: dict[str, Json], expected: tuple[str, tuple[str, ...]]
) -> None:
    record = PrefixRecord.from_json({**LEAST, **asked})
    assert (record.requested_spec, record.requested_specs) == expected


def test_a_request_is_written_in_both_ways() -> None:
    record = PrefixRecord(record=PrefixRecord.from_json(LEAST).record, requested_spec="numpy")
    written = record.to_json()
    assert (written["requested_spec"], written["requested_specs"]) == ("numpy", ["numpy"])


def test_a_file_of_no_bytes_keeps_its_size() -> None:
    path = InstalledPath(path="empty", size_in_bytes=0, no_link=True)
    record = PrefixRecord(record=PrefixRecord.from_json(LEAST).record, paths=(path,))
    assert record.name == "numpy"
    assert PrefixRecord.from_json(record.to_json()).paths == (path,)


@given(installed)
def test_what_is_written_at_once_is_the_document(document: dict[str, Json]) -> None:
    record = PrefixRecord.from_json(document)
    assert list(json.loads(record.encoded()).items()) == list(record.to_json().items())


@pytest.mark.parametrize("no_link", [None, False, True])
def test_a_path_that_says_null_of_copying_says_nothing(no_link: bool | None) -> None:
    path = InstalledPath(path="a", no_link=no_link)
    record = PrefixRecord(record=PrefixRecord.from_json(LEAST).record, paths=(path,))
    assert json.loads(record.encoded()) == record.to_json()


pytestmark_shared = pytest.mark.skipif(
    not conda_meta.FOLDER.is_dir(), reason="the documents of real environments are not here"
)


@pytest.mark.shared
@pytestmark_shared
def test_every_real_document_is_written_back_as_it_meant() -> None:
    changed, refused = [], []
    for name, content in conda_meta.documents():
        try:
            record = PrefixRecord.read(content)
        except InvalidRecord:
            refused.append(name)
        else:
            before, after = meaning(json.loads(content)), meaning(record.to_json())
            changed += [(name, key) for key in before if before[key] != after.get(key)]
            assert PrefixRecord.from_json(record.to_json()) == record
    assert (changed, refused) == ([], [CUT_OFF])


@pytest.mark.shared
@pytestmark_shared
def test_every_real_document_as_we_write_it_is_read_by_rattler(tmp_path: Path) -> None:
    rattler = pytest.importorskip("rattler", reason="py-rattler, the peer, is not here")
    for name, content in conda_meta.documents():
        if name == CUT_OFF:
            continue
        record = PrefixRecord.read(content)
        path = tmp_path / f"{record.record.dist_name}.json"
        path.write_text(json.dumps(record.to_json()), encoding="utf-8")

        read = rattler.PrefixRecord.from_path(path)

        assert (read.name.normalized, str(read.version)) == (record.name, record.record.version)
        assert (len(read.files), len(read.paths_data.paths)) == (
            len(record.files),
            len(record.paths),
        )
        assert read.depends == list(record.record.depends)


def meaning(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document without what may be written in two ways."""
    empty: tuple[Json, ...] = ("", None, [], "None")
    kept = {key: value for key, value in document.items() if value not in empty}
    kept["channel"] = kept.get("channel", "").rstrip("/").removesuffix(f"/{kept.get('subdir')}")
    kept.pop("requested_specs", None)
    if kept.get("noarch") is False:
        del kept["noarch"]
    return kept


def test_files_of_a_noarch_package_that_conda_linked_lie_where_its_list_of_files_says() -> None:
    byte_code = "lib/python3.12/site-packages/a/__pycache__/__init__.cpython-312.pyc"
    record = PrefixRecord.from_json(
        LEAST
        | {
            "noarch": "python",
            "files": [
                "lib/python3.12/site-packages/a/__init__.py",
                byte_code,
                "bin/tool",
                "share/a",
            ],
            "paths_data": {
                "paths_version": 1,
                "paths": [
                    {"_path": "site-packages/a/__init__.py", "path_type": "hardlink"},
                    {"_path": "python-scripts/tool", "path_type": "hardlink"},
                    {"_path": "share/a", "path_type": "hardlink"},
                    {"_path": byte_code, "path_type": "pyc_file"},
                ],
            },
        }
    )

    assert sorted(path.path for path in record.paths_in_prefix) == sorted(record.files)
    assert record.paths[0].path == "site-packages/a/__init__.py", "as it said"


@pytest.mark.shared
@pytestmark_shared
def test_the_paths_of_every_real_document_are_among_its_files() -> None:
    for name, content in conda_meta.documents():
        if name == CUT_OFF:
            continue
        record = PrefixRecord.read(content)
        assert {path.path for path in record.paths_in_prefix} <= {*record.files}, name
