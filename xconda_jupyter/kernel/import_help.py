"""After a cell that did not find a module: which package brings it. Never installs anything.

IPython's handlers of exceptions are left as they are, whoever set them: this looks at the result
of a cell when its traceback was shown.
"""

from __future__ import annotations

import sys
import threading
from typing import Any, List, Optional, Sequence

from xconda_jupyter.kernel.failures import XcondaFailed
from xconda_jupyter.kernel.missing_modules import MissingModules
from xconda_jupyter.kernel.notebook_scan import Imports
from xconda_jupyter.kernel.running_kernel import notes_on_place, why_no_environment
from xconda_jupyter.kernel.screen import can_redraw, show, show_redrawable, write_line
from xconda_jupyter.kernel.shadowing import (
    Shadow,
    find_other_library,
    find_shadow,
    module_of_error,
)
from xconda_jupyter.kernel.tables import count_words
from xconda_jupyter.kernel.worker_process import Worker

SECONDS = 1.0
"""How long a cell that failed waits for the offer; it is drawn later where that is possible."""
SECONDS_IN_ALL = 20.0
_LOOKING = "Looking which package brings {} ..."


def help_import(error: Optional[BaseException]) -> None:
    """Show which package brings the module that ``error`` did not find, if it is such an error."""
    if error is None or not module_of_error(error):
        return
    module = module_of_error(error)
    try:
        shadow = find_shadow(module) or find_other_library(error)
        if shadow is not None:
            show(_answer(module, shadow, None).bundle())
        elif isinstance(error, ModuleNotFoundError):
            _Question(module).show_answer()
    except (KeyboardInterrupt, XcondaFailed, OSError):
        return  # whoever interrupts does not want it; and a traceback is not answered by another


def ask_providers(modules: List[str], prefix: str = "") -> Any:
    """Return the engine's document on what brings ``modules``.

    Raises:
        XcondaFailed: the engine cannot say.
    """
    request = {"verb": "providers", "prefix": prefix or sys.prefix, "specs": modules}
    with Worker(request) as worker:
        timer = threading.Timer(SECONDS_IN_ALL, worker.stop)
        timer.daemon = True
        timer.start()
        try:
            for document in worker.documents():
                if "result" in document:
                    return document["result"]
            raise worker.died()
        finally:
            timer.cancel()


def missing_modules(imports: Imports, folder: str = "") -> MissingModules:
    """Return what ``imports`` does not find, with the packages that bring it.

    Args:
        imports: What some cells import.
        folder: Folder of the notebook, empty for that of the kernel.

    Raises:
        XcondaFailed: the engine cannot say.
    """
    modules = imports.missing(folder)
    shadows = [each for each in map(find_shadow, imports.modules) if each is not None]
    notes: List[str] = []
    if imports.unread:
        notes.append("{} could not be read.".format(count_words(imports.unread, "cell")))
    document: Any = ask_providers(modules) if modules else {"modules": [], "packages": []}
    return _told(document, shadows, notes)


class _Question:
    """One module, asked about in a thread of its own."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._document: Any = None
        self._handle: Any = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._ask, name="xconda import help", daemon=True)

    def show_answer(self) -> None:
        """Show the answer, now or, where an output can be drawn anew, when it has come."""
        self._thread.start()
        self._thread.join(SECONDS)
        with self._lock:
            if self._document is not None:
                show(_answer(self._module, None, self._document).bundle())
            elif self._thread.is_alive() and can_redraw():
                looking = _LOOKING.format(self._module)
                self._handle = show_redrawable({"text/plain": looking})
            elif self._thread.is_alive():
                write_line("`%xconda missing` says which package brings {}.".format(self._module))

    def _ask(self) -> None:
        try:
            document = ask_providers([self._module])
        except (XcondaFailed, OSError, ValueError) as failed:
            document, problem = None, str(getattr(failed, "what", failed))
        with self._lock:
            self._document = document
            if self._handle is None:
                return
            answer = {"text/plain": problem} if document is None else None
            self._handle.update(answer or _answer(self._module, None, document).bundle(), raw=True)


def _answer(module: str, shadow: Optional[Shadow], document: Any) -> MissingModules:
    if document is None:
        document = {"modules": [{"module": module, "offers": []}], "packages": []}
    return _told(document, () if shadow is None else (shadow,))


def _told(document: Any, shadows: Sequence[Shadow], notes: Sequence[str] = ()) -> MissingModules:
    """Return it with what is to be known of the place where it would be installed."""
    hindrances = notes_on_place() if document["packages"] else ()
    has_environment = not why_no_environment()
    return MissingModules(document, shadows, (*notes, *hindrances), has_environment=has_environment)
