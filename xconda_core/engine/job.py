"""One run of the engine: plan, ask, carry out, and write down what happens while it happens.

Layer: engine. A terminal calls :func:`run_job` in its own process; a notebook's worker calls it in
the worker's; both leave the same record in the jobs store, from which every other client reads.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from io import FileIO
from typing import ClassVar, Final

from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.config.redaction import redacted
from xconda_core.engine.job_folder import JobFolder, JobsFolderUnusable, LogLine
from xconda_core.engine.job_state import JobState
from xconda_core.engine.requests import ChangeRequest
from xconda_core.errors import Json, XcondaError, as_json
from xconda_core.events import (
    DownloadAdvanced,
    Event,
    IndexAdvanced,
    JobFinished,
    Noticed,
    Reporter,
    SolveAdvanced,
)
from xconda_core.transaction.plan import Plan
from xconda_core.transaction.result import PlanOutdated, TransactionResult
from xconda_core.values import Protocol, Slotted, dataclass

_log: Final = logging.getLogger(__name__)
_MOST_NEW_PLANS: Final = 10  # others that change one environment at the same time
_SECONDS_BETWEEN_LINES: Final = 0.1
_SECONDS_BETWEEN_LOOKS: Final = 0.05


class PlansAndExecutes(Protocol):
    """The part of the engine that a job needs."""

    def plan(self, request: ChangeRequest, report: Reporter, cancel: CancelToken) -> Plan:
        """Decide what would change, and change nothing."""

    def execute(self, plan: Plan, report: Reporter, cancel: CancelToken) -> TransactionResult:
        """Carry ``plan`` out, wholly or not at all."""


Confirm = Callable[[Plan, CancelToken], bool]
"""Asked with a plan that is not empty; False, or :class:`Cancelled`, leaves all as it is.

Asked again only where somebody else changed the environment meanwhile, and the new plan does
something that the one before did not.
"""

Explain = Callable[[Exception], XcondaError]


class UnexpectedFailure(XcondaError):
    """A mistake of xconda's own, as the record of a job names it; the rim has more words."""

    code: ClassVar[str] = "unexpected"

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.kind = type(error).__name__
        self.what = "xconda stopped because of a mistake of its own."
        self.why = redacted(f"{self.kind}: {error}")
        self.fix = "please report it; what was begun is undone when the environment is next opened."


@dataclass(frozen=True, slots=True)
class JobResult(Slotted):
    """What a job led to.

    Attributes:
        plan: The decision.
        transaction: What carrying it out gave; None after a dry run.
        seconds: How long the whole job took, without the time to think about its plan.
    """

    plan: Plan
    transaction: TransactionResult | None
    seconds: float


def run_job(
    engine: PlansAndExecutes,
    request: ChangeRequest,
    folder: JobFolder | None,
    report: Reporter,
    cancel: CancelToken,
    confirm: Confirm,
    explain: Explain = UnexpectedFailure,
) -> JobResult:
    """Run ``request`` from plan to result, and write it down in ``folder`` where there is one.

    Args:
        engine: What decides and carries out.
        request: What is wanted; with ``dry_run`` it ends after the plan.
        folder: The job's record; None where none can be kept.
        report: Is told every event, in the threads they happen in.
        cancel: Stops the job; the ``cancel`` mark of ``folder`` sets it too.
        confirm: Decides whether a plan that is not empty is carried out.
        explain: Puts an exception that nobody expected into words for the record.

    Raises:
        Cancelled: somebody asked to stop, or ``confirm`` said no; nothing was changed.
        XcondaError: it could not be done; nothing was changed.
        Exception: a bug, or the machine; the record holds what ``explain`` made of it.
    """
    with _events_file(folder) as file, _watching(folder, cancel):
        log = EventLog(file.write if file else None, report)
        try:
            result = _plan_and_execute(engine, request, folder, log, cancel, confirm)
        except XcondaError as error:
            _record_failure(folder, log, error)
            raise
        except Exception as error:
            _record_failure(folder, log, explain(error))
            raise
        document = _outcome("succeeded", log.seconds)
        if result.transaction is not None:
            document["transaction"] = _transaction_document(result.transaction)
        _write(folder, "result.json", document)
        log(JobFinished("succeeded"))
        return result


def _plan_and_execute(
    engine: PlansAndExecutes,
    request: ChangeRequest,
    folder: JobFolder | None,
    log: "EventLog",
    cancel: CancelToken,
    confirm: Confirm,
) -> JobResult:
    plan = engine.plan(request, log, cancel)
    _write_plan(folder, plan)
    if request.dry_run:
        return JobResult(plan, None, log.seconds)
    if not plan.is_empty and not _is_wanted(plan, log, cancel, confirm):
        raise Cancelled
    for _ in range(_MOST_NEW_PLANS):
        cancel.check()
        try:
            return JobResult(plan, engine.execute(plan, log, cancel), log.seconds)
        except PlanOutdated as outdated:
            text = f"{outdated.prefix} was changed by somebody else meanwhile; a new plan is made"
            log(Noticed("info", text))
        before, plan = plan, engine.plan(request, log, cancel)
        _write_plan(folder, plan)
        if not plan.is_within(before) and not _is_wanted(plan, log, cancel, confirm):
            raise Cancelled
    return JobResult(plan, engine.execute(plan, log, cancel), log.seconds)


def _is_wanted(plan: Plan, log: "EventLog", cancel: CancelToken, confirm: Confirm) -> bool:
    began = time.monotonic()
    try:
        return confirm(plan, cancel)
    finally:
        log.leave_out(time.monotonic() - began)


class EventLog:
    """A reporter that folds events, hands them as lines to ``write``, and passes them on.

    It may be called from several threads. Byte counts come by the thousand; the log gets one of
    each kind per tenth of a second, and always the last of an archive. A log that cannot be written
    does not stop the job.
    """

    __slots__ = ("_last", "_lock", "_report", "_started", "_state", "_waited", "_write")

    def __init__(self, write: Callable[[bytes], object] | None, report: Reporter) -> None:
        self._write = write
        self._report = report
        self._lock = threading.Lock()
        self._state = JobState()
        self._last: dict[type, float] = {}
        self._started = time.monotonic()
        self._waited = 0.0

    @property
    def state(self) -> JobState:
        """The fold of every event so far that was written down."""
        return self._state

    @property
    def seconds(self) -> float:
        """Time since the log was made, less what somebody took to answer."""
        return round(time.monotonic() - self._started - self._waited, 3)

    def leave_out(self, seconds: float) -> None:
        """Do not count ``seconds`` as the job's: somebody thought about the plan."""
        self._waited += seconds

    def __call__(self, event: Event) -> None:
        """Take one event in."""
        if isinstance(event, Noticed):
            _log.debug("said: %s", event.text)
        if self._write is not None:  # else nobody looks at the fold
            with self._lock:
                at = time.time()
                self._state = self._state.after(event, at)
                if self._is_due(event):
                    state = self._state
                    self._append(LogLine(at, event, state.phase, state.fraction, state.words))
        self._report(event)

    def _is_due(self, event: Event) -> bool:
        match event:
            case DownloadAdvanced(done=done, total=total) | IndexAdvanced(done=done, total=total):
                if 0 < total <= done:
                    return True
            case SolveAdvanced():
                pass
            case _:
                return True
        now = time.monotonic()
        if now - self._last.get(type(event), 0.0) < _SECONDS_BETWEEN_LINES:
            return False
        self._last[type(event)] = now
        return True

    def _append(self, line: LogLine) -> None:
        if self._write is None:
            return
        import json

        try:
            self._write(json.dumps(line.to_json()).encode() + b"\n")
        except OSError:
            self._write = None  # a full disk is the job's to report, not the log's


def wait_for_mark(
    folder: JobFolder, cancel: CancelToken, is_client_there: Callable[[], bool]
) -> bool:
    """Wait until the plan is confirmed; False when the client has gone without saying so.

    Raises:
        Cancelled: somebody asked to stop.
    """
    while not folder.is_confirmed:
        if not is_client_there():
            return False
        cancel.wait(_SECONDS_BETWEEN_LOOKS)
    return True


def _events_file(folder: JobFolder | None) -> AbstractContextManager[FileIO | None]:
    """Open the log unbuffered, so that every line is one write and closing cannot fail."""
    return nullcontext() if folder is None else folder.events_path.open("ab", buffering=0)


@contextmanager
def _watching(folder: JobFolder | None, cancel: CancelToken) -> Iterator[None]:
    """Turn the job's ``cancel`` mark into ``cancel`` while the block runs."""
    if folder is None:
        yield
        return
    over = threading.Event()

    def look() -> None:
        while not over.wait(_SECONDS_BETWEEN_LOOKS):
            if folder.is_cancel_asked:
                cancel.cancel()
                return

    thread = threading.Thread(target=look, name="xconda-cancel-mark", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _record_failure(folder: JobFolder | None, log: EventLog, error: XcondaError) -> None:
    is_cancelled = isinstance(error, Cancelled)
    document = _outcome("cancelled" if is_cancelled else "failed", log.seconds)
    document["error"] = as_json(error.to_json())
    _log.info("%s after %.2f s: %s", document["outcome"], log.seconds, error.code)
    _log.debug("this is where it ended", exc_info=True)
    _write(folder, "result.json", document)
    log(JobFinished("cancelled" if is_cancelled else "failed", error.what))


def _outcome(outcome: str, seconds: float) -> dict[str, Json]:
    return {"outcome": outcome, "seconds": seconds, "error": None, "transaction": None}


def _transaction_document(result: TransactionResult) -> dict[str, Json]:
    """Return what the record keeps: names, not the thousands of files behind them."""
    return {
        "linked": [record.dist_name for record in result.linked.values()],
        "unlinked": [old.record.dist_name for old in result.unlinked.values()],
        "clobbered": as_json(dict(result.clobbered)),
        "messages": list(result.messages),
        "file_count": result.file_count,
        "revision": result.revision,
        "only_fetched": result.only_fetched,
    }


def _write_plan(folder: JobFolder | None, plan: Plan) -> None:
    """Write the plan: whoever is to confirm it reads it there, so here a full disk does matter."""
    if folder is None:
        return
    try:
        folder.write("plan.json", plan.to_json())
    except OSError as error:
        raise JobsFolderUnusable(folder.path, error) from error


def _write(folder: JobFolder | None, name: str, document: dict[str, Json]) -> None:
    """Write a document of the record; a disk that is full now does not undo what was done."""
    if folder is None:
        return
    try:
        folder.write(name, document)
    except OSError:
        return
