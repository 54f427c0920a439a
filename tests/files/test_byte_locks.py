"""mamba's locks are honoured, shared between xcondas, and die with their owner."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest

from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.files.byte_locks import InUseElsewhere, byte_locked, lock_file_of

# What libmamba does, in the words of Python: byte 21, exclusively, by POSIX record locks.
MAMBA = """
import fcntl, sys, time
file = open(sys.argv[1], "a+")
fcntl.lockf(file, fcntl.LOCK_EX, 1, 21)
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def pkgs(tmp_path: Path) -> Path:
    (tmp_path / "pkgs").mkdir()
    return tmp_path / "pkgs"


@pytest.fixture
def mamba(pkgs: Path) -> Iterator["subprocess.Popen[str]"]:
    words = [sys.executable, "-c", MAMBA, str(lock_file_of(pkgs))]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


def posix_lock_is_free(pkgs: Path) -> bool:
    """Whether mamba would get its lock now, asked in a process of its own."""
    code = "import fcntl,sys; fcntl.lockf(open(sys.argv[1],'a+'), fcntl.LOCK_EX|fcntl.LOCK_NB,1,21)"
    words = [sys.executable, "-c", code, str(lock_file_of(pkgs))]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def test_the_name_is_the_one_that_mamba_uses(pkgs: Path) -> None:
    assert lock_file_of(pkgs) == pkgs / "pkgs.lock"


def test_while_mamba_works_it_is_not_had_and_the_process_is_named(
    pkgs: Path, mamba: "subprocess.Popen[str]"
) -> None:
    with (
        pytest.raises(InUseElsewhere, match=f"process {mamba.pid} holds"),
        byte_locked(pkgs, exclusive=False, cancel=CancelToken()),
    ):
        pass


def test_it_is_had_as_soon_as_mamba_is_killed(pkgs: Path, mamba: "subprocess.Popen[str]") -> None:
    told = []
    Timer(0.3, lambda: os.kill(mamba.pid, signal.SIGKILL)).start()

    with byte_locked(
        pkgs, exclusive=True, cancel=CancelToken(), wait_seconds=20,
        on_wait=lambda: told.append("waiting"),
    ) as held:  # fmt: skip
        assert held

    assert told == ["waiting"]


def test_whoever_waits_can_be_stopped(pkgs: Path, mamba: object) -> None:
    cancel = CancelToken()
    Timer(0.2, cancel.cancel).start()

    with (
        pytest.raises(Cancelled),
        byte_locked(pkgs, exclusive=False, cancel=cancel, wait_seconds=60),
    ):
        pass


def test_xcondas_share_it_and_keep_mamba_out_and_the_last_one_leaves_nothing(pkgs: Path) -> None:
    cancel = CancelToken()
    with byte_locked(pkgs, exclusive=False, cancel=cancel):
        with (
            byte_locked(pkgs, exclusive=False, cancel=cancel),
            pytest.raises(InUseElsewhere),
            byte_locked(pkgs, exclusive=True, cancel=cancel),
        ):
            pass
        assert not posix_lock_is_free(pkgs)

    assert list(pkgs.iterdir()) == []


def test_a_folder_that_cannot_be_written_has_no_lock(tmp_path: Path) -> None:
    with byte_locked(tmp_path / "nowhere", exclusive=False, cancel=CancelToken()) as held:
        assert not held


def test_without_locks_of_open_files_posix_ones_serve(
    pkgs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xconda_core.files.byte_locks._OFD_SETLK", None)

    with byte_locked(pkgs, exclusive=True, cancel=CancelToken()) as held:
        assert held
        assert not posix_lock_is_free(pkgs)
