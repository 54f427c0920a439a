"""A change of a setting touches that setting alone: comments, order, quotes and line ends stay."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.config.condarc import Unreadable, parse
from xconda_core.config.edit import Edit, NotEditable, NotInFile, edited
from xconda_core.config.source import Node
from xconda_core.config.yaml_text import scalar_text

FILE = """# mine
channels:   # which
  - a  # first
  # between
  - b #!top

# network
proxy_servers:
  http: x   # p
custom_multichannels: {m: [a, b]}
env_prompt: "(x) "
offline:
verify: |
  block
  more
default_channels: [x, y]  # c
"""


def changes(before: str, edit: Edit) -> list[str]:
    """Return the lines that went and came, in order of the file."""
    old, new = before.splitlines(), edited(before, "f", edit).splitlines()
    gone = [f"-{line}" for line in old if old.count(line) > new.count(line)]
    return gone + [f"+{line}" for line in new if new.count(line) > old.count(line)]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (Edit("prepend", ("channels",), "c"), ["+  - c"]),
        (Edit("append", ("channels",), "d e"), ["+  - 'd e'"]),
        (Edit("append", ("channels",), "no"), ["+  - 'no'"]),
        (Edit("prepend", ("channels",), "a"), []),
        (Edit("remove", ("channels",), "b"), ["-  - b #!top"]),
        (Edit("set", ("offline",), True), ["-offline:", "+offline: true"]),
        (Edit("append", ("offline",), "q"), ["+  - q"]),
        (Edit("set", ("env_prompt",), "(y) "), ['-env_prompt: "(x) "', "+env_prompt: '(y) '"]),
        (Edit("set", ("verify",), "5"), ["-verify: |", "-  block", "-  more", "+verify: '5'"]),
        (Edit("remove_key", ("verify",)), ["-verify: |", "-  block", "-  more"]),
        (Edit("remove_key", ("offline",)), ["-offline:"]),
        (Edit("set", ("new",), 5), ["+new: 5"]),
        (Edit("set", ("new",), None), ["+new: null"]),
        (Edit("append", ("new",), "n"), ["+new:", "+  - 'n'"]),
        (Edit("set", ("new", "k"), "v"), ["+new:", "+  k: v"]),
        (Edit("append", ("new", "k"), "v"), ["+new:", "+  k:", "+    - v"]),
        (Edit("set", ("proxy_servers", "https"), "u:p@h:1"), ["+  https: u:p@h:1"]),
        (Edit("set", ("proxy_servers", "http"), "z"), ["-  http: x   # p", "+  http: z   # p"]),
        (
            Edit("remove_key", ("proxy_servers", "http")),
            ["-proxy_servers:", "-  http: x   # p", "+proxy_servers: {}"],
        ),
        (
            Edit("append", ("custom_multichannels", "m"), "c d"),
            ["-custom_multichannels: {m: [a, b]}", "+custom_multichannels: {m: [a, b, 'c d']}"],
        ),
        (
            Edit("prepend", ("custom_multichannels", "o"), "c,d"),
            [
                "-custom_multichannels: {m: [a, b]}",
                "+custom_multichannels: {m: [a, b], o: ['c,d']}",
            ],
        ),
        (
            Edit("remove_key", ("custom_multichannels", "m")),
            ["-custom_multichannels: {m: [a, b]}", "+custom_multichannels: {}"],
        ),
        (
            Edit("remove", ("default_channels",), "x"),
            ["-default_channels: [x, y]  # c", "+default_channels: [y]  # c"],
        ),
        (
            Edit("clear", ("channels",)),
            [
                "-channels:   # which", "-  - a  # first", "-  # between", "-  - b #!top",
                "+channels: []   # which",
            ],
        ),
        (
            Edit("clear", ("proxy_servers",), empty="{}"),
            ["-proxy_servers:", "-  http: x   # p", "+proxy_servers: {}"],
        ),
        (
            Edit("set", ("default_channels",), ["q", "r"]),
            ["-default_channels: [x, y]  # c", "+default_channels:  # c", "+  - q", "+  - r"],
        ),
        (
            Edit("set", ("channels",), {"k": ["v"], "e": {}}),
            [
                "-  - a  # first", "-  # between", "-  - b #!top",
                "+  k:", "+    - v", "+  e: {}",
            ],
        ),
    ],
)  # fmt: skip
def test_a_change_touches_its_own_lines_alone(edit: Edit, expected: list[str]) -> None:
    assert changes(FILE, edit) == expected


def test_an_item_that_moves_takes_its_comment_along() -> None:
    text = edited(FILE, "f", Edit("prepend", ("channels",), "b"))
    assert text.startswith(
        "# mine\nchannels:   # which\n  - b #!top\n  - a  # first\n  # between\n\n"
    )
    text = edited(FILE, "f", Edit("append", ("channels",), "a"))
    assert text.startswith(
        "# mine\nchannels:   # which\n  # between\n  - b #!top\n  - a  # first\n\n"
    )


def test_an_item_that_was_there_twice_is_there_once() -> None:
    assert edited("channels:\n- a\n- a\n", "f", Edit("append", ("channels",), "a")) == (
        "channels:\n  - a\n"
    )
    assert edited("channels:\n- a\n- b\n- a\n", "f", Edit("append", ("channels",), "a")) == (
        "channels:\n- b\n- a\n"
    )


def test_the_last_item_leaves_an_empty_list() -> None:
    assert edited("a:\n- x # c\nb: 1\n", "f", Edit("remove", ("a",), "x")) == "a: []\nb: 1\n"


@pytest.mark.parametrize("text", ["", "# only words\n", "null\n", "~", "{}", "# no end"])
def test_a_file_that_says_nothing_gets_its_first_setting(text: str) -> None:
    try:
        after = edited(text, "f", Edit("set", ("offline",), True))
    except NotEditable:
        assert text in {"null\n", "~"}
        return
    content = parse(after, "f").nodes["offline"].content
    assert content == "true"
    assert after.startswith(text.removesuffix("{}"))


def test_line_ends_and_a_missing_last_one_are_kept() -> None:
    assert edited("a: 1\r\nb: 2", "f", Edit("set", ("c",), 3)) == "a: 1\r\nb: 2\r\nc: 3\r\n"
    assert edited("l:\n  - a", "f", Edit("append", ("l",), "b")) == "l:\n  - a\n  - b\n"
    assert edited("l:\n  - a", "f", Edit("append", ("l",), "a")) == "l:\n  - a"


def test_a_file_on_one_line_stays_on_one_line() -> None:
    text = "{channels: [a], offline: true, none: }\n"
    assert edited(text, "f", Edit("set", ("json",), True)) == (
        "{channels: [a], offline: true, none: null, json: true}\n"
    )
    assert edited(text, "f", Edit("remove_key", ("offline",))) == "{channels: [a], none: null}\n"


@pytest.mark.parametrize(
    ("edit", "named"),
    [
        (Edit("remove_key", ("nothing",)), "nothing"),
        (Edit("remove_key", ("proxy_servers", "ftp")), "proxy_servers.ftp"),
        (Edit("remove_key", ("offline", "x")), "offline.x"),
        (Edit("remove", ("channels",), "z"), "z is not in its channels"),
        (Edit("remove", ("custom_multichannels", "m"), "z"), "not in its custom_multichannels.m"),
    ],
)  # fmt: skip
def test_what_is_not_there_cannot_be_taken_away(edit: Edit, named: str) -> None:
    with pytest.raises(NotInFile, match=re.escape(named)):
        edited(FILE, "some.yml", edit)


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("a: &x one\nb: *x\n", Edit("set", ("b",), "two")),
        ("a: [x, # why\n  y]\n", Edit("append", ("a",), "z")),
        ("a:\n-\n  x\n", Edit("prepend", ("a",), "z")),
        ("a: 1\n...\n", Edit("set", ("b",), 2)),
    ],
)
def test_a_layout_that_a_change_would_harm_is_left_to_a_person(text: str, edit: Edit) -> None:
    with pytest.raises(NotEditable) as caught:
        edited(text, "f", edit)
    assert "editor" in caught.value.fix


def test_what_is_not_configuration_is_not_changed() -> None:
    for text in ("- a\n", "a: [", "a: 1\na: 2\n"):
        with pytest.raises(Unreadable):
            edited(text, "f", Edit("set", ("b",), 1))


def plain(node: Node) -> object:
    if isinstance(node.content, tuple):
        return [plain(item) for item in node.content]
    return (
        {k: plain(v) for k, v in node.content.items()}
        if isinstance(node.content, dict)
        else (node.content)
    )


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)


@given(words)
def test_any_text_is_written_so_that_it_is_read_back(word: str) -> None:
    for text in (f"v: {scalar_text(word)}\n", f"v: [{scalar_text(word)}]\n"):
        content = plain(parse(text, "f").nodes["v"])
        assert content == (word if "[" not in text.partition(":")[2][:2] else [word])


names = st.sampled_from(["one", "two", "three"])
edits = st.one_of(
    st.builds(lambda n, v: Edit("set", (n,), v), names, words),
    st.builds(lambda n, k, v: Edit("set", ("map", n), v), names, names, words),
    st.builds(lambda v, n: Edit(v, ("list",), n), st.sampled_from(["prepend", "append"]), names),
    st.builds(lambda n: Edit("remove", ("list",), n), names),
    st.builds(lambda n: Edit("remove_key", (n,)), names),
    st.builds(lambda n: Edit("remove_key", ("map", n)), names),
)


@given(st.lists(edits, max_size=8))
def test_changes_one_after_another_never_lose_a_comment_or_another_setting(
    asked: list[Edit],
) -> None:
    text = (
        "# top\nother: [1, 2]  # o\n\nlist:  # l\n- one\n# about map\nmap: # m\n  one: 1\n# end\n"
    )
    for edit in asked:
        try:
            text = edited(text, "f", edit)
        except NotInFile:
            continue
        for comment in ("# top", "# o", "# l", "# about map", "# m", "# end"):
            assert comment in text
        assert plain(parse(text, "f").nodes["other"]) == ["1", "2"]


SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "inputs" / "condarc"


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample files are absent")
def test_real_files_can_be_changed_and_keep_every_other_line() -> None:
    for path in sorted(SHARED.glob("*.condarc")):
        text = path.read_text(encoding="utf-8-sig")
        after = edited(text, path.name, Edit("set", ("offline",), True))
        after = edited(after, path.name, Edit("prepend", ("channels",), "xconda-test"))
        missing = set(text.splitlines()) - set(after.splitlines())
        assert all("offline" in line or "channels" in line for line in missing), path.name
