"""One run of the command line, as a value that commands are handed. Layer: cli."""

from argparse import Namespace
from collections.abc import Mapping
from contextlib import ExitStack

from xconda_core.cancel import CancelToken
from xconda_core.cli.console import Console
from xconda_core.engine.plugin_set import PluginSet
from xconda_core.values import Slotted, dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation(Slotted):
    """What the user typed, and where it was typed.

    Attributes:
        arguments: The parsed words.
        command_line: The words as they go into the history, quoted for a shell.
        environ: Environment variables.
        console: Says and asks.
        cancel: Set by Ctrl-C, SIGTERM and SIGHUP.
        resources: What is to be closed when the command is over.
        plugins: What plugins add.
    """

    arguments: Namespace
    command_line: str
    environ: Mapping[str, str]
    console: Console
    cancel: CancelToken
    resources: ExitStack
    plugins: PluginSet = field(default_factory=PluginSet)
