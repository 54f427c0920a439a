"""``xconda env config vars list``: the variables that activation sets. Layer: cli."""

from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.cli.options import add_output, add_target
from xconda_core.cli.parser import CommandParser
from xconda_core.environment.variables import read_variables


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``env config vars list``."""
    add_target(parser)
    add_output(parser)
    parser.epilog = "examples:\n  xconda env config vars list -n demo"


def run(invocation: Invocation) -> int:
    """Show them."""
    engine, target = open_target(invocation)
    engine.require(target.prefix, invocation.console.notice)
    variables = read_variables(target.prefix)
    invocation.console.say(*(f"{name} = {value}" for name, value in variables.items()))
    invocation.console.document({**variables})
    return 0
