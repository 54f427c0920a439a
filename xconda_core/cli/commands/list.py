"""``xconda list``: the packages of an environment, or its revisions. Layer: cli."""

import re
from collections.abc import Iterable, Sequence

from xconda_core.cli.console import Text
from xconda_core.cli.documents import dist_document
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.cli.options import add_output, add_target
from xconda_core.cli.parser import CommandParser, UsageError
from xconda_core.cli.revision_text import revision_documents, revision_lines
from xconda_core.cli.table import aligned
from xconda_core.engine.listing import listed_packages
from xconda_core.environment.formats.explicit_lines import explicit_lines
from xconda_core.models.package_record import PackageRecord


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``list``."""
    parser.add_argument(
        "regex", nargs="?", metavar="REGEX", help="only packages whose name it is found in"
    )
    parser.add_argument(
        "-f", "--full-name", action="store_true", help="REGEX must fit the whole name"
    )
    parser.add_argument(
        "--explicit", action="store_true", help="URLs that make the same environment again"
    )
    parser.add_argument(
        "-r",
        "--revisions",
        action="store_true",
        help="what was changed, when, and by which command",
    )
    parser.add_argument(
        "--no-pip",
        dest="pip",
        action="store_false",
        help="without Python projects that conda did not install",
    )
    add_target(parser)
    add_output(parser)
    parser.epilog = (
        "examples:\n"
        "  xconda list\n"
        "  xconda list -n demo '^py'\n"
        "  xconda list -n demo --revisions\n"
        "  xconda list -n demo --explicit > demo.txt"
    )


def run(invocation: Invocation) -> int:
    """Show the packages in name order.

    Raises:
        UsageError: the regular expression is none.
    """
    arguments, console = invocation.arguments, invocation.console
    engine, target = open_target(invocation)
    if arguments.revisions:
        revisions = engine.history(target.prefix, console.notice)
        console.say(*revision_lines(revisions))
        console.document(revision_documents(revisions))
        return 0
    state = engine.state(target.prefix, console.notice)
    console.warn(*(Text(f"warning: {text}", "warning") for text in state.python_problems))
    with_pip = arguments.pip and not arguments.explicit
    listed = listed_packages(state, with_pip=with_pip)
    names = _chosen(listed, arguments.regex, whole=arguments.full_name)
    records = [listed[name] for name in names]
    if arguments.explicit:
        console.say(*explicit_lines(records))
    else:
        heading = Text(f"Environment: {target.prefix} ({target.why})", "heading")
        console.say(heading, *_table(records, engine.settings.show_channel_urls))
    console.document([dist_document(record) for record in records])
    return 0


def _chosen(names: Iterable[str], regex: str | None, *, whole: bool) -> list[str]:
    if regex is None:
        return list(names)
    try:
        pattern = re.compile(regex, re.IGNORECASE)
    except re.error as error:
        raise UsageError("xconda list", f"{regex!r} is no regular expression: {error}.") from error
    fits = pattern.fullmatch if whole else pattern.search
    return [name for name in names if fits(name)]


def _table(records: Sequence[PackageRecord], show_channel_urls: bool | None) -> list[Text | str]:
    """Return a line per package; channels by address (True), by name (None), or left out."""
    if not records:
        return ["no packages"]
    rows = [("Package", "Version", "Build", "Channel")]
    for each in records:
        channel = each.channel if show_channel_urls else each.channel_name
        rows.append((each.name, each.version, each.build, channel))
    columns = 3 if show_channel_urls is False else 4
    heading, *lines = aligned([row[:columns] for row in rows])
    return [Text(heading, "faint"), *lines]
