"""``xconda update``: bring packages up to date. Layer: cli."""

from xconda_core.cli.changing import carry_out
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.cli.options import add_flow, add_output, add_override_frozen, add_specs, add_target
from xconda_core.cli.parser import CommandParser, UsageError
from xconda_core.cli.request_options import add_channels, add_files, add_reach
from xconda_core.cli.requesting import add_linking, change_request, file_wish, with_wish


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``update``."""
    add_specs(parser, "packages to bring up to date")
    add_target(parser)
    add_files(parser)
    add_channels(parser)
    add_reach(parser)
    add_linking(parser)
    add_override_frozen(parser)
    add_flow(parser, fetching=True)
    add_output(parser)
    parser.epilog = (
        "examples:\n  xconda update numpy pandas\n  xconda update --all -n demo --dry-run"
    )


def run(invocation: Invocation) -> int:
    """Update.

    Raises:
        UsageError: neither packages nor ``--all``.
    """
    arguments = invocation.arguments
    if not (arguments.specs or arguments.files or arguments.update_all):
        why = "it needs the names of packages, or --all."
        raise UsageError("xconda update", why, "for example `xconda update numpy`.")
    engine, target = open_target(invocation, changing=True)
    request = change_request(invocation, engine, target, "update")
    wish = file_wish(invocation, engine)
    if wish is not None:
        request = with_wish(request, wish, whole=False)
    return carry_out(invocation, engine, request)
