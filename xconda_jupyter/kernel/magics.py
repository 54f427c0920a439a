"""``%xconda`` and ``%%xconda``: the words of a cell, carried out one command after another."""

from __future__ import annotations

from typing import Any, Optional

from IPython.core.magic import Magics, line_cell_magic, magics_class

from xconda_jupyter.kernel.command_line import HELP, Command, commands_of_cell, commands_of_line
from xconda_jupyter.kernel.conversation import ask, change
from xconda_jupyter.kernel.failures import XcondaFailed
from xconda_jupyter.kernel.results import Document, Text
from xconda_jupyter.kernel.screen import show_value


@magics_class
class XcondaMagics(Magics):
    """The magics of xconda."""

    @line_cell_magic
    def xconda(self, line: str, cell: Optional[str] = None) -> Any:
        """Install, remove, update, list, search packages; see ``%xconda help``."""
        commands = commands_of_line(line) if cell is None else commands_of_cell(line, cell)
        results = []
        for position, command in enumerate(commands):
            results.append(_carry_out(command))
            if position < len(commands) - 1:
                show_value(results[-1])
        return results[-1]


def _carry_out(command: Command) -> Any:
    if command.verb == "help":
        return Text(HELP)
    try:
        result = change(command) if command.is_change else ask(command)
    except XcondaFailed as failed:
        if command.json:
            show_value(Document({"success": False, **failed.to_json()}))
        raise
    return Document(result.to_json()) if command.json else result
