"""The log of commands that need no engine, as their own options ask for it. Layer: cli."""

import logging
import sys
from pathlib import Path
from typing import Final

from xconda_core import __version__
from xconda_core.cli.invocation import Invocation
from xconda_core.config.log import logging_to

_log: Final = logging.getLogger(__name__)


def log_as_asked(invocation: Invocation) -> None:
    """Show log messages as ``-v``, ``--debug`` and ``--trace`` ask: no file has been read yet."""
    verbosity = vars(invocation.arguments).get("verbosity", 0)
    invocation.resources.enter_context(logging_to(invocation.console.side_stream, verbosity))
    _log.info("xconda %s: %s", __version__, invocation.command_line)
    _log.debug("run by %s in %s", sys.executable, Path.cwd())
