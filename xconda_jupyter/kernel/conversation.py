"""One command from its words to its result: ask the worker, follow the job, decide, draw."""

from __future__ import annotations

import importlib
import sys
import time
from dataclasses import replace
from typing import Any, Dict, Mapping, MutableMapping, Optional, Sequence, Tuple

from xconda_jupyter import __version__
from xconda_jupyter.kernel.changes import Change, changes_of_plan, notes_of_plan, plan_table
from xconda_jupyter.kernel.command_line import Command
from xconda_jupyter.kernel.documents import DOCUMENT_VERBS, question_words
from xconda_jupyter.kernel.engine_commands import flags_of
from xconda_jupyter.kernel.failures import XcondaCancelled, XcondaFailed, failure
from xconda_jupyter.kernel.found import found_of
from xconda_jupyter.kernel.import_verdicts import LoadedCode, Verdict, verdicts
from xconda_jupyter.kernel.job_feed import JobFeed
from xconda_jupyter.kernel.live_view import Picture, view_for
from xconda_jupyter.kernel.log_view import LogView
from xconda_jupyter.kernel.results import ChangeResult
from xconda_jupyter.kernel.running_kernel import (
    afterwards,
    is_same_folder,
    touched_foundations,
)
from xconda_jupyter.kernel.screen import is_watched
from xconda_jupyter.kernel.tables import Table
from xconda_jupyter.kernel.told import told_of
from xconda_jupyter.kernel.verbs import no_command
from xconda_jupyter.kernel.whole_environments import (
    engine_words,
    place_of,
    refusal,
)
from xconda_jupyter.kernel.worker_process import PROTOCOL, Worker

_SECONDS_BETWEEN_LOOKS = 0.05
_INTERRUPTS_IGNORED_WHILE_UNDOING = 2
_COMMAND_LINE = "command"


def ask(command: Command) -> Any:
    """Carry out a query (``list``, ``search``, ``history`` ...) and return what it found.

    Raises:
        XcondaCancelled: the kernel was interrupted.
        XcondaFailed: it could not be answered.
    """
    if command.words:
        return _tell(command)
    try:
        with Worker(request_of(command)) as worker:
            return _answer(command, worker)
    except KeyboardInterrupt:
        raise _cancelled_early() from None


def _tell(command: Command) -> Any:
    """Have the engine carry out a command line; an interrupt waits until what was begun is undone.

    Raises:
        XcondaFailed: it could not be done, or was interrupted.
    """
    with Worker(request_of(command)) as worker:
        try:
            return _answer(command, worker)
        except KeyboardInterrupt:
            worker.stop()
            return _answer(command, worker)


def refuse_unknown(commands: Sequence[Command]) -> None:
    """Return if all are commands, those of plugins included: before the first of several begins.

    Raises:
        UsageError: one of them is none.
    """
    strange = [each.verb for each in commands if each.words and not flags_of(each.verb)]
    if not strange:
        return
    known = ask(Command("commands", words=("commands",))).to_json()
    for verb in strange:
        if verb.split()[0] not in known:
            raise no_command(verb, known, "No line was carried out.")


def _answer(command: Command, worker: Worker) -> Any:
    greeting = _greeting(worker)
    log = LogView(worker.log, greeting)
    try:
        for document in worker.documents():
            log.show()
            if "result" in document:
                found = told_of if command.words else found_of
                return found(command, greeting, document["result"])
        raise worker.died()
    finally:
        log.show()


def change(command: Command, variables: MutableMapping[str, Any]) -> ChangeResult:
    """Carry out a change and show how it goes.

    Args:
        command: The change.
        variables: The notebook's variables: what the change means for them is said.

    Raises:
        XcondaCancelled: the kernel was interrupted; the environment is unchanged.
        XcondaFailed: it could not be done; the environment is unchanged.
    """
    job = None
    try:
        with Worker(request_of(command)) as worker:
            job = _Job(command, worker, _greeting(worker), variables)
            return job.run()
    except KeyboardInterrupt:
        if job is not None:  # it came after the end
            raise
        raise _cancelled_early() from None


def request_of(command: Command) -> Dict[str, Any]:
    """Return what is asked of the worker; no environment named means that of this kernel."""
    specs = command.specs
    name, prefix = place_of(command)
    if command.words:
        verb, options, specs = _COMMAND_LINE, dict(command.options), command.words
    elif command.is_change:
        verb, options = engine_words(command)
        specs = () if "source" in options else specs
    else:
        verb, options = question_words(command)
        specs = () if verb in DOCUMENT_VERBS else specs
    return {
        "verb": verb,
        "prefix": prefix,
        "name": name,
        "specs": list(specs),
        "update_all": command.update_all,
        "revision": command.revision,
        "to_revision": command.to_revision,
        "channels": list(command.channels),
        "override_channels": command.override_channels,
        "dry_run": command.dry_run,
        "prove": command.prove,
        "options": options,
        "is_prefix_named": bool(command.name or command.prefix),
        "verbosity": command.verbosity,
        "confirm": "ask",
        "tells_news": command.is_change and not (command.quiet or command.json) and is_watched(),
        "command": "xconda " + command.text,
    }


class _Job:
    """One change on its way: what is known of it and what is shown of it."""

    def __init__(
        self,
        command: Command,
        worker: Worker,
        greeting: Mapping[str, Any],
        variables: MutableMapping[str, Any],
    ) -> None:
        self._command = command
        self._variables = variables
        self._worker = worker
        self._greeting = greeting
        self._feed = JobFeed(str(greeting["folder"]))
        self._log = LogView(self._feed.log, greeting)
        self._is_quiet = command.quiet or bool(greeting.get("quiet"))
        self._view = view_for(self._is_quiet or command.json)
        self._picture = Picture(title=_title(command, greeting), notes=_version_notes(greeting))
        self._plan: Optional[Dict[str, Any]] = None
        self._changes: Tuple[Change, ...] = ()
        self._verdicts: Dict[str, Verdict] = {}
        self._refusal: Optional[XcondaFailed] = None
        self._is_confirmed = False
        self._is_cancelling = False

    def run(self) -> ChangeResult:
        """Follow the job to its end and return its result."""
        try:
            self._draw()
            document = self._follow()
        except KeyboardInterrupt:
            self._is_cancelling = True
            self._feed.cancel()
            if not self._is_confirmed:  # then nothing can have been changed: no need to wait
                self._draw(words="Cancelled: nothing was changed.", is_over=True)
                raise _cancelled_early() from None
            self._draw(words="Cancelling: what was begun is being undone")
            document = self._follow_to_the_end()
        try:
            result = self._end(document)
        except KeyboardInterrupt:  # the job is over: how it ended is shown all the same
            self._is_cancelling = True
            result = self._end(document)
        if self._is_cancelling:  # it came too late, and the rest of the cell is not to run
            raise KeyboardInterrupt
        return result

    def _follow_to_the_end(self) -> Dict[str, Any]:
        for _ in range(_INTERRUPTS_IGNORED_WHILE_UNDOING):
            try:
                return self._follow()
            except KeyboardInterrupt:
                self._draw(words="Still undoing what was begun; one moment")
        return self._follow()

    def _follow(self) -> Dict[str, Any]:
        while True:
            is_running = self._worker.is_running  # asked first: what it wrote last is then there
            document = self._feed.result()
            for line in self._feed.lines():
                self._take(line)
            if self._plan is None:
                self._preview(self._feed.plan())
            self._log.show()
            if document is not None:
                return document
            if not is_running:
                raise self._worker.died()
            time.sleep(_SECONDS_BETWEEN_LOOKS)

    def _take(self, line: Mapping[str, Any]) -> None:
        event, shows = line.get("event") or {}, line.get("shows") or {}
        if event.get("event") == "Noticed":
            mark = "Warning: " if event.get("level") == "warning" else ""
            self._draw(notes=(*self._picture.notes, mark + str(event.get("text", ""))))
        elif event.get("event") != "JobFinished" and not self._is_cancelling:
            self._draw(
                phase=str(shows.get("phase") or ""),
                fraction=float(shows.get("fraction") or 0.0),
                words=str(shows.get("words") or ""),
            )

    def _preview(self, plan: Optional[Dict[str, Any]]) -> None:
        """Show the plan, and let it be carried out unless it pulls the floor from under us."""
        if plan is None:
            return
        prefix = str(self._greeting["prefix"])
        self._plan, self._changes = plan, changes_of_plan(plan)
        if is_same_folder(prefix, sys.prefix):
            code = LoadedCode.of_this_process()
            self._verdicts = verdicts(self._changes, prefix, code, self._variables)
        foundations = touched_foundations(self._changes, prefix, str(self._greeting.get("home")))
        self._draw(
            table=self._table(plan) if self._changes else None,
            notes=self._picture.notes
            + notes_of_plan(plan)
            + tuple("Careful: " + line for line in foundations),
        )
        if self._command.dry_run:
            return
        self._refusal = refusal(self._command, plan)
        if self._refusal is None and foundations and not self._command.yes:
            self._refusal = _needs_yes(self._command, foundations, self._changes)
        if self._refusal is not None:
            self._feed.cancel()
        else:
            self._is_confirmed = True  # first, so that an interrupt in between waits for the end
            self._feed.confirm()

    def _end(self, document: Mapping[str, Any]) -> ChangeResult:
        if self._refusal is not None:
            self._draw(words="Nothing was changed.", is_over=True)
            raise self._refusal
        if document.get("outcome") != "succeeded":
            self._draw(words="Nothing was changed.", is_over=True)
            raise failure(document.get("error") or {})
        importlib.invalidate_caches()
        plan = self._feed.plan() or self._plan or {}  # made anew if somebody else was quicker
        self._changes = changes_of_plan(plan)
        result = ChangeResult(
            verb=self._command.verb,
            prefix=str(self._greeting["prefix"]),
            job=str(self._greeting["job"]),
            table=self._table(plan),
            changes=self._changes,
            is_dry_run=self._command.dry_run,
            verdicts=self._verdicts,
            variables=self._variables,
            document={**document, "plan": plan},
            name=self._command.name,
        )
        notes = self._picture.notes + result.notes
        self._draw(words=result.words, notes=notes, is_over=True, done=result.to_panel())
        return result if self._is_quiet else result.already_shown()

    def _table(self, plan: Mapping[str, Any]) -> Table:
        here = {name: each.kind for name, each in self._verdicts.items()}
        return plan_table(plan, self._changes, here)

    def _draw(self, **changed: Any) -> None:
        self._picture = replace(self._picture, **changed)
        self._view.show(self._picture)


def _greeting(worker: Worker) -> Dict[str, Any]:
    greeting = worker.greeting()
    if greeting.get("protocol") == PROTOCOL:
        return greeting
    raise XcondaFailed(
        {
            "code": "protocol-mismatch",
            "what": "Nothing was done: this kernel's xconda client does not understand the engine.",
            "why": "the client is xconda {} (protocol {}), the engine {} (protocol {}).".format(
                __version__, PROTOCOL, greeting.get("version"), greeting.get("protocol")
            ),
            "fix": "restart the kernel, so that client and engine come from the same xconda.",
        }
    )


def _cancelled_early() -> XcondaCancelled:
    return XcondaCancelled(
        {
            "code": "cancelled",
            "what": "Cancelled: nothing was changed.",
            "why": "the kernel was interrupted.",
            "fix": "run it again when you like.",
        }
    )


def _version_notes(greeting: Mapping[str, Any]) -> Tuple[str, ...]:
    engine = greeting.get("version")
    if engine == __version__:
        return ()
    words = "Note: the client in this kernel is xconda {}, the engine {}; restart the kernel."
    return (words.format(__version__, engine),)


def _title(command: Command, greeting: Mapping[str, Any]) -> str:
    prefix = str(greeting["prefix"])
    if is_same_folder(prefix, sys.prefix):
        why = "this kernel's"
    else:
        why = str(greeting.get("why_prefix") or "not this kernel's")
    return "xconda {} · environment {} ({})".format(command.text, prefix, why)


def _needs_yes(
    command: Command, foundations: Tuple[str, ...], changes: Tuple[Change, ...]
) -> XcondaFailed:
    return XcondaFailed(
        {
            "code": "needs-yes",
            "what": "Nothing was changed: the plan touches what this kernel or xconda runs on.",
            "why": "\n".join(foundations),
            "fix": "save your work and run `%xconda {} --yes`{}.".format(
                command.text, afterwards(changes)
            ),
            "facts": {"touches": list(foundations)},
        }
    )
