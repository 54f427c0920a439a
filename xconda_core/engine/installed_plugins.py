"""The plugins that are installed beside xconda, loaded if there are any. Layer: engine.

One of the places where a first-party import may stand inside a function: without a plugin nothing
of them is loaded.
"""

import sys
from collections.abc import Callable, Mapping

from xconda_core.engine.plugin_set import PluginSet
from xconda_core.system.entry_points import find_plugins


def open_plugins(
    environ: Mapping[str, str],
    warn: Callable[[str], None],
    *,
    no_plugins: bool | None = None,
) -> PluginSet:
    """Return the plugins that are installed beside xconda, loaded.

    None where the setting ``no_plugins`` says so, or the configuration cannot be read: whoever
    needs it says what is wrong with it.

    Args:
        environ: Environment variables.
        warn: Told of plugins that break, in a sentence.
        no_plugins: What the command line says; None: nothing.
    """
    if no_plugins:
        return PluginSet()
    found = [each for each in find_plugins(sys.path) if each.group == "xconda"]
    if not found:
        return PluginSet()
    from xconda_core.config.problem import InvalidConfiguration
    from xconda_core.engine.configured import configuration

    try:
        general, _ = configuration(environ=environ)
    except InvalidConfiguration:
        return PluginSet()
    if general.values["no_plugins"]:
        return PluginSet()
    from xconda_core.engine.plugin_roster import load_plugins

    plugins = load_plugins(found, warn)
    if not plugins.definitions:
        return plugins
    try:
        _, settings = configuration(environ=environ, definitions=plugins.definitions)
    except InvalidConfiguration:  # of a plugin's setting; `config` must be able to change it
        return plugins.under(plugins.defaults)
    return plugins.under(settings.plugins)
