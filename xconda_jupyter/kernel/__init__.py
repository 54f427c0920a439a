"""The thin client inside a kernel: ``%xconda`` and ``%%xconda``.

Standard library and IPython only, Python 3.8 and later: it runs in the Python of any environment,
also one that never installed xconda. A worker process in xconda's own Python does the work.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.core.interactiveshell import InteractiveShell

from xconda_jupyter.kernel.completion import MAGICS, complete
from xconda_jupyter.kernel.magics import XcondaMagics

__all__ = ["load_ipython_extension", "unload_ipython_extension"]


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Register ``%xconda`` and ``%%xconda`` (``%load_ext xconda``), Tab included."""
    shell.register_magics(XcondaMagics)
    events: Any = shell.events
    events.register("post_run_cell", after_cell)
    set_hook: Any = shell.set_hook
    for magic in MAGICS:
        set_hook("complete_command", complete, str_key=magic)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Take ``%xconda`` and ``%%xconda`` away again."""
    for magics in shell.magics_manager.magics.values():
        magics.pop("xconda", None)
    events: Any = shell.events
    with suppress(ValueError):  # it was not loaded
        events.unregister("post_run_cell", after_cell)


def after_cell(result: Any) -> None:
    """Say which package brings the module that a cell did not find."""
    shell: Any = get_ipython()
    magics = shell.magics_manager.registry.get("XcondaMagics")
    if isinstance(result.error_in_exec, ImportError) and getattr(magics, "help_imports", False):
        import_module("xconda_jupyter.kernel.import_help").help_import(result.error_in_exec)
