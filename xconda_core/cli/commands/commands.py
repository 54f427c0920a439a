"""``xconda commands``: the first words of all commands, one to a line. Layer: cli."""

from xconda_core.cli import plugin_commands
from xconda_core.cli.command_table import COMMANDS
from xconda_core.cli.external_commands import external_commands
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.options import add_output
from xconda_core.cli.parser import CommandParser


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``commands``."""
    add_output(parser)
    parser.epilog = "examples:\n  xconda commands"


def run(invocation: Invocation) -> int:
    """Show xconda's own commands, those of plugins, and programs on PATH."""
    own = {name.split()[0] for entry in COMMANDS for name in (entry.name, *entry.aliases)}
    of_plugins = {
        name
        for offer in plugin_commands.subcommands(invocation.plugins)
        for name in (offer.value.name, *offer.value.aliases)
    }
    names = sorted(own | of_plugins | set(external_commands(invocation.environ)))
    invocation.console.say(*names)
    invocation.console.document([*names])
    return 0
