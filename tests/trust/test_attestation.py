"""What is attested of an archive (CEP 27): what holds, and every way in which it does not."""

import json
from base64 import b64decode, b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.models.package_record import PackageRecord
from xconda_core.testing.attesting import ISSUER, WORKFLOW, a_bundle, a_statement
from xconda_core.trust.attestation import Attestation, read_attestations
from xconda_core.trust.canonical import Ambiguous
from xconda_core.trust.certificates import certificates

PUBLISHED = Path(__file__).parent / "published"
FILE, DIGEST = "pear-1.0-0.conda", "1" * 64
PEAR = PackageRecord(
    name="pear", version="1.0", build="0", fn=FILE, sha256=DIGEST, channel="https://c/orchard"
)
STATEMENT = a_statement(FILE, DIGEST, "https://c/orchard")


def read(*bundles: Any, record: PackageRecord = PEAR) -> tuple[Attestation, ...]:
    return read_attestations(json.dumps(bundles).encode(), record, certificates())


def faults(statement: Any, record: PackageRecord = PEAR) -> str:
    (found,) = read(a_bundle(statement), record=record)
    return "; ".join(found.faults)


def test_an_attestation_of_this_archive_says_who_published_it_where() -> None:
    (found,) = read(a_bundle(STATEMENT))
    assert found == Attestation(
        file=FILE, sha256=DIGEST, channel="https://c/orchard", signer=WORKFLOW, issuer=ISSUER,
        signature="fits", logged=1_700_000_000,
    )  # fmt: skip


def test_a_person_may_sign_too_and_nothing_need_be_said_of_the_channel() -> None:
    (found,) = read(a_bundle(a_statement(FILE, DIGEST), "anna@orchard.example"))
    assert (found.signer, found.channel, found.faults) == ("anna@orchard.example", "", ())


def test_another_channel_is_noted_for_mirrors_are_no_fault() -> None:
    (found,) = read(a_bundle(a_statement(FILE, DIGEST, "https://elsewhere/x")))
    assert (found.faults, found.notes) == ((), ("it was published for https://elsewhere/x",))


def test_an_attestation_of_another_archive_is_wrong() -> None:
    assert "it is about apple-1.0-0.conda" in faults(a_statement("apple-1.0-0.conda", DIGEST))
    assert "sha256 22" in faults(a_statement(FILE, "2" * 64))
    assert "does not say this archive's sha256" in faults(STATEMENT, replace(PEAR, sha256=None))


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"_type": "x"}, "of the type x"),
        ({"predicateType": "https://slsa.dev/provenance/v1"}, "slsa"),
        ({"predicate": {}}, "targetChannel"),
        ({"predicate": {"targetChannel": "https://c/"}}, "targetChannel"),
        ({"subject": STATEMENT["subject"] * 2}, "about 2 archives"),
        ({"subject": []}, "cannot be read"),
        ({"subject": [{"name": FILE, "digest": {"sha256": DIGEST, "md5": ""}}]}, "no other digest"),
        ({"subject": [{"name": FILE, "digest": {}}]}, "(none)"),
    ],
)
def test_what_cep_27_demands_is_demanded(change: dict[str, Any], word: str) -> None:
    assert word in faults(STATEMENT | change)


def test_a_bundle_that_sigstore_made_is_read_with_its_signer_and_its_signature() -> None:
    bundle = json.loads((PUBLISHED / "sigstore.json").read_bytes())
    (found,) = read(bundle)
    assert found.signature == "fits"
    assert found.signer.startswith("https://github.com/sigstore-conformance/")
    assert (found.issuer, found.file) == (ISSUER, "a.txt")
    assert found.faults[0] == "it says something else than CEP 27: https://slsa.dev/provenance/v1"


def test_what_is_signed_must_be_a_statement() -> None:
    bundle = a_bundle(STATEMENT)
    bundle["dsseEnvelope"]["payloadType"] = "text/plain"
    (found,) = read(bundle)
    assert found.faults == ("it cannot be read: what is signed is text/plain, not a statement",)


def test_one_bundle_that_cannot_be_read_does_not_hide_the_next() -> None:
    bad, good = read({"x": 1}, a_bundle(STATEMENT))
    assert bad.faults == ("it cannot be read: it lacks 'dsseEnvelope'",)
    assert good.faults == ()


@given(data=st.data())
def test_a_statement_with_any_byte_altered_is_not_signed_by_that_key(data: st.DataObject) -> None:
    bundle = a_bundle(STATEMENT)
    payload = bytearray(b64decode(bundle["dsseEnvelope"]["payload"]))
    place = data.draw(st.integers(0, len(payload) - 1))
    payload[place] ^= data.draw(st.integers(1, 255))
    bundle["dsseEnvelope"]["payload"] = b64encode(payload).decode()
    (found,) = read(bundle)
    assert found.faults
    assert found.signature != "fits"


@given(content=st.binary(max_size=200) | st.just(b"[" * 100_000))
def test_what_is_no_list_of_bundles_is_refused_in_words(content: bytes) -> None:
    try:
        found = read_attestations(content, PEAR, certificates())
    except Ambiguous:
        return
    assert all(each.faults for each in found)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(data=st.data(), value=JSON)
def test_a_bundle_with_anything_in_any_place_is_told_not_raised(
    data: st.DataObject, value: Any
) -> None:
    bundle = a_bundle(STATEMENT)
    place = bundle
    while True:
        key = data.draw(st.sampled_from(sorted(place)))
        inner = place[key]
        if not isinstance(inner, dict) or data.draw(st.booleans()):
            break
        place = inner
    place[key] = value
    assert len(read(bundle)) == 1


def test_a_strangers_text_cannot_steer_a_terminal() -> None:
    (found,) = read(a_bundle(a_statement("\x1b[2J" + "x" * 5000, DIGEST)))
    assert "\x1b" not in found.file + "".join(found.faults)
    assert len(found.file) < 310


def test_without_the_library_what_is_said_is_read_and_who_signed_is_not() -> None:
    (found,) = read_attestations(json.dumps([a_bundle(STATEMENT)]).encode(), PEAR, None)
    assert (found.file, found.signer, found.signature) == (FILE, "", "unchecked")
