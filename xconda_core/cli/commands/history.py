"""``xconda history``: the revisions of an environment, as ``list --revisions``. Layer: cli."""

from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.cli.options import add_output, add_target
from xconda_core.cli.parser import CommandParser
from xconda_core.cli.revision_text import revision_documents, revision_lines


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``history``."""
    add_target(parser)
    add_output(parser)
    parser.epilog = (
        "examples:\n  xconda history\n  xconda history -n demo --json\n  xconda diff -n demo 1 3"
    )


def run(invocation: Invocation) -> int:
    """Show what was changed, when, and by which command."""
    console = invocation.console
    engine, target = open_target(invocation)
    revisions = engine.history(target.prefix, console.notice)
    console.say(*revision_lines(revisions))
    console.document(revision_documents(revisions))
    return 0
