"""Start an environment's own ipykernel with ``%xconda`` ready in it.

Run as a script by the environment's Python (3.8 and later), standard library only: nothing of
xconda needs to be installed there. Of xconda's surroundings the kernel gets to see one package,
``xconda_jupyter``, and ``xconda``, which is a name for it; only where the environment has none
itself: their finder is asked last.
"""

from __future__ import annotations

import importlib
import os
import sys
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from types import ModuleType
from typing import Any, List, Optional, Sequence

PACKAGE = "xconda_jupyter"
SHORT_NAME = "xconda"
EXTENSION = "xconda_jupyter.kernel"
COMPLETION = "xconda_jupyter.kernel.completion"
LOADED = "XCONDA_KERNEL_LOADED"
"""Variable with the descriptor on which the provisioner hears that ipykernel could be loaded."""
HERE = os.path.dirname(os.path.abspath(__file__))


class ClientFinder:
    """Finds ``xconda_jupyter`` and ``xconda`` in one folder, and nothing else there.

    Attributes:
        folder: The package's folder.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def find_spec(
        self,
        fullname: str,
        path: Optional[Sequence[str]] = None,  # noqa: ARG002 (importlib's protocol)
        target: Optional[ModuleType] = None,  # noqa: ARG002 (importlib's protocol)
    ) -> Optional[ModuleSpec]:
        """Return where the package is; its modules are then found through its own path."""
        if fullname == SHORT_NAME:
            return spec_from_file_location(fullname, os.path.join(self.folder, "xconda.py"))
        if fullname != PACKAGE:
            return None
        return spec_from_file_location(
            fullname,
            os.path.join(self.folder, "__init__.py"),
            submodule_search_locations=[self.folder],
        )


def main() -> None:
    """Start the kernel with the arguments of this script."""
    leave_own_folder()
    sys.meta_path.append(ClientFinder(os.path.dirname(HERE)))
    from ipykernel import kernelapp  # only now is the module path as it should be

    say_that_it_is_loaded()
    app: Any = kernelapp.IPKernelApp.instance()
    app.initialize()
    if app.shell is not None:  # None: an argument such as --version asked for something else
        announce(app.shell)
    app.start()


def say_that_it_is_loaded() -> None:
    """Tell the provisioner, which waits for it; a process that ends without has failed."""
    descriptor = os.environ.pop(LOADED, "")
    if descriptor:
        os.write(int(descriptor), b"1")
        os.close(int(descriptor))


def leave_own_folder() -> None:
    """Take this script's folder off the module path: Python puts it first, before everything."""
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or os.curdir) != HERE]


def announce(shell: Any) -> None:
    """Make ``%xconda`` known; it is imported when it is first used."""
    manager: Any = getattr(shell, "magics_manager", None)
    if hasattr(manager, "register_lazy"):
        manager.register_lazy("xconda", EXTENSION)
        shell.events.register("post_run_cell", help_first_import)
        for magic in ("%xconda", "%%xconda"):
            shell.set_hook("complete_command", complete, str_key=magic)
    else:  # IPython 7
        shell.extension_manager.load_extension(EXTENSION)


def help_first_import(result: Any) -> None:
    """Load the extension when a module is first not found: it then says which package brings it."""
    if not isinstance(result.error_in_exec, ModuleNotFoundError):
        return
    shell: Any = sys.modules["IPython"].get_ipython()
    if EXTENSION not in shell.extension_manager.loaded:  # else it has heard of this itself
        shell.extension_manager.load_extension(EXTENSION)
        importlib.import_module(EXTENSION).after_cell(result)
    shell.events.unregister("post_run_cell", help_first_import)


def complete(shell: Any, event: Any) -> List[str]:
    """Complete a line of ``%xconda``; what knows how is imported when Tab is first pressed."""
    found: List[str] = importlib.import_module(COMPLETION).complete(shell, event)
    return found


if __name__ == "__main__":
    main()
