"""``xconda install``: add packages to an environment. Layer: cli."""

from xconda_core.cli.changing import carry_out
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.cli.options import add_flow, add_output, add_override_frozen, add_specs, add_target
from xconda_core.cli.parser import CommandParser, UsageError
from xconda_core.cli.request_options import add_channels, add_files, add_reach
from xconda_core.cli.requesting import add_linking, change_request, file_wish, with_wish


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``install``."""
    add_specs(parser, 'packages, with versions where they matter: numpy, "pandas>=2", python=3.12')
    parser.add_argument(
        "--revision", type=int, metavar="N", help="go back to revision N, as `undo --revision N`"
    )
    add_target(parser)
    add_files(parser)
    add_channels(parser)
    add_reach(parser)
    add_linking(parser)
    add_override_frozen(parser)
    add_flow(parser, fetching=True)
    add_output(parser)
    parser.epilog = (
        "examples:\n"
        '  xconda install numpy "pandas>=2"\n'
        "  xconda install -n demo -c bioconda samtools --dry-run\n"
        "  xconda install conda-forge::scipy\n"
        "  xconda install ./numpy-2.0-0.conda"
    )


def run(invocation: Invocation) -> int:
    """Install.

    Raises:
        UsageError: no package was named, or packages beside a revision.
    """
    if invocation.arguments.revision is not None:
        return _go_back(invocation)
    if not invocation.arguments.specs and not invocation.arguments.files:
        raise UsageError(
            "xconda install",
            "it needs the name of a package.",
            "for example `xconda install numpy`; `xconda search NAME` shows what there is.",
        )
    engine, target = open_target(invocation, changing=True)
    request = change_request(invocation, engine, target, "install")
    wish = file_wish(invocation, engine)
    if wish is not None:
        request = with_wish(request, wish, whole=False)
    return carry_out(invocation, engine, request)


def _go_back(invocation: Invocation) -> int:
    if invocation.arguments.specs:
        raise UsageError(
            "xconda install",
            "a revision says which packages there are: none can be named beside it.",
            "go back first, then install.",
        )
    engine, target = open_target(invocation, changing=True)
    return carry_out(invocation, engine, change_request(invocation, engine, target, "undo"))
