"""``xconda verify``: does an environment hold what a lock file fixes? Layer: cli."""

from collections.abc import Mapping
from itertools import chain

from xconda_core.cli.console import Text
from xconda_core.cli.documents import dist_document
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_engine, open_target
from xconda_core.cli.options import add_output, add_target
from xconda_core.cli.parser import CommandParser
from xconda_core.cli.request_options import add_format, add_network
from xconda_core.engine.listing import channels_of
from xconda_core.engine.locking import settings_for
from xconda_core.engine.source_problems import NotForThisPlatform
from xconda_core.engine.sources import read_locked
from xconda_core.engine.verifying import Differences, differences, doubtful_archives
from xconda_core.engine.wiring import Wiring
from xconda_core.errors import Json
from xconda_core.models.channel import Channel


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``verify``."""
    parser.add_argument("file", metavar="FILE", help="a lock file or a list of archives")
    parser.add_argument(
        "--archives",
        action="store_true",
        help="look at no environment, but whether the channels still offer every archive, "
        "of every platform, with the digest that FILE has",
    )
    add_format(parser)
    add_target(parser)
    add_network(parser)
    add_output(parser)
    parser.epilog = (
        "examples:\n"
        "  xconda verify conda-lock.yml -n demo\n"
        "  xconda verify conda-lock.yml --archives"
    )


def run(invocation: Invocation) -> int:
    """Compare; return 1 where something differs."""
    if invocation.arguments.archives:
        return _archives(invocation)
    console, arguments = invocation.console, invocation.arguments
    engine, target = open_target(invocation)
    settings, environ, cancel = engine.settings, engine.environ, invocation.cancel
    fetcher = engine.wiring.fetcher(cancel)
    fixed = read_locked(
        arguments.file, arguments.format, settings, environ, fetcher, cancel, engine.plugins
    )
    if settings.subdir not in fixed.packages:
        raise NotForThisPlatform(arguments.file, settings.subdir, fixed.platforms)
    state = engine.state(target.prefix, console.notice)
    installed = {name: each.record for name, each in state.installed.items()}
    found = differences(installed, fixed.packages[settings.subdir])
    console.say(Text(f"Environment: {target.prefix} ({target.why})", "heading"), *_lines(found))
    if not found:
        console.say(f"It holds what {arguments.file} fixes: {len(installed)} packages.")
    differing = chain(found.missing, found.extra, *found.changed)
    console.document(_document(found, channels_of(differing, engine.wiring)))
    return 1 if found else 0


def _archives(invocation: Invocation) -> int:
    console, arguments, cancel = invocation.console, invocation.arguments, invocation.cancel
    engine = open_engine(invocation)
    settings, environ = engine.settings, engine.environ
    fetcher = engine.wiring.fetcher(cancel)
    fixed = read_locked(
        arguments.file, arguments.format, settings, environ, fetcher, cancel, engine.plugins
    )
    document: dict[str, Json] = {}
    lines: list[str] = []
    with console.progress() as view:
        for platform, records in fixed.packages.items():
            wiring = Wiring(settings_for(settings, platform), environ, engine.plugins)
            doubts = doubtful_archives(records, wiring, view.report, cancel)
            document[platform] = [doubt.to_json() for doubt in doubts]
            lines += (f"{platform}: {doubt.url}: {doubt.problem}" for doubt in doubts)
    console.say(*(Text(line, "danger") for line in lines))
    total = sum(map(len, fixed.packages.values()))
    if not lines:
        console.say(f"All {total} archives that {arguments.file} names can be had.")
    console.document({"success": not lines, "doubtful": document, "archives": total})
    return 1 if lines else 0


def _lines(found: Differences) -> list[Text]:
    return [
        *(Text(f"- {each.dist_name} is missing", "danger") for each in found.missing),
        *(
            Text(f"~ {new.dist_name} should be there, not {old.dist_name}", "warning")
            for old, new in found.changed
        ),
        *(Text(f"+ {each.dist_name} is there besides", "warning") for each in found.extra),
    ]


def _document(found: Differences, channels: Mapping[str, Channel]) -> dict[str, Json]:
    return {
        "success": not found,
        "missing": [dist_document(each, channels) for each in found.missing],
        "changed": [
            {"installed": dist_document(old, channels), "wanted": dist_document(new, channels)}
            for old, new in found.changed
        ],
        "extra": [dist_document(each, channels) for each in found.extra],
    }
