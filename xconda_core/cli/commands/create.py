"""``xconda create``: make a new environment. Layer: cli."""

from xconda_core.cli.changing import carry_out
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening_new import open_new
from xconda_core.cli.options import (
    add_channels,
    add_files,
    add_flow,
    add_output,
    add_platform,
    add_reach,
    add_specs,
    add_target,
)
from xconda_core.cli.parser import CommandParser
from xconda_core.cli.requesting import change_request, with_wish


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``create``."""
    add_specs(parser, "packages to begin with; none makes an empty environment")
    add_target(parser, required=True)
    add_files(parser)
    add_platform(parser, "for another platform, such as osx-arm64; the environment remembers it")
    add_channels(parser)
    add_reach(parser, creating=True)
    add_flow(parser, fetching=True)
    add_output(parser)
    parser.epilog = (
        "examples:\n"
        "  xconda create -n demo python=3.12 numpy\n"
        '  xconda create -p ./env "python>=3.11" -c bioconda\n'
        "  xconda create -n twin --file conda-lock.yml\n"
        "  xconda create -n empty"
    )


def run(invocation: Invocation) -> int:
    """Make the environment.

    Raises:
        UsageError: nothing says what it is to be called.
    """
    engine, target, wish = open_new(invocation)
    request = change_request(invocation, engine, target, "create")
    if wish is not None:
        request = with_wish(request, wish, whole=True)
    return carry_out(invocation, engine, request)
