"""Whether the package that was chosen is the one that was signed."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.models.package_record import PackageRecord
from xconda_core.testing.signing import Signer, a_document
from xconda_core.trust.canonical import canonical
from xconda_core.trust.ed25519 import ed25519
from xconda_core.trust.metadata import Metadata, read_metadata
from xconda_core.trust.package import Listed, judge

PUBLISHED = Path(__file__).parent / "published"
VERIFY = ed25519()
PACKER, OTHER, MALLORY = Signer("packer"), Signer("other"), Signer("mallory")
ENTRY: dict[str, Any] = {
    "name": "pear",
    "version": "1.0",
    "build": "0",
    "build_number": 0,
    "depends": ["seed >=1"],
    "md5": "0" * 32,
    "sha256": "1" * 64,
    "size": 10,
    "subdir": "linux-64",
}
PEAR = PackageRecord.from_json(ENTRY, fn="pear-1.0-0.conda", channel="https://c")


def manager(keys: Any = (PACKER,), threshold: int = 1) -> Metadata:
    document = a_document("key_mgr", 1, {"pkg_mgr": (keys, threshold)}, [])
    return read_metadata(canonical(document), "key_mgr", "key_mgr.json")


def listed(entry: Any = ENTRY, *by: Signer, signed: Any = None) -> Listed:
    signatures = {each.public: each.sign(signed or entry) for each in by or (PACKER,)}
    return Listed(json.dumps(entry).encode(), json.dumps(signatures).encode())


def status(record: PackageRecord, found: Listed, keys: Metadata | None = None) -> tuple[str, str]:
    trust = judge(record, found, keys or manager(), VERIFY)
    assert bool(trust.why) == (trust.status != "signed")
    return trust.status, trust.why


def test_a_package_signed_by_a_key_that_counts_is_signed() -> None:
    trust = judge(PEAR, listed(), manager(), VERIFY)
    assert (trust.status, trust.keys) == ("signed", (PACKER.public,))


def test_a_package_without_a_signature_or_an_entry_is_unsigned() -> None:
    assert status(PEAR, Listed(b"{}", None))[0] == "unsigned"
    assert status(PEAR, Listed(None, b"{}"))[0] == "unsigned"


def test_a_key_that_was_not_delegated_signs_nothing() -> None:
    assert status(PEAR, listed(ENTRY, MALLORY))[0] == "wrong"


def test_as_many_keys_as_the_key_manager_says_have_to_sign() -> None:
    keys = manager((PACKER, OTHER), 2)
    assert status(PEAR, listed(ENTRY, PACKER), keys)[0] == "wrong"
    assert status(PEAR, listed(ENTRY, PACKER, MALLORY), keys)[0] == "wrong"
    assert status(PEAR, listed(ENTRY, PACKER, OTHER), keys)[0] == "signed"


def test_a_key_manager_that_names_nobody_for_packages_leaves_them_unchecked() -> None:
    document = a_document("key_mgr", 1, {}, [])
    keys = read_metadata(canonical(document), "key_mgr", "key_mgr.json")
    assert status(PEAR, listed(), keys)[0] == "unchecked"


@given(data=st.data())
def test_an_entry_with_any_byte_altered_is_not_what_was_signed(data: st.DataObject) -> None:
    content = canonical(ENTRY)
    place = data.draw(st.integers(0, len(content) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != content[place]))
    altered = content[:place] + bytes([byte]) + content[place + 1 :]
    found = Listed(altered, listed().signatures)
    is_same = altered.split() == content.split()  # white space between the words says nothing
    assert (status(PEAR, found)[0] == "signed") <= is_same


def test_mix_and_match_a_good_signature_of_another_package_proves_nothing() -> None:
    other = ENTRY | {"name": "apple"}
    assert status(PEAR, listed(other)) == (
        "wrong",
        "what was signed is apple-1.0-0, another package",
    )
    assert status(PEAR, listed(ENTRY | {"version": "0.9"}))[0] == "wrong"
    assert status(PEAR, listed(ENTRY | {"subdir": "noarch"}))[0] == "wrong"


@pytest.mark.parametrize(
    "change", [{"sha256": "2" * 64}, {"depends": ()}, {"size": 11}, {"build_number": 1}]
)
def test_what_was_chosen_by_is_what_was_signed(change: dict[str, Any]) -> None:
    assert status(replace(PEAR, **change), listed())[0] == "wrong"


def test_a_signature_that_names_no_sha256_fits_any_archive() -> None:
    entry = {key: value for key, value in ENTRY.items() if key != "sha256"}
    record = PackageRecord.from_json(entry, fn=PEAR.fn)
    words = "no sha256 was signed, so that any archive would fit"
    assert status(record, listed(entry)) == ("unchecked", words)
    assert status(replace(record, sha256="1" * 64), listed(entry))[0] == "wrong"


def test_an_archive_of_which_only_the_address_and_digest_are_known_can_be_signed() -> None:
    known = PackageRecord(
        name="pear", version="1.0", build="0", subdir="linux-64", fn=PEAR.fn, sha256="1" * 64,
        is_complete=False,
    )  # fmt: skip
    assert status(known, listed())[0] == "signed"
    assert status(replace(known, sha256="2" * 64), listed())[0] == "wrong"
    assert status(replace(known, sha256=None), listed())[0] == "unchecked"


@pytest.mark.parametrize("text", [b"[]", b"{", b'{"a": 1, "a": 2}', b"NaN", b"[" * 100_000])
def test_what_is_no_entry_is_not_signed(text: bytes) -> None:
    assert status(PEAR, Listed(text, listed().signatures))[0] == "wrong"
    assert status(PEAR, Listed(listed().entry, text))[0] == "wrong"


def test_an_entry_that_conda_content_trust_signed_is_signed() -> None:
    document = json.loads((PUBLISHED / "repodata.json").read_bytes())
    ((fn, entry),) = document["packages"].items()
    ((key, signature),) = document["signatures"][fn].items()
    delegations = {"pkg_mgr": {"pubkeys": [key], "threshold": 1}}
    keys = replace_delegations(manager(), delegations)
    record = PackageRecord.from_json(entry, fn=fn)
    found = Listed(json.dumps(entry).encode(), json.dumps({key: signature}).encode())
    assert status(record, found, keys)[0] == "signed"
    lighter = entry | {"size": entry["size"] - 1}
    assert status(record, replace(found, entry=json.dumps(lighter).encode()), keys)[0] == "wrong"


def replace_delegations(keys: Metadata, delegations: Any) -> Metadata:
    document = json.loads(keys.content)
    document["signed"]["delegations"] = delegations
    return read_metadata(canonical(document), "key_mgr", "key_mgr.json")
