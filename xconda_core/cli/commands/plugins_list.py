"""``xconda plugins list``: which plugins are installed, and whether they count. Layer: cli."""

from collections.abc import Sequence

from xconda_core.cli.console import Text
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_engine
from xconda_core.cli.options import add_output
from xconda_core.cli.parser import CommandParser
from xconda_core.cli.table import aligned
from xconda_core.engine.plugin_listing import PluginState, list_plugins


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``plugins list``."""
    add_output(parser)
    parser.epilog = "examples:\n  xconda plugins list\n  xconda plugins list --json"


def run(invocation: Invocation) -> int:
    """Show each plugin with its hooks."""
    console = invocation.console
    open_engine(invocation)
    states = list_plugins(invocation.plugins)
    console.say(*(_lines(states, console.screen) if states else ["No plugins are installed."]))
    console.document([each.to_json() for each in states])
    return 0


def _lines(states: Sequence[PluginState], screen: int | None) -> list[Text | str]:
    rows = [(each.name, each.version, each.status, ", ".join(each.hooks) or "-") for each in states]
    heading, *lines = aligned((("Name", "Version", "Status", "Hooks"), *rows), screen=screen)
    remarks = [Text(f"{each.name}: {each.why}.", "warning") for each in states if each.why]
    return [Text(heading, "faint"), *lines, *remarks]
