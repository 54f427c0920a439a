"""The panel as widgets: a view of the same worker and jobs; nothing in it blocks the kernel.

Imports ipywidgets 8, so it is itself imported only when a panel is drawn.
"""

from __future__ import annotations

import threading
from shlex import quote
from typing import Any, Callable, Dict, Final, List, MutableMapping, Optional, Sequence, Tuple

import ipywidgets as widgets

from xconda_jupyter.kernel.command_line import Command
from xconda_jupyter.kernel.conversation import ask
from xconda_jupyter.kernel.failures import XcondaFailed
from xconda_jupyter.kernel.panel_job import PanelJob
from xconda_jupyter.kernel.tables import html_words, size_words

_WIDE: Final = {"width": "98%"}
_LABEL: Final = {"description_width": "7em"}
_BELOW_FIELDS: Final = {"margin": "0 0 0 calc(7em + 8px)"}
_ROWS = 9


class WidgetPanel:
    """Environment picker, packages, search, history and the job under way.

    Every control is one of the browser's own (list, field, button) with a label, so that keyboard
    and screen readers work as everywhere.

    Attributes:
        prefix: The environment shown.
        box: The widget.
        job: The change under way or the last one; None before the first.
    """

    def __init__(
        self, prefix: str, variables: MutableMapping[str, Any], packages: Any, history: Any
    ) -> None:
        self.prefix = prefix
        self.job: Optional[PanelJob] = None
        self._variables = variables
        self.environment = widgets.Dropdown(
            options=[(prefix, prefix)], description="Environment", style=_LABEL, layout=_WIDE
        )
        self.filter = _field("Filter", "part of a name")
        self.installed = _choices("Installed")
        self.query = _field("Search", 'a name or spec, such as "numpy>=2"')
        self.query.continuous_update = False
        self.channels = _field("Channels", "before the configured ones, with blanks between")
        self.offers = _choices("Offers")
        self.revisions = _choices("History")
        self.difference = widgets.HTML()
        self.picture = widgets.HTML()
        self.buttons: Dict[str, Any] = {}
        self.box = self._layout()
        self._searching: Optional[Command] = None
        self._packages: List[Dict[str, Any]] = []
        self._take_packages(packages)
        self._take_history(history)
        self._show_job_controls()
        self._listen()
        self._in_thread(self._load_environments)

    def view(self) -> Dict[str, Any]:
        """Return the widget as Jupyter carries it."""
        bundle: Dict[str, Any] = self.box._repr_mimebundle_()
        return bundle

    def _layout(self) -> Any:
        def row(*names: str) -> Any:
            return widgets.HBox(self._buttons(*names), layout=_BELOW_FIELDS)

        installed = widgets.VBox([self.filter, self.installed, row("Update", "Remove", "Why")])
        parts = [self.query, self.channels, row("Search"), self.offers, row("Install")]
        history = widgets.VBox(
            [self.revisions, row("Difference", "Go back to it", "Undo", "Redo"), self.difference]
        )
        tabs = widgets.Tab(children=[installed, widgets.VBox(parts), history])
        for number, title in enumerate(("Packages", "Search", "History")):
            tabs.set_title(number, title)
        job = widgets.VBox([self.picture, widgets.HBox(self._buttons("Apply", "Cancel"))])
        return widgets.VBox([self.environment, tabs, job])

    def _buttons(self, *names: str) -> List[Any]:
        return [self._button(name) for name in names]

    def _button(self, name: str) -> Any:
        hints = {"Apply": "carry the plan out", "Cancel": "stop; what was begun is undone"}
        button = widgets.Button(description=name, tooltip=hints.get(name, name))
        self.buttons[name] = button
        return button

    def _listen(self) -> None:
        actions: Dict[str, Callable[[], None]] = {
            "Update": lambda: self._change("update", self.installed.value),
            "Remove": lambda: self._change("remove", self.installed.value),
            "Why": lambda: self._ask_into(self.picture, "why", self.installed.value),
            "Search": lambda: self._in_thread(self._search),
            "Install": lambda: self._change("install", self.offers.value),
            "Difference": lambda: self._ask_into(self.difference, "diff", None),
            "Go back to it": lambda: self._go_back(self.revisions.value),
            "Undo": lambda: self._go_back(None),
            "Redo": lambda: self._begin(self._command("redo")),
            "Apply": lambda: self.job.confirm() if self.job else None,
            "Cancel": lambda: self.job.cancel() if self.job else None,
        }
        for name, action in actions.items():
            self.buttons[name].on_click(lambda _, action=action: action())
        self.filter.observe(lambda _: self._show_packages(), "value")
        self.query.observe(lambda _: self._in_thread(self._search), "value")  # Enter, or leaving
        self.environment.observe(self._choose, "value")

    def _choose(self, change: Dict[str, Any]) -> None:
        self.prefix = change["new"]
        self._in_thread(self._reload)

    def _reload(self) -> None:
        self._take_packages(ask(self._command("list")))
        self._take_history(ask(self._command("history")))

    def _load_environments(self) -> None:
        found = ask(self._command("env", prefix=False)).to_json()["environments"]
        options = [(_name(each), each["prefix"]) for each in found]
        if self.prefix not in dict(options).values():
            options.insert(0, (self.prefix, self.prefix))
        self.environment.unobserve(self._choose, "value")  # new options choose their first
        try:
            self.environment.options = options
            self.environment.value = self.prefix
        finally:
            self.environment.observe(self._choose, "value")

    def _search(self) -> None:
        words, channels = self.query.value.strip(), self.channels.value.split()
        command = self._command("search", words, channels=channels)
        if not words or self._searching == command:  # Enter and the button, one after the other
            return
        self._searching = command
        try:
            found = ask(command).to_json()
        finally:
            self._searching = None
        self.offers.options = [_offer(each) for each in reversed(found)]

    def _take_packages(self, packages: Any) -> None:
        self._packages = packages.to_json()
        self._show_packages()

    def _show_packages(self) -> None:
        part = self.filter.value.strip().lower()
        shown = [each for each in self._packages if part in each["name"]]
        self.installed.options = [
            ("{} {} · {}".format(each["name"], each["version"], each["channel"]), each["name"])
            for each in shown
        ]

    def _take_history(self, history: Any) -> None:
        self.revisions.options = [
            ("{} · {} · {}".format(each["rev"], each["date"], each["command"]), each["rev"])
            for each in reversed(list(history))
        ]

    def _go_back(self, revision: Optional[int]) -> None:
        self._begin(self._command("undo", revision=revision))

    def _change(self, verb: str, spec: Optional[str]) -> None:
        if spec:
            self._begin(self._command(verb, spec, channels=self.channels.value.split()))

    def _begin(self, command: Command) -> None:
        if self.job is not None and not self.job.is_over:
            return  # one at a time; the buttons say so
        self.job = PanelJob(command, self._variables, self._show_job)
        self._show_job(self.job)

    def _show_job(self, job: PanelJob) -> None:
        picture = job.picture
        self.picture.value = picture.html()
        self._show_job_controls()
        if job.result is not None and job.is_over:
            self._in_thread(self._reload)

    def _show_job_controls(self) -> None:
        job = self.job
        is_running = job is not None and not job.is_over
        self.buttons["Apply"].disabled = not (job is not None and job.is_planned)
        self.buttons["Cancel"].disabled = not is_running
        for name in ("Update", "Remove", "Install", "Go back to it", "Undo", "Redo"):
            self.buttons[name].disabled = is_running

    def _ask_into(self, place: Any, verb: str, name: Optional[str]) -> None:
        if verb == "why" and not name:
            return
        revision = self.revisions.value if verb == "diff" else None
        command = self._command(verb, *([name] if name else []), revision=revision)

        def show() -> None:
            place.value = ask(command)._repr_html_()

        self._in_thread(show)

    def _command(
        self,
        verb: str,
        *specs: str,
        prefix: bool = True,
        revision: Optional[int] = None,
        channels: Sequence[str] = (),
    ) -> Command:
        words = [verb, *specs] + ([str(revision)] if revision is not None else [])
        return Command(
            verb,
            specs=specs,
            prefix=self.prefix if prefix else "",
            channels=tuple(channels),
            revision=revision,
            quiet=True,
            text=" ".join(map(quote, words)),
        )

    def _in_thread(self, work: Callable[[], None]) -> None:
        """Do what asks the engine, while the kernel goes on; a failure is shown below."""

        def run() -> None:
            try:
                work()
            except XcondaFailed as failed:
                self.picture.value = '<div role="alert">{}</div>'.format(
                    html_words(str(failed)).replace("\n", "<br>")
                )

        threading.Thread(target=run, name="xconda panel", daemon=True).start()


def _field(label: str, hint: str) -> Any:
    return widgets.Text(description=label, placeholder=hint, style=_LABEL, layout=_WIDE)


def _choices(label: str) -> Any:
    return widgets.Select(description=label, rows=_ROWS, style=_LABEL, layout=_WIDE)


def _name(environment: Dict[str, Any]) -> str:
    name, prefix = environment.get("name") or "", environment["prefix"]
    return "{} · {}".format(name, prefix) if name else str(prefix)


def _offer(record: Dict[str, Any]) -> Tuple[str, str]:
    parts = [record["name"], record["version"], record["build"], record["channel"]]
    words = "{} {} {} · {}".format(*parts)
    size = size_words(record.get("size"))
    spec = "{}={}={}".format(record["name"], record["version"], record["build"])
    return (words + (" · " + size if size else ""), spec)
