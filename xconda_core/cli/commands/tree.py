"""``xconda tree``: what needs what in an environment. Layer: cli."""

from xconda_core.cli.console import Text
from xconda_core.cli.count_argument import a_number
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.cli.options import add_output, add_target
from xconda_core.cli.parser import CommandParser
from xconda_core.cli.tree_text import tree_text
from xconda_core.engine import questions


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``tree``."""
    parser.add_argument(
        "packages",
        nargs="*",
        metavar="PACKAGE",
        help="begin with these; else with what you asked for and what nothing needs",
    )
    parser.add_argument(
        "--invert", action="store_true", help="below a package stands what needs it"
    )
    parser.add_argument(
        "--depth", type=a_number, metavar="N", help="no more than N levels below the top"
    )
    parser.add_argument(
        "--prune-duplicates",
        action="store_true",
        help="each package once; else it is repeated with (*), without what hangs on it",
    )
    add_target(parser)
    add_output(parser)
    parser.epilog = (
        "examples:\n"
        "  xconda tree\n"
        "  xconda tree -n demo pandas --depth 2\n"
        "  xconda tree --invert openssl"
    )


def run(invocation: Invocation) -> int:
    """Show the tree."""
    arguments, console = invocation.arguments, invocation.console
    engine, target = open_target(invocation)
    found = questions.tree(
        engine,
        target.prefix,
        arguments.packages,
        invert=arguments.invert,
        depth=arguments.depth,
        repeat=not arguments.prune_duplicates,
        report=console.notice,
    )
    console.say(Text(f"Environment: {target.prefix} ({target.why})", "heading"))
    console.say(*(tree_text(found, unicode=console.has_unicode) or [Text("no packages")]))
    console.document({"prefix": str(target.prefix), **found.to_json()})
    return 0
