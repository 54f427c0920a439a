"""``xconda search``: what the channels, environments and caches have. Layer: cli.

One of the places where a first-party import may stand inside a function: most searches show a list.
"""

from argparse import Namespace
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from xconda_core.cli.documents import record_document, search_document
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.lean_loading import load_lean
from xconda_core.cli.opening import open_engine, open_target
from xconda_core.cli.options import add_output, add_platform, add_target
from xconda_core.cli.parser import CommandParser, UsageError, add_idle
from xconda_core.cli.request_options import ALL_CHANNELS, UNKNOWN, add_channels, chosen_channels
from xconda_core.cli.search_text import (
    environment_table,
    outdated_table,
    provider_table,
    query_table,
    record_table,
)
from xconda_core.engine import questions
from xconda_core.engine.engine import Engine
from xconda_core.engine.search import names_of, offers, search
from xconda_core.events import Reporter
from xconda_core.models.searched_platform import searched_platform

Found = TypeVar("Found")


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``search``."""
    parser.add_argument(
        "spec",
        nargs="?",
        metavar="PACKAGE",
        help='what to look for: numpy, "numpy>=2", *sql*, "python[build=*_cpython]"; '
        "without it, everything there is",
    )
    parser.add_argument(
        "-i", "--info", action="store_true", help="everything that is said of each package"
    )
    parser.add_argument(
        "--attestations",
        action="store_true",
        help="with it who published each package, as they attest (CEP 27); asks once for each",
    )
    parser.add_argument(
        "-f",
        "--full-name",
        "--skip-flexible-search",
        dest="flexible",
        action="store_false",
        help="a name that no package has is not taken for a part of names",
    )
    parser.add_argument("--names-only", action="store_true", help="only the names of packages")
    parser.add_argument(
        "--canonical", action="store_true", help="only channel, platform, name, version and build"
    )
    where = parser.add_argument_group("where to look").add_mutually_exclusive_group()
    where.add_argument("--envs", action="store_true", help="in your environments, not in channels")
    where.add_argument(
        "-o", "--outdated", action="store_true", help="installed packages that are newer there"
    )
    where.add_argument(
        "--file",
        metavar="GLOB",
        help="packages of your environments and package caches that bring a file",
    )
    where.add_argument("--module", metavar="NAME", help="the same, for what `import NAME` finds")
    where.add_argument(
        "--reverse-dependency",
        action="store_true",
        help="the packages that need PACKAGE; the same as `repoquery whoneeds`",
    )
    add_idle(parser, "--spec", why="what is looked for is always a package specification")
    add_idle(parser, "--unknown", why=UNKNOWN)
    add_target(parser)
    add_channels(parser)
    add_platform(parser, "what there is for another platform, such as osx-arm64")
    add_output(parser)
    parser.epilog = (
        "examples:\n"
        "  xconda search numpy\n"
        '  xconda search "python>=3.12" --info\n'
        "  xconda search '*sql*' -c bioconda --json\n"
        "  xconda search --outdated -n demo\n"
        "  xconda search --module cv2"
    )


def run(invocation: Invocation) -> int:
    """Show what was found, best last, so that it stands above the prompt.

    Raises:
        UsageError: options that have no meaning together.
    """
    arguments = invocation.arguments
    if arguments.attestations and not _shows_everything_of_channels(arguments):
        why = "--attestations adds to what --info shows of the packages of channels."
        raise UsageError("xconda search", why)
    if arguments.file is not None or arguments.module is not None:
        return _providers(invocation)
    if arguments.spec is None and arguments.reverse_dependency:
        why = "it needs a PACKAGE that others need."
        raise UsageError("xconda search", why)
    arguments.spec = arguments.spec or "*"
    if arguments.envs:
        return _environments(invocation)
    if arguments.outdated:
        return _outdated(invocation)
    if arguments.name or arguments.prefix:
        why = "-n and -p choose an environment, and channels are searched."
        raise UsageError("xconda search", why, "--outdated and --file look into an environment.")
    return (_dependents if arguments.reverse_dependency else _channels)(invocation)


def _shows_everything_of_channels(arguments: Namespace) -> bool:
    elsewhere = arguments.envs or arguments.outdated or arguments.reverse_dependency
    elsewhere = elsewhere or arguments.file is not None or arguments.module is not None
    return arguments.info and not (elsewhere or arguments.names_only or arguments.canonical)


def _channels(invocation: Invocation) -> int:
    load_lean("zstandard")
    arguments = invocation.arguments
    platform = searched_platform(arguments.spec)
    if platform:
        arguments.subdir = platform
    if "channel_priority" not in arguments:  # a search is no solve: what is hidden is shown
        arguments.channel_priority = ALL_CHANNELS
    channels = chosen_channels(arguments, "xconda search")
    engine = open_engine(invocation)

    def find(what: Callable[..., Found], report: Reporter) -> Found:
        where = (channels, arguments.override_channels, report, invocation.cancel)
        return questions.search(engine, what, arguments.spec, *where, flexible=arguments.flexible)

    is_short = arguments.names_only or arguments.canonical
    if is_short or not (arguments.info or invocation.console.manners.json):
        return _offers(invocation, find)
    from xconda_core.cli.whole_records import show_found

    return show_found(invocation, engine, partial(find, search))


def _offers(invocation: Invocation, find: Callable[..., Any]) -> int:
    arguments, console = invocation.arguments, invocation.console
    with console.progress() as view:
        found = find(names_of if arguments.names_only else offers, view.report)
    if arguments.names_only:
        console.say(*found)
        console.document({"names": [*found]})
    elif arguments.canonical:
        texts = [f"{each.channel_name}/{each.subdir}::{each.dist_name}" for each in found]
        console.say(*texts)
        console.document([*texts])
    else:
        console.say(*record_table(found, console.screen))
    return 0


def _dependents(invocation: Invocation) -> int:
    arguments, console = invocation.arguments, invocation.console
    channels = chosen_channels(arguments, "xconda search")
    engine = open_engine(invocation)
    with console.progress() as view:
        found = questions.repoquery(
            engine,
            "whoneeds",
            [arguments.spec],
            channels,
            arguments.override_channels,
            view.report,
            invocation.cancel,
        )
    console.say(*query_table(found, console.screen))
    console.document(lambda: {each.name: [each.to_json()] for each in found.packages})
    return 0


def _environments(invocation: Invocation) -> int:
    arguments, console = invocation.arguments, invocation.console
    found = open_engine(invocation).search_environments(arguments.spec)
    if arguments.info:
        from xconda_core.cli.whole_records import show_whole

        show_whole(console, [record for records in found.values() for record in records])
    else:
        console.say(*environment_table(found, console.screen))
    console.document(
        lambda: [
            {
                "location": str(prefix),
                "package_records": [record_document(record) for record in records],
            }
            for prefix, records in found.items()
        ]
    )
    return 0


def _outdated(invocation: Invocation) -> int:
    arguments, console = invocation.arguments, invocation.console
    channels = chosen_channels(arguments, "xconda search")
    engine, target = open_target(invocation)
    with console.progress() as view:
        found = questions.outdated(
            engine,
            target.prefix,
            arguments.spec,
            channels,
            arguments.override_channels,
            view.report,
            invocation.cancel,
        )
    if arguments.info:
        from xconda_core.cli.whole_records import show_whole

        show_whole(console, [each.newest for each in found])
    else:
        console.say(*outdated_table(found, target, console.screen))
    console.document(lambda: search_document(each.newest for each in found))
    return 0


def _providers(invocation: Invocation) -> int:
    arguments, console = invocation.arguments, invocation.console
    if arguments.spec is not None:
        why = "--file and --module look for a file or module, not for a package."
        raise UsageError("xconda search", why)
    engine, prefix = _where(invocation)
    found = questions.providers(
        engine, file=arguments.file or "", module=arguments.module or "", prefix=prefix
    )
    console.say(*provider_table(found, console.screen))
    console.document(lambda: [each.to_json() for each in found])
    return 0


def _where(invocation: Invocation) -> tuple[Engine, Path | None]:
    if invocation.arguments.name or invocation.arguments.prefix:
        engine, target = open_target(invocation)
        engine.require(target.prefix)
        return engine, target.prefix
    return open_engine(invocation), None
