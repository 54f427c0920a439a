"""From surroundings to values: settings, the environment meant, an engine. Layer: engine."""

import logging
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

from xconda_core.config.environ import environment
from xconda_core.config.search_path import has_own_configuration
from xconda_core.config.settings import Settings
from xconda_core.engine.configured import configuration
from xconda_core.engine.engine import Engine
from xconda_core.engine.installed_plugins import open_plugins
from xconda_core.engine.plugin_set import PluginSet
from xconda_core.environment.places import Target, find_root, new_prefix, target_prefix
from xconda_core.values import replace

_log: Final = logging.getLogger(__name__)


def open_engine(
    *,
    prefix: Path | None = None,
    overrides: Mapping[str, object] | None = None,
    environ: Mapping[str, str] | None = None,
    plugins: PluginSet | None = None,
) -> Engine:
    """Return an engine with the settings that hold for ``prefix``.

    Args:
        prefix: The environment that is meant; its own ``.condarc`` counts.
        overrides: Setting name to value, above every file and variable.
        environ: Environment variables; those of this process unless given.
        plugins: What plugins add; those that are installed, and let be, unless given.

    Raises:
        InvalidConfiguration: settings that cannot be read, all faults at once.
    """
    variables = environment() if environ is None else environ
    root = find_root(variables)
    told: list[str] = []
    if plugins is None:
        asked = _asked(overrides or {})
        plugins = open_plugins(variables, partial(_tell, told), no_plugins=asked)
    _, settings = configuration(
        prefix=prefix,
        overrides=overrides,
        environ=variables,
        root=root,
        definitions=plugins.definitions,
    )
    if "root_prefix" in settings.origins:
        root = find_root(variables, settings.root_prefix)
    if told:
        settings = replace(settings, warnings=(*settings.warnings, *told))
    return Engine(settings, root, variables, plugins=plugins.under(settings.plugins))


def engine_for(
    prefix: Path,
    general: Engine,
    overrides: Mapping[str, object],
    environ: Mapping[str, str],
) -> Engine:
    """Return an engine for ``prefix``: ``general``, opened alike for none, where that is the same.

    Raises:
        InvalidConfiguration: the environment has settings that cannot be read.
    """
    if not has_own_configuration(prefix):
        return general
    return open_engine(prefix=prefix, overrides=overrides, environ=environ, plugins=general.plugins)


def _tell(told: list[str], text: str) -> None:
    """Keep what is the matter with a plugin, for the log as well: it may come late."""
    _log.warning(text)
    told.append(text)


def _asked(overrides: Mapping[str, object]) -> bool | None:
    given = overrides.get("no_plugins")
    return None if given is None else bool(given)


def target(
    name: str | None, path: str | None, environ: Mapping[str, str], settings: Settings
) -> Target:
    """Return the existing environment that a command means: path, name, active one, base.

    Raises:
        EnvironmentNotFound: nothing is called ``name``.
    """
    return target_prefix(name, path, environ, settings, Path.cwd())


def new_target(
    name: str | None, path: str | None, environ: Mapping[str, str], settings: Settings
) -> Target:
    """Return where a new environment goes: path, or name in the first writable folder.

    Raises:
        UnusablePrefix: an environment there would not work.
    """
    return new_prefix(name, path, environ, settings, Path.cwd())
