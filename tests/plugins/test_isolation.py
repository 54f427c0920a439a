"""Plugins are found, listed, told apart, and never fatal."""

import sys
from pathlib import Path

import pytest

from tests.plugins.conftest import PluginWorld
from xconda_core.system.entry_points import find_plugins

GREETER = """
@plugins.hookimpl
def xconda_subcommands():
    yield plugins.PluginSubcommand("greet", "say hello", lambda words: print("hello", *words))
"""


def _giving(hook: str, value: str) -> str:
    return f"@plugins.hookimpl\ndef xconda_{hook}():\n    yield {value}\n"


def test_a_plugin_is_listed_with_its_version_and_hooks(world: PluginWorld) -> None:
    world.install("greeter", GREETER)
    assert world.document("plugins", "list") == [
        {
            "name": "greeter",
            "version": "1.5",
            "status": "enabled",
            "hooks": ["xconda_subcommands"],
            "why": "",
            "distribution": "xconda_greeter",
            "group": "xconda",
        }
    ]
    assert "greeter  1.5      enabled  xconda_subcommands" in world.xconda("plugins", "list").stdout


def test_without_plugins_the_list_is_empty(world: PluginWorld) -> None:
    assert world.document("plugins", "list") == []
    assert world.xconda("plugins", "list").stdout == "No plugins are installed.\n"


def test_a_plugin_for_conda_itself_is_seen_and_not_loaded(world: PluginWorld) -> None:
    world.install("tos", "raise SystemExit('imported')", group="conda")
    (listed,) = world.document("plugins", "list")
    assert (listed["status"], listed["group"]) == ("not-loadable", "conda")
    assert "docs/plugins.md" in listed["why"]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("import nowhere_to_be_found", "ModuleNotFoundError"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("this is no Python", "SyntaxError"),
        (
            _giving("virtual_packages", "'text'"),
            "xconda_virtual_packages gave a str, which is no PluginVirtualPackage",
        ),
        ("@plugins.hookimpl\ndef xconda_solvers():\n    return 1 / 0", "ZeroDivisionError"),
        ("@plugins.hookimpl\ndef xconda_solvers(mood): ...", "mood"),
        (
            _giving("settings", "plugins.PluginSetting('a', 'b', shape='round')"),
            "of no type that there is",
        ),
        (
            _giving("subcommands", "plugins.PluginSubcommand('install', 'mine', print)"),
            "has a command install, which xconda has",
        ),
        (
            _giving("subcommands", "plugins.PluginSubcommand('mine', '', print, ('check',))"),
            "has a command check, which xconda has",
        ),
    ],
)
def test_a_plugin_that_breaks_is_named_switched_off_and_never_fatal(
    world: PluginWorld, source: str, says: str
) -> None:
    world.install("broken", source)
    world.install("greeter", GREETER)
    done = world.xconda("plugins", "list")
    assert done.returncode == 0
    assert "the plugin broken" in done.stderr
    assert says in done.stderr
    assert "it is switched off" in done.stderr
    broken, greeter = world.document("plugins", "list")
    assert (broken["status"], greeter["status"]) == ("disabled", "enabled")
    assert says in broken["why"]
    assert world.xconda("greet", "you").stdout == "hello you\n"


def test_two_plugins_with_one_name_for_what_they_add_are_both_named(world: PluginWorld) -> None:
    world.install("alpha", GREETER)
    world.install("beta", GREETER)
    done = world.xconda("greet")
    assert done.stdout == "hello\n"
    assert "beta has a PluginSubcommand called greet, as the plugin alpha has" in done.stderr


def test_two_plugins_of_one_name_are_both_named(world: PluginWorld) -> None:
    world.install("greeter", GREETER, project="one")
    world.install("greeter", GREETER, project="two")
    done = world.xconda("plugins", "list")
    assert "one-1.5.dist-info and two-1.5.dist-info both have a plugin greeter" in done.stderr
    assert [each["status"] for each in world.document("plugins", "list")] == ["enabled", "disabled"]


def test_a_name_that_is_not_lower_case_is_refused(world: PluginWorld) -> None:
    world.install("Greeter", GREETER)
    assert "has a name that is not lower-case" in world.xconda("plugins", "list").stderr


def test_a_misspelled_hook_is_named_and_the_rest_counts(world: PluginWorld) -> None:
    world.install("greeter", GREETER + "@plugins.hookimpl\ndef xconda_sovlers(): ...\n")
    done = world.xconda("greet")
    assert (
        "has xconda_sovlers, which is no hook; did its author mean xconda_solvers?" in done.stderr
    )
    assert done.stdout == "hello\n"


def test_what_a_plugin_prints_does_not_spoil_a_document(world: PluginWorld) -> None:
    world.install("chatty", "print('loaded')\n" + GREETER)
    assert "envs" in world.document("env", "list")


@pytest.mark.parametrize(
    "words",
    [
        ("shell.posix", "hook"),
        ("shell.posix", "activate", "{prefix}"),
        ("shell.posix+json", "activate", "{prefix}"),
        ("shell.posix", "reactivate"),
        ("shell.posix", "deactivate"),
    ],
)
def test_activation_loads_no_plugin(world: PluginWorld, words: tuple[str, ...]) -> None:
    world.create("seed")
    world.install("broken", "raise ValueError('loaded')")
    words = tuple(word.format(prefix=world.prefix) for word in words)
    done = world.xconda(*words)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "words", [("--no-plugins", "env", "list"), ("env", "list", "--no-plugins")]
)
def test_no_plugins_leaves_them_alone(world: PluginWorld, words: tuple[str, ...]) -> None:
    world.install("broken", "raise ValueError('loaded')")
    assert "ValueError" in world.xconda("env", "list").stderr
    done = world.xconda(*words)
    assert (done.returncode, done.stderr) == (0, "")
    assert world.xconda("env", "list", CONDA_NO_PLUGINS="true").stderr == ""
    assert world.xconda("--no-plugins", "plugins", "list").stdout.count("no_plugins") == 1


def test_what_stands_first_in_the_path_counts(tmp_path: Path) -> None:
    for folder, target in (("a", "first"), ("b", "second")):
        place = tmp_path / folder / "thing-1.0.dist-info"
        place.mkdir(parents=True)
        (place / "entry_points.txt").write_text(
            f"[console_scripts]\nx = y:z\n\n[xconda]\n# note\nthing = {target}:part [extra]\n"
        )
    found = find_plugins([str(tmp_path / "a"), str(tmp_path / "b"), "/nowhere"])
    assert [(each.name, each.target) for each in found] == [("thing", "first:part")]


def test_xconda_itself_declares_no_plugin() -> None:
    assert [each for each in find_plugins(sys.path) if each.group == "xconda"] == []


def test_no_plugins_among_the_options_of_run_is_no_word_of_the_program(world: PluginWorld) -> None:
    world.install(
        "loud",
        """
@plugins.hookimpl
def xconda_pre_commands():
    yield plugins.PluginPreCommand("loud", lambda command: print("before"), {"run"})
""",
    )
    assert world.create("seed").returncode == 0
    words = ("-p", str(world.prefix), "echo", "--no-plugins")
    assert "before" in world.xconda("run", *words).stderr
    assert world.xconda("run", *words).stdout == "--no-plugins\n"
    assert "before" not in world.xconda("run", "--no-plugins", *words).stderr
