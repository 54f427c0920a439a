"""``xconda repoquery depends``: what the best package that fits depends on. Layer: cli."""

from xconda_core.cli.invocation import Invocation
from xconda_core.cli.parser import CommandParser
from xconda_core.cli.querying import add_query, add_shape, answer, show


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``repoquery depends``."""
    add_query(
        parser,
        "  xconda repoquery depends pandas\n"
        "  xconda repoquery depends 'python=3.12' --tree --depth 2\n"
        "  xconda repoquery depends pandas --recursive --json",
    )
    add_shape(parser)


def run(invocation: Invocation) -> int:
    """Show what the best package that fits depends on."""
    return show(invocation, answer(invocation, "depends"))
