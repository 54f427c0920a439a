"""``xconda repoquery search``: every package that fits, best first. Layer: cli."""

from xconda_core.cli.invocation import Invocation
from xconda_core.cli.parser import CommandParser
from xconda_core.cli.querying import add_query, answer, offered, opened_for, show_records
from xconda_core.cli.search_text import record_table


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``repoquery search``."""
    add_query(
        parser,
        "  xconda repoquery search 'numpy>=2'\n"
        "  xconda repoquery search numpy --pretty --platform osx-arm64",
    )


def run(invocation: Invocation) -> int:
    """Show every package that fits, best first; whole records only where they are shown."""
    arguments, console = invocation.arguments, invocation.console
    opened = opened_for(invocation, "search")
    if arguments.pretty or arguments.installed or console.manners.json:
        found = answer(invocation, "search", opened)
        return show_records(invocation, found, pretty=arguments.pretty)
    console.say(*record_table(offered(invocation, opened), console.screen))
    return 0
