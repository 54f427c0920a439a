"""``xconda config``: what counts, where it comes from, and changes that lose nothing."""

import io
import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xconda_core.cli.main import main
from xconda_core.config.definitions import BY_NAME, DEFINITIONS

SURFACE = Path(__file__).parents[2].parent / "shared" / "surface" / "json_outputs.json"
Captured = pytest.CaptureFixture[str]


class Terminal:
    """A user with a home, who types ``xconda config ...``."""

    def __init__(self, home: Path, captured: Captured) -> None:
        self.home, self._captured = home, captured
        self.condarc = home / ".condarc"

    def __call__(self, *words: str) -> tuple[int, str, str]:
        code = main(["config", *words])
        out, err = self._captured.readouterr()
        return code, out, err

    def ok(self, *words: str) -> str:
        code, out, err = self(*words)
        assert code == 0, err
        return out

    def json(self, *words: str) -> Any:
        return json.loads(self(*words, "--json")[1])

    def refused(self, *words: str) -> str:
        code, out, err = self(*words)
        assert (code != 0, out) == (True, "")
        assert "Traceback" not in err
        return err


@pytest.fixture
def xconda(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    home = tmp_path / "home"
    home.mkdir()
    for name in ("CONDA_PREFIX", "CONDARC", "CONDA_EXE", "XDG_CONFIG_HOME", "CONDA_ROOT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("CONDA_ROOT_PREFIX", str(home / "root"))
    return Terminal(home, capsys)


def an_environment(prefix: Path) -> Path:
    (prefix / "conda-meta").mkdir(parents=True)
    (prefix / "conda-meta" / "history").touch()
    return prefix


def test_add_puts_a_channel_in_front_and_append_at_the_end(xconda: Terminal) -> None:
    for words in (("--add", "channels", "b"), ("--append", "channels", "c")):
        xconda.ok(*words)
    xconda.ok("--prepend", "channels", "a")
    assert xconda.condarc.read_text() == "channels:\n  - a\n  - b\n  - c\n"


def test_what_is_added_again_moves(xconda: Terminal) -> None:
    xconda.condarc.write_text("channels: [a, b]\n")
    xconda.ok("--add", "channels", "b")
    assert xconda.condarc.read_text() == "channels: [b, a]\n"


def test_several_changes_are_made_together_or_not_at_all(xconda: Terminal) -> None:
    xconda.ok(
        "--set", "offline", "yes", "--set", "remote_max_retries", "7", "--add", "channels", "x"
    )
    before = xconda.condarc.read_text()
    assert before == "channels:\n  - x\noffline: true\nremote_max_retries: 7\n"
    xconda.refused("--set", "offline", "no", "--remove", "channels", "nobody")
    assert xconda.condarc.read_text() == before


def test_a_dotted_key_is_a_name_in_a_map(xconda: Terminal) -> None:
    xconda.ok("--set", "proxy_servers.https", "http://proxy:3128")
    xconda.ok("--add", "custom_multichannels.ours", "https://a/x")
    assert xconda.condarc.read_text() == (
        "proxy_servers:\n  https: http://proxy:3128\n"
        "custom_multichannels:\n  ours:\n    - https://a/x\n"
    )
    xconda.ok("--remove-key", "proxy_servers.https")
    assert "proxy_servers: {}\n" in xconda.condarc.read_text()


def test_a_setting_keeps_the_name_by_which_the_file_has_it(xconda: Terminal) -> None:
    xconda.condarc.write_text("verify_ssl: yes\n")
    xconda.ok("--set", "ssl_verify", "/etc/ca.pem")
    assert xconda.condarc.read_text() == "verify_ssl: /etc/ca.pem\n"


def test_clear_empties_lists_and_maps_and_remove_key_takes_them_away(xconda: Terminal) -> None:
    xconda.condarc.write_text("channels: [a]\ncustom_multichannels: {m: [a]}\nstrange: 1\n")
    xconda.ok("--clear", "channels")
    xconda.ok("--clear", "custom_multichannels.m")
    assert xconda.condarc.read_text() == (
        "channels: []\ncustom_multichannels: {m: []}\nstrange: 1\n"
    )
    xconda.ok("--clear", "custom_multichannels", "--remove-key", "strange")
    assert xconda.condarc.read_text() == "channels: []\ncustom_multichannels: {}\n"


def test_an_unknown_name_is_refused_with_the_nearest_one(xconda: Terminal) -> None:
    assert "did you mean channels?" in xconda.refused("--add", "chanels", "x")
    assert "did you mean" not in xconda.refused("--set", "zzz", "x")
    assert "did you mean offline?" in xconda.refused("--show", "ofline")
    assert not xconda.condarc.exists()


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("--set", "channels", "x"), "--add channels VALUE"),
        (("--add", "offline", "yes"), "--set offline VALUE"),
        (("--clear", "offline"), "--set offline VALUE"),
        (("--set", "proxy_servers", "x"), "--set proxy_servers.NAME VALUE"),
        (("--set", "proxy_servers.", "x"), "--set proxy_servers.NAME VALUE"),
        (("--add", "custom_multichannels", "x"), "--add custom_multichannels.NAME VALUE"),
        (("--set", "offline.x", "yes"), "--set offline VALUE"),
        (("--set", "conda_build.x", "yes"), "editor"),
        (("--add", "channel_settings", "yes"), "editor"),
    ],
)
def test_a_change_of_the_wrong_kind_says_what_to_write(
    xconda: Terminal, words: tuple[str, ...], hint: str
) -> None:
    assert hint in xconda.refused(*words)


def test_a_value_that_does_not_fit_is_refused_without_showing_a_password(xconda: Terminal) -> None:
    assert "true or false, not `perhaps`" in xconda.refused("--set", "offline", "perhaps")
    for words in (
        ("--set", "offline", "http://me:geheim@h"),
        ("--remove", "channels", "http://me:geheim@h"),
        ("--set", "http://me:geheim@h", "x"),
    ):
        assert "geheim" not in xconda.refused(*words)
        assert "geheim" not in xconda(*words, "--json")[1]


def test_a_file_that_cannot_be_read_is_never_overwritten(xconda: Terminal) -> None:
    for content in (b"channels: [a\n", b"- a\n", b"\xff\xfe\n", b"a: 1\na: 2\n"):
        xconda.condarc.write_bytes(content)
        assert ".condarc" in xconda.refused("--set", "offline", "yes")
        assert xconda.condarc.read_bytes() == content


def test_a_faulty_setting_can_be_mended(xconda: Terminal) -> None:
    xconda.condarc.write_text("offline: perhaps\nremote_max_retries: many\n")
    errors = xconda.refused("--validate")
    assert "line 1: offline" in errors
    assert "line 2: remote_max_retries" in errors
    xconda.ok("--set", "offline", "no", "--remove-key", "remote_max_retries")
    assert xconda.json("--validate") == {"success": True, "warnings": []}


def test_a_link_stays_a_link_and_permissions_stay(xconda: Terminal) -> None:
    real = xconda.home / "dotfiles" / "condarc"
    real.parent.mkdir()
    real.write_text("\ufeffoffline: no\n", encoding="utf-8")
    real.chmod(0o660)
    xconda.condarc.symlink_to(real)
    xconda.ok("--set", "offline", "yes")
    assert xconda.condarc.is_symlink()
    assert real.read_text(encoding="utf-8") == "\ufeffoffline: true\n"
    assert real.stat().st_mode & 0o777 == 0o660


def test_a_change_that_changes_nothing_does_not_touch_the_file(xconda: Terminal) -> None:
    xconda.condarc.write_text("offline: true\n")
    before = xconda.condarc.stat().st_mtime_ns
    _, _, err = xconda("--set", "offline", "yes")
    assert "says so already" in err
    assert xconda.condarc.stat().st_mtime_ns == before


def test_the_file_that_is_meant(xconda: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    home = xconda.home
    demo = an_environment(home / "root" / "envs" / "demo")

    def written(*words: str) -> str:
        path: str = xconda.json("--set", "offline", "yes", *words)["rc_path"]
        assert Path(path).read_text() == "offline: true\n"
        return path

    assert written() == f"{home}/.condarc"
    assert written("--file", "~/x/y.yml") == f"{home}/x/y.yml"
    assert written("--system") == f"{home}/root/.condarc"
    assert written("-n", "demo") == written("-p", str(demo)) == f"{demo}/.condarc"
    monkeypatch.setenv("CONDA_PREFIX", str(demo))
    assert written("--env") == f"{demo}/.condarc"
    monkeypatch.setenv("CONDARC", str(home / "named.yml"))
    assert written() == f"{home}/named.yml"
    monkeypatch.setenv("CONDARC", str(home / "x"))
    assert written() == f"{home}/x/.condarc"


def test_env_without_an_active_environment_says_which_file_it_wrote(xconda: Terminal) -> None:
    code, out, err = xconda("--env", "--set", "offline", "yes")
    assert (code, out) == (0, "")
    assert f"no environment is active, so {xconda.condarc} is meant" in err
    assert f"{xconda.condarc} was changed" in err


def test_an_environment_that_is_not_there_gets_no_file(xconda: Terminal) -> None:
    assert "nobody" in xconda.refused("-n", "nobody", "--set", "offline", "yes")
    assert "no environment" in xconda.refused("-p", str(xconda.home), "--set", "offline", "yes")
    assert "empty path" in xconda.refused("-p", "", "--set", "offline", "yes")
    assert "no name" in xconda.refused("-n", "", "--show")
    assert not xconda.condarc.exists()


def test_what_cannot_be_written_is_an_error_in_words(xconda: Terminal) -> None:
    (xconda.home / "file").touch()
    err = xconda.refused("--file", str(xconda.home / "file" / "x"), "--set", "offline", "yes")
    assert "Could not change the configuration" in err


def test_a_first_channel_says_that_conda_forge_is_left_out(xconda: Terminal) -> None:
    _, _, err = xconda("--add", "channels", "bioconda")
    assert "conda-forge is searched only while no channel is configured" in err
    _, _, err = xconda("--append", "channels", "conda-forge")
    assert "conda-forge is searched" not in err


def test_a_value_that_another_place_overrules_says_so(
    xconda: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONDA_OFFLINE", "yes")
    _, _, err = xconda("--set", "offline", "no", "--set", "channel_priority", "flexible")
    assert "note: CONDA_OFFLINE has another offline, which counts more." in err
    assert "another channel_priority" not in err


def test_a_setting_without_effect_is_written_and_says_so(xconda: Terminal) -> None:
    _, _, err = xconda("--set", "sat_solver", "pycosat")
    assert "sat_solver has no effect here: pycosat is the one" in err
    assert xconda.condarc.read_text() == "sat_solver: pycosat\n"
    assert "no effect: pycosat is the one" in xconda.ok("--show", "sat_solver")
    assert "no effect" in xconda("--validate")[2]


def test_show_has_the_values_that_count_in_condas_words(xconda: Terminal) -> None:
    xconda.condarc.write_text(
        "offline: yes\nproxy_servers: {http: 'http://me:geheim@p'}\nchannel_settings:\n"
        "  - channel: x\n    exclude_newer: 7d\n"
    )
    out = xconda.ok("--show", "offline", "always_yes", "proxy_servers", "channels", "envs_path")
    assert out == (
        "offline: True\nalways_yes: None\nproxy_servers:\n  http: http://<hidden>@p\n"
        f"channels:\n  - conda-forge\nenvs_dirs:\n  - {xconda.home}/root/envs\n"
        f"  - {xconda.home}/.conda/envs\n"
    )
    assert xconda.ok("--show", "channel_settings") == (
        "channel_settings:\n  - channel: x\n    exclude_newer: '7d'\n"
    )
    assert xconda.json("--show", "offline", "channels") == {
        "offline": True,
        "channels": ["conda-forge"],
    }
    whole = xconda.ok("--show")
    assert "channel_priority: strict\n" in whole
    assert "sat_solver" not in whole


def test_show_with_sources_says_where_each_value_comes_from(
    xconda: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    xconda.condarc.write_text("\nchannels: [a]\n")
    monkeypatch.setenv("CONDA_CHANNELS", "b")
    assert xconda.ok("--show", "channels", "offline", "--show-sources") == (
        f"channels:  # CONDA_CHANNELS; {xconda.condarc}, line 2\n  - b\n  - a\n"
        "offline: False  # default\n"
    )


def test_show_sources_is_what_each_place_says(
    xconda: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    xconda.condarc.write_text("channels: [https://h/t/tk-1/c]\nchannel_settings: [{channel: x}]\n")
    monkeypatch.setenv("CONDA_OFFLINE", "yes")
    assert f"==> {xconda.condarc} <==\nchannels:\n  - https://h/t/<hidden>/c\n" in xconda.ok(
        "--show-sources"
    )
    document = xconda.json("--show-sources")
    assert list(document) == [str(xconda.condarc), "envvars", "cmd_line"]
    assert document[str(xconda.condarc)]["channel_settings"] == [{"channel": "x"}]
    assert document["envvars"]["offline"] is True
    assert document["cmd_line"] == {"json": True}


def test_one_file_alone_can_be_looked_at(xconda: Terminal) -> None:
    xconda.condarc.write_text("offline: yes\n")
    other = xconda.home / "other.yml"
    other.write_text("offline: no\n")
    assert xconda.ok("--file", str(other), "--show", "offline") == "offline: False\n"
    other.write_text("offline: perhaps\n")
    assert "other.yml, line 1" in xconda.refused("--file", str(other), "--validate")
    assert xconda.json("--file", "/nowhere/x.yml", "--get")["get"] == {}


def test_the_targets_own_settings_are_shown(xconda: Terminal) -> None:
    demo = an_environment(xconda.home / "root" / "envs" / "demo")
    (demo / ".condarc").write_text("offline: yes\n")
    assert xconda.ok("--show", "offline") == "offline: False\n"
    assert xconda.ok("-n", "demo", "--show", "offline") == "offline: True\n"


def test_get_prints_the_options_that_make_the_same_file(xconda: Terminal) -> None:
    xconda.condarc.write_text(
        "channels: [a, b c]\noffline: yes\nproxy_servers: {http: x}\n"
        "custom_multichannels: {m: [p, q]}\npkgs_dirs: []\n"
    )
    commands = xconda.ok("--get")
    assert "--add channels 'b c'   # lowest priority\n" in commands
    again = str(xconda.home / "again.yml")
    for line in commands.splitlines():
        xconda.ok("--file", again, *shlex.split(line, comments=True))
    before, after = xconda.json("--get"), xconda.json("--get", "--file", again)
    assert after["get"] == {key: value for key, value in before["get"].items() if value}
    assert xconda.ok("--get", "offline") == "--set offline True\n"
    assert xconda.json("--get", "offline") == {
        "success": True, "rc_path": str(xconda.condarc), "warnings": [], "get": {"offline": True},
    }  # fmt: skip


def test_get_tells_one_name_of_a_map_by_a_dotted_key(xconda: Terminal) -> None:
    xconda.condarc.write_text(
        "proxy_servers: {http: x, https: y}\ncustom_multichannels: {m: [p, q], n: [r]}\n"
    )
    assert xconda.ok("--get", "proxy_servers.http") == "--set proxy_servers.http x\n"
    assert xconda.ok("--get", "proxy_servers.ftp") == ""
    assert xconda.json("--get", "custom_multichannels.m", "proxy_servers.https")["get"] == {
        "custom_multichannels.m": ["p", "q"],
        "proxy_servers.https": "y",
    }
    assert "No setting is called proxies" in xconda.refused("--get", "proxies.http")


def test_defaults_are_taken_from_a_file_that_names_no_channel_as_install_scripts_do(
    xconda: Terminal,
) -> None:
    xconda.condarc.write_text("offline: yes\n")
    xconda.ok("--remove", "channels", "defaults")
    assert xconda.json("--get")["get"] == {"channels": [], "offline": True}
    assert "defaults is not in its channels" in xconda.refused("--remove", "channels", "defaults")
    xconda.ok("--append", "channels", "conda-forge")
    assert xconda.json("--get", "channels")["get"] == {"channels": ["conda-forge"]}


def test_describe_says_what_settings_mean_and_why_some_mean_nothing(xconda: Terminal) -> None:
    text = xconda.ok("--describe")
    assert all(f"\n# {each.name} (" in f"\n{text}" for each in DEFINITIONS)
    assert "No meaning here: pycosat is the one" in xconda.ok("--describe", "sat_solver")
    assert xconda.json("--describe", "channels") == [
        {
            "name": "channels",
            "aliases": ["channel"],
            "parameter_type": "sequence",
            "element_types": ["str"],
            "default_value": [],
            "description": BY_NAME["channels"].description,
            "standing": "used",
            "string_delimiter": ",",
        }
    ]


def test_a_default_file_has_every_setting_and_sets_none(xconda: Terminal) -> None:
    xconda.ok("--write-default")
    text = xconda.condarc.read_text()
    assert all(line.startswith("#") or not line for line in text.splitlines())
    assert xconda.json("--get")["get"] == {}
    assert "it exists" in xconda.refused("--write-default")
    assert xconda.condarc.read_text() == text
    uncommented = [line[2:] for line in text.splitlines() if line.startswith("# channel_priority:")]
    assert uncommented == ["channel_priority: strict"]


Answer = Callable[[str], None]


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Answer:
    return lambda text: monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_settings_can_be_piped_in(xconda: Terminal, pipe: Answer) -> None:
    xconda.condarc.write_text("# mine\nverify_ssl: no  # why\nchannels: [a]\n")
    pipe(
        "channels: [b, c]\nssl_verify: yes\ncustom_multichannels: {m: [x]}\n"
        "env_prompt: $A\noffline:\n"
    )
    xconda.ok("--stdin")
    assert xconda.condarc.read_text() == (
        "# mine\nverify_ssl: true  # why\nchannels:\n  - b\n  - c\n"
        "custom_multichannels:\n  m:\n    - x\nenv_prompt: $A\noffline: null\n"
    )


@pytest.mark.parametrize("text", ["channels: x", "- a", "{", "offlin: yes", "offline: perhaps"])
def test_what_is_piped_in_must_be_configuration(xconda: Terminal, pipe: Answer, text: str) -> None:
    pipe(text)
    xconda.refused("--stdin")
    assert not xconda.condarc.exists()


def test_stdin_does_not_wait_for_a_person(
    xconda: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Keyboard(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Keyboard())
    assert "nobody gives any" in xconda.refused("--stdin")


def test_one_thing_at_a_time(xconda: Terminal) -> None:
    assert "nothing is asked" in xconda.refused()
    err = xconda.refused("--validate", "--set", "offline", "yes")
    assert "--validate and a change do not go together" in err


@pytest.mark.shared
@pytest.mark.skipif(not SURFACE.is_file(), reason="the shared documents are absent")
def test_documents_have_condas_keys_and_kinds(xconda: Terminal) -> None:
    told = json.loads(SURFACE.read_text())
    ours = xconda.json("--show")
    theirs = told["config --show"]["documents"][0]
    assert theirs.keys() <= ours.keys()
    for name in ("channel_alias", "custom_channels", "custom_multichannels", "default_channels"):
        assert _keys(theirs[name]) <= _keys(ours[name]), name
    described = xconda.json("--describe", "solver")[0]
    assert told["config --describe"]["documents"][0][0].keys() <= described.keys()
    for words, name in ((("--get",), "config --get"), (("--set", "offline", "no"), "config --set")):
        assert told[name]["documents"][0].keys() == xconda.json(*words).keys()


def _keys(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_keys, value)) if value else set()
    if isinstance(value, dict):
        inner = set().union(*map(_keys, value.values())) if value else set()
        return {key for key in value if key in {"scheme", "location", "name", "auth"}} | inner
    return set()


def test_the_program_itself_reads_and_writes(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", "xconda_core", "config"]
    for words in (["--add", "channels", "a"], ["--show", "channels"]):
        done = subprocess.run(
            [*command, *words], env=environ, capture_output=True, text=True, check=True, timeout=60
        )
    assert done.stdout == "channels:\n  - a\n"
