"""``xconda repoquery whoneeds``: which packages depend on it. Layer: cli."""

from xconda_core.cli.invocation import Invocation
from xconda_core.cli.parser import CommandParser
from xconda_core.cli.querying import add_query, add_shape, answer, show


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``repoquery whoneeds``."""
    add_query(
        parser,
        "  xconda repoquery whoneeds libpng\n"
        "  xconda repoquery whoneeds 'numpy=1.26' -c bioconda --json",
    )
    add_shape(parser)


def run(invocation: Invocation) -> int:
    """Show which packages depend on it."""
    return show(invocation, answer(invocation, "whoneeds"))
