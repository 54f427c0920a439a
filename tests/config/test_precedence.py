"""How files, variables and the command line are merged: conda's documented rules as scenarios."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.config.definitions import BY_NAME, DEFINITIONS, USED
from xconda_core.config.interpret import Given
from xconda_core.config.precedence import Configuration, _merged_list, merge
from xconda_core.config.problem import InvalidConfiguration


def merged(
    folder: Path,
    *texts: str,
    environ: Mapping[str, str] | None = None,
    overrides: Mapping[str, object] | None = None,
) -> Configuration:
    """Merge files with these texts, the first of lowest priority."""
    files = []
    for number, text in enumerate(texts):
        path = folder / f"{number}.yml"
        path.write_text(text, encoding="utf-8")
        files.append(path)
    return merge(files, environ or {}, overrides)


SCENARIOS: Sequence[tuple[str, list[str], dict[str, str], str, Any]] = [
    ("later file wins", ["offline: yes", "offline: no"], {}, "offline", False),
    ("a variable wins over files", ["offline: no"], {"CONDA_OFFLINE": "1"}, "offline", True),
    ("an alias in a file", ["verify_ssl: no"], {}, "ssl_verify", False),
    ("an alias as a variable", [""], {"CONDA_ENVS_PATH": "/a:/b"}, "envs_dirs", ("/a", "/b")),
    ("an empty variable says nothing", ["offline: yes"], {"CONDA_OFFLINE": ""}, "offline", True),
    ("final stops later files", ["offline: yes #!final", "offline: no"], {}, "offline", True),
    (
        "final stops variables",
        ["offline: yes #!final"],
        {"CONDA_OFFLINE": "no"},
        "offline",
        True,
    ),
    (
        "lists join, later first",
        ["channels: [a, b]", "channels: [c, a]"],
        {},
        "channels",
        ("c", "a", "b"),
    ),
    (
        "a variable's items lead",
        ["channels: [a]"],
        {"CONDA_CHANNELS": "x, y"},
        "channels",
        ("x", "y", "a"),
    ),
    (
        "top is held",
        ["channels:\n  - a #!top\n  - b", "channels: [c]"],
        {},
        "channels",
        ("a", "c", "b"),
    ),
    (
        "bottom is held",
        ["channels: [c]", "channels:\n  - a #!bottom\n  - b"],
        {},
        "channels",
        ("b", "c", "a"),
    ),
    (
        "both marks: bottom",
        ["channels:\n  - a #!top\n  - b", "channels:\n  - a #!bottom"],
        {},
        "channels",
        ("b", "a"),
    ),
    ("final list", ["channels: #!final\n  - a", "channels: [b]"], {}, "channels", ("a",)),
    ("a list may be null", ["channels: [a]", "channels:"], {}, "channels", ("a",)),
    (
        "maps join by key",
        ["proxy_servers: {http: a, https: b}", "proxy_servers: {http: c}"],
        {},
        "proxy_servers",
        {"http": "c", "https": "b"},
    ),
    (
        "lists in maps join",
        ["custom_multichannels: {m: [a]}", "custom_multichannels: {m: [b, a]}"],
        {},
        "custom_multichannels",
        {"m": ("b", "a")},
    ),
    (
        "items of lists in maps keep their places",
        [
            "custom_multichannels:\n  m:\n    - a  #!bottom\n    - b",
            "custom_multichannels:\n  m:\n    - c\n    - a\n    - d  #!top",
        ],
        {},
        "custom_multichannels",
        {"m": ("d", "c", "b", "a")},
    ),
    (
        "a final list in a map stands alone",
        [
            "custom_multichannels: {m: [a]}",
            "custom_multichannels:\n  m: [b]  #!final\n  n: [c]",
            "custom_multichannels: {m: [d], n: [e]}",
        ],
        {},
        "custom_multichannels",
        {"m": ("b",), "n": ("e", "c")},
    ),
    (
        "a final name in a map stops its own name",
        ["proxy_servers:\n  http: a  #!final\n  https: b", "proxy_servers: {http: c, https: d}"],
        {},
        "proxy_servers",
        {"http": "a", "https": "d"},
    ),
    (
        "a list of maps has each map once",
        ["channel_settings:\n  - {channel: a, colour: x}", "channel_settings: [{channel: a}]"],
        {},
        "channel_settings",
        ((("channel", "a"),),),
    ),
    ("none is nothing", ["client_ssl_cert: none"], {}, "client_ssl_cert", None),
    ("none is neither yes nor no", ["show_channel_urls: ~"], {}, "show_channel_urls", None),
    ("old boolean priority", ["channel_priority: false"], {}, "channel_priority", "disabled"),
    ("numbers are read from text", ["remote_max_retries: '7'"], {}, "remote_max_retries", 7),
    ("a count may be a boolean", ["auto_stack: true"], {}, "auto_stack", 1),
    ("ttl may be a boolean", ["local_repodata_ttl: false"], {}, "local_repodata_ttl", 0),
    ("ssl may be a path", ["ssl_verify: /ca.pem"], {}, "ssl_verify", "/ca.pem"),
    (
        "variables in values",
        ["channels: ['https://$USER:${KEY}@h/$MISSING']"],
        {"USER": "me", "KEY": "k"},
        "channels",
        ("https://me:k@h/$MISSING",),
    ),
    (
        "specs are parted by &",
        [""],
        {"CONDA_PINNED_PACKAGES": "a>1,<2&b"},
        "pinned_packages",
        ("a>1,<2", "b"),
    ),
]


@pytest.mark.parametrize(
    ("texts", "environ", "name", "expected"), [pytest.param(*s[1:], id=s[0]) for s in SCENARIOS]
)
def test_a_scenario_comes_out_as_documented(
    tmp_path: Path, texts: list[str], environ: dict[str, str], name: str, expected: object
) -> None:
    assert merged(tmp_path, *texts, environ=environ).values[name] == expected


def test_the_command_line_wins_over_variables_and_none_is_not_given(tmp_path: Path) -> None:
    result = merged(
        tmp_path,
        "remote_max_retries: 1",
        environ={"CONDA_REMOTE_MAX_RETRIES": "2"},
        overrides={"remote_max_retries": 3, "offline": None, "channels": ["c"]},
    )
    assert (result.values["remote_max_retries"], result.values["offline"]) == (3, False)
    assert result.values["channels"] == ("c",)
    assert result.origins["remote_max_retries"] == "command line"


def test_every_value_knows_where_it_was_written(tmp_path: Path) -> None:
    result = merged(tmp_path, "\noffline: yes\nchannels: [a]", environ={"CONDA_CHANNELS": "b"})
    assert result.origins == {
        "offline": f"{tmp_path}/0.yml, line 2",
        "channels": f"CONDA_CHANNELS; {tmp_path}/0.yml, line 3",
    }


def test_every_fault_is_reported_at_once_with_file_line_and_key(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfiguration) as caught:
        merged(
            tmp_path,
            "offline: perhaps\nchannels: conda-forge\n",
            "channel_settings: [x]\nremote_read_timeout_secs: -1\n",
            "proxy_servers: [a]\nremote_max_retries: -1\ncustom_channels: {x: [1]}\n"
            "channel_alias: host/conda",
            "{",
            environ={"CONDA_CHANNEL_PRIORITY": "high"},
            overrides={"fetch_threads": "many", "channel_settings": {"a": "b"}},
        )
    one, maps, two, three = (f"{tmp_path}/{number}.yml, line" for number in range(4))
    assert [str(problem) for problem in caught.value.problems] == [
        f"{one} 1: offline: it must be true or false, not `perhaps`",
        f"{one} 2: channels: it must be a list, not the text `conda-forge`",
        f"{maps} 1: channel_settings: each item must be a map, not the text `x`",
        f"{maps} 2: remote_read_timeout_secs: it must be a number of seconds, not `-1`",
        f"{two} 1: proxy_servers: it must be a map of `name: value`, not a list",
        f"{two} 2: remote_max_retries: it must be a whole number, 0 or more, not `-1`",
        f"{two} 3: custom_channels.x: it must be text, not a list",
        (
            f"{two} 4: channel_alias: "
            "it must be an address that begins like `https://`, not `host/conda`"
        ),
        f"{three} 1: it is not YAML: expected the node content, but found '<stream end>'",
        (
            "CONDA_CHANNEL_PRIORITY: channel_priority: "
            "it must be strict, flexible or disabled, not `high`"
        ),
        "command line: fetch_threads: it must be a whole number, 0 or more, not `many`",
        "command line: channel_settings: it must be a list of maps, not a map",
    ]
    assert all(str(problem) in str(caught.value) for problem in caught.value.problems)


def test_a_name_and_its_alias_in_one_file_contradict_each_other(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfiguration, match="ssl_verify is the same setting"):
        merged(tmp_path, "ssl_verify: yes\nverify_ssl: no\n")


def test_a_fault_never_shows_a_password(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfiguration) as caught:
        merged(tmp_path, "proxy_servers: http://me:geheim@proxy\nchannels: https://h/t/tk-1/c\n")
    assert "geheim" not in str(caught.value.to_json())
    assert "tk-1" not in str(caught.value)


def test_an_unknown_name_is_passed_over_with_a_warning_that_offers_the_nearest(
    tmp_path: Path,
) -> None:
    result = merged(tmp_path, "chanels: [a]\nsat_solver: pysat\nzzz: 1\n")
    assert result.values["channels"] == ()
    assert result.warnings == (
        f"{tmp_path}/0.yml, line 1: no setting is called chanels; did you mean channels?",
        f"{tmp_path}/0.yml, line 3: no setting is called zzz",
    )


def test_a_file_that_may_not_be_read_is_passed_over_with_a_warning(tmp_path: Path) -> None:
    folder = tmp_path / "condarc"
    folder.mkdir()  # opening a folder fails for root as well
    result = merge([folder], {})
    assert result.warnings == (f"{folder} was passed over: Is a directory",)


def test_a_map_cannot_come_from_one_variable(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfiguration, match=r"CONDA_PROXY_SERVERS: .* must be a map"):
        merged(tmp_path, environ={"CONDA_PROXY_SERVERS": "http=a"})


def test_no_two_settings_share_a_name_and_each_is_used_or_says_why_not() -> None:
    names = [name for definition in DEFINITIONS for name in definition.names]
    assert len(names) == len(set(names))
    assert set(names) == set(BY_NAME)
    assert tuple(each for each in DEFINITIONS if each.standing == "used") == USED
    assert all(each.description.endswith(".") for each in DEFINITIONS)


def test_what_steers_uploads_of_reports_has_no_effect_and_says_why() -> None:
    for name in ("report_errors", "error_upload_url"):
        assert BY_NAME[name].standing == "never"
        assert BY_NAME[name].description == "Reports of errors stay on your machine."


def test_a_fault_in_a_setting_without_effect_is_a_warning(tmp_path: Path) -> None:
    result = merged(tmp_path, "force_32bit: maybe\noffline: yes\n")
    assert result.values["offline"] is True
    place, fault = f"{tmp_path}/0.yml, line 1", "it must be true or false, not `maybe`"
    assert result.warnings == (f"{place}: force_32bit: {fault}; it has no effect here",)


def test_what_belongs_to_another_program_is_not_looked_at(tmp_path: Path) -> None:
    text = "conda_build: {skip: [a, {b: c}]}\nchannel_settings:\n  - channel: x\n    auth: y\n"
    result = merged(tmp_path, text, environ={"CONDA_PLUGINS": "x"})
    assert result.warnings == ()


def test_every_source_says_what_it_gives(tmp_path: Path) -> None:
    result = merged(tmp_path, "offline: yes", environ={"CONDA_CHANNELS": "a"})
    given_ = [(origin, {k: v.value for k, v in said.items()}) for origin, said in result.sources]
    assert given_ == [
        (f"{tmp_path}/0.yml", {"offline": True}),
        ("environment", {"channels": ("a",)}),
        ("command line", {}),
    ]


marks = st.sampled_from(["", "", "top", "bottom"])
items = st.lists(st.tuples(st.sampled_from("abcde"), marks), max_size=5)


@given(st.lists(items, min_size=1, max_size=3))
def test_a_merged_list_has_every_item_exactly_once(layers: list[list[tuple[str, Any]]]) -> None:
    given_ = []
    for layer in layers:
        values, item_marks = tuple(i for i, _ in layer), tuple(m for _, m in layer)
        given_.append(Given(value=values, mark="", marks=item_marks, origin=""))
    merged_items = _merged_list(given_)
    assert sorted(map(str, merged_items)) == sorted({i for layer in layers for i, _ in layer})


@pytest.mark.parametrize("text", ["nan", "inf", "1_0", "-1", "", " ", "١", "1e5", "yeah"])
def test_only_plain_words_and_numbers_are_true_or_false_or_counts(
    tmp_path: Path, text: str
) -> None:
    for name in ("offline", "remote_max_retries"):
        with pytest.raises(InvalidConfiguration):
            merged(tmp_path, f"{name}: '{text}'\n")
