"""One configuration file: what is read, where it stands, and what is refused."""

from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.config.condarc import Unreadable, parse, read
from xconda_core.config.source import Node


def node(text: str, name: str) -> Node:
    return parse(text, "rc").nodes[name]


def test_a_value_keeps_its_text_its_file_and_its_line() -> None:
    assert node("# first\noffline: yes\n", "offline") == Node(content="yes", origin="rc", line=2)


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "null\n"])
def test_a_file_without_settings_says_nothing(text: str) -> None:
    assert parse(text, "rc").nodes == {}


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("channels:  #!final\n  - a\n", "final"),
        ("channels: [a, b]  #!final\n", "final"),
        ("channels:  # a word\n  - a\n", ""),
        ("channels:\n  - a\n# #!final\noffline: true\n", ""),
        ("channels:\n  - https://host/#!final\n", ""),
    ],
)
def test_a_mark_belongs_to_the_key_that_it_stands_behind(text: str, mark: str) -> None:
    assert node(text, "channels").mark == mark


def test_a_mark_behind_an_item_or_a_value_is_its_own() -> None:
    items = node("channels:\n  - a  #!top\n  - b\n  - 'c'   #!bottom\n", "channels").content
    assert isinstance(items, tuple)
    assert [item.mark for item in items] == ["top", "", "bottom"]
    assert node("offline: yes #!final\n", "offline").mark == "final"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("channels: [a\n", 2, "not YAML"),
        ("a: 1\nb: : 2\n", 2, "not YAML"),
        ("- a\n- b\n", 1, "`setting: value`"),
        ("just words\n", 1, "`setting: value`"),
        ("a: &x [*x]\n", 1, "refers to itself"),
        ("offline: yes\noffline: no\n", 2, "`offline` is given twice"),
        ("? [a]\n: 1\n", 1, "plain text"),
        ("a: *nowhere\n", 1, "alias"),
    ],
)
def test_what_is_not_configuration_is_one_problem_with_its_line(
    text: str, line: int, says: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        parse(text, "rc")
    problem = caught.value.problem
    assert (problem.origin, problem.line) == ("rc", line)
    assert says in problem.message


def test_nothing_is_made_from_a_tag() -> None:
    assert node("offline: !!python/name:os.system x\n", "offline").content == "x"


def test_aliases_that_multiply_are_refused_at_once() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    for earlier, later in pairwise("abcdef"):
        lines.append(f"{later}: &{later} [{', '.join([f'*{earlier}'] * 10)}]")
    with pytest.raises(Unreadable, match="too long"):
        parse("\n".join(lines), "rc")


def test_a_file_nested_without_end_is_refused() -> None:
    with pytest.raises(Unreadable):
        parse("a: " + "[" * 5000, "rc")


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / ".condarc"
    path.write_bytes(b"channels:\n  - \xff\xfe\n")
    with pytest.raises(Unreadable, match="UTF-8"):
        read(path)


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    path = tmp_path / ".condarc"
    path.write_bytes(b"\xef\xbb\xbfoffline: true\n")
    assert list(read(path).nodes) == ["offline"]


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    with suppress(Unreadable):
        assert parse(text, "rc").origin == "rc"
