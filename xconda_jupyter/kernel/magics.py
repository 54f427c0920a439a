"""``%xconda`` and ``%%xconda``: the words of a cell, carried out one command after another."""

from __future__ import annotations

from typing import Any, List, Optional

from IPython.core.magic import Magics, line_cell_magic, magics_class

from xconda_jupyter.kernel.command_line import HELP, Command, commands_of_cell, commands_of_line
from xconda_jupyter.kernel.conversation import ask, change
from xconda_jupyter.kernel.failures import XcondaFailed
from xconda_jupyter.kernel.reloading import Reloaded, reload_modules
from xconda_jupyter.kernel.results import ChangeResult, Document, Text
from xconda_jupyter.kernel.screen import show_value


@magics_class
class XcondaMagics(Magics):
    """The magics of xconda."""

    def __init__(self, shell: Any = None, **more: Any) -> None:
        """Remember nothing yet."""
        super().__init__(shell, **more)
        self._reloadable: List[ChangeResult] = []

    @line_cell_magic
    def xconda(self, line: str, cell: Optional[str] = None) -> Any:
        """Install, remove, update, list, search packages; see ``%xconda help``."""
        commands = commands_of_line(line) if cell is None else commands_of_cell(line, cell)
        results = []
        for position, command in enumerate(commands):
            results.append(self._carry_out(command))
            if position < len(commands) - 1:
                show_value(results[-1])
        return results[-1]

    def _carry_out(self, command: Command) -> Any:
        if command.verb == "help":
            return Text(HELP)
        try:
            result = self._result(command)
        except XcondaFailed as failed:
            if command.json:
                show_value(Document({"success": False, **failed.to_json()}))
            raise
        return Document(result.to_json()) if command.json else result

    def _result(self, command: Command) -> Any:
        if command.verb == "reload":
            return self._reload()
        if not command.is_change:
            return ask(command)
        variables = {} if self.shell is None else self.shell.user_ns
        done = change(command, variables)
        if not done.is_dry_run:
            self._reloadable = [each for each in self._reloadable if each.reload_for] + [done]
        return done

    def _reload(self) -> Reloaded:
        """Exchange what changed while it was imported, in every change of this kernel so far."""
        names = [
            name
            for done in self._reloadable
            for each in done.verdicts.values()
            if each.kind == "reload"
            for name in each.modules
        ]
        variables = {} if self.shell is None else self.shell.user_ns
        reloaded = reload_modules(names, variables)
        self._reloadable = []
        return reloaded
