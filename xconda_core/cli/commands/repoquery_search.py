"""``xconda repoquery search``: every package that fits, best first. Layer: cli."""

from xconda_core.cli.invocation import Invocation
from xconda_core.cli.parser import CommandParser
from xconda_core.cli.querying import add_query, answer, show_records


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``repoquery search``."""
    add_query(
        parser,
        "  xconda repoquery search 'numpy>=2'\n"
        "  xconda repoquery search numpy --pretty --platform osx-arm64",
    )


def run(invocation: Invocation) -> int:
    """Show every package that fits, best first."""
    found = answer(invocation, "search")
    return show_records(invocation, found, pretty=invocation.arguments.pretty)
