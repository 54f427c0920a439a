"""Scenarios of the settings about plugins: one is installed for real, and a command is typed."""

from pathlib import Path

from tests.config.setting_world import World

_SOURCE = """
from xconda_core import plugins

@plugins.hookimpl
def xconda_settings():
    yield plugins.PluginSetting("greeting", "What is said.", default="hello")

@plugins.hookimpl
def xconda_subcommands(settings):
    yield plugins.PluginSubcommand("greet", "greet", lambda words: print(settings["greeting"]))
"""


def no_plugins(world: World) -> None:
    site = _installed(world)
    assert world.xconda("greet", PYTHONPATH=site).returncode == 0
    world.condarc("no_plugins: yes")
    assert "no command 'greet'" in world.xconda("greet", PYTHONPATH=site).stderr


def plugins(world: World) -> None:
    site = _installed(world)
    assert world.xconda("greet", PYTHONPATH=site).stdout == "hello\n"
    world.condarc("plugins: {greeting: welcome}")
    assert world.xconda("greet", PYTHONPATH=site).stdout == "welcome\n"
    other = world.xconda("greet", PYTHONPATH=site, CONDA_PLUGINS_GREETING="bonjour")
    assert other.stdout == "bonjour\n"


def _installed(world: World) -> str:
    site: Path = world.home / "site"
    facts = site / "greeter-1.0.dist-info"
    facts.mkdir(parents=True)
    (facts / "entry_points.txt").write_text("[xconda]\ngreeter = greeter_module\n")
    (site / "greeter_module.py").write_text(_SOURCE)
    return str(site)


PLUGINS = (no_plugins, plugins)
