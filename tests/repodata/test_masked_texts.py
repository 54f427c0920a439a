"""Texts with masks are the same as pairs and as the bytes of an index."""

from hypothesis import given
from hypothesis import strategies as st

from xconda_core.repodata.masked_texts import MaskedTexts

PAIRS = st.dictionaries(st.text(max_size=3), st.integers(1, (1 << 70) - 1), max_size=8)


@given(PAIRS)
def test_pairs_come_back_in_the_order_of_their_texts(pairs: dict[str, int]) -> None:
    found = MaskedTexts.of(pairs.items())
    assert [*found] == sorted(pairs.items())
    assert [found[at] for at in range(len(found))] == sorted(pairs.items())
    assert found[1:] == sorted(pairs.items())[1:]
    assert len(found) == len(pairs)


@given(PAIRS, st.integers(0, 90))
def test_what_one_candidate_carries_are_the_texts_whose_masks_have_it(
    pairs: dict[str, int], position: int
) -> None:
    found = MaskedTexts.of(pairs.items())
    carried = [found.texts[at] for at in found.carried_by(position)]
    assert carried == [text for text, mask in sorted(pairs.items()) if mask >> position & 1]
