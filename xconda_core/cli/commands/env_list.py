"""``xconda env list``: every environment that this user has. Layer: cli."""

from xconda_core.cli.environments_text import (
    environment_sizes,
    environments_document,
    environments_table,
)
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_engine
from xconda_core.cli.options import add_output
from xconda_core.cli.parser import CommandParser
from xconda_core.engine.environment_entry import environments


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``env list``."""
    parser.add_argument(
        "--size", action="store_true", help="how much disk the packages of each take"
    )
    add_output(parser)
    parser.epilog = (
        "examples:\n  xconda env list\n  xconda env list --size\n  xconda env list --json"
    )


def run(invocation: Invocation) -> int:
    """Show name and path of each; ``*`` marks the active one."""
    console, engine = invocation.console, open_engine(invocation)
    entries = environments(engine)
    sizes = environment_sizes(engine, entries) if invocation.arguments.size else None
    console.say(*environments_table(entries, sizes))
    console.document(lambda: environments_document(entries, sizes))
    return 0
