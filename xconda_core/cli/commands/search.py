"""``xconda search``: what the channels offer. Layer: cli."""

from collections.abc import Sequence

from xconda_core.cli.console import Text
from xconda_core.cli.documents import search_document
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_engine
from xconda_core.cli.options import add_channels, add_output, chosen_channels
from xconda_core.cli.parser import CommandParser
from xconda_core.cli.table import aligned
from xconda_core.engine.job_state import size_words
from xconda_core.models.package_record import PackageRecord


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``search``."""
    parser.add_argument(
        "spec", metavar="PACKAGE", help='what to look for: numpy, "numpy>=2", *sql*'
    )
    parser.add_argument(
        "-i", "--info", action="store_true", help="everything the channel says of each package"
    )
    add_channels(parser)
    add_output(parser)
    parser.epilog = (
        "examples:\n"
        "  xconda search numpy\n"
        '  xconda search "python>=3.12" --info\n'
        "  xconda search '*sql*' -c bioconda --json"
    )


def run(invocation: Invocation) -> int:
    """Show the packages found, best last, so that it stands above the prompt."""
    arguments, console = invocation.arguments, invocation.console
    channels = chosen_channels(arguments, "xconda search")
    engine = open_engine(invocation)
    with console.progress() as view:
        records = engine.search(
            arguments.spec,
            channels,
            arguments.override_channels,
            view.report,
            invocation.cancel,
        )
    if arguments.info:
        for record in records:
            console.say(*_everything(record), "")
    else:
        console.say(*_table(records))
    console.document(search_document(records))
    return 0


def _table(records: Sequence[PackageRecord]) -> list[Text | str]:
    rows = [
        (each.name, each.version, each.build, each.channel_name, each.subdir, _size(each))
        for each in records
    ]
    titles = ("Package", "Version", "Build", "Channel", "Platform", "Size")
    heading, *lines = aligned((titles, *rows), last_right=True)
    return [Text(heading, "faint"), *lines]


def _everything(record: PackageRecord) -> list[Text | str]:
    facts = {
        "file": record.fn,
        "channel": record.channel_name,
        "platform": record.subdir,
        "size": _size(record),
        "license": record.license or "",
        "sha256": record.sha256 or "",
        "md5": record.md5 or "",
        "url": record.url,
    }
    rows = [(name, value) for name, value in facts.items() if value]
    lines: list[Text | str] = [Text(f"{record.name} {record.version} {record.build}", "heading")]
    lines += [f"  {line}" for line in aligned(rows)]
    for title, specs in (("needs", record.depends), ("constrains", record.constrains)):
        lines += [f"  {title}", *(f"    {spec}" for spec in specs)] if specs else []
    return lines


def _size(record: PackageRecord) -> str:
    return size_words(record.size) if record.size is not None else ""
