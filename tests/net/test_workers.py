"""Threads that nobody has to wait for."""

import subprocess
import sys
import threading

import pytest

from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.net.workers import Workers, awaited, result_of


def test_answers_and_failures_reach_whoever_asks() -> None:
    workers = Workers(2)
    good, bad = workers.submit(lambda: 10 // 5), workers.submit(lambda: 10 // 0)
    assert result_of(good, CancelToken()) == 2
    with pytest.raises(ZeroDivisionError):
        result_of(bad, CancelToken())


def test_no_more_threads_run_than_were_granted() -> None:
    workers, running, most = Workers(3), [0], [0]
    lock = threading.Lock()

    def task() -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        threading.Event().wait(0.01)
        with lock:
            running[0] -= 1

    for future in [workers.submit(task) for _ in range(12)]:
        result_of(future, CancelToken())
    assert most[0] == 3


def test_what_is_needed_now_goes_before_what_may_be_needed() -> None:
    workers, done, gate = Workers(1), list[str](), threading.Event()
    workers.submit(lambda: gate.wait(5))
    later = workers.submit(lambda: done.append("later"))
    now = workers.submit(lambda: done.append("now"))
    workers.hasten(now)
    gate.set()
    result_of(later, CancelToken())
    result_of(now, CancelToken())
    assert done == ["now", "later"]


def test_waiting_ends_when_cancelled() -> None:
    cancel, gate = CancelToken(), threading.Event()
    future = Workers(1).submit(lambda: gate.wait(5))
    threading.Timer(0.05, cancel.cancel).start()
    with pytest.raises(Cancelled):
        result_of(future, cancel)
    gate.set()


def test_a_process_does_not_wait_for_them() -> None:
    program = (
        "import time; from xconda_core.net.workers import Workers\n"
        "workers = Workers(2)\n"
        "for _ in range(5): workers.submit(lambda: time.sleep(60))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False, timeout=20)
    assert done.returncode == 0


def test_threads_are_awaited_where_somebody_says_so_and_only_ones_own() -> None:
    others, own, gate = Workers(1), list[str](), threading.Event()
    others.submit(gate.wait)

    def task() -> None:
        threading.Event().wait(0.05)
        own.append("done")

    with awaited():
        workers = Workers(2)
        for _ in range(5):
            workers.submit(task)

    assert own == ["done"] * 5
    gate.set()
