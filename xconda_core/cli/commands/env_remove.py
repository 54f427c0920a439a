"""``xconda env remove``: take a whole environment away. Layer: cli."""

from xconda_core.cli.invocation import Invocation
from xconda_core.cli.options import add_flow, add_output, add_override_frozen, add_target
from xconda_core.cli.parser import CommandParser, UsageError
from xconda_core.cli.removing import remove_whole
from xconda_core.cli.request_options import add_solver


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``env remove``."""
    add_target(parser, required=True)
    add_override_frozen(parser)
    add_solver(parser, proving=False)
    add_flow(parser)
    add_output(parser)
    parser.epilog = "examples:\n  xconda env remove -n demo\n  xconda env remove -p ./env --yes"


def run(invocation: Invocation) -> int:
    """Remove it.

    Raises:
        UsageError: nothing says which.
    """
    arguments = invocation.arguments
    if arguments.name is None and arguments.prefix is None:
        why = "it needs the name or the path of an environment."
        raise UsageError("xconda env remove", why, "add -n NAME or -p PATH.")
    return remove_whole(invocation)
