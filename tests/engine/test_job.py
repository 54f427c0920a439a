"""A job: plan, confirm, execute, and a record that others can follow."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, cast

import pytest

from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.engine.job import EventLog, run_job, wait_for_mark
from xconda_core.engine.job_folder import JobFolder
from xconda_core.engine.jobs_store import JobsStore, Owner
from xconda_core.engine.requests import ChangeRequest
from xconda_core.errors import XcondaError
from xconda_core.events import (
    DownloadAdvanced,
    Event,
    JobFinished,
    PackageLinked,
    PhaseStarted,
    Reporter,
    silent,
)
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.transaction.plan import HistoryEntry, Movement, Operation, Plan
from xconda_core.transaction.result import TransactionResult

PANDAS_RECORD = PackageRecord(name="pandas", version="2.2", build="0")
PANDAS = Operation(name="pandas", old=None, new=PANDAS_RECORD)
DONE = TransactionResult(
    prefix=PurePath("/env"),
    linked={"pandas": PANDAS_RECORD},
    messages=("Read me.",),
    file_count=9,
    revision=4,
)


def a_plan(*operations: Operation) -> Plan:
    return Plan(
        prefix=PurePath("/env"),
        operations=operations,
        unchanged=(),
        history=HistoryEntry(command="xconda install pandas"),
        fingerprint="f",
    )


class NoSuchPackage(XcondaError):
    code = "no-such-package"

    def __init__(self) -> None:
        self.name = "pandsa"
        self.what, self.why, self.fix = "No.", "There is no pandsa.", "Say pandas."


@dataclass
class ScriptedEngine:
    """An engine whose two steps are given; it writes down which were taken."""

    planned: Plan = field(default_factory=lambda: a_plan(PANDAS))
    during_plan: Callable[[Reporter, CancelToken], None] = lambda report, cancel: None
    during_execute: Callable[[Reporter, CancelToken], None] = lambda report, cancel: None
    steps: list[str] = field(default_factory=list)

    def plan(self, request: ChangeRequest, report: Reporter, cancel: CancelToken) -> Plan:
        self.steps.append("plan")
        self.during_plan(report, cancel)
        return self.planned

    def execute(self, plan: Plan, report: Reporter, cancel: CancelToken) -> TransactionResult:
        self.steps.append("execute")
        self.during_execute(report, cancel)
        return DONE


@pytest.fixture
def folder(tmp_path: Path) -> JobFolder:
    return JobsStore(tmp_path).create({"verb": "install"}, Owner.this_process("cli"))


def a_request(*, dry_run: bool = False) -> ChangeRequest:
    return ChangeRequest(verb="install", prefix=PurePath("/env"), dry_run=dry_run)


def yes(plan: Plan, cancel: CancelToken) -> bool:
    return True


def no(plan: Plan, cancel: CancelToken) -> bool:
    return False


def test_a_job_plans_executes_and_leaves_its_result(folder: JobFolder) -> None:
    engine = ScriptedEngine()
    result = run_job(engine, a_request(), folder, silent, CancelToken(), yes)
    assert engine.steps == ["plan", "execute"]
    assert result.transaction == DONE
    assert folder.document("plan.json") == engine.planned.to_json()
    written = folder.document("result.json")
    assert written is not None
    assert written["outcome"] == "succeeded"
    assert written["transaction"] == {
        "linked": ["pandas-2.2-0"],
        "unlinked": [],
        "clobbered": {},
        "messages": ["Read me."],
        "file_count": 9,
        "revision": 4,
        "only_fetched": False,
    }


def test_events_reach_the_caller_and_the_log_alike(folder: JobFolder) -> None:
    events: tuple[Event, ...] = (PhaseStarted("link"), PackageLinked("pandas", 1, 1))

    def work(report: Reporter, cancel: CancelToken) -> None:
        for event in events:
            report(event)

    engine = ScriptedEngine(during_execute=work)
    seen: list[Event] = []
    run_job(engine, a_request(), folder, seen.append, CancelToken(), yes)
    expected = [*events, JobFinished("succeeded")]
    assert seen == expected
    assert [event for _, event in folder.events()] == expected


def test_a_dry_run_ends_after_the_plan_and_asks_nobody(folder: JobFolder) -> None:
    engine = ScriptedEngine()
    result = run_job(engine, a_request(dry_run=True), folder, silent, CancelToken(), no)
    assert (engine.steps, result.transaction) == (["plan"], None)


def test_an_empty_plan_is_carried_out_without_asking(folder: JobFolder) -> None:
    engine = ScriptedEngine(planned=a_plan())
    run_job(engine, a_request(), folder, silent, CancelToken(), no)
    assert engine.steps == ["plan", "execute"]


def test_a_no_is_a_cancelled_job_and_changes_nothing(folder: JobFolder) -> None:
    engine = ScriptedEngine()
    with pytest.raises(Cancelled):
        run_job(engine, a_request(), folder, silent, CancelToken(), no)
    written = folder.document("result.json")
    assert engine.steps == ["plan"]
    assert written is not None
    assert written["outcome"] == "cancelled"


def test_the_time_that_somebody_thinks_about_the_plan_is_not_the_jobs(folder: JobFolder) -> None:
    def after_a_while(plan: Plan, cancel: CancelToken) -> bool:
        time.sleep(0.3)
        return True

    result = run_job(ScriptedEngine(), a_request(), folder, silent, CancelToken(), after_a_while)
    assert result.seconds < 0.3


def test_a_failure_is_written_down_as_facts_and_words(folder: JobFolder) -> None:
    def fail(report: Reporter, cancel: CancelToken) -> None:
        raise NoSuchPackage

    with pytest.raises(NoSuchPackage):
        run_job(ScriptedEngine(during_plan=fail), a_request(), folder, silent, CancelToken(), yes)
    written = folder.document("result.json")
    assert written is not None
    assert written["outcome"] == "failed"
    assert written["error"] == {
        "code": "no-such-package",
        "what": "No.",
        "why": "There is no pandsa.",
        "fix": "Say pandas.",
        "facts": {"name": "pandsa"},
    }


def test_a_bug_is_written_down_in_the_words_of_whoever_runs_the_job(folder: JobFolder) -> None:
    def fail(report: Reporter, cancel: CancelToken) -> None:
        raise KeyError("surprise")

    def explain(error: Exception) -> XcondaError:
        assert isinstance(error, KeyError)
        return NoSuchPackage()

    engine = ScriptedEngine(during_plan=fail)
    with pytest.raises(KeyError):
        run_job(engine, a_request(), folder, silent, CancelToken(), yes, explain)
    written = folder.document("result.json")
    assert written is not None
    assert "There is no pandsa." in str(written["error"])


def test_the_cancel_mark_stops_the_work(folder: JobFolder) -> None:
    def work(report: Reporter, cancel: CancelToken) -> None:
        folder.ask_cancel()
        cancel.wait(10)

    began = time.monotonic()
    with pytest.raises(Cancelled):
        run_job(
            ScriptedEngine(during_execute=work), a_request(), folder, silent, CancelToken(), yes
        )
    assert time.monotonic() - began < 5


def test_a_cancel_between_confirmation_and_execution_changes_nothing(folder: JobFolder) -> None:
    def yes_but(plan: Plan, cancel: CancelToken) -> bool:
        cancel.cancel()
        return True

    engine = ScriptedEngine()
    with pytest.raises(Cancelled):
        run_job(engine, a_request(), folder, silent, CancelToken(), yes_but)
    assert engine.steps == ["plan"]


def test_a_job_runs_without_a_record_where_none_can_be_kept() -> None:
    engine = ScriptedEngine()
    assert run_job(engine, a_request(), None, silent, CancelToken(), yes).plan == engine.planned


def test_thousands_of_byte_counts_are_few_lines_but_the_last_is_there(folder: JobFolder) -> None:
    last = DownloadAdvanced("pandas", 5000, 5000)
    with folder.events_path.open("ab", buffering=0) as file:
        log = EventLog(file.write, silent)
        for done in range(5000):
            log(DownloadAdvanced("pandas", done, 5000))
        log(last)
        assert log.state.downloaded.done == 5000
    written = [event for _, event in folder.events()]
    assert len(written) < 100
    assert written[-1] == last


def link_many(report: Reporter) -> None:
    for number in range(200):
        report(PackageLinked("pandas", number, 200))


def test_events_from_many_threads_are_whole_lines(folder: JobFolder) -> None:
    with folder.events_path.open("ab", buffering=0) as file:
        log = EventLog(file.write, silent)
        threads = [threading.Thread(target=link_many, args=[log]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(list(folder.events())) == 800


def test_every_line_says_in_words_and_numbers_what_a_thin_client_shows(folder: JobFolder) -> None:
    with folder.events_path.open("ab", buffering=0) as file:
        log = EventLog(file.write, silent)
        log(PhaseStarted("link"))
        log(PackageLinked("pandas", 1, 2))
    last = folder.events_path.read_text().splitlines()[-1]
    assert '"shows": {"phase": "link", "fraction": 0.9, "words": "Linking pandas (1 of 2)"}' in last


def test_waiting_for_the_mark_ends_when_it_is_there(folder: JobFolder) -> None:
    threading.Timer(0.1, folder.confirm).start()
    assert wait_for_mark(folder, CancelToken(), lambda: True)


def test_waiting_for_the_mark_ends_when_the_client_has_gone(folder: JobFolder) -> None:
    assert not wait_for_mark(folder, CancelToken(), lambda: False)


def test_waiting_for_the_mark_ends_when_the_job_is_cancelled(folder: JobFolder) -> None:
    cancel = CancelToken()
    threading.Timer(0.1, cancel.cancel).start()
    with pytest.raises(Cancelled):
        wait_for_mark(folder, cancel, lambda: True)


def test_a_log_that_cannot_be_written_does_not_stop_the_job() -> None:
    def full(line: bytes) -> None:
        raise OSError(28, "No space left on device")

    seen: list[Event] = []
    log = EventLog(full, seen.append)
    log(PhaseStarted("link"))
    log(PhaseStarted("link"))
    assert len(seen) == 2


@pytest.mark.parametrize(
    ("old", "new", "movement"),
    [
        ("", "1.0", "install"),
        ("1.0", "", "remove"),
        ("1.0", "1.0", "rebuild"),
        ("1.0", "1.0.0", "rebuild"),
        ("1.9", "1.10", "upgrade"),
        ("1.10", "1.9", "downgrade"),
        ("1.0", "1.0rc1", "downgrade"),
        ("not a version!", "1.0", "upgrade"),
    ],
)
def test_the_plan_says_which_way_each_version_goes(old: str, new: str, movement: Movement) -> None:
    before = PackageRecord(name="pandas", version=old, build="0") if old else None
    after = PackageRecord(name="pandas", version=new, build="1") if new else None
    installed = PrefixRecord(record=before) if before else None
    plan = a_plan(Operation(name="pandas", old=installed, new=after))
    document = cast("dict[str, Any]", plan.to_json())
    assert [step["movement"] for step in document["operations"]] == [movement]
