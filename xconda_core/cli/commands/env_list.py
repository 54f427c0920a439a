"""``xconda env list``: every environment that this user has. Layer: cli."""

from collections.abc import Sequence

from xconda_core.cli.console import Text
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_engine
from xconda_core.cli.options import add_output
from xconda_core.cli.parser import CommandParser
from xconda_core.cli.table import aligned
from xconda_core.engine.environment_entry import EnvironmentEntry
from xconda_core.errors import Json


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``env list``."""
    add_output(parser)
    parser.epilog = "examples:\n  xconda env list\n  xconda env list --json"


def run(invocation: Invocation) -> int:
    """Show name and path of each; ``*`` marks the active one."""
    console = invocation.console
    entries = open_engine(invocation).environments()
    console.say(*_table(entries))
    console.document(
        {
            "envs": [str(entry.prefix) for entry in entries],
            "envs_details": {str(entry.prefix): _details(entry) for entry in entries},
        }
    )
    return 0


def _table(entries: Sequence[EnvironmentEntry]) -> list[Text | str]:
    if not entries:
        return ["no environments yet; `xconda create -n NAME` makes one"]
    rows = [
        (
            "*" if entry.is_active else " ",
            entry.name or "-",
            str(entry.prefix),
            ", ".join(_remarks(entry)),
        )
        for entry in entries
    ]
    heading, *lines = aligned((("", "Name", "Path", ""), *rows))
    return [Text(heading, "faint"), *lines]


def _remarks(entry: EnvironmentEntry) -> list[str]:
    remarks = {"frozen": entry.is_frozen, "read-only": not entry.is_writable}
    return [word for word, holds in remarks.items() if holds]


def _details(entry: EnvironmentEntry) -> Json:
    return {
        "name": entry.name,
        "active": entry.is_active,
        "base": entry.is_base,
        "frozen": entry.is_frozen,
        "writable": entry.is_writable,
    }
