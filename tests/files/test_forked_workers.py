"""Forks that do tasks for threads, one each at a time."""

import os
import resource
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.files.forked import can_fork
from xconda_core.files.forked_workers import ForkedWorkers

pytestmark = pytest.mark.skipif(not can_fork(), reason="one processor, or not Linux")


def children() -> list[str]:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


def test_every_task_gets_its_answer_from_a_few_other_processes() -> None:
    before = children()

    with (
        ForkedWorkers(2, lambda task, cancel: (task, os.getpid())) as workers,
        ThreadPoolExecutor(6) as pool,
    ):
        answers = list(pool.map(lambda task: workers.do(task, CancelToken()), range(40)))

    assert [task for task, _ in answers] == list(range(40))
    pids = {pid for _, pid in answers}
    assert 1 <= len(pids) <= 2
    assert os.getpid() not in pids
    assert children() == before, "no process is left"


def test_what_a_fork_raises_is_raised_here_and_the_fork_goes_on() -> None:
    def work(task: int, cancel: CancelToken) -> int:
        if task == 1:
            raise FileExistsError(17, "File exists", "one")
        return task

    with ForkedWorkers(1, work) as workers:
        with pytest.raises(FileExistsError) as raised:
            workers.do(1, CancelToken())
        assert raised.value.filename == "one"
        assert workers.do(2, CancelToken()) == 2


def test_a_fork_that_is_killed_is_no_answer_to_its_task() -> None:
    def work(task: int, cancel: CancelToken) -> int:
        os.kill(os.getpid(), signal.SIGKILL)
        return task

    with ForkedWorkers(1, work) as workers:
        for _ in range(2):
            with pytest.raises(ChildProcessError):
                workers.do(1, CancelToken())


def test_who_cancels_finds_the_fork_ended() -> None:
    before, cancel = children(), CancelToken()

    def work(task: int, token: CancelToken) -> int:
        time.sleep(60)
        return task

    with ForkedWorkers(1, work) as workers, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(workers.do, 1, cancel)
        time.sleep(0.1)
        cancel.cancel()
        with pytest.raises(Cancelled):
            asked.result(5)
        assert children() == before


def test_a_fork_notices_that_nobody_waits_and_keeps_the_lock_until_then(tmp_path: Path) -> None:
    mark, lock = tmp_path / "mark", tmp_path / "lock"

    def work(task: int, token: CancelToken) -> int:
        mark.write_text(str(os.getpid()))
        while not token.is_cancelled:
            time.sleep(0.01)
        mark.write_text("noticed")
        return task

    parent = os.fork()
    if parent == 0:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT)
        workers = ForkedWorkers(1, work)
        workers.do(1, CancelToken(), descriptor)
        os._exit(0)
    while not (mark.exists() and mark.read_text()):
        time.sleep(0.01)
    orphan = int(mark.read_text())
    opened = [os.readlink(link) for link in Path(f"/proc/{orphan}/fd").iterdir() if link.exists()]
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)

    deadline = time.monotonic() + 5
    while mark.read_text() != "noticed" and time.monotonic() < deadline:
        time.sleep(0.01)
    assert mark.read_text() == "noticed"
    assert str(lock) in opened


def test_answers_come_however_many_files_are_open() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    if before[1] < 2000:
        pytest.skip("this machine lets nobody open so many files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (2000, before[1]))
    many = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    try:
        with ForkedWorkers(1, lambda task, cancel: task + 1) as workers:
            assert workers.do(1, CancelToken()) == 2
    finally:
        for each in many:
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
