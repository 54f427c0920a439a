"""``xconda remove``: take packages away. Layer: cli."""

from argparse import SUPPRESS

from xconda_core.cli.changing import carry_out
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.cli.options import add_flow, add_output, add_override_frozen, add_specs, add_target
from xconda_core.cli.parser import CommandParser, UsageError, add_idle
from xconda_core.cli.removing import remove_whole
from xconda_core.cli.request_options import PROCESSES, add_channels, add_no_pin, add_solver
from xconda_core.cli.requesting import change_request
from xconda_core.values import replace


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
    parser.add_argument(
        "--all", action="store_true", help="all packages, and the environment with them"
    )
    parser.add_argument(
        "--keep-env", action="store_true", help="with --all: keep the environment, empty"
    )
    add_override_frozen(parser)
    parser.add_argument(
        "--features",
        action="store_true",
        help="the names are of features: what tracks one of them goes",
    )
    add_no_pin(parser)
    add_solver(parser, proving=False)
    add_idle(parser, "--prune", why="what nothing needs any more goes with what needed it")
    add_idle(parser, "--force-pscheck", why=PROCESSES)
    add_channels(parser)
    add_flow(parser)
    add_output(parser)
    parser.epilog = (
        "examples:\n  xconda remove pandas\n  xconda remove -n demo numpy scipy --dry-run\n"
        "  xconda remove -n demo --all"
    )


def run(invocation: Invocation) -> int:
    """Remove.

    Raises:
        UsageError: no package was named, or packages beside ``--all``.
    """
    arguments = invocation.arguments
    if arguments.all and not arguments.specs:
        return remove_whole(invocation, keep_environment=arguments.keep_env)
    if arguments.all or arguments.keep_env:
        why = "--all and names of packages exclude each other; --keep-env goes with --all."
        raise UsageError("xconda remove", why)
    if not arguments.specs:
        raise UsageError(
            "xconda remove",
            "it needs the name of a package.",
            "for example `xconda remove pandas`; `xconda list` shows what is there.",
        )
    engine, target = open_target(invocation, changing=True)
    request = change_request(invocation, engine, target, "remove")
    if invocation.arguments.features:
        specs = tuple(f"*[track_features={feature}]" for feature in request.specs)
        request = replace(request, specs=specs)
    return carry_out(invocation, engine, request)
