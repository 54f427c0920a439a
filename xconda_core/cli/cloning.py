"""What ``create --clone`` and ``rename`` share: the source, and where its twin goes. Layer: cli."""

from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.cli.options import overrides
from xconda_core.engine.engine import Engine
from xconda_core.engine.opening import open_engine, target
from xconda_core.environment.places import Target


def open_twin(invocation: Invocation, text: str) -> tuple[Engine, Target, Target]:
    """Return the engine and the place of a new environment, and the one that ``text`` names.

    The new one is for the platform of the other.

    Raises:
        EnvironmentNotFound, UnusablePrefix: nothing is called ``text``, or no environment can be
            made at the new place.
    """
    arguments = invocation.arguments
    general = open_engine(
        overrides=overrides(arguments), environ=invocation.environ, plugins=invocation.plugins
    )
    source = named(text, invocation, general)
    of_source = open_engine(
        prefix=source.prefix, environ=invocation.environ, plugins=invocation.plugins
    )
    if of_source.settings.subdir != general.settings.subdir:
        arguments.subdir = of_source.settings.subdir
    engine, twin = open_target(invocation, creating=True)
    return engine, twin, source


def named(text: str, invocation: Invocation, engine: Engine) -> Target:
    """Return the environment that ``text``, a name or a path, means."""
    is_path = "/" in text or "\\" in text
    name, path = (None, text) if is_path else (text, None)
    return target(name, path, invocation.environ, engine.settings)
