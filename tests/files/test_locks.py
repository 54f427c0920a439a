"""Locks keep others out, name their owner, and die with it."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Timer

import pytest

from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.files.locks import Locked, LockOwner, locked


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[Callable[[], int]]:
    """Forks a process that holds the lock for good, and returns its number once it does."""
    children = []

    def start() -> int:
        ready, told = os.pipe()
        child = os.fork()
        if child == 0:
            with locked(tmp_path / "d/lock", target=tmp_path, command="hold", cancel=CancelToken()):
                os.write(told, b"x")
                time.sleep(60)
            os._exit(0)
        children.append(child)
        os.read(ready, 1)
        return child

    yield start
    for child in children:
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def test_a_second_owner_is_told_who_the_first_is(tmp_path: Path, holder: Callable[[], int]) -> None:
    child = holder()

    with (
        pytest.raises(Locked) as raised,
        locked(tmp_path / "d/lock", target=tmp_path, command="mine", cancel=CancelToken()),
    ):
        pass

    assert (raised.value.owner.pid, raised.value.owner.command) == (child, "hold")
    assert f"process {child}" in str(raised.value)


def test_the_lock_of_a_killed_owner_is_free_at_once(
    tmp_path: Path, holder: Callable[[], int]
) -> None:
    child = holder()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)

    with locked(tmp_path / "d/lock", target=tmp_path, command="mine", cancel=CancelToken()):
        pass

    assert list(tmp_path.iterdir()) == []


def test_who_waits_gets_the_lock_when_its_owner_ends(
    tmp_path: Path, holder: Callable[[], int]
) -> None:
    child = holder()
    told: list[LockOwner] = []
    timer = Timer(0.3, lambda: os.kill(child, signal.SIGKILL))
    timer.start()

    with locked(
        tmp_path / "d/lock", target=tmp_path, command="mine", cancel=CancelToken(),
        wait_seconds=30, on_wait=told.append,
    ) as lock:  # fmt: skip
        assert lock.path.exists()

    assert [owner.pid for owner in told] == [child]


def test_waiting_can_be_cancelled(tmp_path: Path, holder: Callable[[], int]) -> None:
    holder()
    cancel = CancelToken()
    timer = Timer(0.2, cancel.cancel)
    timer.start()

    with (
        pytest.raises(Cancelled),
        locked(
            tmp_path / "d/lock", target=tmp_path, command="mine", cancel=cancel, wait_seconds=30
        ),
    ):
        pass


def test_of_many_processes_one_works_at_a_time(tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    counter.write_text("0")
    children = []
    for _ in range(6):
        child = os.fork()
        if child == 0:
            for _ in range(25):
                with locked(
                    tmp_path / "d/lock", target=tmp_path, command="count", cancel=CancelToken(),
                    wait_seconds=60,
                ):  # fmt: skip
                    counter.write_text(str(int(counter.read_text()) + 1))
            os._exit(0)
        children.append(child)

    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]

    assert codes == [0] * 6
    assert counter.read_text() == "150"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["counter"]
