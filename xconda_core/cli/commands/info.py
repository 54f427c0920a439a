"""``xconda info``: places, channels and this machine. Layer: cli."""

from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.cli.options import add_output, add_target
from xconda_core.cli.parser import CommandParser


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``info``."""
    add_target(parser)
    add_output(parser)
    parser.epilog = "examples:\n  xconda info\n  xconda info --json"


def run(invocation: Invocation) -> int:
    """Show it."""
    engine, target = open_target(invocation)
    facts = engine.facts(target.prefix)
    invocation.console.document(facts)
    return 0
