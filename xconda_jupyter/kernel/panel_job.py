"""One change, followed in a thread: planned, shown, confirmed or cancelled by somebody, ended."""

from __future__ import annotations

import importlib
import sys
import threading
import time
from dataclasses import replace
from typing import Any, Callable, Dict, Mapping, MutableMapping, Optional, Tuple

from xconda_jupyter.kernel.changes import Change, changes_of_plan, notes_of_plan, plan_table
from xconda_jupyter.kernel.command_line import Command
from xconda_jupyter.kernel.conversation import request_of
from xconda_jupyter.kernel.failures import XcondaFailed, failure
from xconda_jupyter.kernel.import_verdicts import LoadedCode, Verdict, verdicts
from xconda_jupyter.kernel.job_feed import JobFeed
from xconda_jupyter.kernel.live_view import Picture
from xconda_jupyter.kernel.results import ChangeResult
from xconda_jupyter.kernel.running_kernel import is_same_folder, touched_foundations
from xconda_jupyter.kernel.worker_process import Worker

_SECONDS_BETWEEN_LOOKS = 0.1
Show = Callable[["PanelJob"], None]


class PanelJob:
    """A change that waits for somebody's word after its plan.

    Attributes:
        picture: What there is to see of it.
        is_planned: The plan is there and waits for :meth:`confirm`.
        is_over: It has ended, however.
        result: What it did; None before its end, and where it failed.
    """

    def __init__(self, command: Command, variables: MutableMapping[str, Any], show: Show) -> None:
        """Begin; ``show`` is called, in another thread, whenever the picture has changed."""
        self.picture = Picture(title="xconda " + command.text)
        self.is_planned = False
        self.is_over = False
        self.result: Optional[ChangeResult] = None
        self._command, self._variables, self._show = command, variables, show
        self._feed: Optional[JobFeed] = None
        self._is_cancelled = threading.Event()
        self._plan: Dict[str, Any] = {}
        self._changes: Tuple[Change, ...] = ()
        self._verdicts: Dict[str, Verdict] = {}
        self._thread = threading.Thread(target=self._run, name="xconda panel", daemon=True)
        self._thread.start()

    def confirm(self) -> None:
        """Let the plan be carried out."""
        if self._feed is not None and self.is_planned:
            self.is_planned = False
            self._feed.confirm()

    def cancel(self) -> None:
        """Stop; what was begun is undone."""
        self._is_cancelled.set()
        self.is_planned = False
        if self._feed is not None:
            self._feed.cancel()

    def wait(self, seconds: float) -> None:
        """Return when it is over, or after ``seconds``."""
        self._thread.join(seconds)

    def _run(self) -> None:
        try:
            with Worker(request_of(self._command)) as worker:
                greeting = worker.greeting()
                self._feed = JobFeed(str(greeting["folder"]))
                if self._is_cancelled.is_set():
                    self._feed.cancel()
                self._end(greeting, self._follow(worker, self._feed, greeting))
        except (XcondaFailed, OSError, ValueError) as failed:
            self.is_over = True
            self._draw(words=str(failed), is_over=True)

    def _follow(
        self, worker: Worker, feed: JobFeed, greeting: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        while True:
            is_running = worker.is_running  # asked first: what it wrote last is then there
            document = feed.result()
            for line in feed.lines():
                self._take(line)
            plan = None if self._plan else feed.plan()
            if plan is not None:
                self._preview(plan, greeting)
            if document is not None:
                return document
            if not is_running:
                raise worker.died()
            time.sleep(_SECONDS_BETWEEN_LOOKS)

    def _take(self, line: Mapping[str, Any]) -> None:
        event, shows = line.get("event") or {}, line.get("shows") or {}
        if event.get("event") == "Noticed":
            self._draw(notes=(*self.picture.notes, str(event.get("text", ""))))
        elif event.get("event") != "JobFinished" and not self.is_planned:
            self._draw(
                phase=str(shows.get("phase") or ""),
                fraction=float(shows.get("fraction") or 0.0),
                words=str(shows.get("words") or ""),
            )

    def _preview(self, plan: Dict[str, Any], greeting: Mapping[str, Any]) -> None:
        prefix = str(greeting["prefix"])
        self._plan, self._changes = plan, changes_of_plan(plan)
        if is_same_folder(prefix, sys.prefix):
            code = LoadedCode.of_this_process()
            self._verdicts = verdicts(self._changes, prefix, code, self._variables)
        here = {name: each.kind for name, each in self._verdicts.items()}
        careful = touched_foundations(self._changes, prefix, str(greeting.get("home")))
        self.is_planned = True
        self._draw(
            table=plan_table(plan, self._changes, here) if self._changes else None,
            notes=self.picture.notes
            + notes_of_plan(plan)
            + tuple("Careful: " + line for line in careful),
            words="Nothing is changed yet.",
        )
        if not self._changes:
            self.confirm()

    def _end(self, greeting: Mapping[str, Any], document: Mapping[str, Any]) -> None:
        self.is_planned, self.is_over = False, True
        if document.get("outcome") != "succeeded":
            self._draw(words=str(failure(document.get("error") or {})), is_over=True)
            return
        importlib.invalidate_caches()
        here = {name: each.kind for name, each in self._verdicts.items()}
        self.result = ChangeResult(
            verb=self._command.verb,
            prefix=str(greeting["prefix"]),
            job=str(greeting["job"]),
            table=plan_table(self._plan, self._changes, here),
            changes=self._changes,
            is_dry_run=False,
            verdicts=self._verdicts,
            variables=self._variables,
            document={**document, "plan": self._plan},
        )
        notes = self.picture.notes + self.result.notes
        self._draw(words=self.result.words, notes=notes, is_over=True)

    def _draw(self, **changed: Any) -> None:
        self.picture = replace(self.picture, **changed)
        self._show(self)
