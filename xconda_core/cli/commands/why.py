"""``xconda why``: why a package is installed, and why in this version. Layer: cli."""

from xconda_core.cli.invocation import Invocation
from xconda_core.cli.lean_loading import load_lean
from xconda_core.cli.opening import open_target
from xconda_core.cli.options import add_output, add_target
from xconda_core.cli.parser import CommandParser, UsageError
from xconda_core.cli.request_options import add_channels, chosen_channels
from xconda_core.cli.why_text import why_lines
from xconda_core.engine import questions


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``why``."""
    parser.add_argument(
        "package", nargs="?", metavar="PACKAGE", help="name of an installed package"
    )
    parser.add_argument(
        "--file", metavar="PATH", help="why this file is there: the package that it belongs to"
    )
    parser.add_argument(
        "--no-version",
        action="store_true",
        help="only why it is there, not what keeps it from a newer version: no channel is read",
    )
    add_target(parser)
    add_channels(parser)
    add_output(parser)
    parser.epilog = (
        "examples:\n"
        "  xconda why openssl\n"
        "  xconda why -n demo numpy\n"
        "  xconda why numpy --no-version\n"
        "  xconda why --file bin/xz"
    )


def run(invocation: Invocation) -> int:
    """Say why.

    Raises:
        UsageError: neither a package nor a file was named, or both.
    """
    arguments, console = invocation.arguments, invocation.console
    channels = chosen_channels(arguments, "xconda why")
    if (arguments.package is None) == (arguments.file is None):
        raise UsageError("xconda why", "it needs the name of a package, or --file PATH.")
    engine, target = open_target(invocation)
    package = arguments.package
    if arguments.file is not None:
        owner = questions.owner(engine, target.prefix, arguments.file)
        package = owner.name
        console.say(f"{owner.paths[0]} belongs to {owner.name} {owner.version}.")
    load_lean("zstandard")
    with console.progress() as view:
        answer = questions.why(
            engine,
            target.prefix,
            package,
            channels,
            arguments.override_channels,
            with_version=not arguments.no_version,
            report=view.report,
            cancel=invocation.cancel,
        )
    console.say(*why_lines(answer))
    console.document(answer.to_json())
    return 0
