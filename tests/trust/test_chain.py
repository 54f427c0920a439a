"""From a first root to the keys that count: what is believed, and every attack that is not."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.testing.signing import CARD, PAST, Signer, a_document
from xconda_core.trust.canonical import canonical
from xconda_core.trust.chain import (
    key_manager,
    next_root,
    require_current,
    require_own_signatures,
)
from xconda_core.trust.ed25519 import ed25519
from xconda_core.trust.metadata import Kind, Metadata, MetadataRefused, read_metadata
from xconda_core.trust.signatures import signers

PUBLISHED = Path(__file__).parent / "published"
NOW = 1_800_000_000.0  # in 2027
VERIFY = ed25519()
ANNA, BERT, CLEO, MALLORY = (Signer(name) for name in ("anna", "bert", "cleo", "mallory"))
KEEPER, PACKER = Signer("keeper"), Signer("packer")


def read(document: Any, kind: Kind = "root") -> Metadata:
    return read_metadata(canonical(document), kind, "it")


def a_root(version: int = 1, owners: Any = (ANNA,), threshold: int = 1, **words: Any) -> Any:
    words = {"signers": owners, "keeper": KEEPER} | words
    delegations = {"root": (owners, threshold), "key_mgr": ([words.pop("keeper")], 1)}
    return a_document("root", version, delegations, words.pop("signers"), **words)


def a_word(
    version: int = 1, signed_by: Any = (KEEPER,), packers: Any = (PACKER,), **words: Any
) -> Any:
    return a_document("key_mgr", version, {"pkg_mgr": (packers, 1)}, signed_by, **words)


def reason(call: Any, *words: Any) -> str:
    with pytest.raises(MetadataRefused) as caught:
        call(*words)
    assert caught.value.why.endswith(".")
    return caught.value.reason


def test_a_root_signed_by_the_one_before_is_believed() -> None:
    first, second = read(a_root()), read(a_root(2, [BERT], signers=[ANNA, BERT]))
    assert next_root(first, second, VERIFY) is second


def test_a_root_made_by_openpgp_cards_is_believed_like_a_plain_one() -> None:
    second = read(a_root(2, by_card=True))
    assert next_root(read(a_root()), second, VERIFY) is second


def test_rollback_an_older_root_is_refused_though_it_was_good_once() -> None:
    assert reason(next_root, read(a_root(2)), read(a_root(1)), VERIFY) == "older"
    assert reason(next_root, read(a_root(2)), read(a_root(2)), VERIFY) == "older"


def test_no_root_may_be_skipped() -> None:
    assert reason(next_root, read(a_root(1)), read(a_root(3)), VERIFY) == "skipped"


def test_a_root_that_only_its_own_new_keys_signed_is_refused() -> None:
    usurper = read(a_root(2, [MALLORY]))
    assert reason(next_root, read(a_root(1)), usurper, VERIFY) == "signatures"


def test_a_root_that_its_own_keys_did_not_sign_is_refused_before_it_locks_everybody_out() -> None:
    lost = read(a_root(2, [BERT], signers=[ANNA]))
    assert reason(next_root, read(a_root(1)), lost, VERIFY) == "signatures"


def test_an_expired_root_between_does_no_harm_and_at_the_end_it_does() -> None:
    between = read(a_root(2, expires=PAST))
    assert next_root(read(a_root()), between, VERIFY) is between
    assert reason(require_current, between, NOW) == "expired"
    require_current(read(a_root()), NOW)


def test_a_first_root_that_was_altered_on_this_machine_is_refused() -> None:
    document = a_root()
    document["signed"]["delegations"]["key_mgr"]["pubkeys"] = [MALLORY.public]
    assert reason(require_own_signatures, read(document), VERIFY) == "signatures"


@given(signing=st.lists(st.sampled_from([ANNA, BERT, CLEO, MALLORY])), threshold=st.integers(1, 4))
def test_the_threshold_counts_different_keys_that_may_sign(signing: Any, threshold: int) -> None:
    first = read(a_root(1, [ANNA, BERT, CLEO], threshold))
    second = read(a_root(2, [ANNA, BERT, CLEO], 1, signers=signing))
    authorised = {*signing} - {MALLORY}
    if len(authorised) >= threshold:
        assert next_root(first, second, VERIFY) is second
    else:
        assert reason(next_root, first, second, VERIFY) == "signatures"


def test_one_key_named_twice_or_signing_twice_counts_once() -> None:
    first = read(a_root(1, [ANNA, ANNA], 2))
    document = a_root(2, [ANNA], 1)
    signature = document["signatures"][ANNA.public]
    document["signatures"][ANNA.public.upper()] = signature
    document["signatures"][f" {ANNA.public}"] = signature
    document["signatures"][BERT.public] = signature
    assert reason(next_root, first, read(document), VERIFY) == "signatures"


def test_a_document_that_names_a_key_twice_is_no_document() -> None:
    text = canonical(a_root()).replace(b'"version": 1', b'"version": 1,\n"version": 2')
    assert reason(read_metadata, text, "root", "it") == "damaged"


@given(data=st.data())
def test_a_document_with_any_byte_altered_is_refused(data: st.DataObject) -> None:
    content = canonical(a_root(2, [ANNA, BERT], 2))
    place = data.draw(st.integers(0, len(content) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != content[place]))
    altered = content[:place] + bytes([byte]) + content[place + 1 :]
    first = read(a_root(1, [ANNA, BERT], 2))
    try:
        same = json.loads(altered)["signed"] == json.loads(content)["signed"]
        both = {ANNA.public, BERT.public} <= json.loads(altered)["signatures"].keys()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        same = both = False
    if same and both and altered.split() == content.split():
        return  # white space between the words is not signed, and says nothing
    with pytest.raises(MetadataRefused):
        next_root(first, read_metadata(altered, "root", "it"), VERIFY)


@given(data=st.data())
def test_a_signature_with_any_byte_altered_does_not_count(data: st.DataObject) -> None:
    by_card = data.draw(st.booleans())
    signature = ANNA.sign_by_card({"a": 1}) if by_card else ANNA.sign({"a": 1})
    field = data.draw(st.sampled_from(sorted(signature)))
    text = str(signature[field])
    place = data.draw(st.integers(0, len(text) - 1))
    digit = data.draw(
        st.sampled_from("0123456789abcdefXZ -").filter(lambda one: one != text[place])
    )
    altered: Any = {**signature, field: text[:place] + digit + text[place + 1 :]}
    keys = {ANNA.public}
    assert signers({"a": 1}, {ANNA.public: signature}, keys, VERIFY) == keys
    assert signers({"a": 1}, {ANNA.public: altered}, keys, VERIFY) == frozenset()


@pytest.mark.parametrize(
    "hashed",
    [
        CARD.replace(b"\x16\x08", b"\x16\x0a", 1),  # another digest
        CARD.replace(b"\x04\x00", b"\x04\x10", 1),  # of a key, not of a document
        CARD + b"\x00",
        CARD[:-1],
        CARD[:5],
    ],
)
def test_a_cards_signature_of_something_else_does_not_count(hashed: bytes) -> None:
    keys = {ANNA.public}
    assert signers({}, {ANNA.public: ANNA.sign_by_card({})}, keys, VERIFY) == keys
    assert not signers({}, {ANNA.public: ANNA.sign_by_card({}, hashed)}, keys, VERIFY)


def test_the_order_of_keys_and_white_space_say_nothing() -> None:
    one: Any
    other: Any
    one, other = {"b": [1, 2.5, "\u00e9"], "a": None}, {"a": None, "b": [1, 2.5, "\u00e9"]}
    assert canonical(one) == canonical(other)
    assert canonical(one).startswith(b'{\n  "a": null,\n  "b": [\n    1,\n    2.5,\n    "\\u00e9"')


@pytest.mark.parametrize("value", [None, 1, [], "00", {}, {"signature": 1}, {"signature": "00"}])
def test_what_is_no_signature_is_passed_over(value: Any) -> None:
    assert signers({}, {ANNA.public: value}, {ANNA.public}, VERIFY) == frozenset()


def test_the_key_managers_word_counts_if_the_root_names_who_signed_it() -> None:
    root, word = read(a_root()), read(a_word(), "key_mgr")
    assert key_manager(root, word, None, NOW, VERIFY) is word


@pytest.mark.parametrize("signer", [MALLORY, ANNA, PACKER])
def test_a_key_that_was_not_delegated_cannot_speak_for_the_key_manager(signer: Signer) -> None:
    root, word = read(a_root()), read(a_word(signed_by=[signer]), "key_mgr")
    assert reason(key_manager, root, word, None, NOW, VERIFY) == "signatures"


def test_a_root_that_delegates_nothing_lets_nobody_speak() -> None:
    root = read(a_document("root", 1, {"root": ([ANNA], 1)}, [ANNA]))
    assert reason(key_manager, root, read(a_word(), "key_mgr"), None, NOW, VERIFY) == "signatures"


@given(known=st.integers(1, 9), served=st.integers(1, 9))
def test_rollback_no_lower_number_of_the_key_manager_is_believed(known: int, served: int) -> None:
    root, before = read(a_root()), read(a_word(known), "key_mgr")
    now = read(a_word(served), "key_mgr")
    if served < known:
        assert reason(key_manager, root, now, before, NOW, VERIFY) == "older"
    else:
        assert key_manager(root, now, before, NOW, VERIFY) is now


def test_two_words_of_one_number_cannot_both_be_true() -> None:
    root, before = read(a_root()), read(a_word(), "key_mgr")
    other = read(a_word(packers=[MALLORY]), "key_mgr")
    assert reason(key_manager, root, other, before, NOW, VERIFY) == "older"


def test_of_words_of_one_number_the_later_counts_and_the_earlier_is_refused() -> None:
    root, early, late = read(a_root()), a_word(), a_word()
    late["signed"]["timestamp"] = "2026-01-01T00:00:00Z"
    late["signatures"] = {KEEPER.public: KEEPER.sign(late["signed"])}
    first, second = read(early, "key_mgr"), read(late, "key_mgr")
    assert key_manager(root, second, first, NOW, VERIFY) is second
    assert reason(key_manager, root, first, second, NOW, VERIFY) == "older"


def test_a_word_may_have_a_time_instead_of_a_number_and_a_root_may_not() -> None:
    word, root = a_word(), a_root()
    del word["signed"]["version"], root["signed"]["version"]
    assert read(word, "key_mgr").version == 0
    assert reason(read, root) == "damaged"
    del word["signed"]["timestamp"]
    assert reason(read, word, "key_mgr") == "damaged"


def test_a_document_that_never_ends_is_refused() -> None:
    content = canonical(a_root()) + b" " * (1 << 20)
    assert reason(read_metadata, content, "root", "it") == "damaged"


def test_after_the_keepers_key_was_replaced_numbers_may_begin_anew() -> None:
    before = read(a_word(9), "key_mgr")
    new = Signer("new keeper")
    word = read(a_word(1, [new]), "key_mgr")
    assert key_manager(read(a_root(2, keeper=new)), word, before, NOW, VERIFY) is word


def test_freeze_a_word_that_is_served_for_ever_expires() -> None:
    root, word = read(a_root()), read(a_word(expires="2027-01-01T00:00:00Z"), "key_mgr")
    new_year = 1_798_761_600.0
    assert key_manager(root, word, word, new_year - 1, VERIFY) is word
    assert reason(key_manager, root, word, word, new_year, VERIFY) == "expired"


@pytest.mark.parametrize(
    ("kind", "other"), [("root", a_word()), ("key_mgr", a_root()), ("root", a_root(expires="soon"))]
)
def test_mix_up_a_document_of_another_kind_is_refused(kind: Kind, other: Any) -> None:
    assert reason(read, other, kind) == "damaged"


@pytest.mark.parametrize(
    "change",
    [
        {"metadata_spec_version": "1.0.0"},
        {"version": 0},
        {"version": True},
        {"version": "1"},
        {"delegations": []},
        {"delegations": {"root": {"pubkeys": "x", "threshold": 1}}},
        {"delegations": {"root": {"pubkeys": [], "threshold": 0}}},
        {"delegations": {"root": {"pubkeys": ["A" * 64], "threshold": 1}}},
        {"expiration": 5},
        {"expiration": "2030-01-01"},
        {"type": "targets"},
    ],
)
def test_a_document_that_is_not_wholly_right_says_nothing(change: dict[str, Any]) -> None:
    document = a_root()
    document["signed"] |= change
    assert reason(read, document) == "damaged"


@pytest.mark.parametrize(
    "content", [b"", b"[" * 100_000, b"[]", b"{}", b"\xff", b'{"signed": NaN}', b" " * 2_000_000]
)
def test_what_is_no_document_is_refused_in_words(content: bytes) -> None:
    assert reason(read_metadata, content, "root", "1.root.json") == "damaged"


def test_a_document_with_more_in_its_envelope_is_refused() -> None:
    assert reason(read, a_root() | {"note": "unsigned"}) == "damaged"


def test_roots_that_conda_content_trust_published_follow_each_other() -> None:
    first, second, third = (
        read_metadata((PUBLISHED / f"{number}.root.json").read_bytes(), "root", "it")
        for number in (1, 2, 3)
    )
    require_own_signatures(first, VERIFY)
    assert next_root(next_root(first, second, VERIFY), third, VERIFY) is third
    word = read_metadata((PUBLISHED / "key_mgr.json").read_bytes(), "key_mgr", "it")
    assert key_manager(third, word, None, 1_610_500_000.0, VERIFY) is word
    assert reason(require_current, third, NOW) == "expired"
