"""``%xconda`` and ``%%xconda``: the words of a cell, carried out one command after another."""

from __future__ import annotations

import os
from dataclasses import replace
from importlib import import_module
from typing import Any, List, Optional

from IPython.core.magic import Magics, line_cell_magic, magics_class
from traitlets import Bool

from xconda_jupyter.kernel.command_line import (
    Command,
    commands_of_cell,
    commands_of_line,
    help_of,
)
from xconda_jupyter.kernel.conversation import ask, change, refuse_unknown
from xconda_jupyter.kernel.environments import Environments, notebook_path
from xconda_jupyter.kernel.failures import XcondaFailed
from xconda_jupyter.kernel.import_help import missing_modules
from xconda_jupyter.kernel.missing_modules import MissingModules
from xconda_jupyter.kernel.notebook_scan import (
    cells_of_session,
    folder_of,
    imports_of_cells,
    imports_of_file,
)
from xconda_jupyter.kernel.reloading import Reloaded, reload_modules
from xconda_jupyter.kernel.results import ChangeResult, Document, Text
from xconda_jupyter.kernel.running_kernel import about_this_kernel
from xconda_jupyter.kernel.screen import show_value


@magics_class
class XcondaMagics(Magics):
    """The magics of xconda.

    Attributes:
        help_imports: Whether a failed import is answered with the package that brings the module.
    """

    help_imports = Bool(True, help="Say which package brings a module that was not found.").tag(
        config=True
    )

    def __init__(self, shell: Any = None, **more: Any) -> None:
        """Remember nothing yet."""
        super().__init__(shell, **more)
        self._reloadable: List[ChangeResult] = []

    @line_cell_magic
    def xconda(self, line: str, cell: Optional[str] = None) -> Any:
        """Install, remove, update, list, search packages; see ``%xconda help``."""
        commands = commands_of_line(line) if cell is None else commands_of_cell(line, cell)
        if len(commands) > 1:
            refuse_unknown(commands)
        results = []
        for position, command in enumerate(commands):
            results.append(self._carry_out(command))
            if position < len(commands) - 1:
                show_value(results[-1])
        return results[-1]

    def _carry_out(self, command: Command) -> Any:
        if command.verb == "help":
            return Text(help_of(" ".join(command.specs)))
        try:
            result = self._result(command)
        except XcondaFailed as failure:
            failed = about_this_kernel(failure)
            if command.json:
                show_value(Document({"success": False, **failed.to_json()}))
            raise failed from None
        return Document(result.to_json()) if command.json else result

    def _result(self, command: Command) -> Any:
        if command.verb == "reload":
            return self._reload()
        if command.verb == "help-imports":
            return self._help_imports(command)
        if command.verb == "panel":
            return import_module("xconda_jupyter.kernel.panel").panel(command.prefix, command.name)
        if command.verb == "missing":
            return self._missing(command)
        if command.verb == "env":
            return self._environments(command)
        if command.verb == "switch":
            found = self._environments(replace(command, verb="env", specs=()))
            switching = import_module("xconda_jupyter.kernel.switching")  # what asks servers
            return switching.switch(found, command.specs[0], self.shell, yes=command.yes)
        if not command.is_change:
            return ask(command)
        variables = {} if self.shell is None else self.shell.user_ns
        done = change(command, variables)
        if not (done.is_dry_run or done.is_only_fetched):
            self._reloadable = [each for each in self._reloadable if each.reload_for] + [done]
        return done

    @staticmethod
    def _environments(command: Command) -> Environments:
        path = notebook_path()
        found: Environments = ask(replace(command, specs=(path,) if path else ()))
        return found

    def _help_imports(self, command: Command) -> Text:
        if command.specs:
            self.help_imports = command.specs == ("on",)
        words = "A failed import is answered with the package that brings the module."
        return Text(words if self.help_imports else "Failed imports are left alone.")

    def _missing(self, command: Command) -> MissingModules:
        """Look through a notebook file, or through what this kernel has run."""
        if command.specs:
            path = os.path.expanduser(command.specs[0])
            imports, folder = imports_of_file(path), folder_of(path)
        else:
            imports, folder = imports_of_cells(cells_of_session(self.shell)), ""
        return missing_modules(imports, folder)

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
