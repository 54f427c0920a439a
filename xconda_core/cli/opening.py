"""From the words of a command to the engine and the environment that is meant. Layer: cli."""

from xconda_core import api
from xconda_core.cli.console import Manners, Text
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.options import overrides
from xconda_core.config.log import logging_to
from xconda_core.config.settings import Settings


def open_engine(invocation: Invocation) -> api.Engine:
    """Return an engine for no environment in particular."""
    engine = api.open_engine(
        prefix=None, overrides=overrides(invocation.arguments), environ=invocation.environ
    )
    _speak_as_configured(invocation, engine.settings)
    _begin_log(invocation, engine.settings)
    return engine


def open_target(invocation: Invocation, *, creating: bool = False) -> tuple[api.Engine, api.Target]:
    """Return the environment that ``-n``, ``-p`` or the surroundings mean, and its engine.

    Raises:
        XcondaError: no environment is meant, or there is none of that name, or (``creating``) none
            can be made there.
    """
    arguments = invocation.arguments
    given = overrides(arguments)
    general = api.open_engine(prefix=None, overrides=given, environ=invocation.environ)
    _speak_as_configured(invocation, general.settings)
    choose = api.new_target if creating else api.target
    target = choose(arguments.name, arguments.prefix, invocation.environ, general.settings)
    engine = api.open_engine(prefix=target.prefix, overrides=given, environ=invocation.environ)
    _speak_as_configured(invocation, engine.settings)
    _begin_log(invocation, engine.settings)
    return engine, target


def _speak_as_configured(invocation: Invocation, settings: Settings) -> None:
    invocation.console.manners = Manners(
        json=settings.json,
        quiet=settings.quiet,
        always_yes=settings.always_yes,
        logs=settings.verbosity > 0,
    )


def _begin_log(invocation: Invocation, settings: Settings) -> None:
    """Show log messages as configured, and what was strange about the configuration."""
    console = invocation.console
    invocation.resources.enter_context(logging_to(console.side_stream, settings.verbosity))
    console.warn(*(Text(f"warning: {text}", "warning") for text in settings.warnings))
