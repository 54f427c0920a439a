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
    _obey(invocation, engine.settings)
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
    choose = api.new_target if creating else api.target
    target = choose(arguments.name, arguments.prefix, invocation.environ, general.settings)
    engine = api.open_engine(prefix=target.prefix, overrides=given, environ=invocation.environ)
    _obey(invocation, engine.settings)
    return engine, target


def _obey(invocation: Invocation, settings: Settings) -> None:
    """Let the console speak as it is configured, and the log begin."""
    console = invocation.console
    console.manners = Manners(
        json=settings.json,
        quiet=settings.quiet,
        always_yes=settings.always_yes,
        logs=settings.verbosity > 0,
    )
    invocation.resources.enter_context(logging_to(console.side_stream, settings.verbosity))
    console.warn(*(Text(f"warning: {text}", "warning") for text in settings.warnings))
