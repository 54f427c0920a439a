"""``xconda create``: make a new environment. Layer: cli."""

from xconda_core.cli.changing import carry_out
from xconda_core.cli.cloning import open_twin
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening_new import open_new
from xconda_core.cli.options import add_flow, add_output, add_platform, add_specs, add_target
from xconda_core.cli.parser import CommandParser, UsageError
from xconda_core.cli.request_options import add_channels, add_files, add_reach
from xconda_core.cli.requesting import add_linking, change_request, with_wish
from xconda_core.config.redaction import redacted
from xconda_core.values import replace


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``create``."""
    add_specs(parser, "packages to begin with; none makes an empty environment")
    parser.add_argument(
        "--clone", metavar="ENV", help="like that environment, by name or path: nothing is solved"
    )
    add_target(parser, required=True)
    add_files(parser)
    add_platform(parser, "for another platform, such as osx-arm64; the environment remembers it")
    add_channels(parser)
    add_reach(parser, creating=True)
    add_linking(parser)
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
    """Make the environment; what stands there already is shown, and asked about.

    Raises:
        UsageError: nothing says what it is to be called.
    """
    if invocation.arguments.clone is not None:
        return _clone(invocation)
    engine, target, wish = open_new(invocation)
    request = change_request(invocation, engine, target, "create")
    if wish is not None:
        request = with_wish(request, wish, whole=True)
    return carry_out(invocation, engine, replace(request, may_replace=True))


def _clone(invocation: Invocation) -> int:
    arguments = invocation.arguments
    if arguments.specs or arguments.files:
        why = "a clone has the packages of its source: neither names nor files go with it."
        raise UsageError("xconda create", why, "clone first, then install.")
    if arguments.name is None and arguments.prefix is None:
        why = "a new environment needs a name or a path."
        raise UsageError("xconda create", why, "add -n NAME or -p PATH.")
    engine, twin, source = open_twin(invocation, arguments.clone)
    command = redacted(invocation.command_line)
    request = engine.clone_request(source.prefix, twin, command, invocation.console.notice)
    is_other = source.prefix.resolve() != twin.prefix.resolve()
    return carry_out(invocation, engine, replace(request, may_replace=is_other))
