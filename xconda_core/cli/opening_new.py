"""Where a new environment goes: what the user says, else what its file proposes. Layer: cli."""

import os
from pathlib import Path

from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.cli.options import overrides
from xconda_core.cli.parser import UsageError
from xconda_core.cli.requesting import file_wish, names_files
from xconda_core.engine.engine import Engine
from xconda_core.engine.opening import open_engine
from xconda_core.engine.plugin_ports import PluginPorts
from xconda_core.engine.requests import FileWish
from xconda_core.environment.places import Target


def open_new(invocation: Invocation) -> tuple[Engine, Target, FileWish | None]:
    """Return the engine and the place of an environment to be made, and what its files ask for.

    ``-n`` and ``-p`` beat the ``name`` of a file, which beats its ``prefix``.

    Raises:
        UsageError: nobody says what it is to be called.
        XcondaError: a file cannot be read, or no environment can be made there.
    """
    arguments = invocation.arguments
    given = overrides(arguments)
    wish = None
    endings = PluginPorts(invocation.plugins).archive_endings()
    if names_files(arguments.files, vars(arguments).get("specs", ()), endings):
        general = open_engine(
            overrides=given, environ=invocation.environ, plugins=invocation.plugins
        )
        wish = file_wish(invocation, general)
    if arguments.name is None and arguments.prefix is None and wish is not None:
        arguments.name = wish.name
        arguments.prefix = wish.prefix if wish.name is None else None
    if arguments.name is None and arguments.prefix is None and given.get("dry_run"):
        from tempfile import gettempdir

        arguments.prefix = str(Path(gettempdir(), f"xconda-dry-run-{os.getpid()}"))  # is not made
    if arguments.name is None and arguments.prefix is None:
        raise UsageError(
            "xconda create",
            "a new environment needs a name or a path.",
            "add -n NAME or -p PATH, for example `xconda create -n demo python`.",
        )
    engine, target = open_target(invocation, creating=True)
    return engine, target, wish
