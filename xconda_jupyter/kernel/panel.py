"""``%xconda panel``: the environment in a panel, or where there are no widgets, as a page."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Dict, List, MutableMapping, Optional

from IPython.core.getipython import get_ipython

from xconda_jupyter.kernel.command_line import Command
from xconda_jupyter.kernel.conversation import ask
from xconda_jupyter.kernel.tables import html_words

_REVISIONS_SHOWN = 10
_WITHOUT_WIDGETS = (
    "This is a still picture: ipywidgets is not in this environment. "
    "`%xconda install ipywidgets` and reloading the page brings the panel."
)
_IN_A_TERMINAL = "A terminal draws no panel; this is what it would show."


def panel(prefix: str = "", name: str = "") -> Panel:
    """Return the panel of an environment, given by path or by name; else of this kernel's.

    Raises:
        XcondaFailed: the environment cannot be read.
    """
    shell: Any = get_ipython()
    if name:
        facts = ask(Command("info", name=name, quiet=True, text="info")).to_json()
        prefix = str(facts["default_prefix"])
    shown = Panel(prefix or sys.prefix, {} if shell is None else shell.user_ns)
    shown.still()  # a failure is one of the cell, not of each representation
    return shown


class Panel:
    """The panel as the last value of a cell; drawn by widgets where there are some.

    Attributes:
        prefix: The environment that it shows first.
        widget: Its widget once it was drawn; None before, and without ipywidgets.
    """

    def __init__(self, prefix: str, variables: MutableMapping[str, Any]) -> None:
        self.prefix = prefix
        self.widget: Any = None
        self._variables = variables
        self._parts: Optional[List[Any]] = None

    def still(self) -> List[Any]:
        """Return what a still picture shows: the packages, and the last revisions."""
        if self._parts is None:
            self._parts = [
                ask(Command(verb, prefix=self.prefix, quiet=True, text=verb))
                for verb in ("list", "history")
            ]
        return self._parts

    def __repr__(self) -> str:
        return "\n\n".join(map(repr, self.still()))

    def _repr_html_(self) -> str:
        note = "" if has_widgets() else "<div>{}</div>".format(html_words(_why_still()))
        return note + "".join(part._repr_html_() for part in self.still())

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Dict[str, Any]:
        del include, exclude  # a page that has no widgets shows what it knows
        bundle: Dict[str, Any] = {"text/plain": repr(self), "text/html": self._repr_html_()}
        if not has_widgets():
            bundle["text/plain"] += "\n\n" + _why_still()
            return bundle
        if self.widget is None:  # ipywidgets costs 0.1 s: loaded when first drawn
            widgets = import_module("xconda_jupyter.kernel.widget_panel")
            self.widget = widgets.WidgetPanel(self.prefix, self._variables, *self.still())
        return {**self.widget.view(), **bundle}


def has_widgets() -> bool:
    """Whether this kernel can draw widgets: it has ipywidgets, and is no terminal."""
    return hasattr(get_ipython(), "kernel") and find_spec("ipywidgets") is not None


def _why_still() -> str:
    return _WITHOUT_WIDGETS if hasattr(get_ipython(), "kernel") else _IN_A_TERMINAL
