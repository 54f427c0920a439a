"""``xconda env list``: every environment that this user has. Layer: cli."""

from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_engine
from xconda_core.cli.options import add_output
from xconda_core.cli.parser import CommandParser
from xconda_core.cli.table import aligned


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``env list``."""
    add_output(parser)
    parser.epilog = "examples:\n  xconda env list\n  xconda env list --json"


def run(invocation: Invocation) -> int:
    """Show name and path of each; ``*`` marks the active one."""
    console = invocation.console
    entries = open_engine(invocation).environments()
    rows = [
        ("*" if entry.is_active else "", entry.name or "-", str(entry.prefix)) for entry in entries
    ]
    console.say(*(aligned(rows) if rows else ["no environments yet; `xconda create -n NAME`"]))
    return 0
