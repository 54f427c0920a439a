"""Threads that wait for the same disk share its answers, and nobody is answered too early."""

import threading
import time
from pathlib import Path

import pytest

from xconda_core.files import durable
from xconda_core.files.durable import SharedSync, sync_filesystem


def test_the_file_system_of_a_folder_can_be_synced(tmp_path: Path) -> None:
    sync_filesystem(tmp_path)


def test_whoever_comes_during_a_sync_waits_for_the_next_with_all_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: set[int] = set()
    answers: list[set[int]] = []
    begun = threading.Event()

    def slow(folder: Path) -> None:
        seen = set(written)
        begun.set()
        time.sleep(0.1)
        answers.append(seen)

    monkeypatch.setattr(durable, "sync_filesystem", slow)
    shared, early = SharedSync(tmp_path), []

    def work(number: int) -> None:
        written.add(number)
        shared.wait()
        if not any(number in seen for seen in answers):
            early.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(9)]
    threads[0].start()
    begun.wait()
    for thread in threads[1:]:
        thread.start()
    for thread in threads:
        thread.join()

    assert early == []
    assert len(answers) <= 3, "nine threads, and the disk was asked as often as needed"


def test_a_disk_that_lost_something_tells_everybody_who_waited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(folder: Path) -> None:
        time.sleep(0.05)
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(durable, "sync_filesystem", broken)
    shared, told = SharedSync(tmp_path), []

    def work() -> None:
        with pytest.raises(OSError, match="Input/output error"):
            shared.wait()
        told.append(True)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(told) == 4
