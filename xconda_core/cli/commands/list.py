"""``xconda list``: the packages of an environment, or its revisions. Layer: cli."""

import re
from argparse import SUPPRESS
from collections.abc import Iterable, Mapping, Sequence

from xconda_core import __version__
from xconda_core.cli.console import Text
from xconda_core.cli.documents import dist_document
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.list_text import (
    FIELDS,
    Listing,
    canonical_lines,
    export_lines,
    listing_lines,
)
from xconda_core.cli.opening import open_target
from xconda_core.cli.options import add_channel_urls, add_output, add_target
from xconda_core.cli.parser import CommandParser, UsageError
from xconda_core.cli.revision_text import revision_documents, revision_lines
from xconda_core.engine.engine import Engine
from xconda_core.engine.job_state import size_words
from xconda_core.engine.listing import channels_of, listed_packages, sizes_on_disk
from xconda_core.engine.not_installed import NotInstalledThere
from xconda_core.environment.formats.explicit_lines import Digest, explicit_text
from xconda_core.errors import Json
from xconda_core.models.channel import Channel
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_record import PackageRecord
from xconda_core.transaction.link_order import link_order
from xconda_core.values import replace


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``list``."""
    parser.add_argument(
        "regex", nargs="?", metavar="REGEX", help="only packages whose name fits: numpy, ^py"
    )
    parser.add_argument(
        "-f", "--full-name", action="store_true", help="REGEX must fit the whole name"
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
        help="without what pip, and not conda, has installed",
    )
    parser.add_argument("--reverse", action="store_true", help="the last one first")
    _add_columns(parser)
    _add_forms(parser)
    add_target(parser)
    add_output(parser)
    parser.epilog = (
        "examples:\n"
        "  xconda list\n"
        "  xconda list -n demo '^py' --fields name,version,size\n"
        "  xconda list -n demo --revisions\n"
        "  xconda list -n demo --explicit > demo.txt"
    )


def _add_columns(parser: CommandParser) -> None:
    group = parser.add_argument_group("columns")
    group.add_argument(
        "--fields",
        dest="list_fields",
        metavar="FIELD,...",
        type=_fields,
        default=SUPPRESS,
        help="which ones, for example name,version,license,size",
    )
    group.add_argument("--size", action="store_true", help="bytes on disk as well, and of them all")
    add_channel_urls(group, "the table")


def _add_forms(parser: CommandParser) -> None:
    group = parser.add_argument_group("other forms")
    forms = group.add_mutually_exclusive_group()
    forms.add_argument(
        "--explicit", action="store_true", help="URLs that make the same environment again"
    )
    forms.add_argument(
        "-e", "--export", action="store_true", help="name=version=build, for `create --file`"
    )
    forms.add_argument(
        "-c", "--canonical", action="store_true", help="channel/subdir::name-version-build"
    )
    digests = group.add_mutually_exclusive_group()
    digests.add_argument("--md5", action="store_true", help="with --explicit: MD5 behind each URL")
    digests.add_argument(
        "--sha256", action="store_true", help="with --explicit: SHA-256; so it is by default"
    )
    group.add_argument(
        "--auth",
        action="store_true",
        help="with --explicit: credentials of configured channels as well",
    )


def _fields(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def run(invocation: Invocation) -> int:
    """Show the packages in name order.

    Raises:
        UsageError: the regular expression is none, a field unknown.
        NotInstalledThere: no package's name fits the regular expression.
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
    besides = engine.wiring.plugins.found_besides(state) if with_pip else ()
    listed = listed_packages(state, with_pip=with_pip, besides=besides)
    names = _chosen(listed, arguments.regex, whole=arguments.full_name)
    if arguments.regex is not None and not names:
        raise NotInstalledThere(arguments.regex, state)
    if arguments.explicit:
        names = [name for name in link_order(listed) if name in names]
    records = [listed[name] for name in (reversed(names) if arguments.reverse else names)]
    channels = channels_of(records, engine.wiring)
    if arguments.explicit:
        console.say(*_explicit(invocation, engine, records))
    elif arguments.export:
        console.say(*export_lines(records, engine.settings.subdir, __version__))
    elif arguments.canonical:
        console.say(*canonical_lines(records, channels))
    else:
        heading = f"# Environment: {target.prefix} ({target.why})"
        console.say(Text(heading, "heading"), *_table(invocation, engine, state, records, channels))
    sizes = sizes_on_disk(state, records) if arguments.size and console.manners.json else {}
    console.document(
        [dist_document(record, channels) | _sized(record, sizes) for record in records]
    )
    return 0


def _sized(record: PackageRecord, sizes: Mapping[str, int]) -> dict[str, Json]:
    return {"size": sizes[record.name]} if sizes else {}


def _explicit(
    invocation: Invocation, engine: Engine, records: Sequence[PackageRecord]
) -> list[str]:
    digest: Digest = "md5" if invocation.arguments.md5 else "sha256"
    if invocation.arguments.auth:
        channels = engine.wiring.channels(engine.settings.channels)
        by_address = {each.base_url: each for each in channels}
        records = [_with_credentials(record, by_address.get(record.channel)) for record in records]
    return explicit_text(records, engine.settings.subdir, digest).splitlines()


def _with_credentials(record: PackageRecord, channel: Channel | None) -> PackageRecord:
    """Return the record with the address that opens it; what is installed tells no secrets."""
    if channel is None:
        return record
    address = channel.url_with_credentials(record.subdir).rstrip("/")
    return replace(record, url=f"{address}/{record.url.rpartition('/')[2]}")


def _table(
    invocation: Invocation,
    engine: Engine,
    state: EnvironmentState,
    records: Sequence[PackageRecord],
    channels: Mapping[str, Channel],
) -> list[Text | str]:
    fields = list(engine.settings.list_fields)
    if invocation.arguments.size and "size" not in fields:
        fields.append("size")
    unknown = [each for each in fields if each not in FIELDS]
    if unknown or not fields:
        named = ", ".join(unknown) or "nothing"
        known = f"there are {', '.join(FIELDS)}."
        raise UsageError("xconda list", f"{named} is no field of a package.", known)
    sizes = sizes_on_disk(state, records) if "size" in fields else {}
    listing = Listing(
        records=records,
        state=state,
        fields=fields,
        show_channel_urls=engine.settings.show_channel_urls,
        sizes=sizes,
        channels=channels,
    )
    total = [f"together {size_words(sum(sizes.values()))} on disk"] if sizes else []
    return [*listing_lines(listing), *total]


def _chosen(names: Iterable[str], regex: str | None, *, whole: bool) -> list[str]:
    if regex is None:
        return list(names)
    try:
        pattern = re.compile(regex, re.IGNORECASE)
    except re.error as error:
        raise UsageError("xconda list", f"{regex!r} is no regular expression: {error}.") from error
    fits = pattern.fullmatch if whole else pattern.search
    return [name for name in names if fits(name)]
