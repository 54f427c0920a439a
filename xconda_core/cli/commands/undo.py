"""``xconda undo``: go back to an earlier revision. Layer: cli."""

from xconda_core.cli.changing import carry_out
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.cli.options import add_flow, add_output, add_target
from xconda_core.cli.parser import CommandParser
from xconda_core.cli.request_options import add_network
from xconda_core.cli.requesting import change_request


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``undo``."""
    parser.add_argument(
        "--revision",
        type=int,
        metavar="N",
        help="the revision to go back to; the one before the last change unless given",
    )
    add_target(parser)
    add_network(parser)
    add_flow(parser)
    add_output(parser)
    parser.epilog = (
        "examples:\n  xconda undo\n  xconda undo -n demo --revision 1\n  xconda history -n demo"
    )


def run(invocation: Invocation) -> int:
    """Go back."""
    engine, target = open_target(invocation, changing=True)
    return carry_out(invocation, engine, change_request(invocation, engine, target, "undo"))
