"""From the words of a command to the engine and the environment that is meant. Layer: cli."""

import logging
from importlib import import_module
from typing import Final

from xconda_core import __version__
from xconda_core.cli.console import Manners, Text
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.options import overrides
from xconda_core.cli.parser import UsageError, did_you_mean
from xconda_core.cli.progress import STYLES
from xconda_core.config.log import logging_to
from xconda_core.config.precedence import COMMAND_LINE
from xconda_core.config.settings import Settings
from xconda_core.config.settings_log import log_settings
from xconda_core.config.solver_names import OTHER_TOOLS, OWN
from xconda_core.engine import opening
from xconda_core.engine.engine import Engine
from xconda_core.environment.places import Target, is_environment

_log: Final = logging.getLogger(__name__)


def open_engine(invocation: Invocation) -> Engine:
    """Return an engine for no environment in particular."""
    engine = opening.open_engine(
        prefix=None,
        overrides=overrides(invocation.arguments),
        environ=invocation.environ,
        plugins=invocation.plugins,
    )
    _speak_as_configured(invocation, engine.settings)
    refuse_strange_solver(_typed_solver(invocation), engine)
    _begin_log(invocation, engine)
    return engine


def open_target(
    invocation: Invocation, *, creating: bool = False, changing: bool = False
) -> tuple[Engine, Target]:
    """Return the environment that ``-n``, ``-p`` or the surroundings mean, and its engine.

    Args:
        invocation: What was typed.
        creating: The environment is to be made.
        changing: It is to be changed: the log of the last operation begins anew.

    Raises:
        XcondaError: no environment is meant, or there is none of that name, or (``creating``) none
            can be made there.
    """
    arguments = invocation.arguments
    given = overrides(arguments)
    general = opening.open_engine(
        prefix=None, overrides=given, environ=invocation.environ, plugins=invocation.plugins
    )
    _speak_as_configured(invocation, general.settings)
    refuse_strange_solver(_typed_solver(invocation), general)
    choose = opening.new_target if creating else opening.target
    target = choose(arguments.name, arguments.prefix, invocation.environ, general.settings)
    engine = general
    if not (creating and is_environment(target.prefix)):  # what is replaced has no say
        engine = opening.engine_for(target.prefix, general, given, invocation.environ)
    _speak_as_configured(invocation, engine.settings)
    _begin_log(invocation, engine, keep=creating or changing)
    _log.info("environment %s (%s)", target.prefix, target.why)
    return engine, target


def _typed_solver(invocation: Invocation) -> str:
    return str(vars(invocation.arguments).get("solver", ""))


def refuse_strange_solver(name: str, engine: Engine) -> None:
    """Return if a solver that was typed is xconda's, a plugin's or that of another tool.

    Raises:
        UsageError: there is none called ``name``.
    """
    known = (*OWN, *OTHER_TOOLS)
    if name and name not in known and engine.wiring.plugins.solver(name) is None:
        why = f"there is no solver {name}: there are {', '.join(known)}, and those of plugins."
        raise UsageError("xconda", why, did_you_mean(name, known))


def _speak_as_configured(invocation: Invocation, settings: Settings) -> None:
    """Let the console speak as configured.

    Raises:
        UsageError: a way to show progress was typed that there is not.
    """
    style, view, ask = settings.console.lower(), None, None
    if style not in STYLES:
        found = import_module("xconda_core.cli.plugin_progress")
        installed = invocation.plugins.under(settings.plugins)
        view, ask = found.view_maker(installed, style), found.question_maker(installed, style)
        if view is None and settings.origins.get("console") == COMMAND_LINE:
            known = (*STYLES, *found.view_names(invocation.plugins))
            why = f"there is no way {style} to show progress: there are {', '.join(known)}."
            raise UsageError("xconda", why, did_you_mean(style, known))
        style = "classic"
    invocation.console.manners = Manners(
        json=settings.json,
        quiet=settings.quiet,
        always_yes=settings.always_yes,
        logs=settings.verbosity > 0,
        style=style,
        view=view,
        ask=ask,
    )


def _begin_log(invocation: Invocation, engine: Engine, *, keep: bool = False) -> None:
    """Show log messages as configured, and what was strange about the configuration."""
    console, settings = invocation.console, engine.settings
    state_dir = settings.state_dir if keep else None
    log = logging_to(console.side_stream, settings.verbosity, state_dir)
    invocation.resources.enter_context(log)
    _log.info("xconda %s: %s", __version__, invocation.command_line)
    log_settings(settings)
    strange = engine.wiring.plugins.strange_logins(settings.channel_logins)
    warnings = (*settings.warnings, *strange)
    if settings.console.lower() not in STYLES and console.manners.view is None:
        text = f"nothing here shows progress as {settings.console}: it is shown as classic does"
        warnings = (*warnings, text)
    console.warn(*(Text(f"warning: {text}", "warning") for text in warnings))
