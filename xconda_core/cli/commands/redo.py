"""``xconda redo``: take the last undo back. Layer: cli."""

from xconda_core.cli.changing import carry_out
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.cli.options import add_flow, add_output, add_target
from xconda_core.cli.parser import CommandParser
from xconda_core.cli.request_options import add_network
from xconda_core.cli.requesting import change_request


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``redo``."""
    add_target(parser)
    add_network(parser)
    add_flow(parser)
    add_output(parser)
    parser.epilog = (
        "After a change there is nothing to redo; `undo --revision N` goes anywhere.\n\n"
        "examples:\n"
        "  xconda redo\n"
        "  xconda redo -n demo --dry-run"
    )


def run(invocation: Invocation) -> int:
    """Go forward again."""
    engine, target = open_target(invocation, changing=True)
    return carry_out(invocation, engine, change_request(invocation, engine, target, "redo"))
