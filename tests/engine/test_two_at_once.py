"""Several who change one environment at the same time: each gets what was asked for."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.engine.session import OpenEngine, Session
from xconda_core import api
from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.engine.requests import Verb
from xconda_core.events import Event, Noticed, OwnerAwaited
from xconda_core.files.locks import locked
from xconda_core.transaction.journal import LOCK_FILE
from xconda_core.transaction.plan import Plan

MEANWHILE = "was changed by somebody else meanwhile"


def request(prefix: Path, verb: Verb, *specs: str) -> api.ChangeRequest:
    return api.ChangeRequest(verb=verb, prefix=prefix, specs=specs, command=f"xconda {verb}")


def test_a_plan_that_somebody_made_outdated_is_made_anew_and_carried_out(
    run: Session, open_engine: OpenEngine
) -> None:
    run("create", "lib=1")
    events: list[Event] = []
    asked: list[Plan] = []

    def confirm(plan: Plan, cancel: CancelToken) -> bool:
        asked.append(plan)
        if len(asked) == 1:
            run("install", "old")
        return True

    wish = request(run.prefix, "install", "tool")
    result = api.run_job(open_engine(), wish, confirm, events.append)

    assert run.versions == {"lib": "1.0", "old": "1.0", "tool": "1.0"}
    assert len(asked) == 1, "the new plan does what was confirmed"
    assert [e.text for e in events if isinstance(e, Noticed) and MEANWHILE in e.text]
    assert result.transaction is not None
    assert result.transaction.revision == 2


def test_a_new_plan_that_does_more_is_asked_about_again(
    run: Session, open_engine: OpenEngine
) -> None:
    run("create", "lib")
    asked: list[Plan] = []

    def confirm(plan: Plan, cancel: CancelToken) -> bool:
        asked.append(plan)
        if len(asked) == 1:
            run("remove", "lib")
            return True
        return False

    with pytest.raises(Cancelled):
        api.run_job(open_engine(), request(run.prefix, "install", "app"), confirm)

    assert [len(plan.operations) for plan in asked] == [1, 2]
    assert run.versions == {}


def test_whoever_changes_an_environment_is_waited_for_and_named(
    run: Session, open_engine: OpenEngine
) -> None:
    run("create", "lib=1")
    events: list[Event] = []
    begun = threading.Event()

    def other() -> None:
        lock = run.prefix / LOCK_FILE
        with locked(lock, target=run.prefix, command="other work", cancel=CancelToken()):
            begun.set()
            time.sleep(0.3)

    thread = threading.Thread(target=other)
    thread.start()
    begun.wait()
    engine = open_engine()
    engine.execute(engine.plan(request(run.prefix, "install", "tool"), events.append))
    thread.join()

    waits = [e.text for e in events if isinstance(e, OwnerAwaited)]
    assert waits
    assert waits[0].startswith(f"waiting for `other work` (process {os.getpid()} on ")
    assert "tool" in run.versions


def test_somebody_who_waits_can_be_stopped(run: Session, open_engine: OpenEngine) -> None:
    run("create", "lib=1")
    cancel = CancelToken()
    lock = run.prefix / LOCK_FILE

    with locked(lock, target=run.prefix, command="other", cancel=CancelToken()):
        threading.Timer(0.2, cancel.cancel).start()
        with pytest.raises(Cancelled):
            open_engine().plan(request(run.prefix, "install", "tool"), cancel=cancel)


@pytest.mark.slow
def test_four_processes_at_once_all_get_what_they_asked_for(
    run: Session, environ: dict[str, str]
) -> None:
    run("create", "lib=2")
    words = [sys.executable, "-m", "xconda_core", "install", "-y", "-p", str(run.prefix)]
    wishes = ("app", "tool", "uno", "duo")
    processes = [
        subprocess.Popen(
            [*words, name], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        for name in wishes
    ]
    said = [process.communicate(timeout=60)[1].decode() for process in processes]

    assert [process.returncode for process in processes] == [0, 0, 0, 0], said
    assert run.versions.keys() == {"lib", *wishes}
    assert run.state.revision == 4
