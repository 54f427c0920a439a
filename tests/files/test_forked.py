"""Two halves of a piece of work at the same time, in two processes."""

import os
import signal
import time
from pathlib import Path

import pytest

from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.files.forked import ForkKilled, Tasks, both, can_fork
from xconda_core.transaction.contents import BadPackage

pytestmark = pytest.mark.skipif(not can_fork(), reason="one processor, or not Linux")


def children() -> list[str]:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


def test_both_answers_come_back_whatever_their_length() -> None:
    mine, theirs = both(os.getpid, lambda: b"x" * 3_000_000, CancelToken())
    assert (mine, theirs) == (os.getpid(), b"x" * 3_000_000)


def test_an_empty_answer_is_one() -> None:
    assert both(lambda: None, lambda: b"", CancelToken()) == (None, b"")


@pytest.mark.parametrize(
    "error",
    [
        FileExistsError(17, "File exists", "one", None, "two"),
        BadPackage("a-1-0", Path("/pkgs/a-1-0"), "it has no file"),
    ],
)
def test_what_the_fork_raises_is_raised_here(error: Exception) -> None:
    def failing() -> bytes:
        raise error

    with pytest.raises(type(error)) as raised:
        both(lambda: None, failing, CancelToken())
    assert str(raised.value) == str(error)
    assert vars(raised.value) == vars(error)


def test_a_fork_that_is_killed_is_no_answer() -> None:
    def killed() -> bytes:
        os.kill(os.getpid(), signal.SIGKILL)
        return b""

    with pytest.raises(ForkKilled):
        both(lambda: None, killed, CancelToken())


def test_where_this_process_fails_the_fork_has_ended_before_that_is_known(tmp_path: Path) -> None:
    def busy() -> bytes:
        for number in range(1_000_000):
            (tmp_path / str(number)).touch()
        return b""

    def failing() -> None:
        while not any(tmp_path.iterdir()):
            time.sleep(0.01)
        raise KeyError("here")

    with pytest.raises(KeyError):
        both(failing, busy, CancelToken())
    count = len(os.listdir(tmp_path))
    time.sleep(0.05)
    assert len(os.listdir(tmp_path)) == count
    assert not children()


def test_who_cancels_does_not_wait_for_the_fork() -> None:
    cancel = CancelToken()
    cancel.cancel()

    def slow() -> bytes:
        time.sleep(30)
        return b""

    before = time.monotonic()
    with pytest.raises(Cancelled):
        both(lambda: None, slow, cancel)
    assert time.monotonic() - before < 5
    assert not children()


def test_each_task_is_taken_once_by_one_of_both_and_by_the_one_that_has_time() -> None:
    with Tasks(500) as tasks:

        def here() -> list[int]:
            time.sleep(0.2)
            return list(tasks)

        mine, theirs = both(here, lambda: b",".join(b"%d" % n for n in tasks), CancelToken())
    others = [int(number) for number in theirs.split(b",")]
    assert sorted(mine + others) == list(range(500))
    assert len(others) > len(mine)


def test_more_tasks_than_a_pipe_holds_are_all_done() -> None:
    with Tasks(100_000) as tasks:
        mine, theirs = both(
            lambda: list(tasks), lambda: b",".join(b"%d" % n for n in tasks), CancelToken()
        )
    others = [int(number) for number in theirs.split(b",") if number]
    assert sorted(mine + others) == list(range(100_000))


def test_no_tasks_are_none() -> None:
    with Tasks(0) as tasks:
        assert list(tasks) == []


def test_a_fork_takes_no_more_tasks_when_its_parent_is_gone(tmp_path: Path) -> None:
    def die() -> None:
        os._exit(0)

    def go_on(tasks: Tasks) -> bytes:
        for number in tasks:
            time.sleep(0.1)
            (tmp_path / str(number)).touch()
        (tmp_path / "end").touch()
        return b""

    child = os.fork()
    if child == 0:
        with Tasks(100) as tasks:
            both(die, lambda: go_on(tasks), CancelToken())
    os.waitpid(child, 0)
    for _ in range(100):
        if (tmp_path / "end").exists():
            break
        time.sleep(0.05)
    assert (tmp_path / "end").exists()
    assert len(list(tmp_path.iterdir())) <= 3
