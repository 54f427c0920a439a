"""What a view of a running job offers, and which view a stream gets. Layer: cli."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from typing import Final, TextIO

from xconda_core.events import Event, Noticed
from xconda_core.values import Protocol


class Progress(Protocol):
    """Shows events as they come."""

    def report(self, event: Event) -> None:
        """Take one event in; called from any thread, neither raises nor blocks."""

    def paused(self) -> AbstractContextManager[None]:
        """Leave the terminal to others while the block runs."""

    def close(self) -> None:
        """Show a last time and stop."""


class WarningsOnly:
    """``--quiet`` and ``--json``: nothing is shown but what nobody should miss."""

    def __init__(self, warn: Callable[[str], None]) -> None:
        self._warn = warn

    def report(self, event: Event) -> None:
        """Say a warning, pass over everything else."""
        if isinstance(event, Noticed) and event.level == "warning":
            self._warn(f"warning: {event.text}")

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Do nothing: nothing is drawn."""
        yield

    def close(self) -> None:
        """Do nothing, for the same reason."""


_VIEWS: Final = {
    "classic": ("plain_progress", "PlainProgress"),
    "plain": ("plain_progress", "PlainProgress"),
    "json-lines": ("json_lines_progress", "JsonLinesProgress"),
}
STYLES: Final = tuple(_VIEWS)
"""The values of the setting ``console`` that are xconda's own; plugins have others."""


def progress_on(
    stream: TextIO, *, style: str, live: bool, colour: bool, is_stopping: Callable[[], bool]
) -> Progress:
    """Return what shows progress in ``style``: a value of the setting ``console``.

    ``classic`` draws bars where the stream is ``live`` (a terminal that can be redrawn). Only that
    pays for the import of rich. Those say that the work is being undone while it ``is_stopping``.
    """
    if style == "classic" and live:
        module = import_module("xconda_core.cli.live_progress")
        view: Progress = module.LiveProgress(stream, colour=colour, is_stopping=is_stopping)
        return view
    name, kind = _VIEWS[style]
    found: Progress = getattr(import_module(f"xconda_core.cli.{name}"), kind)(stream)
    return found
