"""``xconda diff``: what lies between two revisions, or a revision and now. Layer: cli."""

from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.cli.options import add_output, add_target
from xconda_core.cli.parser import CommandParser
from xconda_core.cli.revision_text import difference_lines
from xconda_core.engine import questions


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``diff``."""
    parser.add_argument(
        "old", nargs="?", type=int, metavar="REV", help="a revision; the last one unless given"
    )
    parser.add_argument(
        "new", nargs="?", type=int, metavar="REV", help="another; what is there now unless given"
    )
    add_target(parser)
    add_output(parser)
    parser.epilog = (
        "examples:\n"
        "  xconda diff            what other tools changed since the last revision\n"
        "  xconda diff 2          from revision 2 to now\n"
        "  xconda diff -n demo 1 3"
    )


def run(invocation: Invocation) -> int:
    """Show the packages and requests that differ."""
    arguments, console = invocation.arguments, invocation.console
    engine, target = open_target(invocation)
    found = questions.difference(
        engine, target.prefix, arguments.old, arguments.new, report=console.notice
    )
    console.say(*difference_lines(found))
    console.document({"success": True, **found.to_json()})
    return 0
