"""``xconda env config vars unset``: variables that activation sets no more. Layer: cli."""

from xconda_core.cli.invocation import Invocation
from xconda_core.cli.options import add_output, add_override_frozen, add_target
from xconda_core.cli.parser import CommandParser
from xconda_core.cli.setting_variables import set_variables


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``env config vars unset``."""
    parser.add_argument("vars", nargs="+", metavar="NAME", help="names of variables")
    add_target(parser)
    add_override_frozen(parser)
    add_output(parser)
    parser.epilog = "examples:\n  xconda env config vars unset -n demo LEVEL"


def run(invocation: Invocation) -> int:
    """Take them away."""
    return set_variables(invocation, dict.fromkeys(invocation.arguments.vars))
