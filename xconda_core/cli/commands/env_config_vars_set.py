"""``xconda env config vars set``: variables that activation sets from now on. Layer: cli."""

from xconda_core.cli.invocation import Invocation
from xconda_core.cli.options import add_output, add_override_frozen, add_target
from xconda_core.cli.parser import CommandParser, UsageError
from xconda_core.cli.setting_variables import set_variables


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``env config vars set``."""
    parser.add_argument("vars", nargs="+", metavar="NAME=VALUE", help="variables and their values")
    add_target(parser)
    add_override_frozen(parser)
    add_output(parser)
    parser.epilog = "examples:\n  xconda env config vars set -n demo DATA=/srv/data LEVEL=3"


def run(invocation: Invocation) -> int:
    """Set them.

    Raises:
        UsageError: a word is not ``NAME=VALUE``.
    """
    variables: dict[str, str | None] = {}
    for word in invocation.arguments.vars:
        name, mark, value = word.partition("=")
        if not mark:
            why = f"{word!r} is not NAME=VALUE."
            raise UsageError("xconda env config vars set", why)
        variables[name.strip()] = value.strip()
    return set_variables(invocation, variables)
