"""From the words of a command to the engine and the environment that is meant. Layer: cli."""

from dataclasses import replace

from xconda_core import api
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.options import overrides


def open_engine(invocation: Invocation) -> api.Engine:
    """Return an engine for no environment in particular."""
    engine = api.open_engine(
        prefix=None, overrides=overrides(invocation.arguments), environ=invocation.environ
    )
    _take_manners(invocation, engine)
    return engine


def open_target(invocation: Invocation) -> tuple[api.Engine, api.Target]:
    """Return the environment that ``-n``, ``-p`` or the surroundings mean, and its engine.

    The settings are read twice where an environment has a ``.condarc`` of its own, because they
    also say where environments are looked for.

    Raises:
        XcondaError: no environment is meant, or there is none of that name.
    """
    arguments = invocation.arguments
    general = open_engine(invocation)
    target = api.target(arguments.name, arguments.prefix, invocation.environ, general.settings)
    engine = api.open_engine(
        prefix=target.prefix, overrides=overrides(arguments), environ=invocation.environ
    )
    _take_manners(invocation, engine)
    return engine, target


def _take_manners(invocation: Invocation, engine: api.Engine) -> None:
    settings = engine.settings
    invocation.console.manners = replace(
        invocation.console.manners,
        json=settings.json,
        quiet=settings.quiet,
        always_yes=settings.always_yes,
    )
