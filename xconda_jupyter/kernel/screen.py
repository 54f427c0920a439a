"""Where output goes: the cell that runs, or the terminal. Nothing else calls IPython's display."""

from __future__ import annotations

import sys
from typing import Any, Callable, Dict

from IPython.core.getipython import get_ipython
from IPython.display import display

_display: Callable[..., Any] = display


def can_redraw() -> bool:
    """Whether an output that was shown can be replaced later: in a kernel, not in a terminal."""
    return hasattr(get_ipython(), "kernel")


def is_watched() -> bool:
    """Whether somebody sits there: nbconvert and papermill, which nobody does, take no input."""
    kernel = getattr(get_ipython(), "kernel", None)
    return bool(getattr(kernel, "_allow_stdin", True))


def show(bundle: Dict[str, Any]) -> None:
    """Show one output in several forms, MIME type to content."""
    _display(bundle, raw=True)


def show_redrawable(bundle: Dict[str, Any]) -> Any:
    """Show one output and return its handle, whose ``update(bundle, raw=True)`` replaces it."""
    return _display(bundle, raw=True, display_id=True)


def show_value(value: object) -> None:
    """Show a value as if it were the last line of its cell."""
    _display(value)


def write_line(text: str) -> None:
    """Write one line of text."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def write_log_line(text: str) -> None:
    """Write one line that is no part of the answer, where a terminal has such lines too."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
