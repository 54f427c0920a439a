"""What the engine logs, as plain text below what a cell shows: ``-v`` and its like."""

from __future__ import annotations

from typing import Any, Mapping

from xconda_jupyter.kernel.growing_file import GrowingFile
from xconda_jupyter.kernel.screen import write_log_line


class LogView:
    """Hands the worker's log messages on, as they come, where they were asked for."""

    def __init__(self, log: GrowingFile, greeting: Mapping[str, Any]) -> None:
        """Keep the log; ``greeting`` says whether the options or the configuration ask for it."""
        self._log = log
        self._is_wanted = bool(greeting.get("verbosity"))

    def show(self) -> None:
        """Write what is new."""
        if self._is_wanted:
            for line in self._log.lines():
                write_log_line(line.decode("utf-8", "replace"))
