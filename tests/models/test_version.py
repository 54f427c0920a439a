"""Version literals: what they are, and how they stand to each other."""

import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.models.strategies import literals, versions
from xconda_core.models.version import MAX_LENGTH, InvalidVersion, Version

ASCENDING = [
    "0.4", "0.4.1.rc", "0.4.1+local", "0.4.1+0.local", "0.4.1", "0.4.1+1.local", "0.5a1", "0.5b3",
    "0.5C1", "0.5", "0.9.6", "0.960923", "1.0", "1.1dev1", "1.1_", "1.1a1", "1.1.0dev1", "1.1.a1",
    "1.1.0rc1", "1.1.0", "1.1.post1", "1.1post1", "1996.07.12", "1!0.4.1", "1!3.1.1.6", "2!0.4.1",
]  # fmt: skip


def test_the_order_of_the_standard_holds() -> None:
    assert sorted(set(ASCENDING), key=Version.parse) == ASCENDING


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.1", "1.1.0.0"), ("0.4.1.rc", "0.4.1.RC"), ("0.4.1", "0.4.1+0"),
        ("1.1.dev1", "1.1.0dev1"),
        ("1.1.post1", "1.1.0post1"), ("0!1", "1"), ("1-2", "1_2"), ("1.02", "1.2"), ("0", "0.0"),
    ],
)  # fmt: skip
def test_different_spellings_of_one_version_are_equal(one: str, other: str) -> None:
    assert Version.parse(one) == Version.parse(other)
    assert hash(Version.parse(one)) == hash(Version.parse(other))


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("1.0.1_", "1.0.1a"), ("1.0dev", "1.0_"), ("1.0.1rc2", "1.0.1"), ("1.0", "1.0post"),
        ("1.0a", "1.0.0a"), ("1.9", "1.10"), ("99999999998", "99999999999"), ("9" * 60, "1" * 61),
        ("1.0.0a", "1.0.0.0.1"), ("1a", "1"), ("1+a", "1"),
    ],
)  # fmt: skip
def test_the_lower_version_comes_first(lower: str, higher: str) -> None:
    assert Version.parse(lower) < Version.parse(higher)
    assert not Version.parse(higher) < Version.parse(lower)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "5.5..mw", ".1", "1.", "a!1.0", "1!2!3", "1!", "!1", "1.0+a+b", "1+", "+1", "+",
        "1.0 beta", "1.0~rc1", "1.0#1", "=1.0", "é1.0", "1.0\u212a", "1%202", "1.0+1_2..3",
        "1-2-3_",
        "1___", "1\n2", "1.0\x00", "١.٢",
    ],
)  # fmt: skip
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(InvalidVersion):
        Version.parse(text)


def test_a_version_of_endless_length_is_refused_at_once() -> None:
    with pytest.raises(InvalidVersion, match=f"longer than {MAX_LENGTH}"):
        Version.parse("1." * 1_000_000 + "1")


def test_a_refusal_says_what_why_and_what_to_try() -> None:
    with pytest.raises(InvalidVersion) as refusal:
        Version.parse("1..2")
    assert str(refusal.value) == (
        "'1..2' is not a version.\n"
        "  why: a part between its dots is empty.\n"
        "  try: write it as letters, digits and dots, for example 1.2.3 or 2.0rc1."
    )


@pytest.mark.parametrize(
    ("text", "prefix", "expected"),
    [
        ("1.2.3", "1.2", True), ("1.20", "1.2", False), ("1.2a", "1.2", True), ("1", "1.0", True),
        ("1.0.1p1", "1.0.1p", True), ("1.0.1rc", "1.0.1r", True), ("1.0dev", "1.0d", False),
        ("1.2+3.4", "1.2+3", True), ("1.2", "1.2+3", False), ("1!1.2", "1.2", False),
        ("1.post", "1.p", False), ("0.1", "0", True), ("1.0.a", "1.0", True), ("0.9", "1.0", False),
        ("1.1c.1", "1.1c0.1", True), ("2025.02.14", "2025.2.14", True),
    ],
)  # fmt: skip
def test_a_version_starts_with_its_prefix(text: str, prefix: str, expected: bool) -> None:
    assert Version.parse(text).startswith(Version.parse(prefix)) is expected


def test_a_version_is_printed_as_it_was_written() -> None:
    assert str(Version.parse("V1.02-RC1")) == "V1.02-RC1"
    assert repr(Version.parse("1.02")) == "Version('1.02')"


def test_values_of_other_kinds_have_no_place_among_versions() -> None:
    version = Version.parse("1")
    assert version != "1"
    for compare in (operator.lt, operator.le, operator.gt, operator.ge):
        with pytest.raises(TypeError):
            compare(version, "1")


@given(literals, literals)
def test_the_key_orders_versions_as_the_standard_compares_them(one: str, other: str) -> None:
    a, b = Version.parse(one), Version.parse(other)
    assert (a > b) - (a < b) == by_the_letter(one, other)


@given(st.lists(st.sampled_from(("0", "00", "1", "07", "10", "2025")), min_size=1, max_size=5))
def test_a_first_alpha_has_the_key_that_is_read_the_long_way(numbers: list[str]) -> None:
    text = ".".join(numbers)
    assert Version.parse(f"{text}a0").key == Version.parse(f"{text}A0").key


@given(versions, versions, versions)
def test_the_order_is_total_and_transitive(a: Version, b: Version, c: Version) -> None:
    assert (a < b) + (a == b) + (a > b) == 1
    assert not (a <= b <= c) or a <= c


@given(versions, versions)
def test_equal_versions_have_equal_hashes(a: Version, b: Version) -> None:
    assert a != b or hash(a) == hash(b)


@given(literals)
def test_zeros_at_the_end_say_nothing(text: str) -> None:
    main, plus, local = text.partition("+")
    ends_in_number = main[-1].isdigit()
    assert not ends_in_number or Version.parse(f"{main}.0{plus}{local}") == Version.parse(text)


@given(st.lists(versions, max_size=12), versions)
def test_versions_with_one_prefix_stand_together(
    all_of_them: list[Version], prefix: Version
) -> None:
    ordered = sorted(all_of_them)
    positions = [i for i, version in enumerate(ordered) if version.startswith(prefix)]
    assert positions == list(range(positions[0], positions[-1] + 1)) if positions else True


def by_the_letter(one: str, other: str) -> int:
    """CEP 33 followed step by step, with none of the ideas of the code."""
    first, second = components(one), components(other)
    for left, right in zip(first, second, strict=True):
        for i in range(max(len(left), len(right))):
            row, its = (side[i] if i < len(side) else [] for side in (left, right))
            for j in range(max(len(row), len(its))):
                x, y = (rank(part[j] if j < len(part) else 0) for part in (row, its))
                if x != y:
                    return 1 if x > y else -1
    return 0


def components(text: str) -> list[list[list[int | str]]]:
    epoch, mark, rest = text.lower().rpartition("!")
    main, _plus, local = rest.partition("+")
    rows = [split(row) for row in (main.replace("_", ".")).split(".")]
    return [
        [[int(epoch) if mark else 0], *rows],
        [split(row) for row in local.split(".")] if local else [],
    ]


def split(row: str) -> list[int | str]:
    runs: list[str] = []
    for character in row:
        if runs and runs[-1][-1].isdigit() == character.isdigit():
            runs[-1] += character
        else:
            runs.append(character)
    found: list[int | str] = [int(run) if run.isdigit() else run for run in runs]
    return found if isinstance(found[0], int) else [0, *found]


def rank(part: int | str) -> tuple[int, int, str]:
    if isinstance(part, int):
        return (2, part, "")
    return {"dev": (0, 0, ""), "post": (3, 0, "")}.get(part, (1, 0, part))
