"""``xconda remove``: take packages away. Layer: cli."""

from argparse import SUPPRESS

from xconda_core.cli.changing import carry_out
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.cli.options import (
    add_channels,
    add_flow,
    add_no_pin,
    add_output,
    add_specs,
    add_target,
)
from xconda_core.cli.parser import CommandParser, UsageError
from xconda_core.cli.requesting import change_request


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``remove``."""
    add_specs(parser, "packages to take away; what needs them goes too, and the plan says so")
    add_target(parser)
    parser.add_argument(
        "--force",
        "--force-remove",
        dest="force_remove",
        action="store_true",
        default=SUPPRESS,
        help="leave what needs them, which will not work any more",
    )
    add_no_pin(parser)
    add_channels(parser)
    add_flow(parser)
    add_output(parser)
    parser.epilog = (
        "examples:\n  xconda remove pandas\n  xconda remove -n demo numpy scipy --dry-run"
    )


def run(invocation: Invocation) -> int:
    """Remove.

    Raises:
        UsageError: no package was named.
    """
    if not invocation.arguments.specs:
        raise UsageError(
            "xconda remove",
            "it needs the name of a package.",
            "for example `xconda remove pandas`; `xconda list` shows what is there.",
        )
    engine, target = open_target(invocation, changing=True)
    return carry_out(invocation, engine, change_request(invocation, engine, target, "remove"))
