"""``xconda config``: show what is configured and where, and change it. Layer: cli."""

from argparse import Namespace
from typing import Final

from xconda_core.cli.commands.config_show import describe, get, show, validate
from xconda_core.cli.commands.config_write import change, read_from_stdin, write_default
from xconda_core.cli.console import Manners
from xconda_core.cli.early_log import log_as_asked
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.options import add_output
from xconda_core.cli.parser import CommandParser, UsageError, add_idle
from xconda_core.config.change import Wish
from xconda_core.config.edit import EditVerb

_CHANGES: Final[dict[EditVerb, str]] = {
    "prepend": "put VALUE at the front of a list; one that is there moves",
    "append": "put VALUE at the end of a list; one that is there moves",
    "set": "give a setting, or KEY.NAME of a map, a value",
    "remove": "take VALUE out of a list",
    "clear": "empty a list or a map",
    "remove_key": "take a setting, or KEY.NAME of a map, out of the file",
}
_KEY_ONLY: Final = ("clear", "remove_key")


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``config``."""
    _add_places(parser)
    looking = parser.add_argument_group("look")
    looking.add_argument("--show", nargs="*", metavar="KEY", help="the values that count")
    looking.add_argument(
        "--show-sources", action="store_true", help="what each file, and who else, says"
    )
    looking.add_argument("--describe", nargs="*", metavar="KEY", help="what settings mean")
    looking.add_argument("--validate", action="store_true", help="whether all of it can be read")
    looking.add_argument("--get", nargs="*", metavar="KEY", help="what the one file says")
    changing = parser.add_argument_group("change the file (each may be given again)")
    for verb, meaning in _CHANGES.items():
        names = ["--prepend", "--add"] if verb == "prepend" else [f"--{verb.replace('_', '-')}"]
        changing.add_argument(
            *names,
            dest=verb,
            nargs=1 if verb in _KEY_ONLY else 2,
            action="append",
            default=[],
            metavar="KEY" if verb in _KEY_ONLY else ("KEY", "VALUE"),
            help=meaning,
        )
    changing.add_argument(
        "--stdin", action="store_true", help="take settings, as YAML, from standard input"
    )
    changing.add_argument(
        "--write-default", action="store_true", help="make the file: every setting, commented out"
    )
    add_idle(parser, "-f", "--force", why="nothing of `config` has to be forced")
    add_output(parser)
    parser.epilog = (
        "examples:\n"
        "  xconda config --show channels\n"
        "  xconda config --add channels bioconda\n"
        "  xconda config --set channel_priority strict\n"
        "  xconda config --set proxy_servers.https http://proxy:3128\n"
        "  xconda config -n demo --append pinned_packages 'numpy<2'"
    )


def run(invocation: Invocation) -> int:
    """Do the one thing that is asked.

    Raises:
        UsageError: nothing, or several things, are asked.
        XcondaError: it cannot be shown or changed.
    """
    arguments, console = invocation.arguments, invocation.console
    console.manners = Manners(
        json="json" in arguments, quiet="quiet" in arguments, logs="verbosity" in arguments
    )
    log_as_asked(invocation)
    wishes = _wishes(arguments)
    asked = {
        "--show": arguments.show is not None or arguments.show_sources,
        "--describe": arguments.describe is not None,
        "--validate": arguments.validate,
        "--get": arguments.get is not None,
        "--stdin": arguments.stdin,
        "--write-default": arguments.write_default,
        "a change": bool(wishes),
    }
    given = [name for name, is_given in asked.items() if is_given]
    if len(given) != 1:
        what = f"{' and '.join(given)} do not go together." if given else "nothing is asked of it."
        raise UsageError("xconda config", what)
    if wishes:
        change(invocation, wishes)
        return 0
    {
        "--show": show,
        "--describe": describe,
        "--validate": validate,
        "--get": get,
        "--stdin": read_from_stdin,
        "--write-default": write_default,
    }[given[0]](invocation)
    return 0


def _wishes(arguments: Namespace) -> list[Wish]:
    given = vars(arguments)
    return [Wish(verb, *words) for verb in _CHANGES for words in given[verb]]


def _add_places(parser: CommandParser) -> None:
    group = parser.add_argument_group("which file (the user's own, ~/.condarc, unless told)")
    either = group.add_mutually_exclusive_group()
    either.add_argument("--system", action="store_true", help="the base environment's")
    either.add_argument("--env", action="store_true", help="the active environment's")
    either.add_argument("--file", metavar="PATH", help="this one")
    either.add_argument("-n", "--name", metavar="NAME", help="that of an environment, by name")
    either.add_argument("-p", "--prefix", metavar="PATH", help="that of an environment, by path")
