"""What the commands of ``repoquery`` share: options, and how answers are shown. Layer: cli."""

from argparse import SUPPRESS
from collections.abc import Iterable, Sequence
from pathlib import Path

from xconda_core.cli.console import Text
from xconda_core.cli.count_argument import a_number
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.lean_loading import load_lean
from xconda_core.cli.opening import open_engine, open_target
from xconda_core.cli.options import add_output, add_platform
from xconda_core.cli.package_text import everything
from xconda_core.cli.parser import CommandParser, UsageError, add_idle
from xconda_core.cli.request_options import (
    ALL_CHANNELS,
    UNKNOWN,
    add_channels,
    chosen_channels,
)
from xconda_core.cli.search_text import query_table, record_table
from xconda_core.cli.tree_text import tree_text
from xconda_core.engine import questions
from xconda_core.engine.engine import Engine
from xconda_core.engine.query_answer import Queried, QueryAnswer, QueryKind
from xconda_core.engine.search import offers
from xconda_core.models.package_record import PackageRecord
from xconda_core.repodata.store_candidates import Offer

Opened = tuple[Engine, Path | None, Sequence[str]]


def add_query(parser: CommandParser, example: str) -> None:
    """Add the arguments that every question has."""
    parser.add_argument(
        "specs", nargs="+", metavar="PACKAGE", help='what is asked about: numpy, "numpy>=2"'
    )
    group = parser.add_argument_group("where to look")
    group.add_argument(
        "-i",
        "--installed",
        action="store_true",
        help="in an environment instead of channels: that of -n, or the active one",
    )
    group.add_argument(
        "--no-installed",
        dest="installed",
        action="store_false",
        help="in channels (this is so unless told)",
    )
    group.add_argument("-n", "--name", metavar="NAME", help="that environment (with --installed)")
    group.add_argument(
        "-a",
        "--all-channels",
        action="store_true",
        help="also packages that a channel of higher priority hides",
    )
    group.add_argument(
        "--use-cache-only",
        dest="use_index_cache",
        action="store_true",
        default=SUPPRESS,
        help="the same as --use-index-cache",
    )
    parser.set_defaults(prefix=None)
    parser.usage = f"{parser.prog} [OPTION ...] PACKAGE [PACKAGE ...]"
    add_channels(parser)
    add_platform(parser, "what there is for another platform, such as osx-arm64", short="-p")
    add_idle(parser, "--unknown", why=UNKNOWN)
    parser.add_argument(
        "--pretty", action="store_true", help="everything that is said of each package"
    )
    add_output(parser)
    parser.epilog = f"examples:\n{example}"


def add_shape(parser: CommandParser) -> None:
    """Add how far a question about dependencies goes."""
    group = parser.add_argument_group("how far")
    group.add_argument(
        "--recursive", action="store_true", help="also through what was found, to the end"
    )
    group.add_argument("-t", "--tree", action="store_true", help="as a tree")
    group.add_argument(
        "--depth", type=a_number, metavar="N", help="a tree of no more than N levels"
    )


def answer(invocation: Invocation, kind: QueryKind, opened: Opened | None = None) -> QueryAnswer:
    """Ask what was typed, of what :func:`opened_for` returned if it was asked already.

    Raises:
        UsageError: options that have no meaning together.
        XcondaError: it cannot be answered.
    """
    arguments = invocation.arguments
    given = vars(arguments)
    engine, prefix, channels = opened or opened_for(invocation, kind)
    with invocation.console.progress() as view:
        return questions.repoquery(
            engine,
            kind,
            arguments.specs,
            channels,
            arguments.override_channels,
            view.report,
            invocation.cancel,
            prefix=prefix,
            recursive=given.get("recursive", False),
            tree=given.get("tree", False),
            depth=given.get("depth"),
            with_records=arguments.pretty,
        )


def offered(invocation: Invocation, opened: Opened) -> list[Offer]:
    """Return what a list shows of all that fits in the channels, best first; raises as `answer`."""
    arguments = invocation.arguments
    engine, _, channels = opened
    with invocation.console.progress() as view:
        where = (channels, arguments.override_channels, view.report, invocation.cancel)
        found = [questions.search(engine, offers, spec, *where) for spec in arguments.specs]
    return [*dict.fromkeys(offer for some in found for offer in reversed(some))]


def opened_for(invocation: Invocation, kind: QueryKind) -> Opened:
    """Return what is asked, the environment that it looks into, and channels.

    The console speaks as configured from then on.

    Raises:
        UsageError: options that have no meaning together.
    """
    load_lean("zstandard")
    arguments, command = invocation.arguments, f"xconda repoquery {kind}"
    given = vars(arguments)
    if arguments.name and not arguments.installed:
        raise UsageError(command, "-n names an environment, which only --installed looks into.")
    if given.get("depth") is not None and not given.get("tree"):
        raise UsageError(command, "--depth is of a tree, which --tree asks for.")
    if arguments.all_channels:
        arguments.channel_priority = ALL_CHANNELS
    channels = chosen_channels(arguments, command)
    if not arguments.installed:
        return open_engine(invocation), None, channels
    engine, target = open_target(invocation)
    return engine, target.prefix, channels


def show(invocation: Invocation, found: QueryAnswer) -> int:
    """Show the answer to a question about dependencies; return the exit code."""
    console = invocation.console
    if found.tree is not None:
        console.say(*tree_text(found.tree, unicode=console.has_unicode))
    elif found.packages and invocation.arguments.pretty:
        console.say(*_blocks(found.packages))
    elif found.packages:
        console.say(*query_table(found, console.screen))
    else:
        roots = " ".join(f"{root.name} {root.version}" for root in found.roots)
        nothing = "depends on nothing" if found.kind == "depends" else "is needed by nothing"
        console.say(f"{roots} {nothing}.")
    console.document(found.to_json)
    return 0


def show_records(invocation: Invocation, found: QueryAnswer, *, pretty: bool) -> int:
    """Show what a search found, best first; return the exit code."""
    console = invocation.console
    if pretty:
        console.say(*_blocks(found.packages))
    else:
        console.say(*record_table(tuple(_records(found.packages)), console.screen))
    console.document(found.to_json)
    return 0


def _blocks(packages: Iterable[Queried]) -> list[Text | str]:
    blocks = [[*everything(record), Text("")] for record in _records(packages)]
    return [line for block in blocks for line in block]


def _records(packages: Iterable[Queried]) -> Iterable[PackageRecord]:
    return (package.record for package in packages if package.record is not None)
