"""``xconda channel index``: write the package lists of a folder of packages. Layer: cli."""

from pathlib import Path

from xconda_core.cli.console import Text
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_engine
from xconda_core.cli.options import add_output
from xconda_core.cli.parser import CommandParser, UsageError
from xconda_core.engine.channel_indexing import IndexedFolder, index_channel
from xconda_core.errors import as_json


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``channel index``."""
    parser.add_argument(
        "folder",
        metavar="DIR",
        help="a channel: packages lie in DIR/linux-64, DIR/noarch and so on",
    )
    add_output(parser)
    parser.epilog = (
        "examples:\n  xconda channel index ~/channel\n"
        "  xconda install -c file:///home/me/channel my-package\n\n"
        "Only new and changed archives are read. Corrections in\n"
        "DIR/SUBDIR/patch_instructions.json are applied."
    )


def run(invocation: Invocation) -> int:
    """Write the lists; return 1 where an archive had to be left out."""
    console = invocation.console
    engine = open_engine(invocation)
    folder = invocation.arguments.folder
    if "://" in folder:  # not shown: a login may be in it
        fix = "name a folder of this machine; what is there, a web server can offer."
        raise UsageError("xconda channel index", "an address is not a folder.", fix)
    channel = Path(folder).absolute()
    with console.progress() as view:
        folders = index_channel(
            channel,
            threads=engine.settings.verify_threads,
            cancel=invocation.cancel,
            report=view.report,
        )
    left_out = any(folder.left_out for folder in folders)
    console.say(Text(f"Channel: {channel.as_uri()}", "heading"), *map(_line, folders))
    console.document(
        {
            "success": not left_out,
            "channel": channel.as_uri(),
            "folders": [as_json(folder) for folder in folders],
        }
    )
    return 1 if left_out else 0


def _line(folder: IndexedFolder) -> str:
    words = [f"{folder.packages} packages", f"{folder.read} read"]
    if folder.removed:
        words.append(f"{len(folder.removed)} removed by corrections")
    if folder.left_out:
        words.append(f"{len(folder.left_out)} left out")
    lists = "lists written" if folder.written else "lists unchanged"
    return f"  {folder.subdir}: {', '.join(words)}; {lists}"
