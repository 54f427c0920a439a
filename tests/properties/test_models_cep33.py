"""CEP 33, sentence by sentence: what a version literal is, and how two of them compare."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.models.strategies import literals, versions, words
from xconda_core.models.version import InvalidVersion, Version

numbers = st.integers(0, 10**6)
letters = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=4)
plain_words = letters.filter(lambda word: word not in {"dev", "post"})
releases = st.lists(numbers, min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))
local_parts = st.lists(numbers, min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))
strange = st.characters(exclude_characters=" \t\n\r\f\v\x1c\x1d\x1e\x1f\x85\xa0.-_+!*").filter(
    lambda character: not (character.isascii() and character.isalnum()) and not character.isspace()
)


@given(literals, strange, literals)
def test_a_literal_is_of_letters_and_digits_only(one: str, character: str, other: str) -> None:
    """Version literals MUST be composed of alphanumeric characters, separated by . and _."""
    with pytest.raises(InvalidVersion):
        Version.parse(one + character + other)


@given(releases)
def test_periods_and_underscores_separate_alike(text: str) -> None:
    """... separated into segments by periods and underscores."""
    assert Version.parse(text.replace(".", "_")) == Version.parse(text)


@given(releases)
def test_dashes_are_read_as_underscores(text: str) -> None:
    """Dashes are historically allowed and interpreted as underscores."""
    assert Version.parse(text.replace(".", "-")) == Version.parse(text.replace(".", "_"))


@given(literals, st.sampled_from(["..", "._", "_."]), literals)
def test_empty_segments_are_refused(one: str, hole: str, other: str) -> None:
    """Empty segments SHOULD NOT be allowed."""
    main = one.partition("+")[0]
    with pytest.raises(InvalidVersion):
        Version.parse(main + hole + other.rpartition("!")[2])


@given(releases, letters)
def test_a_trailing_underscore_comes_before_letters(text: str, word: str) -> None:
    """A single trailing underscore MAY be used (1.0.1_ < 1.0.1a)."""
    expected = Version.parse(f"{text}_") < Version.parse(text + word)
    assert expected is (word != "dev")


@given(numbers, numbers, releases, releases)
def test_the_epoch_comes_first_and_is_a_number(a: int, b: int, one: str, other: str) -> None:
    """A single epoch number MAY prefix the rest; integers are compared numerically."""
    first, second = Version.parse(f"{a}!{one}"), Version.parse(f"{b}!{other}")
    assert a == b or (first < second) is (a < b)


@given(literals.filter(lambda text: "!" not in text))
def test_without_an_epoch_it_is_zero(text: str) -> None:
    """If there is no !, the epoch is set to 0."""
    assert Version.parse(f"0!{text}") == Version.parse(text)


@given(letters, releases)
def test_an_epoch_is_a_number_only(word: str, text: str) -> None:
    """A single epoch number (a positive integer) MAY prefix the rest of the string."""
    for epoch in (word, "1!1", ""):
        with pytest.raises(InvalidVersion):
            Version.parse(f"{epoch}!{text}")


@given(releases, local_parts, local_parts)
def test_there_is_one_local_version(text: str, one: str, other: str) -> None:
    """A single local version string MAY be added at the end."""
    assert Version.parse(f"{text}+{one}").text.endswith(one)
    with pytest.raises(InvalidVersion):
        Version.parse(f"{text}+{one}+{other}")


@given(releases, releases, local_parts, local_parts)
def test_local_versions_count_only_where_the_rest_is_the_same(
    one: str, other: str, a: str, b: str
) -> None:
    """Local versions are only compared when the main versions are identical."""
    first, second = Version.parse(one), Version.parse(other)
    extended = Version.parse(f"{one}+{a}") < Version.parse(f"{other}+{b}")
    assert extended is (Version.parse(a) < Version.parse(b) if first == second else first < second)


@given(literals.filter(lambda text: "+" not in text))
def test_without_a_local_part_it_is_zero(text: str) -> None:
    """A version without a local part is treated as having an implicit local version of 0."""
    assert Version.parse(f"{text}+0") == Version.parse(text)


@given(literals)
def test_case_says_nothing(text: str) -> None:
    """Strings are converted to lowercase; they are compared case-insensitively."""
    assert Version.parse(text.upper()) == Version.parse(text)


@given(releases, words)
def test_zero_stands_before_a_letter(text: str, word: str) -> None:
    """When a component starts with a letter, the fill value 0 is inserted before the letter."""
    assert Version.parse(f"{text}.{word}") == Version.parse(f"{text}.0{word}")


@given(st.lists(numbers, min_size=1, max_size=4), st.integers(0, 3))
def test_leading_zeros_are_removed(parts: list[int], zeros: int) -> None:
    """Leading zeros in a component are removed."""
    padded = ".".join("0" * zeros + str(part) for part in parts)
    assert Version.parse(padded) == Version.parse(".".join(map(str, parts)))


@given(releases, numbers, numbers)
def test_integers_are_compared_as_numbers(text: str, a: int, b: int) -> None:
    """Integers are compared numerically."""
    assert (Version.parse(f"{text}.{a}") < Version.parse(f"{text}.{b}")) is (a < b)


@given(releases, plain_words, plain_words)
def test_texts_are_compared_letter_by_letter(text: str, one: str, other: str) -> None:
    """Strings are compared lexicographically."""
    assert (Version.parse(f"{text}.1{one}") < Version.parse(f"{text}.1{other}")) is (one < other)


@given(releases, plain_words)
def test_dev_is_the_least_text(text: str, word: str) -> None:
    """The substring dev is always smaller."""
    assert Version.parse(f"{text}.1dev") < Version.parse(f"{text}.1{word}")


@given(releases, plain_words, numbers)
def test_a_text_comes_before_every_number(text: str, word: str, number: int) -> None:
    """Strings are considered smaller than integers ..."""
    assert Version.parse(f"{text}.{word}") < Version.parse(f"{text}.{number}.1")
    assert Version.parse(f"{text}.1{word}") < Version.parse(f"{text}.1")


@given(releases, plain_words, numbers)
def test_post_comes_after_everything(text: str, word: str, number: int) -> None:
    """... except for post, which is always greater."""
    post = Version.parse(f"{text}.1post")
    assert post > Version.parse(f"{text}.1{word}{number}")
    assert post > Version.parse(f"{text}.1.{number}")


@given(versions, st.integers(1, 3))
def test_a_missing_component_is_zero(version: Version, zeros: int) -> None:
    """When a component has no correspondent, the missing component is assumed to be 0."""
    main, plus, local = version.text.partition("+")
    extended = Version.parse(main + ".0" * zeros + plus + local)
    assert main[-1].isalpha() or extended == version
    assert extended >= version or main[-1].isalpha()


@given(st.integers(2**31, 10**60))
def test_longer_numbers_than_the_standard_wants_are_exact(number: int) -> None:
    """Runs of digits MUST NOT exceed 2^31-1: real packages do (0101), and none is misread."""
    assert Version.parse(f"1.{number}") < Version.parse(f"1.{number + 1}")
