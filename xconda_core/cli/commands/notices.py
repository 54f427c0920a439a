"""``xconda notices``: what channels have to say to their users. Layer: cli. Source: CEP 6."""

from xconda_core.cli.invocation import Invocation
from xconda_core.cli.notice_text import notice_lines
from xconda_core.cli.opening import open_engine
from xconda_core.cli.options import add_output
from xconda_core.cli.parser import CommandParser
from xconda_core.cli.request_options import add_channels
from xconda_core.engine.news import News


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``notices``."""
    add_channels(parser)
    add_output(parser)
    parser.epilog = "examples:\n  xconda notices\n  xconda notices -c conda-forge"


def run(invocation: Invocation) -> int:
    """Show every notice that holds, read or not."""
    arguments = invocation.arguments
    engine = open_engine(invocation)
    notices = News(engine.settings, engine.wiring).of_channels(
        arguments.channels, arguments.override_channels, invocation.cancel
    )
    invocation.console.say(*(notice_lines(notices) or ["The channels have nothing to say."]))
    invocation.console.document([each.to_json() for each in notices])
    return 0
